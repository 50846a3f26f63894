import { defineAction } from "../action";
import { findCommand } from "../command";
import { startInvocation } from "../invocation";
import {
  chooseRepeatMode,
  chooseTimeoutSeconds,
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
import { parsePassed } from "../passed";
import { regionRefusals } from "../region";
import { createId, type Store } from "../store";
import { createTags } from "../tags";

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
    const invocation = startInvocation(
      store,
      {
        command,
        repeatMode: chooseRepeatMode(request),
        frequency: request.Frequency ?? "",
        parameters: parsePassed(request.Parameters).values,
        username: request.Username ?? "",
        workingDir: request.WorkingDir || command.workingDir,
        timeoutSeconds: chooseTimeoutSeconds(request, command),
        containerId: request.ContainerId ?? "",
        containerName: request.ContainerName ?? "",
        launcher: request.Launcher || command.launcher,
        terminationMode: request.TerminationMode ?? "",
        ossOutputDelivery: request.OssOutputDelivery ?? "",
        resourceGroupId: request.ResourceGroupId ?? "",
        tags: createTags(request.Tag),
      },
      findTargets(request, store),
    );
    return { InvokeId: invocation.invokeId };
  },
});
