/**
 * Every refusal of the service, once: its HTTP status, code and message, in the service's own words.
 *
 * Messages are those of the API's error tables (help pages, in part of 2021); where only the gist is known the gist is used.
 * Clients match on the code: statuses moved between generations of the documents, so `former` keeps the status of 2021.
 */

interface ErrorRow {
  readonly status: number;
  readonly message: string;
  readonly former?: number;
}

const ERRORS = {
  // The gateway.
  "InvalidAction.NotFound": {
    status: 404,
    message: "Specified api is not found, please check your url and method.",
  },
  InvalidVersion: { status: 400, message: "Specified parameter Version is not valid." },
  InvalidFormat: { status: 400, message: "Specified parameter Format is not valid." },
  UnsupportedHTTPMethod: { status: 400, message: "This http method is not supported." },
  RequestEntityTooLarge: { status: 413, message: "The request is too large." },
  IncompleteSignature: { status: 400, message: "The request signature does not conform to Alibaba Cloud standards." },
  InvalidSignatureMethod: { status: 400, message: "The specified signature method is not supported." },
  InvalidSignatureVersion: { status: 400, message: "Specified parameter SignatureVersion is not valid." },
  "InvalidAccessKeyId.NotFound": { status: 404, message: "Specified access key is not found." },
  "InvalidTimeStamp.Format": { status: 400, message: "Specified time stamp or date value is not well formatted." },
  "InvalidTimeStamp.Expired": { status: 400, message: "Specified time stamp or date value is expired." },
  SignatureNonceUsed: { status: 400, message: "Specified signature nonce was used already." },
  "Throttling.User": { status: 400, message: "Request was denied due to user flow control." },
  "Forbidden.RAM": {
    status: 403,
    message:
      "User not authorized to operate on the specified resource, or this API doesn't support RAM. You are not authorized to do this action. You should be authorized by RAM.",
  },
  InternalError: { status: 500, message: "The request processing has failed due to some unknown error." },
  "InternalError.Dispatch": { status: 500, message: "An error occurred when you dispatched the request." },
  ServiceUnavailable: {
    status: 503,
    message: "The request has failed due to a temporary failure of the server.",
  },
  // What every operation may answer.
  "InvalidRegionId.NotFound": { status: 404, message: "The specified RegionId does not exist." },
  "Operation.Forbidden": { status: 403, message: "The operation is not permitted." },
  DryRunOperation: { status: 400, message: "Request validation has been passed with DryRun flag set." },
  "InvalidParam.PageNumber": { status: 400, former: 403, message: "The specified parameter is invalid." },
  "InvalidParam.PageSize": { status: 400, former: 403, message: "The specified parameter is invalid." },
  "InvalidParameter.NextToken": { status: 400, message: "The specified parameter NextToken is not valid." },
  "InvalidParameter.MaxResults": { status: 400, message: "The specified parameter MaxResults is not valid." },
  "NumberExceed.Tags": { status: 400, message: "The Tags parameter's number is exceed , Valid : 20" },
  "MissingParameter.TagKey": { status: 400, message: "The specified Tag.n.Key cannot be null." },
  "Duplicate.TagKey": { status: 400, message: "The Tag.N.Key contain duplicate key." },
  "InvalidTagKey.Malformed": { status: 400, message: "The specified Tag.n.Key is not valid." },
  "InvalidTagValue.Malformed": { status: 400, message: "The specified Tag.n.Value is not valid." },
  "InvalidResourceGroup.NotFound": { status: 404, message: "The specified resource group does not exist." },
  "InvalidClientToken.Malformed": { status: 400, message: "The specified parameter clientToken is not valid." },
  IdempotentParameterMismatch: {
    status: 403,
    message: "The specified parameter has changed while using an already used clientToken.",
  },
  IdempotentProcessing: { status: 403, message: "The previous idempotent request(s) is still processing." },

  // Commands.
  "InvalidCmdId.NotFound": { status: 404, message: "The specified command ID does not exist." },
  "InvalidCmdType.NotFound": { status: 404, former: 403, message: "The specified command type does not exist." },
  "InvalidCommandType.NotFound": { status: 404, message: "The specified command type does not exist." },
  "InvalidName.LengthLimitExceeded": {
    status: 403,
    message: "The length of the command name exceeds the upper limit.",
  },
  "InvalidDescription.LengthLimitExceeded": {
    status: 403,
    message: "The length of the command description exceeds the upper limit.",
  },
  "InvalidStatus.CmdIdInUse": {
    status: 403,
    message: "The specified command is in use by some runing Invocation.",
  },
  "CmdName.ExceedLimit": { status: 403, message: "The length of the command name exceeds the upper limit." },
  "CmdName.Readonly": { status: 403, message: "The name of a public command cannot be modified." },
  "CmdDesc.ExceedLimit": { status: 403, message: "The length of the command description exceeds the upper limit." },
  "CmdCount.ExceedQuota": {
    status: 403,
    message: "The total number of commands in the current region exceeds the quota.",
  },
  "CmdContent.DecodeError": { status: 400, message: "The CommandContent can not be base64 decoded." },
  "CmdContent.ExceedLimit": { status: 403, message: "The maximum length of a command is exceeded." },
  "CmdParam.EmptyKey": { status: 400, former: 403, message: "You must specify the parameter names." },
  "CmdParam.InvalidParamName": {
    status: 400,
    former: 403,
    message:
      "Invalid parameter name. The name can contain only lowercase letters (a to z), uppercase letters (A to Z), numbers (0 to 9), hyphens (-), and underscores (_).",
  },
  "CmdParamCount.ExceedLimit": { status: 403, message: "The maximum number of parameters is exceeded." },
  "CmdParamName.ExceedLimit": { status: 403, message: "The maximum length of a parameter name is exceeded." },
  "InvalidParameterCharacter.CommandName": { status: 403, message: "The command name contains illegal characters." },
  "InvalidParameterCharacter.CommandDescription": {
    status: 403,
    message: "The command description contains illegal characters.",
  },
  "InvalidParameterCharacter.CommandWorkingDir": {
    status: 403,
    message: "The working directory of the command contains illegal characters.",
  },
  "InvalidParameter.WorkingDir": { status: 400, message: "The specified parameter WorkingDir is not valid." },
  "InvalidTimeout.ExceedLimit": { status: 403, message: "The specified timeout exceeds the upper limit." },
  "InvalidLauncher.LengthLimitExceeded": {
    status: 403,
    message: "The length of the launcher exceeds the upper limit.",
  },

  // Invoking.
  "MissingParam.InstanceId": { status: 400, message: "The parameter instanceId is missing or empty." },
  "InstanceIds.ExceedLimit": { status: 403, message: "The number of instance IDs exceeds the upper limit." },
  "InvalidInstance.NotFound": { status: 404, message: "The specified instance does not exist." },
  "InvalidInstance.NotMatch": {
    status: 400,
    former: 403,
    message: "The specified instance type does not match the command.",
  },
  "InvalidResourceTag.ConflictWithInstanceIds": {
    status: 400,
    message: "The parameters ResourceTag and InstanceId cannot be specified at the same time.",
  },
  "InvalidResourceTag.InstanceNotFound": { status: 400, message: "No instance has the specified resource tags." },
  "NumberExceed.ResourceTags": { status: 400, message: "The number of resource tags exceeds the upper limit." },
  "MissingParameter.ResourceTagKey": { status: 400, message: "The specified ResourceTag.n.Key cannot be null." },
  "InvalidResourceTagKey.Malformed": { status: 400, message: "The specified ResourceTag.n.Key is not valid." },
  "InvalidResourceTagValue.Malformed": { status: 400, message: "The specified ResourceTag.n.Value is not valid." },
  "Duplicate.ResourceTagKey": { status: 400, message: "The ResourceTag.N.Key contain duplicate key." },
  "InvalidRepeatMode.NotFound": { status: 404, message: "The specified repeat mode does not exist." },
  "InvalidTerminationMode.NotFound": { status: 404, message: "The specified termination mode does not exist." },
  "MissingParam.Frequency": {
    status: 400,
    former: 403,
    message: "The frequency must be specified when you create a timed task.",
  },
  "InvalidParam.Frequency": { status: 400, former: 403, message: "The specified frequency is invalid." },
  "Parameter.Disabled": {
    status: 400,
    former: 404,
    message: "Parameters cannot be passed in when the command customization function is disabled.",
  },
  "Parameter.MissingValue": { status: 400, message: "The parameter value of this command is required." },
  "Parameter.NotMatched": {
    status: 403,
    message: "The passed-in parameters do not match the parameters defined when you created the command.",
  },
  "ParameterCount.ExceedLimit": { status: 403, message: "The maximum number of parameters is exceeded." },
  "ParameterKey.ExceedLimit": { status: 403, message: "The maximum length of a parameter name is exceeded." },
  "ParameterKey.Duplicate": { status: 403, message: "Parameter names cannot be duplicated." },
  "ParameterType.NotSupported": { status: 403, message: "The type of the parameter value is not supported." },
  "InvalidParameter.Parameters": { status: 400, message: "The specified parameter Parameters is not valid." },
  "Username.ExceedLimit": { status: 403, message: "The length of the username exceeds the upper limit." },
  "WindowsPasswordName.ExceedLimit": {
    status: 403,
    message: "The length of the Windows password name exceeds the upper limit.",
  },
  "WindowsPasswordName.Missed": {
    status: 403,
    message: "The WindowsPasswordName must be specified when you create a Windows task.",
  },
  "InvalidContainerId.Malformed": { status: 400, message: "The specified parameter ContainerId is not valid." },
  "InvalidContainerName.Malformed": { status: 400, message: "The specified parameter ContainerName is not valid." },
  "Invocation.ExceedQuota": {
    status: 403,
    message: "The invocation quota in the current region has been reached for today.",
  },

  // Changing and stopping what was invoked; ModifyInvocationAttribute has names of its own for everything.
  "InvalidInvokeId.NotFound": { status: 404, message: "The specified invoke ID does not exist." },
  "InvalidInstanceId.NotFound": { status: 404, message: "The specified instance ID does not exist." },
  "InvalidCommandId.NotFound": { status: 404, message: "The specified command ID does not exist." },
  "InvalidParameter.Frequency": { status: 400, message: "The specified parameter Frequency is not valid." },
  "InvalidCommandContent.DecodeError": { status: 400, message: "The CommandContent can not be base64 decoded." },
  "InvalidCommandContent.LengthLimitExceeded": {
    status: 403,
    message: "The length of the command content exceeds the upper limit.",
  },
  "InvalidParameters.KeyDuplicate": { status: 400, message: "The parameter names cannot be duplicated." },
  "InvalidParameters.KeyNotMatch": {
    status: 400,
    message: "The passed-in parameters do not match the parameters defined in the command.",
  },
  "InvalidParameters.KeyMalformed": { status: 400, message: "The specified parameter name is not valid." },
  "InvalidParameters.KeyEmpty": { status: 400, message: "The parameter name cannot be empty." },
  "InvalidParameters.KeyLengthLimitExceeded": {
    status: 403,
    message: "The length of the parameter name exceeds the upper limit.",
  },
  "InvalidParameters.CountLimitExceeded": {
    status: 403,
    message: "The number of parameters exceeds the upper limit.",
  },
  "InvalidParameters.ValueTypeUnsupported": {
    status: 403,
    message: "The type of the parameter value is not supported.",
  },
  "InvalidInstanceId.OSTypeUnsupported": {
    status: 403,
    message: "The operating system of the specified instance is not supported.",
  },
  "InvalidInstanceId.CountLimitExceeded": {
    status: 403,
    message: "The number of instances exceeds the upper limit.",
  },
  "InvalidOperation.RepeatModeUnsupported": {
    status: 403,
    message: "The operation is not supported for the repeat mode of the invocation.",
  },
  "InvalidOperation.InvokeAlreadyFinished": { status: 403, message: "The invocation has already finished." },
  "InvalidOperation.CloudAssistantVersionUnsupported": {
    status: 403,
    message: "The Cloud Assistant version of the instance does not support the operation.",
  },
  "InvalidOperation.ModifyPublicCommandUnsupported": {
    status: 403,
    message: "The content of a public command cannot be modified.",
  },
  CommandLimitExceeded: { status: 403, message: "The number of commands exceeds the upper limit." },

  // Instances, tags, regions.
  "InvalidInstanceIds.Malformed": { status: 400, message: "The specified parameter InstanceIds is not valid." },
  "InvalidStatus.NotFound": { status: 404, message: "The specified status does not exist." },
  "InvalidNetworkType.NotFound": { status: 404, message: "The specified network type does not exist." },
  IncorrectInstanceStatus: {
    status: 403,
    message: "The current status of the resource does not support this operation.",
  },
  "InvalidResourceId.NotFound": { status: 404, message: "The specified ResourceIds are not found in our records" },
  "InvalidResourceType.NotFound": { status: 404, message: "The ResourceType provided does not exist in our records." },
  "NumberExceed.ResourceIds": {
    status: 400,
    message: "The ResourceIds parameter's number is exceed , Valid : 50",
  },
  "Duplicate.ResourceId": { status: 400, message: "The ResourceId.N contain duplicate resourceId." },
  "InvalidAcceptLanguage.NotFound": { status: 404, message: "The specified AcceptLanguage does not exist." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** An answer other than success; it knows its wire form. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Members that only some errors have in their body. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    { headers = {}, detail = {} }: Partial<Pick<ServiceError, "headers" | "detail">> = {},
  ) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.detail = detail;
  }
}

/** Which generation of the documents decides an HTTP status. */
export type Generation = "current" | "2021";

export function refusal(code: ErrorCode, generation: Generation = "current"): ServiceError {
  const row: ErrorRow = ERRORS[code];
  const status = generation === "2021" && row.former !== undefined ? row.former : row.status;
  return new ServiceError(status, code, row.message);
}

/**
 * The gateway's answer to an account that called too often.
 * @param retryAfterMs when it may come again, if the gateway tells
 */
export function throttled(retryAfterMs?: number): ServiceError {
  const { status, code, message } = refusal("Throttling.User");
  const headers = retryAfterMs === undefined ? {} : { "x-acs-retry-after": String(retryAfterMs) };
  return new ServiceError(status, code, message, { headers });
}

/** What RAM answers when no policy allows the action. */
export function forbidden(action: string): ServiceError {
  const { status, code, message } = refusal("Forbidden.RAM");
  const AccessDeniedDetail = {
    AuthAction: `ecs:${action}`,
    AuthPrincipalType: "SubUser",
    NoPermissionType: "ImplicitDeny",
    PolicyType: "AccountLevelIdentityBasedPolicy",
  };
  return new ServiceError(status, code, `${message} Action: ecs:${action}.`, { detail: { AccessDeniedDetail } });
}

/** The gateway's answer to an absent mandatory parameter. */
export function missingParameter(name: string): ServiceError {
  return new ServiceError(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/**
 * The gateway's answer to a value of the wrong type.
 * @param sent as it was spelt: an element of a list has a number
 */
export function invalidParameter(name: string, sent = name): ServiceError {
  return new ServiceError(400, `Invalid${name}`, `Specified parameter ${sent} is not valid.`);
}

/** Not the service's: what the emulator does not act on it does not pretend to. */
export function notSupported(name: string): ServiceError {
  return new ServiceError(400, NOT_SUPPORTED, `The emulator does not support the parameter ${name}.`);
}

/** Not the service's: an action that ECS has and the emulator has not is no typing error. */
export function actionNotSupported(name: string): ServiceError {
  const message = `The emulator does not support the action ${name}, which is a real one of ECS.`;
  return new ServiceError(400, NOT_SUPPORTED, message);
}

const NOT_SUPPORTED = "Emulator.NotSupported";

/** The gateway shows the string it signed itself, so that a client can compare. */
export function signatureDoesNotMatch(stringToSign: string): ServiceError {
  return new ServiceError(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`,
  );
}

export interface ErrorBody {
  readonly RequestId: string;
  readonly HostId: string;
  readonly Code: string;
  readonly Message: string;
  readonly Recommend: string;
}

export function formatError(error: ServiceError, requestId: string, hostId: string): ErrorBody {
  return {
    RequestId: requestId,
    HostId: hostId,
    Code: error.code,
    Message: error.message,
    ...error.detail,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}&product=Ecs&requestId=${requestId}`,
  };
}
