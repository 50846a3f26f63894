/** What InvokeCommand and RunCommand have in common: how a command is aimed at machines, with what, and when. */
import type { Refusal } from "../gateway/action";
import { boolean, list, type Request, requiredString, seconds, string, tagList } from "../gateway/parameters";
import {
  DEFAULT_TIMEOUT_SECONDS,
  MAX_CONTAINER_NAME_CHARACTERS,
  MAX_INSTANCES_PER_INVOCATION,
  MAX_LAUNCHER_BYTES,
  MAX_PARAMETER_NAME_CHARACTERS,
  MAX_PARAMETERS_PASSED,
  MAX_RESOURCE_TAGS,
  MAX_USERNAME_CHARACTERS,
  MAX_WORKING_DIR_CHARACTERS,
  MIN_TIMEOUT_SECONDS,
} from "../limits";
import { isContentTooLong, isFitFor } from "../region/command";
import { findParameterNames } from "../region/placeholder";
import type { Command, Invocation, RepeatMode } from "../region/records";
import type { Store } from "../region/store";
import { isFrequencyValid } from "./frequency";
import { areNamesDefined, hasRepeatedName, parsePassed } from "./parameters";
import { createTags, hasDuplicates, isTagKey, isTagValue, matchesTags, tagRefusals } from "./tags";

export const invokingParameters = {
  ClientToken: string,
  ContainerId: string,
  ContainerName: string,
  Frequency: string,
  InstanceId: list,
  Launcher: string,
  OssOutputDelivery: string,
  Parameters: string,
  RegionId: requiredString,
  RepeatMode: string,
  ResourceGroupId: string,
  ResourceTag: tagList,
  Tag: tagList,
  TerminationMode: string,
  Timed: boolean,
  Timeout: seconds,
  Username: string,
  WindowsPasswordName: string,
  WorkingDir: string,
} as const;

export type InvokingRequest = Request<typeof invokingParameters>;

const REPEAT_MODES = ["Once", "Period", "NextRebootOnly", "EveryReboot", "DryRun"];
const TERMINATION_MODES = ["Process", "ProcessTree"];
const CONTAINER_ID = /^((docker|containerd|cri-o):\/\/)?[0-9a-f]{64}$/i;
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Values outside their enumeration or length. */
export const valueRefusals: readonly Refusal<InvokingRequest>[] = [
  ["InvalidRepeatMode.NotFound", ({ RepeatMode }) => !!RepeatMode && !REPEAT_MODES.includes(RepeatMode)],
  [
    "InvalidTerminationMode.NotFound",
    ({ TerminationMode }) => !!TerminationMode && !TERMINATION_MODES.includes(TerminationMode),
  ],
  ["Username.ExceedLimit", ({ Username = "" }) => Username.length > MAX_USERNAME_CHARACTERS],
  [
    "WindowsPasswordName.ExceedLimit",
    (request) => (request.WindowsPasswordName ?? "").length > MAX_USERNAME_CHARACTERS,
  ],
  ["InvalidParameter.WorkingDir", ({ WorkingDir = "" }) => WorkingDir.length > MAX_WORKING_DIR_CHARACTERS],
  ["InvalidLauncher.LengthLimitExceeded", ({ Launcher = "" }) => Buffer.byteLength(Launcher) > MAX_LAUNCHER_BYTES],
  ["InvalidContainerId.Malformed", ({ ContainerId }) => !!ContainerId && !CONTAINER_ID.test(ContainerId)],
  [
    "InvalidContainerName.Malformed",
    ({ ContainerName }) =>
      !!ContainerName && (!CONTAINER_NAME.test(ContainerName) || ContainerName.length > MAX_CONTAINER_NAME_CHARACTERS),
  ],
  ...tagRefusals,
];

/** Which machines: by id or by tag, all of them known. */
export const targetRefusals: readonly Refusal<InvokingRequest>[] = [
  [
    "InvalidResourceTag.ConflictWithInstanceIds",
    ({ InstanceId, ResourceTag }) => InstanceId.length > 0 && ResourceTag.length > 0,
  ],
  [
    "MissingParam.InstanceId",
    ({ InstanceId, ResourceTag }) =>
      InstanceId.some((id) => id === "") || (InstanceId.length === 0 && ResourceTag.length === 0),
  ],
  ["NumberExceed.ResourceTags", ({ ResourceTag }) => ResourceTag.length > MAX_RESOURCE_TAGS],
  ["MissingParameter.ResourceTagKey", ({ ResourceTag }) => ResourceTag.some(({ Key }) => !Key)],
  ["InvalidResourceTagKey.Malformed", ({ ResourceTag }) => ResourceTag.some(({ Key = "" }) => !isTagKey(Key))],
  ["InvalidResourceTagValue.Malformed", ({ ResourceTag }) => ResourceTag.some(({ Value = "" }) => !isTagValue(Value))],
  ["Duplicate.ResourceTagKey", ({ ResourceTag }) => hasDuplicates(ResourceTag.map(({ Key }) => Key))],
  [
    "InvalidResourceTag.InstanceNotFound",
    (request, store) => request.ResourceTag.length > 0 && findTargets(request, store).length === 0,
  ],
  ["InstanceIds.ExceedLimit", (request, store) => findTargets(request, store).length > MAX_INSTANCES_PER_INVOCATION],
  [
    "InvalidInstance.NotFound",
    (request, store) =>
      store.choices.unknownInstance === "refuse" && findTargets(request, store).some((id) => !store.machines.has(id)),
  ],
];

/** The machines a call is aimed at, each once. */
export function findTargets(request: InvokingRequest, store: Store): readonly string[] {
  if (request.ResourceTag.length === 0) return [...new Set(request.InstanceId)];
  return [...store.machines.values()]
    .filter(({ tags }) => matchesTags(tags, request.ResourceTag))
    .map(({ instanceId }) => instanceId);
}

/** What is known of the command before it is aimed: for RunCommand there is none yet. */
export type CommandFacts = Pick<
  Command,
  "type" | "content" | "enableParameter" | "parameterDefinitions" | "provider" | "timeoutSeconds"
>;

/** Whether machines and command fit together. */
export function fitRefusals<R extends InvokingRequest>(
  findFacts: (request: R, store: Store) => CommandFacts | undefined,
): readonly Refusal<R>[] {
  return [
    [
      "InvalidInstance.NotMatch",
      (request, store) => {
        const { stoppedInstance, unfitInstance } = store.choices;
        const type = findFacts(request, store)?.type;
        const machines = findTargets(request, store).flatMap((id) => store.machines.get(id) ?? []);
        const isStopped = machines.some(({ status }) => status !== "Running");
        const isUnfit = type !== undefined && machines.some(({ osType }) => !isFitFor(type, osType));
        return (isStopped && stoppedInstance === "refuse") || (isUnfit && unfitInstance === "refuse");
      },
    ],
    [
      "WindowsPasswordName.Missed",
      (request, store) => {
        const { Username, WindowsPasswordName } = request;
        if (!Username || WindowsPasswordName || Username.toLowerCase() === "system") return false;
        return findTargets(request, store).some((id) => store.machines.get(id)?.osType === "windows");
      },
    ],
  ];
}

/** Whether what is passed is what the command defines. */
export function passedRefusals<R extends InvokingRequest>(
  findFacts: (request: R, store: Store) => CommandFacts | undefined,
): readonly Refusal<R>[] {
  const findDefined = (request: R, store: Store): readonly string[] => {
    const facts = findFacts(request, store);
    if (facts === undefined) return [];
    return [...facts.parameterDefinitions.map(({ name }) => name), ...findParameterNames(facts.content)];
  };
  const isOn = (request: R, store: Store): boolean => findFacts(request, store)?.enableParameter ?? false;
  return [
    ["InvalidParameter.Parameters", ({ Parameters }) => !parsePassed(Parameters).isObject],
    [
      "Parameter.Disabled",
      (request, store) => parsePassed(request.Parameters).names.length > 0 && !isOn(request, store),
    ],
    ["ParameterCount.ExceedLimit", ({ Parameters }) => parsePassed(Parameters).names.length > MAX_PARAMETERS_PASSED],
    [
      "ParameterKey.ExceedLimit",
      ({ Parameters }) => parsePassed(Parameters).names.some((name) => name.length > MAX_PARAMETER_NAME_CHARACTERS),
    ],
    ["ParameterKey.Duplicate", ({ Parameters }) => hasRepeatedName(parsePassed(Parameters).names)],
    ["ParameterType.NotSupported", ({ Parameters }) => parsePassed(Parameters).hasNestedValue],
    [
      "Parameter.NotMatched",
      (request, store) => !areNamesDefined(parsePassed(request.Parameters).names, findDefined(request, store)),
    ],
    [
      "Parameter.MissingValue",
      (request, store) => {
        const facts = findFacts(request, store);
        if (facts === undefined || !facts.enableParameter) return false;
        const { names } = parsePassed(request.Parameters);
        const withDefault = facts.parameterDefinitions.filter(({ defaultValue }) => defaultValue !== undefined);
        const given = [...names, ...withDefault.map(({ name }) => name)];
        const required = facts.parameterDefinitions.filter((definition) => definition.required).map(({ name }) => name);
        const needed = store.choices.missingParameter === "refuse" ? findDefined(request, store) : required;
        return !areNamesDefined(needed, given);
      },
    ],
    [
      "CmdContent.ExceedLimit",
      (request, store) => isContentTooLong(findFacts(request, store)?.content ?? Buffer.alloc(0), request.Parameters),
    ],
  ];
}

/** When: a schedule is there where one is needed, and one the service takes. */
export function frequencyRefusals<R extends InvokingRequest>(
  findFacts: (request: R, store: Store) => CommandFacts | undefined,
): readonly Refusal<R>[] {
  return [
    ["MissingParam.Frequency", ({ RepeatMode, Frequency }) => RepeatMode === "Period" && !Frequency],
    [
      "InvalidParam.Frequency",
      (request, store) => {
        if (!request.Frequency || store.choices.badFrequency === "accept") return false;
        const timeoutSeconds = chooseTimeoutSeconds(request, findFacts(request, store));
        return !isFrequencyValid(request.Frequency, timeoutSeconds, store.clock.now());
      },
    ],
  ];
}

export const quotaRefusals: readonly Refusal<InvokingRequest>[] = [
  ["Invocation.ExceedQuota", (_request, store) => countSpentInvocations(store) >= store.quotas.invocationsPerDay],
];

/** Invocations since the day began, in UTC. */
export function countSpentInvocations({ clock, spent }: Store): number {
  return spent.day === Math.floor(clock.now() / 86_400_000) ? spent.invocations : 0;
}

export function countInvocation(store: Store): void {
  const day = Math.floor(store.clock.now() / 86_400_000);
  if (store.spent.day !== day) store.spent.invocations = 0;
  store.spent.day = day;
  store.spent.invocations++;
}

/** The call's own Timeout, else the command's; below 10 seconds counts as 10. */
export function chooseTimeoutSeconds(
  request: InvokingRequest,
  command: Pick<Command, "timeoutSeconds"> | undefined,
): number {
  const seconds = request.Timeout ?? command?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  return Math.max(MIN_TIMEOUT_SECONDS, seconds);
}

/** A schedule makes it Period whatever RepeatMode says; the old switch Timed has no effect. */
function chooseRepeatMode(request: InvokingRequest): RepeatMode {
  if (request.Frequency) return "Period";
  const mode = request.RepeatMode;
  return mode === "NextRebootOnly" || mode === "EveryReboot" ? mode : "Once";
}

/** What the invocation of a command will be; what the call leaves open is the command's. */
export function buildInvocation(
  request: InvokingRequest,
  command: Command,
): Omit<Invocation, "sequence" | "invokeId" | "creationTime" | "runs"> {
  return {
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
  };
}
