import { defineAction } from "../gateway/action";
import { list, requiredString } from "../gateway/parameters";
import { MAX_INSTANCES_PER_STOP } from "../limits";
import { stopRun } from "../region/delivery";
import { regionRefusals } from "../requests/region";

/**
 * Asynchronous: what runs is Stopping, then Terminated. Stopping what has finished is a success.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-stopinvocation
 */
export const stopInvocation = defineAction({
  name: "StopInvocation",
  takes: { InstanceId: list, InvokeId: requiredString, RegionId: requiredString },
  refuses: [
    ...regionRefusals,
    ["InstanceIds.ExceedLimit", ({ InstanceId }) => InstanceId.length > MAX_INSTANCES_PER_STOP],
    ["InvalidInvokeId.NotFound", ({ InvokeId }, store) => !store.invocations.has(InvokeId)],
    [
      "InvalidInstanceId.NotFound",
      ({ InvokeId, InstanceId }, store) => InstanceId.some((id) => !store.invocations.get(InvokeId)?.runs.has(id)),
    ],
  ],
  act({ InvokeId, InstanceId }, store) {
    const invocation = store.invocations.get(InvokeId);
    for (const run of invocation?.runs.values() ?? []) {
      if (invocation === undefined) break;
      if (InstanceId.length === 0 || InstanceId.includes(run.instanceId)) stopRun(store, invocation, run);
    }
    return {};
  },
});
