/** Says what one look at an invocation means: go on waiting, or settled. It neither waits nor knows a deadline. */
import type { RepeatMode } from "./inputs";
import type { InstanceResult, Results } from "./results";
import { isTerminal, isUnmet, standingOf } from "./status";

/** What is waited for. */
export interface Expected {
  repeatMode: RepeatMode;
  /** The machines that must report; with `resourceTags` they are those that the service chose. */
  instanceIds?: readonly string[];
}

export interface Outcome {
  state: "waiting" | "settled";
  /** For the resource's row, such as `7 of 12 finished`. */
  progress: string;
}

/** A one-shot is settled on a machine when it has ended there, anything else as soon as the machine has taken it. */
function isSettled(result: InstanceResult, repeatMode: RepeatMode): boolean {
  const standing = standingOf(result, repeatMode);
  return isTerminal(standing) || (repeatMode !== "Once" && (standing === "Scheduled" || standing === "Running"));
}

/**
 * Judges one look at an invocation.
 *
 * @param results its machines as the service reports them; undefined when the service does not show it (yet)
 */
export function judgeResults(results: Results | undefined, expected: Expected): Outcome {
  const { repeatMode } = expected;
  const byId = new Map(Object.entries(results ?? {}));
  const ids = expected.instanceIds ?? [...byId.keys()];
  const settled = ids.flatMap((id) => byId.get(id) ?? []).filter((result) => isSettled(result, repeatMode));
  const progress =
    byId.size === 0
      ? "waiting for the service to show the invocation"
      : formatProgress(ids.length, settled, repeatMode);
  return { state: ids.length > 0 && settled.length === ids.length ? "settled" : "waiting", progress };
}

function formatProgress(total: number, settled: readonly InstanceResult[], repeatMode: RepeatMode): string {
  const verb = repeatMode === "Once" ? "finished" : "scheduled";
  const failed = settled.filter((result) => isUnmet(standingOf(result, repeatMode), repeatMode)).length;
  const settledWell = repeatMode === "Once" ? settled.length : settled.length - failed;
  return `${settledWell} of ${total} ${verb}${failed > 0 ? `, ${failed} failed` : ""}`;
}
