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
} from "./answer";
import type { Client } from "./client";
import { type Page, type PageRequest, walkPages } from "./pages";

/** Instances that one StopInvocation may name. */
const MAX_INSTANCES_PER_STOP = 50;
/** Longest page of the Cloud Assistant's Describe actions, and of DescribeInstances. */
export const MAX_PAGE = 50;
export const MAX_INSTANCES_PAGE = 100;

export interface InvokeCommandRequest {
  commandId: string;
  instanceIds?: readonly string[];
  resourceTags?: Readonly<Record<string, string>>;
  repeatMode?: string;
  frequency?: string;
  parameters?: Readonly<Record<string, string>>;
  /** Seconds. */
  timeout?: number;
  username?: string;
  windowsPasswordName?: string;
  workingDir?: string;
  containerId?: string;
  containerName?: string;
  launcher?: string;
  terminationMode?: string;
  ossOutputDelivery?: string;
  resourceGroupId?: string;
  tags?: Readonly<Record<string, string>>;
  /** One for each intended run: the same token never runs twice. */
  clientToken: string;
}

/** A run, or a schedule of runs, of one command on some machines. */
export interface InvocationRecord {
  invokeId: string;
  commandId: string;
  commandName: string;
  commandType: string;
  commandContent: string;
  creationTime: string;
  repeatMode: string;
  timed: boolean;
  frequency: string;
  parameters: Record<string, string>;
  username: string;
  workingDir: string;
  /** Seconds; 0 when the service does not say. */
  timeout: number;
  containerId: string;
  containerName: string;
  launcher: string;
  terminationMode: string;
  ossOutputDelivery: string;
  invocationStatus: string;
  tags: Record<string, string>;
  instances: InstanceRecord[];
}

/** What became of one run on one machine. */
export interface RunRecord {
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
  stopTime: string;
  /** Runs so far. */
  repeats: number;
}

/** One machine of an invocation. */
export interface InstanceRecord extends RunRecord {
  creationTime: string;
}

/** One run of an invocation on one machine. */
export interface ResultRecord extends RunRecord {
  invokeId: string;
  commandId: string;
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
  content: string;
  workingDir: string;
  /** Seconds; 0 when the service does not say. */
  timeout: number;
  enableParameter: boolean;
  parameterNames: string[];
  parameterDefinitions: ParameterDefinition[];
  /** `AlibabaCloud` or `AlibabaCloud.…` for a public command, else "". */
  provider: string;
}

/**
 * Asks the service to run a command. The answer means accepted, not run.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand
 */
export async function invokeCommand(
  client: Client,
  request: InvokeCommandRequest,
): Promise<{ invokeId: string; requestId: string }> {
  const answer = await client.call(
    "InvokeCommand",
    omitAbsent({
      CommandId: request.commandId,
      ...formatList("InstanceId", request.instanceIds),
      ...formatTags("ResourceTag", request.resourceTags),
      RepeatMode: request.repeatMode,
      Frequency: request.frequency,
      Parameters: formatJson(request.parameters),
      Timeout: request.timeout?.toString(),
      Username: request.username,
      WindowsPasswordName: request.windowsPasswordName,
      WorkingDir: request.workingDir,
      ContainerId: request.containerId,
      ContainerName: request.containerName,
      Launcher: request.launcher,
      TerminationMode: request.terminationMode,
      OssOutputDelivery: request.ossOutputDelivery,
      ResourceGroupId: request.resourceGroupId,
      ...formatTags("Tag", request.tags),
      ClientToken: request.clientToken,
    }),
  );
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
    /** Each machine's output; the service gives it with `invokeId` only. Default false. */
    includeOutput?: boolean;
    nextToken?: string;
    /** 1 to 50, default 50. */
    maxResults?: number;
  },
): Promise<{ invocations: InvocationRecord[] } & Page> {
  const answer = await client.call(
    "DescribeInvocations",
    omitAbsent({
      InvokeId: request.invokeId,
      ...formatTags("Tag", request.tags),
      IncludeOutput: request.includeOutput === true ? "true" : undefined,
      ContentEncoding: "Base64",
      // One id has one record, and some regions refuse MaxResults.
      MaxResults: request.invokeId === undefined ? String(request.maxResults ?? MAX_PAGE) : undefined,
      NextToken: request.nextToken,
    }),
  );
  return { invocations: parseList(answer.Invocations, "Invocation").map(parseInvocation), ...parsePage(answer) };
}

/**
 * The runs of an invocation, all pages: the latest of each machine, or every one with `includeHistory`.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinvocationresults
 */
export async function describeInvocationResults(
  client: Client,
  request: {
    invokeId: string;
    instanceId?: string;
    /** For periodic invocations only. Default false. */
    includeHistory?: boolean;
  },
): Promise<ResultRecord[]> {
  const results: ResultRecord[] = [];
  const ask = async (page: PageRequest) => {
    const answer = await client.call("DescribeInvocationResults", {
      InvokeId: request.invokeId,
      ...omitAbsent({
        InstanceId: request.instanceId,
        IncludeHistory: request.includeHistory === true ? "true" : undefined,
      }),
      ContentEncoding: "Base64",
      ...formatPage(page, MAX_PAGE),
    });
    // The paging fields are inside `Invocation` here, beside the results.
    const invocation = parseFields(answer.Invocation);
    const items = parseList(invocation.InvocationResults, "InvocationResult").map(parseResult);
    return { items, ...parsePage(invocation) };
  };
  for await (const page of walkPages(ask, MAX_PAGE)) results.push(...page);
  return results;
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
 * Changes a live schedule: its frequency, its parameters, or adds machines. Machines leave by `stopInvocation`.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyinvocationattribute
 */
export async function modifyInvocationAttribute(
  client: Client,
  request: {
    invokeId: string;
    /** Machines to add. */
    instanceIds?: readonly string[];
    frequency?: string;
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
      // The service refuses Parameters without EnableParameter.
      EnableParameter: request.parameters === undefined ? undefined : "true",
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

/**
 * Takes tags off an invocation.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-untagresources
 */
export const untagInvocation = (
  client: Client,
  { invokeId, tagKeys }: { invokeId: string; tagKeys: readonly string[] },
): Promise<void> => untagInvocations(client, { invokeIds: [invokeId], tagKeys });

/** The same for up to 50 invocations. */
export async function untagInvocations(
  client: Client,
  request: { invokeIds: readonly string[]; tagKeys: readonly string[] },
): Promise<void> {
  await client.call("UntagResources", {
    ResourceType: "invocation",
    ...formatList("ResourceId", request.invokeIds),
    ...formatList("TagKey", request.tagKeys),
  });
}

/**
 * The named instances (at most 100), or one page of the region's. Ids that do not exist are missing from the answer.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export async function describeInstances(
  client: Client,
  request: { instanceIds?: readonly string[] } & PageRequest,
): Promise<{ instances: InstanceFact[] } & Page> {
  const { instanceIds, ...page } = request;
  const answer = await client.call("DescribeInstances", {
    // One JSON text, unlike the lists of the Cloud Assistant; and without a page size only ten of them are answered.
    ...(instanceIds === undefined ? {} : { InstanceIds: JSON.stringify(instanceIds) }),
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
    commandId: parseText(invocation.CommandId),
    commandName: parseText(invocation.CommandName),
    commandType: parseText(invocation.CommandType),
    commandContent: parseBase64(invocation.CommandContent),
    creationTime: parseText(invocation.CreationTime),
    repeatMode: parseText(invocation.RepeatMode),
    timed: parseBoolean(invocation.Timed),
    frequency: parseText(invocation.Frequency),
    parameters: parseParameters(invocation.Parameters),
    username: parseText(invocation.Username),
    workingDir: parseText(invocation.WorkingDir),
    timeout: parseNumber(invocation.Timeout) ?? 0,
    containerId: parseText(invocation.ContainerId),
    containerName: parseText(invocation.ContainerName),
    launcher: parseText(invocation.Launcher),
    terminationMode: parseText(invocation.TerminationMode),
    ossOutputDelivery: parseText(invocation.OssOutputDelivery),
    invocationStatus: parseText(invocation.InvocationStatus),
    tags: parseTags(invocation.Tags),
    instances: parseList(invocation.InvokeInstances, "InvokeInstance").map(parseInvokeInstance),
  };
}

function parseInvokeInstance(value: unknown): InstanceRecord {
  const instance = parseFields(value);
  return { ...parseRun(instance, instance.FinishTime), creationTime: parseText(instance.CreationTime) };
}

function parseResult(value: unknown): ResultRecord {
  const result = parseFields(value);
  return {
    invokeId: parseText(result.InvokeId),
    commandId: parseText(result.CommandId),
    ...parseRun(result, result.FinishedTime),
  };
}

/** The end is called FinishTime in one listing and FinishedTime in the other. */
function parseRun(run: Fields, finishTime: unknown): RunRecord {
  const exitCode = parseNumber(run.ExitCode);
  return {
    instanceId: parseText(run.InstanceId),
    invocationStatus: parseText(run.InvocationStatus),
    ...(exitCode === undefined ? {} : { exitCode }),
    output: parseBase64(run.Output),
    dropped: parseNumber(run.Dropped) ?? 0,
    errorCode: parseText(run.ErrorCode),
    errorInfo: parseText(run.ErrorInfo),
    startTime: parseText(run.StartTime),
    finishTime: parseText(finishTime),
    stopTime: parseText(run.StopTime),
    repeats: parseNumber(run.Repeats) ?? 0,
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
    workingDir: parseText(command.WorkingDir),
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
