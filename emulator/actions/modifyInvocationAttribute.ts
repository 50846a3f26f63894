import { defineAction } from "../gateway/action";
import { boolean, list, type Request, requiredString, string } from "../gateway/parameters";
import { MAX_INSTANCES_PER_INVOCATION, MAX_PARAMETER_NAME_CHARACTERS, MAX_PARAMETERS_PASSED } from "../limits";
import { addCommand, decodeContent, isContentTooLong, isFitFor, isQuotaReached } from "../region/command";
import { updateRuns } from "../region/delivery";
import { addRun } from "../region/invocation";
import { findParameterNames, isParameterName } from "../region/placeholder";
import type { Invocation } from "../region/records";
import { isTerminal, judgeInvocation } from "../region/status";
import type { Store } from "../region/store";
import { supports } from "../region/version";
import { isFrequencyValid } from "../requests/frequency";
import { areNamesDefined, hasRepeatedName, parsePassed } from "../requests/parameters";
import { regionRefusals } from "../requests/region";

const takes = {
  ClientToken: string,
  CommandContent: string,
  ContentEncoding: string,
  EnableParameter: boolean,
  Frequency: string,
  InstanceId: list,
  InvokeId: requiredString,
  Parameters: string,
  RegionId: requiredString,
} as const;

type ModifyRequest = Request<typeof takes>;

const LIVE = ["Pending", "Running", "Scheduled", "Stopping"];

const find = ({ InvokeId }: ModifyRequest, store: Store): Invocation | undefined => store.invocations.get(InvokeId);

const decode = ({ CommandContent, ContentEncoding }: ModifyRequest): Buffer | undefined =>
  CommandContent ? decodeContent(CommandContent, ContentEncoding, "PlainText") : undefined;

/** More than added machines: the agents have to take part. */
const changesTask = ({ CommandContent, Parameters, Frequency }: ModifyRequest): boolean =>
  !!CommandContent || Parameters !== undefined || !!Frequency;

const findAdded = (request: ModifyRequest, store: Store): readonly string[] =>
  [...new Set(request.InstanceId)].filter((id) => !find(request, store)?.runs.has(id));

const findLiveMachines = (request: ModifyRequest, store: Store) =>
  [...(find(request, store)?.runs.values() ?? [])]
    .filter(({ status }) => !isTerminal(status))
    .flatMap(({ instanceId }) => store.machines.get(instanceId) ?? []);

/**
 * Changes schedule, parameters and content of a live invocation in place, and adds machines to it.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyinvocationattribute
 */
export const modifyInvocationAttribute = defineAction({
  name: "ModifyInvocationAttribute",
  takes,
  refuses: [
    ...regionRefusals,
    ["InvalidInvokeId.NotFound", (request, store) => find(request, store) === undefined],
    ["InvalidOperation.RepeatModeUnsupported", (request, store) => find(request, store)?.repeatMode === "Once"],
    [
      "InvalidOperation.InvokeAlreadyFinished",
      (request, store) => {
        const invocation = find(request, store);
        return invocation !== undefined && !LIVE.includes(judgeInvocation(invocation));
      },
    ],
    [
      "InvalidOperation.RepeatModeUnsupported",
      (request, store) => !!request.Frequency && find(request, store)?.repeatMode !== "Period",
    ],
    ["InvalidInstanceId.NotFound", ({ InstanceId }, store) => InstanceId.some((id) => !store.machines.has(id))],
    [
      "InvalidInstanceId.CountLimitExceeded",
      (request, store) =>
        (find(request, store)?.runs.size ?? 0) + findAdded(request, store).length > MAX_INSTANCES_PER_INVOCATION,
    ],
    [
      "InvalidInstanceId.OSTypeUnsupported",
      (request, store) => {
        const type = find(request, store)?.command.type;
        if (type === undefined) return false;
        return request.InstanceId.some((id) => !isFitFor(type, store.machines.get(id)?.osType ?? "linux"));
      },
    ],
    [
      "InvalidOperation.CloudAssistantVersionUnsupported",
      (request, store) =>
        changesTask(request) &&
        findLiveMachines(request, store).some((each) => !supports(each.agentVersion, each.osType, "modify")),
    ],
    [
      "InvalidOperation.ModifyPublicCommandUnsupported",
      (request, store) => !!request.CommandContent && find(request, store)?.command.provider !== "",
    ],
    ["InvalidCommandContent.DecodeError", (request) => !!request.CommandContent && decode(request) === undefined],
    [
      "InvalidCommandContent.LengthLimitExceeded",
      (request) => isContentTooLong(decode(request) ?? Buffer.alloc(0), request.Parameters),
    ],
    [
      "InvalidParameters.KeyMalformed",
      ({ Parameters }) => {
        const { isObject, names } = parsePassed(Parameters);
        return !isObject || names.some((name) => name !== "" && !isParameterName(name));
      },
    ],
    ["InvalidParameters.KeyEmpty", ({ Parameters }) => parsePassed(Parameters).names.includes("")],
    [
      "InvalidParameters.KeyLengthLimitExceeded",
      ({ Parameters }) => parsePassed(Parameters).names.some((name) => name.length > MAX_PARAMETER_NAME_CHARACTERS),
    ],
    [
      "InvalidParameters.CountLimitExceeded",
      ({ Parameters }) => parsePassed(Parameters).names.length > MAX_PARAMETERS_PASSED,
    ],
    ["InvalidParameters.KeyDuplicate", ({ Parameters }) => hasRepeatedName(parsePassed(Parameters).names)],
    ["InvalidParameters.ValueTypeUnsupported", ({ Parameters }) => parsePassed(Parameters).hasNestedValue],
    [
      "InvalidParameters.KeyNotMatch",
      (request, store) => {
        const { names } = parsePassed(request.Parameters);
        const content = decode(request) ?? find(request, store)?.command.content ?? Buffer.alloc(0);
        // The page asks for EnableParameter=true whenever parameters change; which code answers its absence is not documented.
        const enabled = request.EnableParameter === true;
        return names.length > 0 && (!enabled || !areNamesDefined(names, findParameterNames(content)));
      },
    ],
    [
      "InvalidParameter.Frequency",
      (request, store) => {
        const invocation = find(request, store);
        if (!request.Frequency || invocation === undefined || store.choices.badFrequency === "accept") return false;
        return !isFrequencyValid(request.Frequency, invocation.timeoutSeconds, store.clock.now());
      },
    ],
    [
      "CommandLimitExceeded",
      (request, store) =>
        !!request.CommandContent && find(request, store)?.command.isKept === true && isQuotaReached(store),
    ],
  ],
  act(request, store) {
    const invocation = find(request, store);
    if (invocation === undefined) throw new Error(`Invocation "${request.InvokeId}" is gone`);
    const content = decode(request);
    const { command } = invocation;
    const isOther = content !== undefined && !content.equals(command.content);
    // Not documented: the same content with its parameters enabled; here it is another command as well.
    const isSwitched =
      content !== undefined && (request.EnableParameter ?? command.enableParameter) !== command.enableParameter;
    if (isOther || isSwitched) replaceContent(store, invocation, content, request.EnableParameter);
    if (request.Parameters !== undefined) invocation.parameters = parsePassed(request.Parameters).values;
    if (request.Frequency) invocation.frequency = request.Frequency;
    if (changesTask(request)) updateRuns(store, invocation);
    for (const instanceId of findAdded(request, store)) addRun(store, invocation, instanceId);
    return { CommandId: invocation.command.commandId };
  },
});

/** Changed content is a new command; it is kept when the old one was. */
function replaceContent(
  store: Store,
  invocation: Invocation,
  content: Buffer,
  enableParameter: boolean | undefined,
): void {
  const old = invocation.command;
  const { name, type, description, workingDir, timeoutSeconds, launcher, resourceGroupId, isKept } = old;
  invocation.command = addCommand(store, {
    name,
    type,
    description,
    content,
    workingDir,
    timeoutSeconds,
    launcher,
    resourceGroupId,
    isKept,
    enableParameter: enableParameter ?? old.enableParameter,
  });
  if (!isKept) store.commands.delete(old.commandId);
}
