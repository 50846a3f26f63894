/** What the end of a run means: its status, its error code, and what it does to the machine. */

import { MAX_QUEUED_TASKS, MAX_RUNNING_TASKS } from "./pool";
import type { Ending } from "./process";

/** Why an agent could not see a run through. Most texts are the emulator's own: the service rewords its ErrorInfo now and then. */
export interface Fault {
  errorCode: string;
  errorInfo: string;
}

export interface Verdict extends Fault {
  status: "Success" | "Failed" | "Timeout" | "Error" | "Terminated" | "Invalid";
  exitCode?: number;
}

/** Why a run was killed. */
export type KillReason = "timeout" | "stop" | Fault;

export const INTERRUPTED: Fault = {
  errorCode: "ExecutionInterrupted",
  errorInfo: "The machine was switched off while the command ran.",
};
export const CLIENT_RESTARTED: Fault = {
  errorCode: "ClientRestarted",
  errorInfo: "The Cloud Assistant Agent was restarted while the command ran.",
};
export const NOT_RUNNING: Fault = {
  errorCode: "ClientNotRunning",
  errorInfo: "The Cloud Assistant Agent does not run on the machine.",
};
export const TOO_MANY: Fault = {
  errorCode: "TaskConcurrencyLimit",
  errorInfo: `The machine runs ${MAX_RUNNING_TASKS} tasks and ${MAX_QUEUED_TASKS} more wait.`,
};

const NO_FAULT: Fault = { errorCode: "", errorInfo: "" };
const EXIT_CODE_NONZERO: Fault = {
  errorCode: "ExitCodeNonzero",
  errorInfo: "The command execution exit code is not zero.",
};
/** As recorded from the service in 2021. */
const TIMED_OUT: Fault = { errorCode: "ExecutionTimeout", errorInfo: "the command execution has been timeout." };

/**
 * Judges an ending, given the reason for which the run was killed, if it was.
 * No exit code where nothing exited: the agent makes one up (1 for a time-out, 0 for a stop), and the service does not show it.
 */
export function judge(ending: Ending, killedFor?: KillReason): Verdict {
  if (killedFor === "timeout") return { status: "Timeout", ...TIMED_OUT };
  if (killedFor === "stop") return { status: "Terminated", ...NO_FAULT };
  if (killedFor) return { status: "Error", ...killedFor };
  if ("refused" in ending) {
    return { status: ending.refused, errorCode: ending.errorCode, errorInfo: ending.errorInfo };
  }
  if (ending.exitCode === 0) return { status: "Success", exitCode: 0, ...NO_FAULT };
  return { status: "Failed", exitCode: ending.exitCode, ...EXIT_CODE_NONZERO };
}

export type PowerEvent = "stop" | "reboot";

const SHELL_EVENTS: ReadonlyMap<number, PowerEvent> = new Map([
  [193, "stop"],
  [194, "reboot"],
]);
const WINDOWS_EVENTS: ReadonlyMap<number, PowerEvent> = new Map([
  [3009, "stop"],
  [3010, "reboot"],
]);

/** The exit codes by which a script stops or reboots its machine: 193 and 194, on Windows 3009 and 3010. */
export function findPowerEvent(
  type: "RunShellScript" | "RunPowerShellScript" | "RunBatScript",
  exitCode: number,
): PowerEvent | undefined {
  return (type === "RunShellScript" ? SHELL_EVENTS : WINDOWS_EVENTS).get(exitCode);
}
