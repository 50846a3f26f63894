/** Machines, as the control API shows them. */
import { findHeartbeat, isAgentUp } from "../region/machine";
import type { Machine, MachineStatus, OsType } from "../region/records";
import { formatInstant, type Store } from "../region/store";

export interface InstanceView {
  readonly instanceId: string;
  readonly instanceName: string;
  readonly status: MachineStatus;
  readonly osType: OsType;
  readonly networkType: string;
  readonly zoneId: string;
  readonly timeZone: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly startTime: string;
  readonly agent: {
    /** Empty: none is installed. */
    readonly version: string;
    readonly online: boolean;
    readonly lastHeartbeatTime: string;
    readonly activeTaskCount: number;
  };
}

export function listInstances(store: Store): {
  readonly instanceIds: readonly string[];
  readonly instances: readonly InstanceView[];
} {
  const machines = [...store.machines.values()];
  return {
    instanceIds: machines.map(({ instanceId }) => instanceId),
    instances: machines.map((machine) => formatInstance(store, machine)),
  };
}

export const formatInstance = (store: Store, machine: Machine): InstanceView => ({
  instanceId: machine.instanceId,
  instanceName: machine.instanceName,
  status: machine.status,
  osType: machine.osType,
  networkType: machine.networkType,
  zoneId: machine.zoneId,
  timeZone: machine.timeZone,
  tags: Object.fromEntries(machine.tags),
  startTime: formatInstant(machine.startTime),
  agent: {
    version: machine.agentVersion,
    online: isAgentUp(machine),
    lastHeartbeatTime: formatInstant(findHeartbeat(store, machine)),
    activeTaskCount: machine.agent.activeTaskCount,
  },
});
