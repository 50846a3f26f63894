import { defineAction } from "../gateway/action";
import { boolean, requiredString } from "../gateway/parameters";
import { rebootMachine } from "../region/machine";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstance */
export const rebootInstance = defineAction({
  name: "RebootInstance",
  takes: {
    DryRun: boolean,
    InstanceId: requiredString,
    ForceStop: boolean,
  },
  refuses: [
    ["InvalidInstanceId.NotFound", ({ InstanceId }, store) => !store.machines.has(InstanceId)],
    ["IncorrectInstanceStatus", ({ InstanceId }, store) => store.machines.get(InstanceId)?.status !== "Running"],
    ["DryRunOperation", ({ DryRun }) => DryRun === true],
  ],
  act({ InstanceId }, store) {
    const machine = store.machines.get(InstanceId);
    if (machine !== undefined) rebootMachine(store, machine);
    return {};
  },
});
