/** What each `InvocationStatus` of the service means. The set is open: a status that is not listed is waited for. */

const LIVE = new Set(["Pending", "Scheduled", "Running", "Stopping"]);
const STOPPED = new Set(["Stopped", "Cancelled", "Terminated"]);
const REJECTED = new Set(["Invalid", "Aborted", "Error"]);
const UNSUCCESSFUL = new Set(["Failed", "PartialFailed", "Timeout"]);

/** Whether something of it still runs, or will run. */
export const isLive = (status: string): boolean => LIVE.has(status);

/** Whether a person or another tool ended it before its time. */
export const isStopped = (status: string): boolean => STOPPED.has(status);

/** Whether a schedule is not in force on a machine although it should be: never taken, or stopped there. */
export const isRejected = (status: string): boolean => REJECTED.has(status) || STOPPED.has(status);

/** Whether it ended without success, by itself or because somebody stopped it. */
export const isFailure = (status: string): boolean => UNSUCCESSFUL.has(status) || isRejected(status);

/** Whether nothing of it will run any more. */
export const isTerminal = (status: string): boolean => status === "Success" || isFailure(status);

/**
 * The status of several machines together, as the service computes it for one invocation
 * (Cloud Assistant overview; the order of the first four is not documented).
 */
export function overallStatus(statuses: readonly string[]): string {
  const first = ["Pending", "Scheduled", "Running", "Stopping"].find((status) => statuses.includes(status));
  if (first !== undefined) return first;
  if (statuses.every(isStopped)) return "Stopped";
  const failed = statuses.some((status) => isFailure(status) && !isStopped(status));
  if (!statuses.includes("Success")) return "Failed";
  return failed ? "PartialFailed" : "Success";
}
