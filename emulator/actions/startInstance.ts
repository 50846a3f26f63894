import { defineAction } from "../gateway/action";
import { boolean, requiredString } from "../gateway/parameters";
import { startMachine } from "../region/machine";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstance */
export const startInstance = defineAction({
  name: "StartInstance",
  takes: {
    DryRun: boolean,
    InstanceId: requiredString,
    InitLocalDisk: boolean,
  },
  refuses: [
    ["InvalidInstanceId.NotFound", ({ InstanceId }, store) => !store.machines.has(InstanceId)],
    ["IncorrectInstanceStatus", ({ InstanceId }, store) => store.machines.get(InstanceId)?.status !== "Stopped"],
    ["DryRunOperation", ({ DryRun }) => DryRun === true],
  ],
  act({ InstanceId }, store) {
    const machine = store.machines.get(InstanceId);
    if (machine !== undefined) startMachine(store, machine);
    return {};
  },
});
