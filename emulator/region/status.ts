/** What a run and an invocation are said to be, in the words of today and in the older ones that are still answered. */
import type { Invocation, RunStatus } from "./records";

export type InvocationStatus =
  | "Pending"
  | "Scheduled"
  | "Running"
  | "Stopping"
  | "Stopped"
  | "Success"
  | "Failed"
  | "PartialFailed";

const TERMINAL: ReadonlySet<RunStatus> = new Set([
  "Success",
  "Failed",
  "Invalid",
  "Aborted",
  "Error",
  "Timeout",
  "Cancelled",
  "Terminated",
]);

export const isTerminal = (status: RunStatus): boolean => TERMINAL.has(status);

export const isFinished = (invocation: Invocation): boolean =>
  [...invocation.runs.values()].every(({ status }) => isTerminal(status));

/** All runs together; the first that applies decides. The order of the first four is not documented. */
export function judgeInvocation(invocation: Invocation): InvocationStatus {
  const statuses = new Set([...invocation.runs.values()].map(({ status }) => status));
  if (statuses.has("Pending")) return "Pending";
  if (statuses.has("Scheduled")) return "Scheduled";
  if (statuses.has("Running")) return "Running";
  if (statuses.has("Stopping")) return "Stopping";
  const failed = (["Invalid", "Aborted", "Failed", "Timeout", "Error"] as const).some((s) => statuses.has(s));
  if (statuses.has("Success")) return failed ? "PartialFailed" : "Success";
  return failed ? "Failed" : "Stopped";
}

const repeats = ({ repeatMode }: Invocation): boolean => repeatMode === "Period" || repeatMode === "EveryReboot";

/** `InvokeStatus`, which the documents ask to ignore: a repeated invocation is Running until it is stopped. */
export function formatInvokeStatus(invocation: Invocation): string {
  const status = judgeInvocation(invocation);
  if (status === "Stopped" || status === "Stopping") return status;
  if (repeats(invocation)) return "Running";
  const statuses = [...invocation.runs.values()].map((run) => formatRecordStatus(invocation, run.status));
  if (statuses.includes("Running")) return "Running";
  const failed = statuses.filter((legacy) => legacy === "Failed").length;
  if (failed === 0) return "Finished";
  return failed === statuses.length ? "Failed" : "PartialFailed";
}

/** `InstanceInvokeStatus` and `InvokeRecordStatus`: a script that ends with another exit code than 0 has Finished. */
export function formatRecordStatus(invocation: Invocation, status: RunStatus): string {
  switch (status) {
    case "Pending":
    case "Scheduled":
    case "Running":
      return "Running";
    case "Stopping":
      return "Stopping";
    case "Cancelled":
    case "Terminated":
      return "Stopped";
    case "Success":
    case "Failed":
      return repeats(invocation) ? "Running" : "Finished";
    case "Timeout":
    case "Invalid":
    case "Aborted":
    case "Error":
      return repeats(invocation) ? "Running" : "Failed";
    default:
      return status satisfies never;
  }
}
