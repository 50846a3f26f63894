/** What a region keeps: its machines, its commands, and of each invocation the runs. What happens to each stands in the file of its name. */
import type { Agent } from "../agent/agent";

/** The status of an ECS instance. */
export type MachineStatus = "Pending" | "Starting" | "Running" | "Stopping" | "Stopped";

/** The system of a machine, as DescribeInstances spells it. */
export type OsType = "linux" | "windows";

export interface Machine {
  readonly sequence: number;
  readonly instanceId: string;
  instanceName: string;
  status: MachineStatus;
  osType: OsType;
  networkType: "vpc" | "classic";
  zoneId: string;
  readonly timeZone: string;
  resourceGroupId: string;
  readonly creationTime: number;
  startTime: number;
  readonly tags: Map<string, string>;
  agentVersion: string;
  isAgentOnline: boolean;
  /** Installed by InstallCloudAssistant, effective after the next boot. */
  pendingAgentVersion: string;
  /** When the agent last came up; undefined while it is down. */
  agentStartTime: number | undefined;
  frozenHeartbeatTime: number | undefined;
  lastHeartbeatTime: number | undefined;
  /** When a schedule last crashed the agent's process. */
  crashTime: number | undefined;
  lastInvokedTime: number | undefined;
  invocationCount: number;
  readonly agent: Agent;
}

/** What the id of a machine must be. */
export const INSTANCE_ID = { pattern: /^m?i-[A-Za-z0-9]{1,64}$/, shape: '"i-" or "mi-" and 1 to 64 letters or digits' };

export const COMMAND_TYPES = ["RunShellScript", "RunBatScript", "RunPowerShellScript"] as const;
/** What a command is written in; the first runs on Linux, the others on Windows. */
export type CommandType = (typeof COMMAND_TYPES)[number];

/** A parameter that a command declares, as public commands do. */
export interface ParameterDefinition {
  /** As in the content, `{{name}}`, whatever its case. */
  readonly name: string;
  /** Shown by DescribeCommands. */
  readonly description?: string;
  /** Whether a call that does not pass it is refused. @default false */
  readonly required?: boolean;
  /** The value where a call passes none. @default empty */
  readonly defaultValue?: string;
  /** What a value must match. @default anything */
  readonly patternRegex?: string;
  /** The only values. @default any */
  readonly possibleValues?: readonly string[];
}

export interface Command {
  readonly sequence: number;
  readonly commandId: string;
  name: string;
  readonly type: CommandType;
  description: string;
  /** As it was given, in whatever encoding. */
  readonly content: Buffer;
  /** As it was given: a default that is echoed would be taken for drift. */
  workingDir: string;
  timeoutSeconds: number;
  readonly enableParameter: boolean;
  readonly parameterDefinitions: readonly ParameterDefinition[];
  launcher: string;
  readonly resourceGroupId: string;
  readonly tags: Map<string, string>;
  readonly provider: string;
  readonly category: string;
  readonly creationTime: number;
  invokeTimes: number;
  /** False: made by RunCommand without KeepCommand; not listed, not counted, gone with its invocation. */
  readonly isKept: boolean;
}

export type RepeatMode = "Once" | "Period" | "NextRebootOnly" | "EveryReboot";

/** What became of a command on one machine, in the service's words. */
export type RunStatus =
  | "Pending"
  | "Scheduled"
  | "Running"
  | "Success"
  | "Failed"
  | "Invalid"
  | "Aborted"
  | "Error"
  | "Timeout"
  | "Cancelled"
  | "Stopping"
  | "Terminated";

/** What one execution left behind. */
export interface Result {
  readonly status: RunStatus;
  readonly repeats: number;
  /** Undefined where nothing has exited: before the end, after a time-out, a stop, a failed delivery. */
  readonly exitCode: number | undefined;
  readonly output: Buffer;
  /** Bytes cut from the head of the output. */
  readonly dropped: number;
  readonly startTime: number | undefined;
  readonly finishTime: number | undefined;
  readonly errorCode: string;
  readonly errorInfo: string;
}

/** The invocation on one machine. */
export interface Run extends Result {
  status: RunStatus;
  /** What the last execution came to, once it is over; a schedule itself is Scheduled. */
  runStatus: RunStatus | undefined;
  repeats: number;
  exitCode: number | undefined;
  output: Buffer;
  dropped: number;
  startTime: number | undefined;
  finishTime: number | undefined;
  errorCode: string;
  errorInfo: string;
  readonly sequence: number;
  readonly instanceId: string;
  readonly creationTime: number;
  updateTime: number;
  stopTime: number | undefined;
  /** When the last execution ended: `finishTime` says when a schedule was cancelled, once it was. */
  ranUntil?: number | undefined;
  /** Whether the agent has the task. */
  isDelivered: boolean;
  /** Earlier executions, oldest first. */
  readonly history: Result[];
}

export interface Invocation {
  readonly sequence: number;
  readonly invokeId: string;
  /** Of the command as it was when invoked, or as ModifyInvocationAttribute replaced it. */
  command: Command;
  readonly creationTime: number;
  readonly repeatMode: RepeatMode;
  frequency: string;
  parameters: Readonly<Record<string, string>>;
  readonly username: string;
  readonly workingDir: string;
  readonly timeoutSeconds: number;
  readonly containerId: string;
  readonly containerName: string;
  readonly launcher: string;
  readonly terminationMode: string;
  readonly ossOutputDelivery: string;
  readonly resourceGroupId: string;
  readonly tags: Map<string, string>;
  readonly runs: Map<string, Run>;
}
