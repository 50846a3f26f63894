/** What each `InvocationStatus` of the service means. The set is open: a status that is not listed is taken to be live. */
import type { RepeatMode } from "./inputs";

const STOPPED = new Set(["Stopped", "Cancelled", "Terminated"]);
const REJECTED = new Set(["Invalid", "Aborted", "Error"]);
const UNSUCCESSFUL = new Set(["Failed", "PartialFailed", "Timeout"]);

/** Whether something of it still runs, or will run; "" stands for what the service does not show. */
export const isLive = (status: string): boolean => status !== "" && !isTerminal(status);

/** Whether a person or another tool ended it before its time. */
export const isStopped = (status: string): boolean => STOPPED.has(status);

/** Whether a schedule is not in force on a machine although it should be: never taken, or stopped there. */
export const isRejected = (status: string): boolean => REJECTED.has(status) || STOPPED.has(status);

/** Whether it ended without success, by itself or because somebody stopped it. */
export const isFailure = (status: string): boolean => UNSUCCESSFUL.has(status) || isRejected(status);

/** Whether it did not come to what was asked: a one-shot that did not succeed, a schedule that is not in force. */
export const isUnmet = (status: string, repeatMode: RepeatMode): boolean =>
  repeatMode === "Once" ? isFailure(status) : isRejected(status);

/** Whether nothing of it will run any more. */
export const isTerminal = (status: string): boolean => status === "Success" || isFailure(status);

/**
 * The status of several machines together, as the service computes it for one invocation
 * (Cloud Assistant overview; the order of the first four is not documented).
 */
export function overallStatus(statuses: readonly string[]): string {
  const first = ["Pending", "Scheduled", "Running", "Stopping"].find((status) => statuses.includes(status));
  const live = first ?? statuses.find(isLive);
  if (live !== undefined) return live;
  if (statuses.every(isStopped)) return "Stopped";
  const failed = statuses.some((status) => isFailure(status) && !isStopped(status));
  if (!statuses.includes("Success")) return "Failed";
  return failed ? "PartialFailed" : "Success";
}
