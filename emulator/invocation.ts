/** An invocation: one run per machine, how each is delivered, reported, stopped and changed, and what they amount to together. */
import type { Report, Task } from "./agent";
import { type Command, formatContent, isFitFor, substituteBuiltIns } from "./command";
import { formatForAgent } from "./frequency";
import { DELIVERY_TIMEOUT_SECONDS, MAX_RECORDS, RECORD_RETENTION_DAYS } from "./limits";
import { compareVersions, isAgentUp, type Machine, type OsType } from "./machine";
import { createId, type Store } from "./store";

export type RepeatMode = "Once" | "Period" | "NextRebootOnly" | "EveryReboot";

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

export type InvocationStatus =
  | "Pending"
  | "Scheduled"
  | "Running"
  | "Stopping"
  | "Stopped"
  | "Success"
  | "Failed"
  | "PartialFailed";

/** What one execution left behind. */
export interface Result {
  readonly status: RunStatus;
  readonly repeats: number;
  readonly exitCode: number;
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
  repeats: number;
  exitCode: number;
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

/** How long a run is Pending before the agent has it. */
const DELIVERY_MS = 20;
const DELIVERY_RETRY_MS = 1_000;
/** Earlier executions kept of one periodic run on one machine. */
const MAX_HISTORY = 1_000;
const SWEEP_MS = 60_000;

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

/** ErrorInfo is prose that has been reworded before; this is its wording of 2021, completed in its manner. */
const ERROR_INFO: Readonly<Record<string, string>> = {
  InstanceNotExists: "the specified instance does not exists",
  InstanceNotRunning: "the instance is not running when create task",
  CommandNotApplicable: "the command is not applicable",
  ClientNotRunning: "the aliyun service is not running on the instance",
  ClientNotResponse: "the aliyun service in the instance does not response",
  ClientNeedUpgrade: "the aliyun service in the instance need upgrade",
  DeliveryTimeout: "the command delivery has been timeout",
  ExecutionTimeout: "the command execution has been timeout",
  ExecutionException: "the command execution got an exception",
  ExecutionInterrupted: "the command execution has been interrupted",
  ExitCodeNonzero: "the command execution exit code is not zero",
};

/** Starts an invocation; its runs are delivered a moment later. */
export function startInvocation(
  store: Store,
  settings: Omit<Invocation, "sequence" | "invokeId" | "creationTime" | "runs">,
  instanceIds: readonly string[],
): Invocation {
  const invocation: Invocation = {
    ...settings,
    sequence: store.nextSequence(),
    invokeId: createId("t"),
    creationTime: store.clock.now(),
    runs: new Map(),
  };
  settings.command.invokeTimes++;
  store.invocations.set(invocation.invokeId, invocation);
  for (const instanceId of instanceIds) addRun(store, invocation, instanceId);
  forgetExpired(store);
  return invocation;
}

export function addRun(store: Store, invocation: Invocation, instanceId: string): void {
  const now = store.clock.now();
  const run: Run = {
    sequence: store.nextSequence(),
    instanceId,
    status: "Pending",
    creationTime: now,
    updateTime: now,
    startTime: undefined,
    finishTime: undefined,
    stopTime: undefined,
    repeats: 0,
    exitCode: 0,
    output: Buffer.alloc(0),
    dropped: 0,
    errorCode: "",
    errorInfo: "",
    isDelivered: false,
    history: [],
  };
  invocation.runs.set(instanceId, run);
  store.later(DELIVERY_MS, () => deliver(store, invocation, run));
}

function deliver(store: Store, invocation: Invocation, run: Run): void {
  if (run.status !== "Pending") return;
  const obstacle = store.faults.takeDelivery(run.instanceId);
  if (obstacle === undefined) attempt(store, invocation, run);
  else if (obstacle === "DeliveryTimeout")
    store.later(DELIVERY_TIMEOUT_SECONDS * 1_000, () => abort(store, run, obstacle));
  else abort(store, run, obstacle);
}

/** Hands the task to the agent, or fails; a silent agent has a minute to speak up. */
function attempt(store: Store, invocation: Invocation, run: Run): void {
  if (run.status !== "Pending") return;
  const machine = store.machines.get(run.instanceId);
  const obstacle = findObstacle(machine, invocation);
  const isLate = store.clock.now() - run.creationTime >= DELIVERY_TIMEOUT_SECONDS * 1_000;
  if (obstacle === "ClientNotResponse" && !isLate) {
    store.later(DELIVERY_RETRY_MS, () => attempt(store, invocation, run));
    return;
  }
  if (obstacle !== undefined || machine === undefined) {
    abort(store, run, obstacle ?? "InstanceNotExists");
    return;
  }
  run.isDelivered = true;
  machine.lastInvokedTime = store.clock.now();
  machine.invocationCount++;
  machine.agent.submit(createTask(store, invocation, machine), (report) => record(store, invocation, run, report));
}

/** Why the machine cannot take the task now. */
function findObstacle(machine: Machine | undefined, invocation: Invocation): string | undefined {
  if (machine === undefined) return "InstanceNotExists";
  if (!isFitFor(invocation.command.type, machine.osType)) return "CommandNotApplicable";
  if (machine.status !== "Running") return "InstanceNotRunning";
  if (machine.agentVersion === "") return "ClientNotRunning";
  if (!machine.isAgentOnline) return "ClientNotResponse";
  if (!isAgentUp(machine)) return "ClientNotRunning";
  if (compareVersions(machine.agentVersion, findNeededVersion(invocation, machine.osType)) < 0) {
    return "ClientNeedUpgrade";
  }
  return undefined;
}

/** The oldest agent that can do what the invocation asks for, in the last part of its version (the Cloud Assistant overview). */
function findNeededVersion(invocation: Invocation, osType: OsType): string {
  const { repeatMode, frequency, username, command, containerId, containerName } = invocation;
  const [linux, windows] = osType === "linux" ? [true, false] : [false, true];
  const prefix = linux ? "2.2" : "2.1";
  const needs = ["0.0"];
  if (username !== "") needs.push(linux ? `${prefix}.0.106` : `${prefix}.0.50`);
  if (repeatMode === "NextRebootOnly" || repeatMode === "EveryReboot") {
    needs.push(windows ? `${prefix}.0.50` : `${prefix}.0.46`);
  }
  if (frequency !== "" && frequency.trim().split(/\s+/).length !== 6) needs.push(`${prefix}.3.282`);
  if (/\{\{\s*ACS::/i.test(command.content)) needs.push(`${prefix}.3.309`);
  if (/\{\{\s*ACS::InstanceName/i.test(command.content)) needs.push(`${prefix}.3.344`);
  if (containerId !== "" || containerName !== "") needs.push(`${prefix}.3.344`);
  return needs.reduce((newest, version) => (compareVersions(version, newest) > 0 ? version : newest));
}

/** Whether the agent can change a task in place. */
export function canModify(machine: Machine): boolean {
  const needed = machine.osType === "linux" ? "2.2.3.541" : "2.1.3.541";
  return compareVersions(machine.agentVersion, needed) >= 0;
}

function abort(store: Store, run: Run, errorCode: string): void {
  if (run.status !== "Pending") return;
  run.status = errorCode === "CommandNotApplicable" ? "Invalid" : "Aborted";
  run.errorCode = errorCode;
  run.errorInfo = ERROR_INFO[errorCode] ?? "";
  run.updateTime = store.clock.now();
  run.finishTime = run.updateTime;
}

function createTask(store: Store, invocation: Invocation, machine: Machine): Task {
  const { command, frequency, terminationMode } = invocation;
  return {
    invokeId: invocation.invokeId,
    repeatMode: invocation.repeatMode,
    ...(frequency === "" ? {} : { frequency: formatForAgent(frequency) }),
    creationTime: invocation.creationTime,
    type: command.type,
    commandName: command.name,
    content: formatTaskContent(store, invocation, machine),
    timeoutSeconds: invocation.timeoutSeconds,
    workingDir: invocation.workingDir,
    username: invocation.username,
    launcher: invocation.launcher,
    terminationMode: terminationMode === "ProcessTree" ? "ProcessTree" : "Process",
  };
}

function formatTaskContent(store: Store, invocation: Invocation, machine: Machine): string {
  return substituteBuiltIns(formatContent(invocation.command, invocation.parameters), {
    RegionId: store.regionId,
    AccountId: store.accountId,
    InstanceId: machine.instanceId,
    InstanceName: machine.instanceName,
    InvokeId: invocation.invokeId,
    CommandId: invocation.command.commandId,
  });
}

/** Takes what the agent says; a run that was being stopped stays Stopping until its end is reported. */
function record(store: Store, invocation: Invocation, run: Run, report: Report): void {
  if (isTerminal(run.status)) return;
  const isNextExecution = report.repeats > run.repeats && run.finishTime !== undefined && run.repeats > 0;
  if (isNextExecution) {
    run.history.push(createResult(run));
    if (run.history.length > MAX_HISTORY) run.history.shift();
  }
  const wasStopping = run.status === "Stopping";
  run.status = wasStopping && !report.final ? "Stopping" : report.status;
  run.repeats = report.repeats;
  run.exitCode = report.exitCode ?? 0;
  run.output = report.output;
  run.dropped = report.dropped;
  run.startTime = report.startTime;
  run.finishTime = report.finishTime;
  run.errorCode = report.errorCode;
  run.errorInfo = report.errorInfo;
  run.updateTime = store.clock.now();
  // A stopped schedule whose last run was left to its own end.
  if (wasStopping && report.status === "Scheduled") {
    run.status = "Cancelled";
    store.machines.get(run.instanceId)?.agent.stop(invocation.invokeId);
  }
  if (isTerminal(run.status)) forgetUnkept(store, invocation);
}

/** The last execution as a record of its own: a periodic run is Scheduled, its last execution is not. */
export function createResult(run: Run): Result {
  const { repeats, exitCode, output, dropped, startTime, finishTime, errorCode, errorInfo } = run;
  return { status: judgeResult(run), repeats, exitCode, output, dropped, startTime, finishTime, errorCode, errorInfo };
}

function judgeResult(run: Run): RunStatus {
  if (run.status !== "Scheduled" || run.finishTime === undefined) return run.status;
  if (run.errorCode === "") return "Success";
  if (run.errorCode === "ExitCodeNonzero") return "Failed";
  if (run.errorCode === "ExecutionTimeout") return "Timeout";
  return "Error";
}

/** Stops one run: what waits is cancelled, what runs is Stopping until the agent reports its end. */
export function stopRun(store: Store, invocation: Invocation, run: Run): void {
  if (isTerminal(run.status)) return;
  const now = store.clock.now();
  run.stopTime = now;
  run.updateTime = now;
  const agent = store.machines.get(run.instanceId)?.agent;
  if (run.status === "Running") {
    run.status = "Stopping";
    if (store.choices.stopRunning !== "terminate") return;
    // Delivered like a task; a process that dies at once would be Terminated before anybody could see it Stopping.
    store.later(DELIVERY_MS, () => agent?.stop(invocation.invokeId));
    return;
  }
  if (run.status === "Stopping") return;
  run.status = "Cancelled";
  run.finishTime = now;
  if (run.isDelivered) agent?.stop(invocation.invokeId);
  forgetUnkept(store, invocation);
}

/** Hands a changed schedule or content to the agents that have the task. */
export function updateRuns(store: Store, invocation: Invocation): void {
  for (const run of invocation.runs.values()) {
    const machine = store.machines.get(run.instanceId);
    if (machine === undefined || !run.isDelivered || isTerminal(run.status)) continue;
    machine.agent.modify(invocation.invokeId, {
      ...(invocation.frequency === "" ? {} : { frequency: formatForAgent(invocation.frequency) }),
      content: formatTaskContent(store, invocation, machine),
    });
  }
}

/** RunCommand without KeepCommand: the command goes with its invocation. */
function forgetUnkept(store: Store, invocation: Invocation): void {
  if (!invocation.command.isKept && isFinished(invocation)) store.commands.delete(invocation.command.commandId);
}

/**
 * Drops finished records past their time and, oldest first, beyond the number the service keeps. Live ones stay.
 * Not documented: from when the 30 days count; here, from a record's last change. Looked at once a minute of the clock.
 */
export function forgetExpired(store: Store): void {
  const now = store.clock.now();
  const surplus = store.invocations.size - MAX_RECORDS;
  if (surplus <= 0 && now - store.swept.at < SWEEP_MS) return;
  store.swept.at = now;
  const oldest = now - RECORD_RETENTION_DAYS * 86_400_000;
  let left = surplus;
  for (const [invokeId, invocation] of store.invocations) {
    if (!isFinished(invocation)) continue;
    if (left <= 0 && findLastChange(invocation) > oldest) continue;
    store.invocations.delete(invokeId);
    left--;
  }
}

const findLastChange = ({ creationTime, runs }: Invocation): number =>
  Math.max(creationTime, ...[...runs.values()].map(({ updateTime }) => updateTime));

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
