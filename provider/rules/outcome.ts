/** Says what one look at an invocation means: go on waiting, or settled. It neither waits nor knows a deadline. */
import type { RepeatMode } from "./inputs";
import type { ObservedInstance } from "./results";
import { isFailure, isTerminal } from "./status";

/** What is waited for. */
export interface Expected {
  repeatMode: RepeatMode;
  /** The machines that must report; with `resourceTags` they are those that the service chose. */
  instanceIds?: readonly string[];
}

export type Outcome = { state: "waiting"; progress: string } | { state: "settled" };

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
  const ids = expected.instanceIds ?? instances?.map(({ instanceId }) => instanceId) ?? [];
  const settled = (instances ?? []).filter(
    (instance) => ids.includes(instance.instanceId) && isSettled(instance, expected.repeatMode),
  );
  if (ids.length > 0 && settled.length === ids.length) return { state: "settled" };
  return { state: "waiting", progress: formatProgress(ids.length, settled, expected.repeatMode) };
}

function formatProgress(total: number, settled: readonly ObservedInstance[], repeatMode: RepeatMode): string {
  if (total === 0) return "waiting for the service to show the invocation";
  const verb = repeatMode === "Once" ? "finished" : "scheduled";
  const failed = settled.filter((instance) => isFailure(instance.invocationStatus)).length;
  return `${settled.length} of ${total} ${verb}${failed > 0 ? `, ${failed} failed` : ""}`;
}
