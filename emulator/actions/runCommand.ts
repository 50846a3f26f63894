import { defineAction } from "../gateway/action";
import { boolean, type Request, requiredString, string } from "../gateway/parameters";
import { DEFAULT_TIMEOUT_SECONDS } from "../limits";
import { addCommand, decodeContent, isKnownType, isQuotaReached } from "../region/command";
import { startInvocation } from "../region/invocation";
import { createId } from "../region/store";
import { commandRefusals, contentRefusals } from "../requests/command";
import {
  buildInvocation,
  type CommandFacts,
  chooseTimeoutSeconds,
  countInvocation,
  findTargets,
  fitRefusals,
  frequencyRefusals,
  invokingParameters,
  passedRefusals,
  quotaRefusals,
  targetRefusals,
  valueRefusals,
} from "../requests/invocation";
import { regionRefusals } from "../requests/region";
import { createTags } from "../requests/tags";

const takes = {
  ...invokingParameters,
  CommandContent: requiredString,
  ContentEncoding: string,
  Description: string,
  EnableParameter: boolean,
  KeepCommand: boolean,
  Name: string,
  Type: requiredString,
} as const;

type RunRequest = Request<typeof takes>;

/** The command that would be made. */
function findFacts(request: RunRequest): CommandFacts | undefined {
  if (!isKnownType(request.Type)) return undefined;
  return {
    type: request.Type,
    content: decodeContent(request.CommandContent, request.ContentEncoding, "PlainText") ?? Buffer.alloc(0),
    enableParameter: request.EnableParameter ?? false,
    parameterDefinitions: [],
    provider: "",
    timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
  };
}

/**
 * CreateCommand and InvokeCommand in one; its own error table is not public, so it refuses what either refuses.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runcommand
 */
export const runCommand = defineAction({
  name: "RunCommand",
  takes,
  refuses: [
    ...regionRefusals,
    ...commandRefusals,
    ...contentRefusals("PlainText"),
    ...valueRefusals,
    ...targetRefusals,
    ...fitRefusals<RunRequest>(findFacts),
    ...passedRefusals<RunRequest>(findFacts),
    ...frequencyRefusals<RunRequest>(findFacts),
    ["CmdCount.ExceedQuota", ({ KeepCommand }, store) => KeepCommand === true && isQuotaReached(store)],
    ...quotaRefusals,
  ],
  act(request, store) {
    const facts = findFacts(request);
    if (facts === undefined) throw new Error(`Command type "${request.Type}" was not refused`);
    // Not emulated: what DryRun answers is not documented; here, ids of nothing.
    if (request.RepeatMode === "DryRun" && !request.Frequency) {
      return { CommandId: createId("c"), InvokeId: createId("t") };
    }
    const timeoutSeconds = chooseTimeoutSeconds(request, undefined);
    const command = addCommand(store, {
      name: request.Name ?? "",
      type: facts.type,
      description: request.Description ?? "",
      content: facts.content,
      workingDir: request.WorkingDir ?? "",
      timeoutSeconds,
      enableParameter: facts.enableParameter,
      launcher: request.Launcher ?? "",
      resourceGroupId: request.ResourceGroupId ?? "",
      tags: Object.fromEntries(createTags(request.Tag)),
      isKept: request.KeepCommand ?? false,
    });
    countInvocation(store);
    const invocation = startInvocation(store, buildInvocation(request, command), findTargets(request, store));
    return { CommandId: command.commandId, InvokeId: invocation.invokeId };
  },
});
