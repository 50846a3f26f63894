import { defineAction } from "../gateway/action";
import { boolean, requiredString, string } from "../gateway/parameters";
import { stopMachine } from "../region/machine";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-stopinstance */
export const stopInstance = defineAction({
  name: "StopInstance",
  takes: {
    DryRun: boolean,
    InstanceId: requiredString,
    ConfirmStop: boolean,
    ForceStop: boolean,
    Hibernate: boolean,
    StoppedMode: string,
  },
  refuses: [
    ["InvalidInstanceId.NotFound", ({ InstanceId }, store) => !store.machines.has(InstanceId)],
    ["IncorrectInstanceStatus", ({ InstanceId }, store) => store.machines.get(InstanceId)?.status !== "Running"],
    ["DryRunOperation", ({ DryRun }) => DryRun === true],
  ],
  act({ InstanceId }, store) {
    const machine = store.machines.get(InstanceId);
    if (machine !== undefined) stopMachine(store, machine);
    return {};
  },
});
