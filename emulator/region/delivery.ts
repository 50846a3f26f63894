/** A run on its way to the agent of its machine and back: delivered, reported, changed and stopped. */
import type { Report, Task } from "../agent/agent";
import type { RunChange } from "../events";
import { DELIVERY_TIMEOUT_SECONDS } from "../limits";
import { formatForAgent } from "../requests/frequency";
import { formatContent, isFitFor, substituteBuiltIns } from "./command";
import { createResult, type Invocation, type Run } from "./invocation";
import { isAgentUp, type Machine } from "./machine";
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
  const delayMs = fault === "DeliveryTimeout" ? DELIVERY_TIMEOUT_SECONDS * 1_000 : 0;
  store.later(delayMs, () => abort(store, invocation, run, fault));
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
    abort(store, invocation, run, obstacle ?? "InstanceNotExists");
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
  const needed = findNeededFeatures(invocation);
  const canRun = needed.every((feature) => supports(machine.agentVersion, machine.osType, feature));
  return canRun ? undefined : "ClientNeedUpgrade";
}

function findNeededFeatures(invocation: Invocation): readonly AgentFeature[] {
  const { repeatMode, frequency, username, command, containerId, containerName } = invocation;
  const needs: readonly [AgentFeature, boolean][] = [
    ["username", username !== ""],
    ["rebootMode", repeatMode === "NextRebootOnly" || repeatMode === "EveryReboot"],
    ["newerSchedule", frequency !== "" && frequency.trim().split(/\s+/).length !== 6],
    ["builtInParameter", /\{\{\s*ACS::/i.test(command.content)],
    ["instanceNameParameter", /\{\{\s*ACS::InstanceName/i.test(command.content)],
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
  const { instanceId, status, repeats, exitCode, errorCode } = run;
  const output = run.output.toString("utf8");
  store.events.add({ kind: "run", phase, invokeId, instanceId, status, repeats, exitCode, errorCode, output });
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
  const phase = findPhase(report, run.repeats);
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
