import { defineAction } from "../gateway/action";
import { list, requiredString, string } from "../gateway/parameters";
import { MAX_INSTANCES_PER_STATUS_CALL } from "../limits";
import { findHeartbeat, isAgentAlive } from "../region/machine";
import type { Machine } from "../region/records";
import { formatInstant, type Store } from "../region/store";
import { supports } from "../region/version";
import { cutPage, pageParameters, pageRefusals } from "../requests/paging";
import { regionRefusals } from "../requests/region";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describecloudassistantstatus */
export const describeCloudAssistantStatus = defineAction({
  name: "DescribeCloudAssistantStatus",
  takes: { ...pageParameters, InstanceId: list, OSType: string, RegionId: requiredString },
  refuses: [
    ...regionRefusals,
    ["MissingParam.InstanceId", ({ InstanceId }) => InstanceId.some((id) => id === "")],
    ["InstanceIds.ExceedLimit", ({ InstanceId }) => InstanceId.length > MAX_INSTANCES_PER_STATUS_CALL],
    ["InvalidInstance.NotFound", ({ InstanceId }, store) => InstanceId.some((id) => !store.machines.has(id))],
    ...pageRefusals,
  ],
  act(request, store) {
    const { InstanceId, OSType } = request;
    const found = [...store.machines.values()]
      .filter(({ instanceId }) => InstanceId.length === 0 || InstanceId.includes(instanceId))
      .filter(({ osType }) => !OSType || osType === OSType.toLowerCase());
    // Paging is ignored when machines are named.
    const { items, fields } =
      InstanceId.length === 0
        ? cutPage(found, request, store.choices)
        : { items: found, fields: { PageNumber: 1, PageSize: found.length, TotalCount: found.length, NextToken: "" } };
    return {
      ...fields,
      InstanceCloudAssistantStatusSet: {
        InstanceCloudAssistantStatus: items.map((machine) => formatStatus(store, machine)),
      },
    };
  },
});

function formatStatus(store: Store, machine: Machine): object {
  const alive = isAgentAlive(store, machine);
  return {
    InstanceId: machine.instanceId,
    CloudAssistantStatus: store.choices.cloudAssistantStatus === "boolean" ? alive : String(alive),
    CloudAssistantVersion: machine.agentVersion,
    LastHeartbeatTime: formatInstant(findHeartbeat(store, machine)),
    LastInvokedTime: formatInstant(machine.lastInvokedTime),
    ActiveTaskCount: machine.agent.activeTaskCount,
    InvocationCount: machine.invocationCount,
    OSType: machine.osType === "linux" ? "Linux" : "Windows",
    SupportSessionManager: supports(machine.agentVersion, machine.osType, "sessionManager"),
  };
}
