import { defineAction } from "../gateway/action";
import { boolean, requiredString, string, tagList } from "../gateway/parameters";
import { MAX_COMMAND_NAME_CHARACTERS, MAX_DESCRIPTION_CHARACTERS } from "../limits";
import { encodeContent, isKnownType } from "../region/command";
import { findParameterNames } from "../region/placeholder";
import type { Command } from "../region/records";
import { formatInstant } from "../region/store";
import { cutPage, pageParameters, pageRefusals } from "../requests/paging";
import { regionRefusals } from "../requests/region";
import { formatTags, matchesTags, tagRefusals } from "../requests/tags";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describecommands */
export const describeCommands = defineAction({
  name: "DescribeCommands",
  takes: {
    ...pageParameters,
    CommandId: string,
    ContentEncoding: string,
    Description: string,
    Latest: boolean,
    Name: string,
    Provider: string,
    RegionId: requiredString,
    ResourceGroupId: string,
    Tag: tagList,
    Type: string,
  },
  refuses: [
    ...regionRefusals,
    ["InvalidCommandType.NotFound", ({ Type }) => !!Type && !isKnownType(Type)],
    ["InvalidName.LengthLimitExceeded", ({ Name = "" }) => Name.length > MAX_COMMAND_NAME_CHARACTERS],
    [
      "InvalidDescription.LengthLimitExceeded",
      ({ Description = "" }) => Description.length > MAX_DESCRIPTION_CHARACTERS,
    ],
    [
      "InvalidParameter.MaxResults",
      ({ MaxResults }, store) => MaxResults !== undefined && store.choices.maxResultsOfCommands === "refuse",
    ],
    ...pageRefusals,
    ...tagRefusals,
  ],
  act(request, store) {
    const { CommandId, Description, Name, Provider, ResourceGroupId, Tag, Type } = request;
    const found = [...store.commands.values()]
      .filter(({ isKept }) => isKept)
      .filter((command) => matchesId(command, CommandId) && matchesProvider(command, Provider, CommandId))
      .filter(({ name, description }) => matchesText(name, Name) && matchesText(description, Description))
      .filter(({ type }) => !Type || type === Type)
      .filter(({ resourceGroupId }) => !ResourceGroupId || resourceGroupId === ResourceGroupId)
      .filter(({ tags }) => matchesTags(tags, Tag))
      .reverse();
    const { items, fields } = cutPage(found, request, store.choices);
    return { ...fields, Commands: { Command: items.map((item) => formatCommand(item, request.ContentEncoding)) } };
  },
});

const matchesId = ({ commandId, name, provider }: Command, id: string | undefined): boolean =>
  !id || commandId === id || (provider !== "" && name === id);

/** Without a provider only the account's own commands are listed; `AlibabaCloud` includes `AlibabaCloud.x`. */
function matchesProvider({ provider }: Command, wanted: string | undefined, id: string | undefined): boolean {
  if (wanted) return provider === wanted || provider.startsWith(`${wanted}.`);
  return provider === "" || !!id;
}

/** `*` stands for any text. */
function matchesText(text: string, pattern: string | undefined): boolean {
  if (!pattern) return true;
  const parts = pattern.split("*");
  const [head = "", ...rest] = parts;
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(head)) return false;
  const tail = rest.pop() ?? "";
  let position = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return text.length - tail.length >= position && text.endsWith(tail);
}

function formatCommand(command: Command, encoding: string | undefined): object {
  const { provider, category } = command;
  return {
    CommandId: command.commandId,
    Name: command.name,
    Type: command.type,
    Description: command.description,
    CommandContent: encodeContent(command.content, encoding),
    WorkingDir: command.workingDir,
    Timeout: command.timeoutSeconds,
    EnableParameter: command.enableParameter,
    ParameterNames: { ParameterName: command.enableParameter ? findParameterNames(command.content) : [] },
    ParameterDefinitions: { ParameterDefinition: command.parameterDefinitions.map(formatDefinition) },
    InvokeTimes: command.invokeTimes,
    CreationTime: formatInstant(command.creationTime),
    Launcher: command.launcher,
    ResourceGroupId: command.resourceGroupId,
    Tags: formatTags(command.tags),
    ...(provider === "" ? {} : { Provider: provider, Category: category, Version: 1, Latest: true }),
  };
}

function formatDefinition(definition: Command["parameterDefinitions"][number]): object {
  return {
    ParameterName: definition.name,
    Description: definition.description ?? "",
    Required: definition.required ?? false,
    ...(definition.defaultValue === undefined ? {} : { DefaultValue: definition.defaultValue }),
    PatternRegex: definition.patternRegex ?? "",
    PossibleValues: { PossibleValue: definition.possibleValues ?? [] },
  };
}
