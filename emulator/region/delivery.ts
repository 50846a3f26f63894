/** A run on its way to the agent of its machine and back: delivered, reported, changed and stopped. */
import type { Report, Task } from "../agent/agent";
import { type BuiltIns, findBuiltIns } from "../agent/builtin";
import type { RunChange } from "../events";
import { DELIVERY_TIMEOUT_SECONDS } from "../limits";
import { formatForAgent } from "../requests/frequency";
import { formatContent, isFitFor } from "./command";
import { isAgentAlive, isAgentUp } from "./machine";
import { openDelivery } from "./oss";
import type { Invocation, Machine, Run } from "./records";
import { createResult } from "./result";
import { isFinished, isTerminal } from "./status";
import type { Store } from "./store";
import { type AgentFeature, supports } from "./version";

/** How long a message to a machine takes; so long is a run Pending. */
export const DELIVERY_MS = 20;
const DELIVERY_RETRY_MS = 1_000;
/** Earlier executions kept of one periodic run on one machine. */
const MAX_HISTORY = 1_000;

/** ErrorInfo is prose that has been reworded before; this is its wording of 2021. */
const ERROR_INFO: Readonly<Record<string, string>> = {
  InstanceNotExists: "the specified instance does not exists",
  InstanceNotRunning: "the instance is not running when create task",
  CommandNotApplicable: "the command is not applicable",
  ClientNotRunning: "the aliyun service is not running on the instance",
  ClientNotResponse: "the aliyun service in the instance does not response",
  ClientNeedUpgrade: "the aliyun service in the instance need upgrade",
  DeliveryTimeout: "the command delivery has been timeout",
};

/** Sends a run to its machine, now. */
export function deliver(store: Store, invocation: Invocation, run: Run): void {
  if (run.status !== "Pending") return;
  const fault = store.faults.takeDelivery(run.instanceId);
  if (fault === undefined) {
    attempt(store, invocation, run);
    return;
  }
  const delayMs = fault === "DeliveryTimeout" ? findDeadlineMs(invocation) : 0;
  store.later(delayMs, () => abort(store, invocation, run, fault));
}

/** What a machine is given to take its task, from the call on: a minute, or the Timeout where that is shorter. */
const findDeadlineMs = ({ timeoutSeconds }: Invocation): number =>
  Math.min(DELIVERY_TIMEOUT_SECONDS, timeoutSeconds) * 1_000;

/** Hands the task to the agent, or fails; an agent that starts just now has until the deadline. */
function attempt(store: Store, invocation: Invocation, run: Run): void {
  if (run.status !== "Pending") return;
  const machine = store.machines.get(run.instanceId);
  const obstacle = findObstacle(store, machine, invocation);
  const leftMs = run.creationTime + findDeadlineMs(invocation) - store.clock.now();
  if (obstacle === "ClientNotRunning" && machine?.agentVersion !== "" && leftMs > 0) {
    store.later(Math.min(DELIVERY_RETRY_MS, leftMs), () => attempt(store, invocation, run));
    return;
  }
  if (obstacle !== undefined || machine === undefined) {
    abort(store, invocation, run, obstacle ?? "InstanceNotExists");
    return;
  }
  run.isDelivered = true;
  machine.lastInvokedTime = store.clock.now();
  machine.invocationCount++;
  machine.agent.submit(createTask(store, invocation, machine), (report) => record(store, invocation, run, report));
}

/** Why the machine cannot take the task now. */
function findObstacle(store: Store, machine: Machine | undefined, invocation: Invocation): string | undefined {
  if (machine === undefined) return "InstanceNotExists";
  if (!isFitFor(invocation.command.type, machine.osType)) return "CommandNotApplicable";
  if (machine.status !== "Running") return "InstanceNotRunning";
  // As recorded in 2026: an agent without a heartbeat on a machine that runs.
  if (!isAgentUp(machine) || !isAgentAlive(store, machine)) return "ClientNotRunning";
  const needed = findNeededFeatures(store, invocation);
  const canRun = needed.every((feature) => supports(machine.agentVersion, machine.osType, feature));
  return canRun ? undefined : "ClientNeedUpgrade";
}

function findNeededFeatures(store: Store, invocation: Invocation): readonly AgentFeature[] {
  const { repeatMode, frequency, username, command, containerId, containerName } = invocation;
  const builtIns = hasBuiltIns(store, invocation) ? findBuiltIns(command.content) : [];
  const needs: readonly [AgentFeature, boolean][] = [
    ["username", username !== ""],
    ["rebootMode", repeatMode === "NextRebootOnly" || repeatMode === "EveryReboot"],
    ["newerSchedule", frequency !== "" && frequency.trim().split(/\s+/).length !== 6],
    ["builtInParameter", builtIns.length > 0],
    ["instanceNameParameter", builtIns.includes("InstanceName")],
    ["container", containerId !== "" || containerName !== ""],
  ];
  return needs.filter(([, isNeeded]) => isNeeded).map(([feature]) => feature);
}

function abort(store: Store, invocation: Invocation, run: Run, errorCode: string): void {
  if (run.status !== "Pending") return;
  run.status = errorCode === "CommandNotApplicable" ? "Invalid" : "Aborted";
  run.errorCode = errorCode;
  run.errorInfo = ERROR_INFO[errorCode] ?? "";
  run.updateTime = store.clock.now();
  run.finishTime = run.updateTime;
  tell(store, invocation, run, "ended");
  forgetUnkept(store, invocation);
}

function tell(store: Store, { invokeId }: Invocation, run: Run, phase: RunChange["phase"]): void {
  const { instanceId, status, repeats, exitCode, startTime, finishTime, errorCode } = run;
  const runStatus = finishTime === undefined ? undefined : (run.runStatus ?? status);
  const output = run.output.toString("utf8");
  store.events.add({
    ...{ kind: "run", phase, invokeId, instanceId, status, repeats, exitCode, runStatus },
    ...{ startTime, finishTime, errorCode, output },
  });
}

/** What the report says is new. */
function findPhase(report: Report, repeats: number): RunChange["phase"] {
  if (report.status === "Running") return report.repeats > repeats ? "started" : "output";
  return report.final || report.finishTime !== undefined ? "ended" : "waiting";
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
    content: formatContent(command, invocation.parameters),
    builtIns: hasBuiltIns(store, invocation) ? listBuiltIns(store, invocation, machine) : undefined,
    timeoutSeconds: invocation.timeoutSeconds,
    workingDir: invocation.workingDir,
    username: invocation.username,
    launcher: invocation.launcher,
    terminationMode: terminationMode === "ProcessTree" ? "ProcessTree" : "Process",
    copyOutput: openDelivery(store, invocation, machine.instanceId),
  };
}

const hasBuiltIns = (store: Store, { command }: Invocation): boolean =>
  command.enableParameter || store.choices.builtInParameters === "always";

const listBuiltIns = (store: Store, { invokeId, command }: Invocation, machine: Machine): BuiltIns => ({
  RegionId: store.regionId,
  AccountId: store.accountId,
  InstanceId: machine.instanceId,
  InstanceName: machine.instanceName,
  InvokeId: invokeId,
  CommandId: command.commandId,
});

/** Takes what the agent says; a run that was being stopped stays Stopping until its end is reported. */
function record(store: Store, invocation: Invocation, run: Run, report: Report): void {
  if (isTerminal(run.status)) return;
  const isNextExecution = report.repeats > run.repeats && run.runStatus !== undefined;
  if (isNextExecution) {
    run.history.push(createResult(run));
    if (run.history.length > MAX_HISTORY) run.history.shift();
  }
  const wasStopping = run.status === "Stopping";
  const phase = findPhase(report, run.repeats);
  run.status = wasStopping && !report.final ? "Stopping" : report.status;
  run.runStatus = report.runStatus;
  run.repeats = report.repeats;
  run.exitCode = report.exitCode;
  run.output = report.output;
  run.dropped = report.dropped;
  run.startTime = report.startTime;
  run.finishTime = report.finishTime;
  run.ranUntil = report.finishTime;
  run.errorCode = report.errorCode;
  run.errorInfo = report.errorInfo;
  run.updateTime = store.clock.now();
  // A stopped schedule whose last run was left to its own end.
  if (wasStopping && report.status === "Scheduled") {
    run.status = "Cancelled";
    store.machines.get(run.instanceId)?.agent.stop(invocation.invokeId);
  }
  tell(store, invocation, run, phase);
  if (isTerminal(run.status)) forgetUnkept(store, invocation);
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
    tell(store, invocation, run, "stopping");
    if (store.choices.stopRunning !== "terminate") return;
    // Delivered like a task; a process that dies at once would be Terminated before anybody could see it Stopping.
    store.later(DELIVERY_MS, () => agent?.stop(invocation.invokeId));
    return;
  }
  if (run.status === "Stopping") return;
  run.status = "Cancelled";
  run.finishTime = now;
  tell(store, invocation, run, "ended");
  if (run.isDelivered) agent?.stop(invocation.invokeId);
  forgetUnkept(store, invocation);
}

/** Hands a changed schedule or content to the agents that have the task. */
export function updateRuns(store: Store, invocation: Invocation): void {
  for (const run of invocation.runs.values()) {
    const machine = store.machines.get(run.instanceId);
    if (machine === undefined || !run.isDelivered || isTerminal(run.status)) continue;
    const { frequency, content, builtIns } = createTask(store, invocation, machine);
    const schedule = frequency === undefined ? {} : { frequency };
    machine.agent.modify(invocation.invokeId, { content, builtIns, ...schedule });
  }
}

/** RunCommand without KeepCommand: the command goes with its invocation. */
function forgetUnkept(store: Store, invocation: Invocation): void {
  if (!invocation.command.isKept && isFinished(invocation)) store.commands.delete(invocation.command.commandId);
}
