/** One emulated machine: its state, its agent's heartbeat, and how it starts, stops and reboots. */
import { join } from "node:path";
import { createAgent } from "../agent/agent";
import type { Outcomes } from "../agent/outcome";
import { findByRule } from "../agent/rule";
import { HEARTBEAT_LIFETIME_SECONDS, HEARTBEAT_SECONDS } from "../limits";
import { INSTANCE_ID, type Machine, type MachineStatus, type OsType } from "./records";
import type { Store } from "./store";
import { CURRENT_AGENT_VERSION } from "./version";

/** How long the emulated machine takes; real ones take 10 to 60 times as long. */
export const STARTING_MS = 1_000;
export const STOPPING_MS = 500;
/** From Running to the agent's first heartbeat. */
export const AGENT_START_MS = 500;

/** A machine to begin with; whatever is absent gets a healthy default. */
export interface InstanceSeed {
  /** @default "i-emulated0001", "i-emulated0002", … */
  readonly instanceId?: string;
  /** @default the instance id */
  readonly instanceName?: string;
  /** @default "Running" */
  readonly status?: MachineStatus;
  /** @default "linux" */
  readonly osType?: OsType;
  /** @default "vpc" */
  readonly networkType?: "vpc" | "classic";
  /** @default the region's zone "-b" */
  readonly zoneId?: string;
  /** The machine's own time zone, an IANA name, by which schedules fire; `date` in a script shows this host's. @default "Asia/Shanghai" */
  readonly timeZone?: string;
  /** @default none */
  readonly resourceGroupId?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Instant of the last boot, ISO 8601. @default an hour before now */
  readonly startTime?: string;
  /** @default a current agent that sends its heartbeat */
  readonly agent?: AgentSeed;
  /** Answers that stand in for scripts, by command name or content; Windows machines need them. */
  readonly outcomes?: Outcomes;
}

/** The Cloud Assistant agent of a machine. */
export interface AgentSeed {
  /** False: the agent is installed but sends no heartbeat. @default true */
  readonly online?: boolean;
  /** Empty: no agent is installed. @default a current version */
  readonly version?: string;
  /** Freezes the last heartbeat, ISO 8601. */
  readonly lastHeartbeatTime?: string;
}

/** What may be changed of a machine from outside. */
export type InstancePatch = Omit<InstanceSeed, "instanceId" | "timeZone" | "startTime" | "outcomes">;

const DEFAULT_UPTIME_MS = 3_600_000;

export function addMachine(store: Store, seed: InstanceSeed): Machine {
  const now = store.clock.now();
  const instanceId = seed.instanceId ?? nextInstanceId(store);
  if (!INSTANCE_ID.pattern.test(instanceId)) {
    throw new RangeError(`Cannot add instance "${instanceId}": the id must be ${INSTANCE_ID.shape}`);
  }
  if (store.machines.has(instanceId)) {
    throw new RangeError(`Cannot add instance "${instanceId}": the id must be new and there is one already`);
  }
  const osType = seed.osType ?? "linux";
  const status = seed.status ?? "Running";
  const startTime = seed.startTime === undefined ? now - DEFAULT_UPTIME_MS : Date.parse(seed.startTime);
  const outcomes = seed.outcomes;
  const machine: Machine = {
    sequence: store.nextSequence(),
    instanceId,
    instanceName: seed.instanceName ?? instanceId,
    status,
    osType,
    networkType: seed.networkType ?? "vpc",
    zoneId: seed.zoneId ?? `${store.regionId}-b`,
    timeZone: seed.timeZone ?? "Asia/Shanghai",
    resourceGroupId: seed.resourceGroupId ?? "",
    creationTime: startTime,
    startTime,
    tags: new Map(Object.entries(seed.tags ?? {})),
    agentVersion: seed.agent?.version ?? CURRENT_AGENT_VERSION[osType],
    isAgentOnline: seed.agent?.online ?? true,
    pendingAgentVersion: "",
    agentStartTime: status === "Running" ? startTime : undefined,
    frozenHeartbeatTime: parseInstant(seed.agent?.lastHeartbeatTime),
    lastHeartbeatTime: undefined,
    crashTime: undefined,
    lastInvokedTime: undefined,
    invocationCount: 0,
    agent: createAgent({
      instanceId,
      directory: join(store.directory, instanceId),
      clock: store.clock,
      timeZone: seed.timeZone ?? "Asia/Shanghai",
      choices: store.choices,
      ...(outcomes === undefined ? {} : { outcomes }),
      findOutcome: (commandName, content) =>
        findByRule(store.outcomes, { instanceId, tags: machine.tags, commandName, content }),
      onPower: (event) => (event === "stop" ? stopMachine(store, machine) : rebootMachine(store, machine)),
      onCrash: () => {
        machine.crashTime = store.clock.now();
        tell(store, machine);
      },
    }),
  };
  if (status !== "Running") void machine.agent.powerOff();
  store.machines.set(instanceId, machine);
  tell(store, machine);
  return machine;
}

function nextInstanceId(store: Store): string {
  for (let number = store.machines.size + 1; ; number++) {
    const instanceId = `i-emulated${String(number).padStart(4, "0")}`;
    if (!store.machines.has(instanceId)) return instanceId;
  }
}

function parseInstant(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

/** Changes what a test wants changed from outside; a change of status takes effect at once. */
export function patchMachine(store: Store, machine: Machine, patch: InstancePatch): void {
  if (patch.instanceName !== undefined) machine.instanceName = patch.instanceName;
  if (patch.osType !== undefined) machine.osType = patch.osType;
  if (patch.networkType !== undefined) machine.networkType = patch.networkType;
  if (patch.zoneId !== undefined) machine.zoneId = patch.zoneId;
  if (patch.resourceGroupId !== undefined) machine.resourceGroupId = patch.resourceGroupId;
  if (patch.tags !== undefined) {
    machine.tags.clear();
    for (const [key, value] of Object.entries(patch.tags)) machine.tags.set(key, value);
  }
  if (patch.agent?.version !== undefined) {
    machine.agentVersion = patch.agent.version;
    startAgent(store, machine);
  }
  if (patch.agent?.lastHeartbeatTime !== undefined) {
    machine.frozenHeartbeatTime = parseInstant(patch.agent.lastHeartbeatTime);
  }
  if (patch.agent?.online !== undefined) setAgentOnline(store, machine, patch.agent.online);
  if (patch.status !== undefined && patch.status !== machine.status) setStatus(store, machine, patch.status);
  else tell(store, machine);
}

/** Says that the machine is another than it was. */
function tell(store: Store, { instanceId, status }: Machine): void {
  store.events.add({ kind: "machine", instanceId, status });
}

function setAgentOnline(store: Store, machine: Machine, online: boolean): void {
  if (online === machine.isAgentOnline) return;
  if (!online) machine.lastHeartbeatTime = findHeartbeat(store, machine);
  machine.isAgentOnline = online;
  if (!online) return;
  machine.frozenHeartbeatTime = undefined;
  if (machine.agentStartTime !== undefined) machine.agentStartTime = store.clock.now();
}

function setStatus(store: Store, machine: Machine, status: MachineStatus): void {
  if (status === "Running") {
    changeStatus(store, machine, "Starting");
    becomeRunning(store, machine);
    startAgent(store, machine);
    return;
  }
  if (machine.status === "Running") powerOff(store, machine);
  changeStatus(store, machine, status);
}

function changeStatus(store: Store, machine: Machine, status: MachineStatus): void {
  machine.status = status;
  tell(store, machine);
}

/** StartInstance, and the second half of a reboot. */
export function startMachine(store: Store, machine: Machine): void {
  changeStatus(store, machine, "Starting");
  store.later(STARTING_MS, () => {
    if (machine.status !== "Starting") return;
    becomeRunning(store, machine);
    store.later(AGENT_START_MS, () => startAgent(store, machine));
  });
}

function becomeRunning(store: Store, machine: Machine): void {
  changeStatus(store, machine, "Running");
  machine.startTime = store.clock.now();
  if (machine.pendingAgentVersion !== "") machine.agentVersion = machine.pendingAgentVersion;
  machine.pendingAgentVersion = "";
}

function startAgent(store: Store, machine: Machine): void {
  if (machine.status !== "Running" || machine.agentVersion === "" || machine.agentStartTime !== undefined) return;
  machine.agentStartTime = store.clock.now();
  machine.agent.boot();
  tell(store, machine);
}

/** StopInstance, exit code 193. */
export function stopMachine(store: Store, machine: Machine): void {
  if (machine.status !== "Running") return;
  changeStatus(store, machine, "Stopping");
  powerOff(store, machine);
  store.later(STOPPING_MS, () => {
    if (machine.status === "Stopping") changeStatus(store, machine, "Stopped");
  });
}

/** RebootInstance, exit code 194. */
export function rebootMachine(store: Store, machine: Machine): void {
  if (machine.status !== "Running") return;
  powerOff(store, machine);
  startMachine(store, machine);
}

function powerOff(store: Store, machine: Machine): void {
  machine.lastHeartbeatTime = findHeartbeat(store, machine);
  machine.agentStartTime = undefined;
  void machine.agent.powerOff();
}

/** The last heartbeat; agents send one at their start and then one a minute. */
export function findHeartbeat(store: Store, machine: Machine): number | undefined {
  if (machine.agentVersion === "") return undefined;
  if (machine.frozenHeartbeatTime !== undefined) return machine.frozenHeartbeatTime;
  const { agent, agentStartTime, crashTime, isAgentOnline } = machine;
  if (!isAgentOnline || agentStartTime === undefined) return machine.lastHeartbeatTime;
  const lastSignOfLife = agent.isOnline ? store.clock.now() : (crashTime ?? agentStartTime);
  const uptimeMs = Math.max(0, lastSignOfLife - agentStartTime);
  return agentStartTime + uptimeMs - (uptimeMs % (HEARTBEAT_SECONDS * 1_000));
}

/** Whether DescribeCloudAssistantStatus says true: a heartbeat within the last two minutes. */
export function isAgentAlive(store: Store, machine: Machine): boolean {
  const heartbeat = findHeartbeat(store, machine);
  return heartbeat !== undefined && store.clock.now() - heartbeat <= HEARTBEAT_LIFETIME_SECONDS * 1_000;
}

/** Whether the agent takes what is sent to it. */
export function isAgentUp(machine: Machine): boolean {
  return (
    machine.status === "Running" &&
    machine.isAgentOnline &&
    machine.agentVersion !== "" &&
    machine.agentStartTime !== undefined &&
    machine.agent.isOnline
  );
}
