import { explainInstanceError, explainRefusal, findProperty, mayHaveRunInPart } from "../../../provider/rules/codes";
import { INPUT_NAMES } from "../../../provider/rules/inputs";

/** API page InvokeCommand, error codes, as of 2026-06. */
const INVOKE_CODES = [
  "RegionId.ApiNotSupported",
  "InvalidParameter.WorkingDir",
  "MissingParam.InstanceId",
  "InvalidContainerId.Malformed",
  "InvalidContainerName.Malformed",
  "InvalidClientToken.Malformed",
  "InvalidInstance.NotMatch",
  "MissingParam.Frequency",
  "InvalidParam.Frequency",
  "Parameter.MissingValue",
  "Parameter.Disabled",
  "InvalidParameter.Parameters",
  "NumberExceed.ResourceTags",
  "MissingParameter.ResourceTagKey",
  "InvalidResourceTagKey.Malformed",
  "InvalidResourceTagValue.Malformed",
  "Duplicate.ResourceTagKey",
  "InvalidResourceTag.InstanceNotFound",
  "InvalidResourceTag.ConflictWithInstanceIds",
  "InstanceIds.ExceedLimit",
  "Invocation.ExceedQuota",
  "ParameterCount.ExceedLimit",
  "ParameterKey.ExceedLimit",
  "ParameterKey.Duplicate",
  "Parameter.NotMatched",
  "ParameterType.NotSupported",
  "InvalidParameterCharset.Parameters",
  "CmdContent.ExceedLimit",
  "Username.ExceedLimit",
  "WindowsPasswordName.ExceedLimit",
  "WindowsPasswordName.Missed",
  "ParameterStore.NotSupported",
  "ParameterStore.InvalidParameters",
  "ParameterStore.NoPermission",
  "TemporaryAccessKey.Error",
  "Operation.Forbidden",
  "IdempotentParameterMismatch",
  "IdempotentProcessing",
  "InvalidLauncher.LengthLimitExceeded",
  "InvalidRepeatMode.NotFound",
  "InvalidTerminationMode.NotFound",
  "InvalidRegionId.NotFound",
  "InvalidInstance.NotFound",
  "InvalidCmdId.NotFound",
  "InvalidResourceGroup.NotFound",
  "InternalError.Dispatch",
];

/** API pages of every call that takes tags. */
const TAG_CODES = [
  "NumberExceed.Tags",
  "Duplicate.TagKey",
  "InvalidTagKey.Malformed",
  "InvalidTagValue.Malformed",
  "MissingParameter.TagKey",
];

/**
 * API pages ModifyInvocationAttribute and StopInvocation. `InvalidCommandContent.DecodeError` is left out: the provider
 * never sends content.
 */
const CHANGE_CODES = [
  "InvalidParameter.Frequency",
  "InvalidParameters.KeyDuplicate",
  "InvalidParameters.KeyNotMatch",
  "InvalidParameters.KeyMalformed",
  "InvalidParameters.KeyEmpty",
  "InvalidInstanceId.OSTypeUnsupported",
  "InvalidOperation.RepeatModeUnsupported",
  "InvalidOperation.InvokeAlreadyFinished",
  "InvalidOperation.CloudAssistantVersionUnsupported",
  "InvalidOperation.ModifyPublicCommandUnsupported",
  "InvalidCommandContent.LengthLimitExceeded",
  "InvalidParameters.CountLimitExceeded",
  "InvalidParameters.KeyLengthLimitExceeded",
  "InvalidParameters.ValueTypeUnsupported",
  "InvalidInstanceId.CountLimitExceeded",
  "CommandLimitExceeded",
  "InvalidInvokeId.NotFound",
  "InvalidInstanceId.NotFound",
  "InvalidCommandId.NotFound",
  "InternalError",
];

/** Troubleshooting page of Cloud Assistant, per-instance codes, those of schedules included. */
const INSTANCE_CODES = [
  "InstanceNotExists",
  "InstanceReleased",
  "InstanceNotRunning",
  "InstanceRestarted",
  "InstanceDeregistered",
  "CommandNotApplicable",
  "AccountNotExists",
  "DirectoryNotExists",
  "DefaultWorkingDirectoryNotAvailable",
  "ClientNotRunning",
  "ClientNotResponse",
  "ClientNotOnline",
  "ClientNetworkBlocked",
  "ClientIsUpgrading",
  "ClientNeedUpgrade",
  "ClientRestarted",
  "SecurityGroupRuleDenied",
  "DeliveryTimeout",
  "ExecutionTimeout",
  "ExecutionException",
  "ExecutionInterrupted",
  "ExitCodeNonzero",
  "TaskConcurrencyLimit",
  "InvalidSystemBuiltInParameter",
  "InvalidCommandText",
  "CommandContentDecodeError",
  "BadCronExpression",
  "CronExpressionExpired",
  "InvalidGMTOffsetForTimezone",
  "InvalidGMTOffsetHourForTimezone",
  "InvalidGMTOffsetMinuteForTimezone",
  "TimezoneInformationCorrupt",
  "InvalidRateExpression",
  "RateFrequencyTooLarge",
  "InvalidAtExpression",
  "AtExpressionExpired",
  "InvalidContainerName",
  "InvalidContainerId",
  "UnsupportedContainerRuntime",
  "ContainerConnectFailed",
  "ContainerStateAbnormal",
  "ContainerNotFound",
  "ContainerNameDuplicated",
  "ContainerNameAndIdNotMatch",
  "UserOrPasswordInvalid",
  "QueryParameterStoreFailed",
  "InstanceRoleInvalid",
  "TerminationException",
];

/** What is wrong; what to do. One sentence without a full stop, a contraction, or the code itself. */
const SENTENCE = /^\S[^;]+; [a-z][^;]*[^.\s]$/;

const CONTRACTION = /\b(can't|doesn't|isn't|won't|it's|don't)\b/;

describe.each([
  ["InvokeCommand", INVOKE_CODES, explainRefusal],
  ["tags", TAG_CODES, explainRefusal],
  // Recorded on a real account, in no list.
  ["a wrong endpoint", ["InvalidOperation.NotSupportedEndpoint"], explainRefusal],
  ["ModifyInvocationAttribute and StopInvocation", CHANGE_CODES, explainRefusal],
  ["an instance", INSTANCE_CODES, explainInstanceError],
])("codes of %s", (_, codes, explain) => {
  it.each(codes)("%s has its sentence with a remedy", (code) => {
    const sentence = explain(code, "");
    expect(sentence).toMatch(SENTENCE);
    expect(sentence).not.toMatch(CONTRACTION);
    expect(sentence).not.toContain(code);
  });
});

// [what, sentence]: where evidence goes beyond the page.
it.each([
  ["InvalidInstance.NotMatch", /^at least one instance is not in a state to run it, or the type /],
  ["ParameterStore.NoPermission", /grant oos:GetParameters, .* oos:GetSecretParameters and kms:GetSecretValue$/],
  [
    "InvalidOperation.NotSupportedEndpoint",
    /: ecs\.<region>\.aliyuncs\.com, within a VPC ecs-vpc\.<region>\.aliyuncs\.com$/,
  ],
])("%s says %s", (code, words) => {
  expect(explainRefusal(code, "")).toMatch(words);
});

// [status, code, whether the command may have run in part]
it.each([
  ["Timeout", "ClientNotRunning", true],
  ["Timeout", "InstanceNotRunning", true],
  ["Error", "ClientNotResponse", true],
  ["Aborted", "ClientNotRunning", false],
  ["Timeout", "ExecutionTimeout", false],
  ["Error", "ExecutionException", false],
  ["Timeout", "", false],
])("%s with %j: the command may have run in part: %j", (status, code, part) => {
  expect(mayHaveRunInPart(status, code)).toBe(part);
});

it.each([explainRefusal, explainInstanceError])(
  "%p keeps the service's own words where it knows no better",
  (explain) => {
    expect(explain("Invalid.Surprise", "something new went wrong")).toBe("something new went wrong");
    expect(explain("constructor", "something new went wrong")).toBe("something new went wrong");
    expect(explain("", "")).toBe("");
  },
);

it.each<[string, string]>([
  ["RegionId.ApiNotSupported", "regionId"],
  ["InvalidRegionId.NotFound", "regionId"],
  ["InvalidOperation.NotSupportedEndpoint", "regionId"],
  ["InvalidCmdId.NotFound", "commandId"],
  ["InvalidInstance.NotFound", "instanceIds"],
  ["InvalidInstance.NotMatch", "instanceIds"],
  ["InstanceIds.ExceedLimit", "instanceIds"],
  ["MissingParam.InstanceId", "instanceIds"],
  ["MissingParam.Frequency", "frequency"],
  ["InvalidParam.Frequency", "frequency"],
  ["InvalidRepeatMode.NotFound", "repeatMode"],
  ["Parameter.MissingValue", "parameters"],
  ["InvalidParameterCharset.Parameters", "parameters"],
  ["ParameterStore.NoPermission", "parameters"],
  ["TemporaryAccessKey.Error", "parameters"],
  ["Username.ExceedLimit", "username"],
  ["WindowsPasswordName.Missed", "windowsPasswordName"],
  ["InvalidParameter.WorkingDir", "workingDir"],
  ["InvalidContainerId.Malformed", "containerId"],
  ["InvalidContainerName.Malformed", "containerName"],
  ["InvalidTerminationMode.NotFound", "terminationMode"],
  ["InvalidLauncher.LengthLimitExceeded", "launcher"],
  ["InvalidResourceGroup.NotFound", "resourceGroupId"],
  ["InvalidResourceTag.InstanceNotFound", "resourceTags"],
  ["InvalidResourceTag.ConflictWithInstanceIds", "resourceTags"],
  ["Duplicate.TagKey", "tags"],
  ["CmdContent.ExceedLimit", "commandId"],
  ["InvalidCmdType.NotFound", "type"],
  ["InvalidTimeout.ExceedLimit", "timeout"],
  ["Invocation.ExceedQuota", "commandId"],
  ["Operation.Forbidden", "commandId"],
  ["Invalid.Surprise", "commandId"],
])("%s is about %s", (code, property) => {
  expect(findProperty(code, {})).toBe(property);
  expect(INPUT_NAMES).toContain(property);
});

test.each(["CmdContent.ExceedLimit", "CmdParam.InvalidParamName", "Operation.Forbidden", "Invalid.Surprise"])(
  "%s is about the script where there is one",
  (code) => {
    expect(findProperty(code, { commandContent: "echo" })).toBe("commandContent");
  },
);
