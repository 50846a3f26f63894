/** Machines, as the control API shows them. */
import { findHeartbeat, isAgentUp } from "../region/machine";
import { formatInstant, type Store } from "../region/store";

export function listInstances(store: Store): object {
  const machines = [...store.machines.values()];
  return {
    instanceIds: machines.map(({ instanceId }) => instanceId),
    instances: machines.map((machine) => ({
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
    })),
  };
}
