/**
 * What can go wrong with a call, and what each code of the service means for the caller.
 * A code is matched, not an HTTP status: statuses moved between generations of the service's documents. Of a code that is not
 * known, 429 and 5xx say what it is.
 */

import { HIDDEN, hide } from "./hide";
import { describePermission } from "./permissions";

/** Too many calls. The service blocks the action for the account until the next minute. */
export const THROTTLING_CODES = [
  "Throttling",
  "Throttling.Api",
  "Throttling.User",
  "Rejected.Throttling",
  "ServiceUnavailable.Throttling",
];

/** The service is at fault and the same call may succeed later. */
export const TRANSIENT_CODES = [
  "InternalError",
  "InternalError.Dispatch",
  "ServiceUnavailable",
  "SignatureNonceUsed",
  "UnknownError",
];

/** An earlier call with the same ClientToken is still being worked on. */
export const IDEMPOTENT_PROCESSING_CODES = ["IdempotentProcessing"];

/** What the call names does not exist, or no longer. A region that does not exist is a mistake, so it is not here. */
export const NOT_FOUND_CODES = [
  "InvalidCmdId.NotFound",
  "InvalidCommandId.NotFound",
  "InvalidInstance.NotFound",
  "InvalidInstanceId.NotFound",
  "InvalidInvokeId.NotFound",
  "InvalidResourceId.NotFound",
];

/** RAM does not allow the call. */
export const PERMISSION_CODES = [
  "Forbidden",
  "Forbidden.RAM",
  "Forbidden.NoPermission",
  "Forbidden.RiskControl",
  "Forbidden.Unauthorized",
  "NoPermission",
];

/** The call was not signed with a key that the service accepts. */
export const CREDENTIAL_CODES = [
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidAccessKeyId.Inactive",
  "InvalidAccessKeyId.NotFound",
  "InvalidAccessKeySecret",
  "InvalidSecurityToken",
  "InvalidSecurityToken.Expired",
  "InvalidSecurityToken.Malformed",
  "InvalidSecurityToken.MismatchWithAccessKey",
  "MissingSecurityToken",
  "SignatureDoesNotMatch",
];

/** The clock of this machine and the service's are more than 15 minutes apart. */
export const CLOCK_CODES = ["InvalidTimeStamp.Expired", "InvalidTimeStamp.Format"];

/** Failures of the network after which the service cannot have seen the call. */
export const NEVER_CONNECTED_CODES = [
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/**
 * What a failed call means for the caller: `throttled`, `transient` and `unreachable` may succeed when repeated;
 * `denied` needs a permission, `credentials` another key, `notFound` another id, `refused` another request.
 */
export type ErrorKind = "throttled" | "transient" | "unreachable" | "denied" | "credentials" | "notFound" | "refused";

const isThrottlingCode = (code: string): boolean => THROTTLING_CODES.includes(code) || code.startsWith("Throttling.");
const isTransientCode = (code: string): boolean => TRANSIENT_CODES.includes(code);
const isIdempotentProcessingCode = (code: string): boolean => IDEMPOTENT_PROCESSING_CODES.includes(code);
const isNotFoundCode = (code: string): boolean => NOT_FOUND_CODES.includes(code);
const isPermissionCode = (code: string): boolean => PERMISSION_CODES.includes(code);
const isCredentialCode = (code: string): boolean => CREDENTIAL_CODES.includes(code);
const isClockCode = (code: string): boolean => CLOCK_CODES.includes(code);

/** No access key was found, or one that is named could not be read. Its message says where was looked. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

/** The facts of a failed call. */
export interface CallFailure {
  action: string;
  endpoint: string;
  /** The service's code; "" when there was no answer, or none that could be read. */
  code: string;
  /** HTTP status; 0 when there was no answer, or none that could be read. */
  status: number;
  serviceMessage: string;
  requestId?: string;
  /** Why there is no answer, in the words of the network: `ECONNREFUSED`, `ETIMEDOUT`, … */
  networkCode?: string;
  /** The field that an answer without a code lacks, and that it must have. */
  missing?: string;
  /** Milliseconds after which the service wants to be asked again (`x-acs-retry-after`). */
  retryAfterMs?: number;
  /** Set when the call could not be signed. */
  credentials?: CredentialsError;
  /** Why an answer that came can not be judged; it is never taken for "there is none". */
  unreadable?: string;
  /** Texts that must not be seen: keys, and the values of `Parameters`. */
  secrets?: readonly string[];
  /** Set by the one that repeats. */
  tries?: Tries;
}

/** How often a call was made before it was given up. */
export interface Tries {
  count: number;
  /** Milliseconds from the first to the end of the last. */
  overMs: number;
  /** Whether the service may have done what was asked in one that is not the last. */
  mayHaveActed: boolean;
}

/** A call that failed, told in one sentence: what, where, why, which request, what to do. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly action: string;
  readonly endpoint: string;
  /** The service's code; "" when there was no answer, or none that could be read. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer, or none that could be read. */
  readonly status: number;
  readonly kind: ErrorKind;
  /** The service's own words, without secrets. */
  readonly serviceMessage: string;
  readonly requestId?: string;
  /** Why there is no answer, in the words of the network. */
  readonly networkCode?: string;
  /** The field that the answer lacks. */
  readonly missing?: string;
  /** Milliseconds after which the service wants to be asked again. */
  readonly retryAfterMs?: number;
  /** Absent when the call was made once. */
  readonly tries?: Tries;
  /** Why an answer that came can not be judged. */
  readonly unreadable?: string;

  constructor(failure: CallFailure) {
    const serviceMessage = hideSecrets(failure.serviceMessage, failure.secrets ?? []);
    const kind = classify(failure);
    super(formatFailure({ ...failure, serviceMessage }, kind));
    this.action = failure.action;
    this.endpoint = failure.endpoint;
    this.code = failure.code;
    this.status = failure.status;
    this.kind = kind;
    this.serviceMessage = serviceMessage;
    if (failure.requestId !== undefined) this.requestId = failure.requestId;
    if (failure.networkCode !== undefined) this.networkCode = failure.networkCode;
    if (failure.missing !== undefined) this.missing = failure.missing;
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs;
    if (failure.tries !== undefined) this.tries = failure.tries;
    if (failure.unreadable !== undefined) this.unreadable = failure.unreadable;
  }
}

/** The same failure, as the end of so many tries. */
export const withTries = (error: ApiError, tries: Tries): ApiError => new ApiError({ ...error, tries });

/** Whether the same call may succeed when it is made again. */
export const isRetryable = (error: unknown): error is ApiError =>
  error instanceof ApiError && ["throttled", "transient", "unreachable"].includes(error.kind);

/** Whether the service may have done what the failed call asked for, in any of its tries. */
export function mayHaveActed(error: ApiError): boolean {
  if (error.tries?.mayHaveActed) return true;
  if (error.kind === "transient") return !isIdempotentProcessingCode(error.code);
  if (error.kind === "unreachable") return !NEVER_CONNECTED_CODES.includes(error.networkCode ?? "");
  return false;
}

const TOO_MANY_REQUESTS = 429;

function classify({ code, credentials, networkCode, status }: CallFailure): ErrorKind {
  if (credentials !== undefined) return "credentials";
  if (networkCode !== undefined) return "unreachable";
  if (isThrottlingCode(code)) return "throttled";
  if (isTransientCode(code) || isIdempotentProcessingCode(code)) return "transient";
  if (isPermissionCode(code)) return "denied";
  if (isCredentialCode(code) || isClockCode(code)) return "credentials";
  if (isNotFoundCode(code)) return "notFound";
  if (status === TOO_MANY_REQUESTS) return "throttled";
  // A proxy's own page has no code, and a new code of a failing service is not in any list.
  return code === "" || status >= 500 ? "transient" : "refused";
}

function formatFailure(failure: CallFailure, kind: ErrorKind): string {
  const { reason, remedy } = describeFailure(failure, kind);
  return `Cannot call ${failure.action} at "${failure.endpoint}"${formatTries(failure)}: ${reason}${formatSource(failure)}${remedy === "" ? "" : `; ${remedy}`}`;
}

function describeFailure(failure: CallFailure, kind: ErrorKind): { reason: string; remedy: string } {
  const said = withoutEnd(failure.serviceMessage) || "the service gave no reason";
  switch (kind) {
    case "throttled":
      return {
        reason: `the service throttles this action: ${said}`,
        remedy: "wait a minute, or ask for a higher rate limit of this action in Quota Center",
      };
    case "transient":
      if (failure.unreadable !== undefined)
        return { reason: `the answer cannot be judged: ${failure.unreadable}`, remedy: "try again later" };
      if (failure.missing !== undefined)
        return { reason: `the answer has no ${failure.missing}`, remedy: "try again later" };
      return failure.code === ""
        ? {
            reason: "the answer is not one of the service",
            remedy: "check for a proxy in between, or try again later",
          }
        : { reason: `the service failed: ${said}`, remedy: "try again later" };
    case "unreachable":
      return {
        reason: formatNetworkCode(failure.networkCode ?? ""),
        remedy: "check the network, the region and the endpoint",
      };
    case "denied":
      return {
        reason: `permission denied: ${said}`,
        remedy: `allow ${describePermission(failure.action)} for this key in RAM`,
      };
    case "credentials":
      if (failure.credentials !== undefined) return { reason: failure.credentials.message, remedy: "" };
      if (isClockCode(failure.code)) return { reason: said, remedy: "set the clock of this machine" };
      return {
        reason: `the access key is not accepted: ${said}`,
        remedy: "check the access key, its secret and its security token",
      };
    case "notFound":
    case "refused":
      return { reason: said, remedy: "" };
    default:
      return kind satisfies never;
  }
}

function formatSource({ code, status, requestId }: CallFailure): string {
  const parts = [
    ...(code === "" ? [] : [code]),
    ...(status === 0 ? [] : [`HTTP ${status}`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function formatTries({ tries }: CallFailure): string {
  if (tries === undefined || tries.count < 2) return "";
  return ` (${tries.count} tries over ${Math.round(tries.overMs / 1000)} s)`;
}

function formatNetworkCode(networkCode: string): string {
  switch (networkCode) {
    case "ECONNREFUSED":
      return "connection refused";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name of the host cannot be resolved (${networkCode})`;
    case "ETIMEDOUT":
      return "no answer in time";
    case "ECONNRESET":
      return "the connection was closed before the answer (ECONNRESET)";
    default:
      return `no connection (${networkCode})`;
  }
}

/** SignatureDoesNotMatch quotes the server's string to sign, which may contain every parameter of the call. */
function withoutStringToSign(text: string): string {
  const start = text.toLowerCase().indexOf("server string to sign");
  if (start < 0) return text;
  const kept = text.slice(0, start).trimEnd();
  return [".", ",", ";"].includes(kept.at(-1) ?? "") ? kept.slice(0, -1) : kept;
}

/** Without the full stops and blanks at its end. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && `${text[end - 1]}`.trim().replace(".", "") === "") end--;
  return text.slice(0, end);
}

const SECRET_FIELDS = /\b(Signature|SecurityToken|AccessKeyId|AccessKeySecret|Parameters)=[^&\s"']*/g;

const hideSecrets = (text: string, secrets: readonly string[]): string =>
  hide(withoutStringToSign(text).replace(SECRET_FIELDS, `$1=${HIDDEN}`), secrets);
