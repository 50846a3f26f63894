import { defineAction } from "../gateway/action";
import { boolean, requiredString, seconds, string, tagList } from "../gateway/parameters";
import { DEFAULT_TIMEOUT_SECONDS } from "../limits";
import { addCommand, decodeContent, isKnownType, isQuotaReached } from "../region/command";
import { commandRefusals, contentRefusals } from "../requests/command";
import { regionRefusals } from "../requests/region";
import { createTags, tagRefusals } from "../requests/tags";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createcommand */
export const createCommand = defineAction({
  name: "CreateCommand",
  takes: {
    ClientToken: string,
    CommandContent: requiredString,
    ContentEncoding: string,
    Description: string,
    EnableParameter: boolean,
    Launcher: string,
    Name: requiredString,
    RegionId: requiredString,
    ResourceGroupId: string,
    Tag: tagList,
    Timeout: seconds,
    Type: requiredString,
    WorkingDir: string,
  },
  refuses: [
    ...regionRefusals,
    ...commandRefusals,
    ...contentRefusals("Base64"),
    ...tagRefusals,
    ["CmdCount.ExceedQuota", (_request, store) => isQuotaReached(store)],
  ],
  act(request, store) {
    if (!isKnownType(request.Type)) throw new Error(`Command type "${request.Type}" was not refused`);
    const command = addCommand(store, {
      name: request.Name,
      type: request.Type,
      description: request.Description ?? "",
      content: decodeContent(request.CommandContent, request.ContentEncoding, "Base64") ?? Buffer.alloc(0),
      workingDir: request.WorkingDir ?? "",
      timeoutSeconds: request.Timeout ?? DEFAULT_TIMEOUT_SECONDS,
      enableParameter: request.EnableParameter ?? false,
      launcher: request.Launcher ?? "",
      resourceGroupId: request.ResourceGroupId ?? "",
      tags: Object.fromEntries(createTags(request.Tag)),
    });
    return { CommandId: command.commandId };
  },
});
