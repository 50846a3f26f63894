/** The service's codes, each as a sentence with a remedy. A code that is not listed keeps the service's own words. */

import type { InvocationInputs } from "./inputs";

/** Codes with which the service refuses a call (API pages InvokeCommand, StopInvocation, ModifyInvocationAttribute). */
const REFUSALS: Record<string, string> = {
  "RegionId.ApiNotSupported": "Cloud Assistant is not available in this region; use another region",
  "InvalidRegionId.NotFound": "the region does not exist; correct regionId",
  "InvalidCmdId.NotFound": "the command does not exist in this region; correct commandId, or create the command first",
  "InvalidInstance.NotFound": "at least one instance does not exist in this region; correct instanceIds",
  "InvalidInstance.NotMatch":
    "at least one instance is not in a state to run it, or the type of the command does not suit its operating system: Shell runs on Linux, PowerShell and Bat on Windows; start the instance, or separate the instances by system",
  "InstanceIds.ExceedLimit":
    "it would run on more instances than the account may run on at once; declare a Rollout, which takes any number, or raise the quota in Quota Center",
  "MissingParam.InstanceId": "it names no instance; give instanceIds or resourceTags",
  "MissingParam.Frequency": "a periodic run needs a schedule; give frequency",
  "InvalidParam.Frequency": "the service does not take the schedule; check it with `npx cloud-assistant schedule`",
  "InvalidRepeatMode.NotFound": "the service does not know the repeat mode; correct repeatMode",
  "Parameter.MissingValue": "a parameter that the command requires is missing; add it to parameters",
  "Parameter.Disabled": "the command takes no parameters; set enableParameter on the command, or remove parameters",
  "Parameter.NotMatched":
    "parameters holds a name that the command does not define; compare it with the {{names}} in the command",
  "ParameterCount.ExceedLimit": "it passes more than 10 parameters; put several values into one",
  "ParameterKey.ExceedLimit": "the name of a parameter is longer than 64 characters; shorten it in the command",
  "ParameterKey.Duplicate": "parameters holds a name twice, perhaps in different case; remove one",
  "ParameterType.NotSupported": "the value of a parameter is not a string; write it as text",
  "InvalidParameter.Parameters": "the service cannot read parameters; it must be an object of strings",
  "InvalidParameterCharset.Parameters": "parameters holds a character that the service does not take; remove it",
  "CmdParam.EmptyKey":
    "the script holds {{}} without a name, and its parameters are enabled; write a name, or part the braces",
  "CmdParam.InvalidParamName":
    "the script holds something in double braces that can be no name, and its parameters are enabled; part the braces there: '{''{.Names}''}'",
  "CmdParamName.ExceedLimit": "the script names a parameter of more than 64 characters; shorten it",
  "CmdParamCount.ExceedLimit": "the script names more than 20 parameters; put several values into one",
  "CmdContent.DecodeError": "the service cannot read the script; report this as a fault of pulumi-cloud-assistant",
  "InvalidCmdType.NotFound": "the service does not know the type of the script; correct type",
  "InvalidTimeout.ExceedLimit": "the service does not take so long a timeout; lower it",
  "CmdContent.ExceedLimit":
    "the command with its parameters is longer than 24 KB after Base64; shorten it, or fetch the long part on the machine",
  "Username.ExceedLimit": "username is longer than 255 characters; correct it",
  "WindowsPasswordName.ExceedLimit": "windowsPasswordName is longer than 255 characters; correct it",
  "WindowsPasswordName.Missed":
    "a Windows user needs a password; give windowsPasswordName, the name of an encrypted OOS parameter",
  "ParameterStore.NotSupported": "OOS Parameter Store is not available in this region; pass the value itself",
  "ParameterStore.InvalidParameters":
    "an OOS parameter that the command refers to does not exist; create it or correct its name",
  "ParameterStore.NoPermission":
    "the account may not read the OOS parameter; grant oos:GetParameters, and for an encrypted one oos:GetSecretParameters and kms:GetSecretValue",
  "TemporaryAccessKey.Error":
    "the service could not get a temporary key for OOS Parameter Store; check the RAM role of the instance",
  "Invocation.ExceedQuota":
    "the daily quota of invocations in this region is used up; wait until tomorrow, or raise max-axt-invocation-daily in Quota Center",
  "Operation.Forbidden":
    "the service does not permit the operation on this account; check the state of the account and of the instances",
  "InvalidParameter.WorkingDir": "the service does not take the working directory; correct workingDir",
  "InvalidContainerId.Malformed": "the service does not take the container id; correct containerId",
  "InvalidContainerName.Malformed": "the service does not take the container name; correct containerName",
  "InvalidTerminationMode.NotFound": 'the service does not know the termination mode; use "Process" or "ProcessTree"',
  "InvalidLauncher.LengthLimitExceeded": "launcher is longer than 1 KB; shorten it",
  "InvalidResourceGroup.NotFound": "the resource group does not exist; correct resourceGroupId",
  "InvalidResourceTag.InstanceNotFound":
    "no instance carries all of resourceTags; correct them, or tag the instances first",
  "InvalidResourceTag.ConflictWithInstanceIds": "the service takes instanceIds or resourceTags, not both; remove one",
  "NumberExceed.ResourceTags": "resourceTags holds more than 10 tags; remove some",
  "MissingParameter.ResourceTagKey": "resourceTags holds an empty key; remove it",
  "InvalidResourceTagKey.Malformed": "the service does not take a key of resourceTags; correct it",
  "InvalidResourceTagValue.Malformed": "the service does not take a value of resourceTags; correct it",
  "Duplicate.ResourceTagKey": "resourceTags holds a key twice; remove one",
  "InvalidClientToken.Malformed":
    "the service does not take the client token; report this as a fault of pulumi-cloud-assistant",
  IdempotentParameterMismatch: "the client token was used with other parameters; run the update again",
  IdempotentProcessing:
    "an earlier request with the same client token is still being worked on; run the update again in a minute",
  "NumberExceed.Tags": "the invocation would carry more than 20 tags; remove some of tags",
  "Duplicate.TagKey": "tags holds a key twice; remove one",
  "InvalidTagKey.Malformed": "the service does not take a key of tags; correct it",
  "InvalidTagValue.Malformed": "the service does not take a value of tags; correct it",
  "MissingParameter.TagKey": "tags holds an empty key; remove it",
  "InvalidOperation.NotSupportedEndpoint":
    "the endpoint does not serve the region; correct regionId, or the endpoint that alicloud:endpoints or ALIBABA_CLOUD_ENDPOINT_ECS names: ecs.<region>.aliyuncs.com, within a VPC ecs-vpc.<region>.aliyuncs.com",
  "InternalError.Dispatch": "the service failed when it passed the request on; run the update again",
  InternalError: "the service failed by itself; run the update again",
  "InvalidInvokeId.NotFound":
    "the invocation does not exist, or its record has expired; run `pulumi refresh` and update again",
  "InvalidInstanceId.NotFound":
    "at least one instance does not exist in this region; correct instanceIds, or run `pulumi refresh` and update again",
  "InvalidCommandId.NotFound":
    "the command of the invocation no longer exists; create it again, or name another in commandId",
  "InvalidParameter.Frequency": "the service does not take the schedule; check it with `npx cloud-assistant schedule`",
  "InvalidOperation.CloudAssistantVersionUnsupported":
    "the agent of at least one instance is too old to be changed in place; upgrade it, or replace the resource with `pulumi up --replace <urn>`",
  "InvalidOperation.InvokeAlreadyFinished": "the invocation is over; run `pulumi refresh` and update again",
  "InvalidOperation.RepeatModeUnsupported":
    "a command that runs once cannot be changed in place; replace the resource with `pulumi up --replace <urn>`",
  "InvalidOperation.ModifyPublicCommandUnsupported":
    "the content of a public command cannot be changed; name a command of your own in commandId",
  "InvalidInstanceId.CountLimitExceeded":
    "it would run on more than 100 instances; declare a Rollout, which takes any number",
  "InvalidInstanceId.OSTypeUnsupported":
    "the type of the command does not suit the operating system of an instance that is added; remove it from instanceIds",
  "InvalidParameters.KeyDuplicate": "parameters holds a name twice, perhaps in different case; remove one",
  "InvalidParameters.KeyNotMatch":
    "parameters holds a name that the command does not define, or lacks one; compare it with the {{names}} in the command",
  "InvalidParameters.KeyMalformed":
    "the name of a parameter holds a character that the service does not take; correct it",
  "InvalidParameters.KeyEmpty": "parameters holds an empty name; remove it",
  "InvalidParameters.KeyLengthLimitExceeded":
    "the name of a parameter is longer than 64 characters; shorten it in the command",
  "InvalidParameters.CountLimitExceeded": "it passes more than 10 parameters; put several values into one",
  "InvalidParameters.ValueTypeUnsupported": "the value of a parameter is not a string; write it as text",
  "InvalidCommandContent.LengthLimitExceeded":
    "the command with its parameters is longer than 24 KB after Base64; shorten it, or fetch the long part on the machine",
  CommandLimitExceeded: "the region holds as many commands as the account may keep; delete some that are not used",
};

/** Codes that one machine reports (troubleshooting page of Cloud Assistant). */
const INSTANCE_ERRORS: Record<string, string> = {
  InstanceNotExists: "the instance does not exist; remove it from instanceIds",
  InstanceReleased: "the instance was released; remove it from instanceIds",
  InstanceNotRunning: "the instance is not running; start it",
  InstanceRestarted: "the instance restarted while the command ran; run the update again",
  InstanceDeregistered: "the managed instance was deregistered; register it again or remove it from instanceIds",
  CommandNotApplicable:
    "the command does not suit the operating system of the instance; use Shell on Linux, PowerShell or Bat on Windows",
  AccountNotExists: "the user does not exist on the instance; correct username or create the user",
  DirectoryNotExists: "the working directory does not exist on the instance; correct workingDir or create it",
  DefaultWorkingDirectoryNotAvailable: "the default working directory cannot be used; give workingDir",
  ClientNotRunning: "the Cloud Assistant agent does not run; start it on the instance",
  ClientNotResponse: "the Cloud Assistant agent does not respond; restart it on the instance",
  ClientNotOnline: "the Cloud Assistant agent is not online; check that it runs and reaches the service",
  ClientNetworkBlocked: "the Cloud Assistant agent cannot reach the service; check the network of the instance",
  ClientIsUpgrading: "the Cloud Assistant agent is being upgraded; run the update again in a minute",
  ClientNeedUpgrade: "the Cloud Assistant agent is too old for what is asked; upgrade it",
  ClientRestarted: "the Cloud Assistant agent restarted while the command ran; run the update again",
  SecurityGroupRuleDenied: "a security group keeps the agent from the service; allow outbound access to it",
  DeliveryTimeout: "the command could not be delivered within a minute; check the agent and the network",
  ExecutionTimeout: "it ran longer than its timeout and was ended; raise timeout, or look at why it takes so long",
  ExecutionException: "the command could not be started; check its first line and the agent's log",
  ExecutionInterrupted: "the command was interrupted, as by a shutdown; run the update again",
  ExitCodeNonzero: "the script ended with an exit code that is not 0; look at its output",
  TaskConcurrencyLimit: "too many commands run on the instance at once; run the update again when fewer do",
  InvalidSystemBuiltInParameter: "the command uses a built-in parameter that does not exist; correct its {{ACS::…}}",
  InvalidCommandText: "the agent cannot make a script of the command; look at its content and its parameters",
  CommandContentDecodeError: "the content of the command is not valid Base64; create the command anew",
  BadCronExpression: "the agent cannot read the schedule; check it with `npx cloud-assistant schedule`",
  CronExpressionExpired: "the schedule never fires again; correct frequency",
  InvalidGMTOffsetForTimezone: "the agent cannot read the zone of the schedule; write it like GMT+8:00",
  InvalidGMTOffsetHourForTimezone: "the agent cannot read the zone of the schedule; write it like GMT+8:00",
  InvalidGMTOffsetMinuteForTimezone: "the agent cannot read the zone of the schedule; write it like GMT+8:00",
  TimezoneInformationCorrupt:
    "the instance does not know the zone of the schedule; install tzdata there, or write GMT+8:00 or UTC",
  InvalidRateExpression: "the agent cannot read the rate; write it like rate(5m)",
  RateFrequencyTooLarge: "the rate is too long; use a cron schedule",
  InvalidAtExpression: "the agent cannot read the time; write it like at(2030-01-31 13:15:30)",
  AtExpressionExpired: "the time of the schedule is past; correct frequency",
  InvalidContainerName: "the container name is not valid; correct containerName",
  InvalidContainerId: "the container id is not valid; correct containerId",
  UnsupportedContainerRuntime:
    "the agent does not support the container runtime of the instance; use Docker, containerd or CRI-O",
  ContainerConnectFailed: "the agent cannot connect to the container; check the container runtime on the instance",
  ContainerStateAbnormal: "the container is not running; start it",
  ContainerNotFound: "the container does not exist on the instance; correct containerId or containerName",
  ContainerNameDuplicated: "several containers have this name; give containerId",
  ContainerNameAndIdNotMatch: "containerId and containerName name different containers; remove one",
  UserOrPasswordInvalid: "the user or the password is wrong; correct username and windowsPasswordName",
  QueryParameterStoreFailed:
    "the password could not be read from OOS Parameter Store; check windowsPasswordName, and grant oos:GetSecretParameters and kms:GetSecretValue",
  InstanceRoleInvalid: "the RAM role of the instance is missing or may not do this; attach one that may",
  TerminationException: "the command could not be ended; look at the process on the instance",
};

const find = (sentences: Record<string, string>, code: string): string | undefined =>
  Object.hasOwn(sentences, code) ? sentences[code] : undefined;

/** A refusal of the service as a sentence with a remedy; its own words when the code is not known. */
export const explainRefusal = (code: string, serviceMessage: string): string => find(REFUSALS, code) ?? serviceMessage;

/** Codes of a machine, or of its agent, that was not there in the end. */
const ABSENCES =
  /^(Client(NotRunning|NotResponse|NotOnline|NetworkBlocked|Restarted)|Instance(NotRunning|NotExists|Released|Deregistered))$/;

/** The code does not follow from the status: a machine that dies while its script runs is a time-out with the code of an absent agent. */
export const mayHaveRunInPart = (status: string, code: string): boolean =>
  (status === "Timeout" || status === "Error") && ABSENCES.test(code);

/** What one machine reported as a sentence with a remedy; the service's own words when the code is not known. */
export const explainInstanceError = (code: string, errorInfo: string): string =>
  find(INSTANCE_ERRORS, code) ?? errorInfo;

/** Words in a code, and the input that it is about; the first that is found counts. */
const SUBJECTS: readonly [RegExp, keyof InvocationInputs][] = [
  [/RegionId|Endpoint/, "regionId"],
  [/^Cmd(Content|Param)/, "commandContent"],
  [/CmdType/, "type"],
  [/Timeout/, "timeout"],
  [/Frequency/, "frequency"],
  [/RepeatMode/, "repeatMode"],
  [/WorkingDir/, "workingDir"],
  [/ContainerId/, "containerId"],
  [/ContainerName/, "containerName"],
  [/TerminationMode/, "terminationMode"],
  [/Launcher/, "launcher"],
  [/WindowsPassword/, "windowsPasswordName"],
  [/Username/, "username"],
  [/ResourceGroup/, "resourceGroupId"],
  [/ResourceTag/, "resourceTags"],
  [/Tag/, "tags"],
  [/Instance|CloudAssistantVersion/, "instanceIds"],
  [/Param|TemporaryAccessKey/, "parameters"],
];

/** The input that a refusal is about, so that it can be shown there; what runs when it is about none in particular. */
export function findProperty(
  code: string,
  { commandContent }: Pick<InvocationInputs, "commandContent">,
): keyof InvocationInputs {
  const whole = commandContent === undefined ? "commandId" : "commandContent";
  const [, property = whole] = SUBJECTS.find(([words]) => words.test(code)) ?? [];
  return property === "commandContent" ? whole : property;
}
