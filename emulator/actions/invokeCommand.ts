import { defineAction } from "../gateway/action";
import { requiredString } from "../gateway/parameters";
import { findCommand } from "../region/command";
import { startInvocation } from "../region/invocation";
import { createId, type Store } from "../region/store";
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
} from "../requests/invocation";
import { regionRefusals } from "../requests/region";

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
