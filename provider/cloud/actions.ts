/**
 * One function per Action: the request's fields become the API's parameters, the answer becomes a record.
 * Field names are the API's in lowerCamel; a text that the service leaves out is "".
 * Every function throws `ApiError`.
 */

import {
  type Fields,
  parseBase64,
  parseBoolean,
  parseFields,
  parseList,
  parseNumber,
  parseParameters,
  parseTags,
  parseText,
  parseTexts,
} from "./answer";
import type { Client } from "./client";
import type { Page, PageRequest } from "./pages";

/** Instances that one StopInvocation may name. */
const MAX_INSTANCES_PER_STOP = 50;
/** Longest page of the Cloud Assistant's Describe actions, and of DescribeInstances. */
export const MAX_PAGE = 50;
export const MAX_INSTANCES_PAGE = 100;

/** Parameters as the API spells them; a list becomes `Name.1`, …, a map `Name.1.Key` and `Name.1.Value`. */
export type RequestParameters = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;

/** A run, or a schedule of runs, of one command on some machines. */
export interface InvocationRecord {
  invokeId: string;
  creationTime: string;
  invocationStatus: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  /** Everything else that the service tells of it: names as the API spells them, what it leaves out is absent. */
  texts: Record<string, string>;
  instances: InstanceRecord[];
}

/** One machine of an invocation, and what became of its latest run. */
export interface InstanceRecord {
  instanceId: string;
  invocationStatus: string;
  exitCode?: number;
  output: string;
  /** Bytes that the service dropped from the head of the output. */
  dropped: number;
  errorCode: string;
  errorInfo: string;
  startTime: string;
  finishTime: string;
  /** Runs so far. */
  repeats: number;
  /** Of the delivery of its whole output: place, standing and failure. */
  ossOutputUri: string;
  ossOutputStatus: string;
  ossOutputErrorCode: string;
  ossOutputErrorInfo: string;
}

export interface InstanceFact {
  instanceId: string;
  instanceName: string;
  status: string;
  osType: "linux" | "windows";
  networkType: "vpc" | "classic";
  zoneId: string;
  startTime: string;
  tags: Record<string, string>;
}

export interface AgentFact {
  instanceId: string;
  /** Whether a heartbeat came within the last two minutes. */
  online: boolean;
  /** "" when no agent is installed. */
  version: string;
  lastHeartbeatTime: string;
  osType: string;
}

export interface ParameterDefinition {
  name: string;
  defaultValue?: string;
  required: boolean;
  patternRegex?: string;
  possibleValues: string[];
}

export interface CommandFact {
  commandId: string;
  name: string;
  type: string;
  /** As UTF-8; a content in another encoding has U+FFFD in it. */
  content: string;
  /** Bytes of the content as it came. */
  contentBytes: number;
  workingDir: string;
  launcher: string;
  /** Seconds; 0 when the service does not say. */
  timeout: number;
  enableParameter: boolean;
  parameterNames: string[];
  parameterDefinitions: ParameterDefinition[];
  /** `AlibabaCloud` or `AlibabaCloud.…` for a public command, else "". */
  provider: string;
}

/**
 * Asks the service to run a command. The answer means accepted, not run. One ClientToken is one run, however often it is sent.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand
 */
export async function invokeCommand(
  client: Client,
  parameters: RequestParameters,
): Promise<{ invokeId: string; requestId: string }> {
  const answer = await client.call("InvokeCommand", flatten(parameters));
  return { invokeId: parseText(answer.InvokeId), requestId: parseText(answer.RequestId) };
}

/**
 * Asks the service to run a script, for which it makes a command that lives as long as the invocation. Else as `invokeCommand`.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runcommand
 */
export async function runCommand(
  client: Client,
  parameters: RequestParameters,
): Promise<{ invokeId: string; requestId: string }> {
  const answer = await client.call("RunCommand", flatten(parameters));
  return { invokeId: parseText(answer.InvokeId), requestId: parseText(answer.RequestId) };
}

/**
 * One page of invocations. An id that is unknown or whose record has expired gives an empty page, no error.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinvocations
 */
export async function describeInvocations(
  client: Client,
  request: {
    invokeId?: string;
    tags?: Readonly<Record<string, string>>;
    /** Whether to list what runs by a schedule or at reboot, and has not ended; absent, the service may leave it out. */
    timed?: boolean;
    /** Such as `Running`. */
    invokeStatus?: string;
    /** Each machine's output; the service gives it with `invokeId` only. Default false. */
    includeOutput?: boolean;
  } & PageRequest,
): Promise<{ invocations: InvocationRecord[] } & Page> {
  const answer = await client.call(
    "DescribeInvocations",
    omitAbsent({
      InvokeId: request.invokeId,
      ...formatTags("Tag", request.tags),
      Timed: request.timed?.toString(),
      InvokeStatus: request.invokeStatus,
      IncludeOutput: request.includeOutput === true ? "true" : undefined,
      ContentEncoding: "Base64",
      // One id has one record, and some regions refuse MaxResults.
      ...(request.invokeId === undefined ? formatPage(request, MAX_PAGE) : {}),
    }),
  );
  return { invocations: parseList(answer.Invocations, "Invocation").map(parseInvocation), ...parsePage(answer) };
}

/**
 * Stops an invocation on the named machines, or on all. Already finished is fine; it takes effect later, so look again.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-stopinvocation
 */
export async function stopInvocation(
  client: Client,
  request: { invokeId: string; instanceIds?: readonly string[] },
): Promise<void> {
  const { invokeId, instanceIds } = request;
  if (instanceIds === undefined) {
    await client.call("StopInvocation", { InvokeId: invokeId });
    return;
  }
  for (let start = 0; start < instanceIds.length; start += MAX_INSTANCES_PER_STOP) {
    const batch = instanceIds.slice(start, start + MAX_INSTANCES_PER_STOP);
    await client.call("StopInvocation", { InvokeId: invokeId, ...formatList("InstanceId", batch) });
  }
}

/**
 * Changes a live schedule: its frequency, its script, its parameters, or adds machines. Machines leave by `stopInvocation`.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyinvocationattribute
 */
export async function modifyInvocationAttribute(
  client: Client,
  request: {
    invokeId: string;
    /** Machines to add. */
    instanceIds?: readonly string[];
    frequency?: string;
    /** Plain text. */
    commandContent?: string;
    /** Whether what stands in double braces means anything. Default: true where `parameters` are given. */
    enableParameter?: boolean;
    parameters?: Readonly<Record<string, string>>;
    clientToken: string;
  },
): Promise<{ commandId: string }> {
  const answer = await client.call(
    "ModifyInvocationAttribute",
    omitAbsent({
      InvokeId: request.invokeId,
      ...formatList("InstanceId", request.instanceIds),
      Frequency: request.frequency,
      ...(request.commandContent === undefined
        ? {}
        : { CommandContent: Buffer.from(request.commandContent).toString("base64"), ContentEncoding: "Base64" }),
      // The service refuses Parameters without EnableParameter.
      EnableParameter: (request.enableParameter ?? (request.parameters === undefined ? undefined : true))?.toString(),
      Parameters: formatJson(request.parameters),
      ClientToken: request.clientToken,
    }),
  );
  return { commandId: parseText(answer.CommandId) };
}

/**
 * Puts tags on an invocation.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources
 */
export async function tagInvocation(
  client: Client,
  request: { invokeId: string; tags: Readonly<Record<string, string>> },
): Promise<void> {
  await client.call("TagResources", {
    ResourceType: "invocation",
    "ResourceId.1": request.invokeId,
    ...formatTags("Tag", request.tags),
  });
}

/** Invocations that one UntagResources may name. */
export const MAX_UNTAGGED = 50;

/**
 * Takes tags off invocations, 50 in a call.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-untagresources
 */
export async function untagInvocations(
  client: Client,
  request: { invokeIds: readonly string[]; tagKeys: readonly string[] },
): Promise<void> {
  const { invokeIds, tagKeys } = request;
  for (let start = 0; start < invokeIds.length; start += MAX_UNTAGGED)
    await client.call("UntagResources", {
      ResourceType: "invocation",
      ...formatList("ResourceId", invokeIds.slice(start, start + MAX_UNTAGGED)),
      ...formatList("TagKey", tagKeys),
    });
}

/**
 * The named instances (at most 100), or one page of the region's. Ids that do not exist are missing from the answer.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export async function describeInstances(
  client: Client,
  request: { instanceIds?: readonly string[]; tags?: Readonly<Record<string, string>> } & PageRequest,
): Promise<{ instances: InstanceFact[] } & Page> {
  const { instanceIds, tags, ...page } = request;
  const answer = await client.call("DescribeInstances", {
    // One JSON text, unlike the lists of the Cloud Assistant; and without a page size only ten of them are answered.
    ...(instanceIds === undefined ? {} : { InstanceIds: JSON.stringify(instanceIds) }),
    ...formatTags("Tag", tags),
    ...formatPage(page, MAX_INSTANCES_PAGE),
  });
  return { instances: parseList(answer.Instances, "Instance").map(parseInstance), ...parsePage(answer) };
}

/**
 * The agents of the named instances (at most 100), or one page of the region's.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describecloudassistantstatus
 */
export async function describeCloudAssistantStatus(
  client: Client,
  request: { instanceIds: readonly string[] } | PageRequest,
): Promise<{ agents: AgentFact[] } & Page> {
  const answer = await client.call(
    "DescribeCloudAssistantStatus",
    "instanceIds" in request ? formatList("InstanceId", request.instanceIds) : formatPage(request, MAX_PAGE),
  );
  return {
    agents: parseList(answer.InstanceCloudAssistantStatusSet, "InstanceCloudAssistantStatus").map(parseAgent),
    ...parsePage(answer),
  };
}

/**
 * The commands with this id or this name, or one page of the account's own. Public ones need their provider.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describecommands
 */
export async function describeCommands(
  client: Client,
  request: { commandId: string } | { name: string; provider: string } | PageRequest,
): Promise<{ commands: CommandFact[] } & Page> {
  const answer = await client.call("DescribeCommands", { ContentEncoding: "Base64", ...formatCommandQuery(request) });
  return { commands: parseList(answer.Commands, "Command").map(parseCommand), ...parsePage(answer) };
}

function formatCommandQuery(
  request: { commandId: string } | { name: string; provider: string } | PageRequest,
): Record<string, string> {
  if ("commandId" in request) return { CommandId: request.commandId };
  // Several versions of a public command share its name; the latest is the one that an invocation by name runs.
  if ("name" in request) return { Name: request.name, Provider: request.provider, Latest: "true" };
  return formatPage(request, MAX_PAGE);
}

function formatPage({ nextToken, pageNumber }: PageRequest, size: number): Record<string, string> {
  if (pageNumber !== undefined) return { PageNumber: String(pageNumber), PageSize: String(size) };
  return omitAbsent({ MaxResults: String(size), NextToken: nextToken });
}

const flatten = (parameters: RequestParameters): Record<string, string> =>
  Object.assign({}, ...Object.entries(parameters).map(([name, value]) => flattenOne(name, value)));

function flattenOne(name: string, value: RequestParameters[string]): Record<string, string> {
  if (typeof value === "string") return { [name]: value };
  return isList(value) ? formatList(name, value) : formatTags(name, value);
}

/** `Array.isArray` takes a read-only list for none. */
const isList = (value: object): value is readonly string[] => Array.isArray(value);

/** `InstanceId.1`, `InstanceId.2`, … */
const formatList = (name: string, values: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));

/** `Tag.1.Key`, `Tag.1.Value`, … */
const formatTags = (name: string, tags: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value], index) => [
      [`${name}.${index + 1}.Key`, key],
      [`${name}.${index + 1}.Value`, value],
    ]),
  );

const formatJson = (parameters: Readonly<Record<string, string>> | undefined): string | undefined =>
  parameters === undefined ? undefined : JSON.stringify(parameters);

const omitAbsent = (parameters: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined));

function parsePage(answer: Fields): Page {
  const totalCount = parseNumber(answer.TotalCount);
  return { nextToken: parseText(answer.NextToken), ...(totalCount === undefined ? {} : { totalCount }) };
}

function parseInvocation(value: unknown): InvocationRecord {
  const invocation = parseFields(value);
  return {
    invokeId: parseText(invocation.InvokeId),
    creationTime: parseText(invocation.CreationTime),
    invocationStatus: parseText(invocation.InvocationStatus),
    parameters: parseParameters(invocation.Parameters),
    tags: parseTags(invocation.Tags),
    texts: parseTexts(invocation),
    instances: parseList(invocation.InvokeInstances, "InvokeInstance").map(parseInvokeInstance),
  };
}

function parseInvokeInstance(value: unknown): InstanceRecord {
  const instance = parseFields(value);
  const exitCode = parseNumber(instance.ExitCode);
  return {
    instanceId: parseText(instance.InstanceId),
    invocationStatus: parseText(instance.InvocationStatus),
    ...(exitCode === undefined ? {} : { exitCode }),
    output: parseBase64(instance.Output),
    dropped: parseNumber(instance.Dropped) ?? 0,
    errorCode: parseText(instance.ErrorCode),
    errorInfo: parseText(instance.ErrorInfo),
    startTime: parseText(instance.StartTime),
    finishTime: parseText(instance.FinishTime),
    repeats: parseNumber(instance.Repeats) ?? 0,
    ossOutputUri: parseText(instance.OssOutputUri),
    ossOutputStatus: parseText(instance.OssOutputStatus),
    ossOutputErrorCode: parseText(instance.OssOutputErrorCode),
    ossOutputErrorInfo: parseText(instance.OssOutputErrorInfo),
  };
}

function parseInstance(value: unknown): InstanceFact {
  const instance = parseFields(value);
  return {
    instanceId: parseText(instance.InstanceId),
    instanceName: parseText(instance.InstanceName),
    status: parseText(instance.Status),
    osType: parseText(instance.OSType).toLowerCase() === "windows" ? "windows" : "linux",
    networkType: parseText(instance.InstanceNetworkType).toLowerCase() === "classic" ? "classic" : "vpc",
    zoneId: parseText(instance.ZoneId),
    startTime: parseText(instance.StartTime),
    tags: parseTags(instance.Tags),
  };
}

function parseAgent(value: unknown): AgentFact {
  const agent = parseFields(value);
  return {
    instanceId: parseText(agent.InstanceId),
    online: parseBoolean(agent.CloudAssistantStatus),
    version: parseText(agent.CloudAssistantVersion),
    lastHeartbeatTime: parseText(agent.LastHeartbeatTime),
    osType: parseText(agent.OSType),
  };
}

function parseCommand(value: unknown): CommandFact {
  const command = parseFields(value);
  return {
    commandId: parseText(command.CommandId),
    name: parseText(command.Name),
    type: parseText(command.Type),
    content: parseBase64(command.CommandContent),
    contentBytes: Buffer.from(parseText(command.CommandContent), "base64").length,
    workingDir: parseText(command.WorkingDir),
    launcher: parseText(command.Launcher),
    timeout: parseNumber(command.Timeout) ?? 0,
    enableParameter: parseBoolean(command.EnableParameter),
    parameterNames: parseList(command.ParameterNames, "ParameterName").map(parseText),
    parameterDefinitions: parseList(command.ParameterDefinitions, "ParameterDefinition").map(parseDefinition),
    provider: parseText(command.Provider),
  };
}

function parseDefinition(value: unknown): ParameterDefinition {
  const definition = parseFields(value);
  const { DefaultValue: defaultValue, PatternRegex: patternRegex } = definition;
  return {
    name: parseText(definition.ParameterName),
    ...(defaultValue === undefined ? {} : { defaultValue: parseText(defaultValue) }),
    required: parseBoolean(definition.Required),
    ...(patternRegex ? { patternRegex: parseText(patternRegex) } : {}),
    possibleValues: parseList(definition.PossibleValues, "PossibleValue").map(parseText),
  };
}
