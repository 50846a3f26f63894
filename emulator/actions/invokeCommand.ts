import { defineAction } from "../action";
import { findCommand } from "../command";
import { startInvocation } from "../invocation";
import {
  buildInvocation,
  countInvocation,
  findTargets,
  fitRefusals,
  frequencyRefusals,
  type InvokingRequest,
  invokingParameters,
  passedRefusals,
  quotaRefusals,
  targetRefusals,
  valueRefusals,
} from "../invoking";
import { requiredString } from "../parameters";
import { regionRefusals } from "../region";
import { createId, type Store } from "../store";

const findFacts = (request: InvokingRequest & { readonly CommandId: string }, store: Store) =>
  findCommand(store, request.CommandId);

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand */
export const invokeCommand = defineAction({
  name: "InvokeCommand",
  takes: { ...invokingParameters, CommandId: requiredString },
  refuses: [
    ...regionRefusals,
    ["InvalidCmdId.NotFound", (request, store) => findFacts(request, store) === undefined],
    ...valueRefusals,
    ...targetRefusals,
    ...fitRefusals(findFacts),
    ...passedRefusals(findFacts),
    ...frequencyRefusals(findFacts),
    ...quotaRefusals,
  ],
  act(request, store) {
    const command = findFacts(request, store);
    if (command === undefined) throw new Error(`Command "${request.CommandId}" is gone`);
    // Not emulated: what DryRun answers is not documented; here, an id of nothing.
    if (request.RepeatMode === "DryRun" && !request.Frequency) return { InvokeId: createId("t") };
    countInvocation(store);
    const invocation = startInvocation(store, buildInvocation(request, command), findTargets(request, store));
    return { InvokeId: invocation.invokeId };
  },
});
