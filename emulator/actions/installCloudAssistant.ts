import { defineAction } from "../gateway/action";
import { requiredList, requiredString } from "../gateway/parameters";
import { MAX_INSTANCES_PER_INSTALL } from "../limits";
import { CURRENT_AGENT_VERSION } from "../region/version";
import { regionRefusals } from "../requests/region";

/**
 * Takes effect with the next boot.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-installcloudassistant
 */
export const installCloudAssistant = defineAction({
  name: "InstallCloudAssistant",
  takes: { InstanceId: requiredList, RegionId: requiredString },
  refuses: [
    ...regionRefusals,
    ["MissingParam.InstanceId", ({ InstanceId }) => InstanceId.some((id) => id === "")],
    ["InstanceIds.ExceedLimit", ({ InstanceId }) => InstanceId.length > MAX_INSTANCES_PER_INSTALL],
    ["InvalidInstance.NotFound", ({ InstanceId }, store) => InstanceId.some((id) => !store.machines.has(id))],
  ],
  act({ InstanceId }, store) {
    for (const instanceId of InstanceId) {
      const machine = store.machines.get(instanceId);
      if (machine !== undefined) machine.pendingAgentVersion = CURRENT_AGENT_VERSION[machine.osType];
    }
    return {};
  },
});
