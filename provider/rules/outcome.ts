/** Says what one look at an invocation means: go on waiting, or settled. It neither waits nor knows a deadline. */
import type { RepeatMode } from "./inputs";
import type { ObservedInstance } from "./results";
import { isTerminal, isUnmet } from "./status";

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
function isSettled(instance: ObservedInstance, repeatMode: RepeatMode): boolean {
  if (repeatMode === "Once") return isTerminal(instance.invocationStatus);
  return (
    instance.invocationStatus === "Scheduled" ||
    instance.invocationStatus === "Running" ||
    isTerminal(instance.invocationStatus)
  );
}

/**
 * Judges one look at an invocation.
 *
 * @param instances its machines as the service reports them; undefined when the service does not show it (yet)
 */
export function judgeInstances(instances: readonly ObservedInstance[] | undefined, expected: Expected): Outcome {
  const { repeatMode } = expected;
  const byId = new Map(instances?.map((instance) => [instance.instanceId, instance]));
  const ids = expected.instanceIds ?? [...byId.keys()];
  const settled = ids.flatMap((id) => byId.get(id) ?? []).filter((instance) => isSettled(instance, repeatMode));
  const progress =
    byId.size === 0
      ? "waiting for the service to show the invocation"
      : formatProgress(ids.length, settled, repeatMode);
  return { state: ids.length > 0 && settled.length === ids.length ? "settled" : "waiting", progress };
}

function formatProgress(total: number, settled: readonly ObservedInstance[], repeatMode: RepeatMode): string {
  const verb = repeatMode === "Once" ? "finished" : "scheduled";
  const failed = settled.filter((instance) => isUnmet(instance.invocationStatus, repeatMode)).length;
  const settledWell = repeatMode === "Once" ? settled.length : settled.length - failed;
  return `${settledWell} of ${total} ${verb}${failed > 0 ? `, ${failed} failed` : ""}`;
}
