import { defineAction } from "../action";
import { stopRun } from "../delivery";
import { MAX_INSTANCES_PER_STOP } from "../limits";
import { list, requiredString } from "../parameters";
import { regionRefusals } from "../region";

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
