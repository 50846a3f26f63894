/** What each `InvocationStatus` of the service means. The set is open: a status that is not listed is taken to be live. */
import type { RepeatMode } from "./inputs";

const LIVE = ["Pending", "Scheduled", "Running", "Stopping"];
/** Those of an invocation; that of one machine may be another. */
export const INVOCATION_STATUSES = [...LIVE, "Success", "Failed", "PartialFailed", "Stopped"];
const STOPPED = new Set(["Stopped", "Cancelled", "Terminated"]);
const REJECTED = new Set(["Invalid", "Aborted", "Error"]);
const UNSUCCESSFUL = new Set(["Failed", "PartialFailed", "Timeout"]);

const KNOWN = [...LIVE, "Success", ...UNSUCCESSFUL, ...REJECTED, ...STOPPED];

/** The status that is listed here, however it is spelled. */
const findKnown = (status: string): string | undefined =>
  KNOWN.find((known) => known.toLowerCase() === status.toLowerCase());

/** Whether this version knows what a status means. */
export const isKnown = (status: string): boolean => findKnown(status) !== undefined;

/** What tells where one machine's run stands. */
export interface Run {
  /** The service's word. */
  status: string;
  exitCode?: number;
  errorCode?: string;
  finishTime?: string;
  /** What the agent does to the machine at this exit code, which the script asked for. */
  exitEffect?: string;
}

/**
 * Where a run stands, as a status that is listed here. One that is not, of a run that has ended, is judged by the exit code;
 * a schedule stands where the service says, whatever its last run came to.
 */
export function standingOf(run: Run, repeatMode: RepeatMode): string {
  const known = findKnown(run.status) ?? run.status;
  if (repeatMode !== "Once") return known;
  if (run.exitEffect !== undefined) return "Success";
  // The exit code of a run that goes on is 0 in some documents.
  const hasEnded = Boolean(run.finishTime) || (run.status !== "" && run.exitCode !== undefined);
  if (KNOWN.includes(known) || !hasEnded) return known;
  return run.exitCode === 0 && !run.errorCode ? "Success" : "Failed";
}

/** The status of a record: its own if it is listed here, else what its machines come to. */
export function recordStatus(status: string, runs: readonly Run[], repeatMode: RepeatMode): string {
  const known = findKnown(status);
  if (known !== undefined || runs.length === 0) return known ?? status;
  const standings = runs.map((run) => standingOf(run, repeatMode));
  return standings.every(isTerminal) ? overallStatus(standings) : status;
}

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
  const first = LIVE.find((status) => statuses.includes(status));
  const live = first ?? statuses.find(isLive);
  if (live !== undefined) return live;
  if (statuses.every(isStopped)) return "Stopped";
  const failed = statuses.some((status) => isFailure(status) && !isStopped(status));
  if (!statuses.includes("Success")) return "Failed";
  return failed ? "PartialFailed" : "Success";
}
