import { type Fields, parseFields, parseText } from "./answer";
import type { Credential, Settings } from "./credentials";
import { CutOff, cutOff, type Limits } from "./cutoff";
import { ApiError, type CallFailure, CredentialsError } from "./errors";

/** One region of the service, and one signed call at a time. */
export interface Client {
  /** Host and port that the calls go to. */
  readonly endpoint: string;
  readonly regionId: string;
  /**
   * Makes one signed call. `RegionId` is added.
   * @param action The API's name of the action, such as `InvokeCommand`.
   * @param parameters What the action takes, as the API spells it; everything on the wire is a string.
   * @returns The answer, its keys as the API spells them.
   * @throws {ApiError} for every failure.
   */
  call(action: string, parameters: Record<string, string>): Promise<Record<string, unknown>>;
}

const VERSION = "2014-05-26";

/** The library's own 3 s are too short for an account with many instances. */
const SILENCE_MS = 10_000;

/** An answer that goes on coming, such as what a hundred machines printed, may take longer. */
const LONGEST_MS = 30_000;

/** A hundred machines print 3 MB at most, in Base64. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What the listings list. */
const LISTS: Readonly<Record<string, string>> = {
  DescribeCloudAssistantStatus: "InstanceCloudAssistantStatusSet",
  DescribeCommands: "Commands",
  DescribeInstances: "Instances",
  DescribeInvocations: "Invocations",
};

/**
 * What an answer lacks that it must hold to be one. Whoever began a run and does not name it may have begun it all the same; of a
 * dry run, which begins nothing, no document says what it answers. "There is none" is an empty list, or at least their number.
 */
function findMissing(action: string, { RepeatMode }: Record<string, string>, answer: Fields): string | undefined {
  if (/^(Invoke|Run)Command$/.test(action) && RepeatMode !== "DryRun" && !isId(answer.InvokeId)) return "InvokeId";
  const list = LISTS[action];
  return list !== undefined && answer[list] === undefined && answer.TotalCount === undefined ? list : undefined;
}

const isId = (value: unknown): boolean => typeof value === "number" || (typeof value === "string" && /\S/.test(value));

interface Bounds extends Limits {
  /** Milliseconds without a sign of the service. */
  silenceMs: number;
}

/**
 * Makes signed calls (signature V3) to one region, one call for each call: repeating is another's business.
 * @param options.silenceMs Milliseconds without a sign of the service after which a call is given up. Default 10,000.
 * @param options.longestMs Milliseconds that a call may take in all. Default 30,000.
 * @param options.mostBytes Bytes that an answer may have. Default 64 MiB.
 */
export function createClient(settings: Settings, options: Partial<Bounds> = {}): Client {
  const { endpoint, regionId } = settings;
  const bounds = { silenceMs: SILENCE_MS, longestMs: LONGEST_MS, mostBytes: MOST_BYTES, ...options };
  return {
    endpoint,
    regionId,
    call: async (action, parameters) => {
      const credential = await settings.credential().catch((failure: unknown) => {
        throw unsigned(action, endpoint, failure);
      });
      let status = 0;
      const onHead = (seen: number): void => {
        status = seen;
      };
      try {
        const query = { RegionId: regionId, ...parameters };
        const answer = await send(settings, credential, action, query, { ...bounds, onHead });
        const missing = findMissing(action, parameters, answer);
        if (missing !== undefined) throw new Incomplete(missing, parseText(answer.RequestId));
        return answer;
      } catch (failure) {
        throw new ApiError({
          action,
          endpoint,
          secrets: findSecrets(credential, parameters),
          ...readFailure(failure, status),
        });
      }
    },
  };
}

/** Loading takes 140 to 300 ms, so it waits for the first call. */
function loadLibrary() {
  const { default: OpenApi, $OpenApiUtil } =
    require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core");
  const { RuntimeOptions } = require("@darabonba/typescript") as typeof import("@darabonba/typescript");
  return { OpenApi, $OpenApiUtil, RuntimeOptions };
}

async function send(
  settings: Settings,
  credential: Credential,
  action: string,
  query: Record<string, string>,
  { silenceMs, longestMs, mostBytes, onHead }: Bounds & { onHead: (status: number) => void },
): Promise<Record<string, unknown>> {
  const { OpenApi, $OpenApiUtil, RuntimeOptions } = loadLibrary();
  const protocol = settings.protocol.toLowerCase();
  const openApi = new OpenApi(
    new $OpenApiUtil.Config({
      ...credential,
      endpoint: settings.endpoint,
      protocol,
      regionId: settings.regionId,
      userAgent: "pulumi-cloud-assistant",
    }),
  );
  const params = new $OpenApiUtil.Params({
    action,
    version: VERSION,
    protocol,
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  // What the library calls a connectTimeout is how long the connection may be silent.
  const runtime = new RuntimeOptions({ readTimeout: longestMs, connectTimeout: silenceMs });
  const request = new $OpenApiUtil.OpenApiRequest({ query });
  const { body } = await cutOff({ longestMs, mostBytes }, () => openApi.callApi(params, request, runtime), onHead);
  // "No such invocation" must not be read into a refusal that comes with the status of a success.
  if (isRefusal(parseFields(body))) throw new Refused(parseFields(body));
  // Every answer of the service has one; a proxy may answer anything.
  if (body?.RequestId === undefined) throw new SyntaxError("Cannot read the answer: it has no RequestId");
  return body;
}

function unsigned(action: string, endpoint: string, failure: unknown): ApiError {
  const credentials =
    failure instanceof CredentialsError ? failure : new CredentialsError("no access key could be read");
  return new ApiError({ action, endpoint, code: "", status: 0, serviceMessage: "", credentials });
}

const isRefusal = ({ Code, Message }: Fields): boolean =>
  typeof Code === "string" && typeof Message === "string" && Code !== "" && !/^(200|OK|Success)$/i.test(Code);

/** An answer that says that it is none. */
class Refused extends Error {
  constructor(readonly body: Fields) {
    super("The service refuses with the status of a success");
  }
}

/** An answer without what the caller needs of it. */
class Incomplete extends Error {
  constructor(
    readonly missing: string,
    readonly requestId: string,
  ) {
    super(`Cannot read the answer: it has no ${missing}`);
  }
}

type Answer = Pick<
  CallFailure,
  "code" | "status" | "serviceMessage" | "requestId" | "networkCode" | "retryAfterMs" | "missing" | "unreadable"
>;

/**
 * What the library throws is of many shapes, and its messages quote the whole URL: only named fields are taken.
 * @param status of the answer, which the library keeps to itself where it cannot read it; 0 when none began
 */
function readFailure(failure: unknown, status: number): Answer {
  const none: Answer = { code: "", status: 0, serviceMessage: "" };
  if (failure instanceof CutOff)
    return failure.exceeded === "longestMs"
      ? { ...none, networkCode: "ETIMEDOUT" }
      : { ...none, unreadable: "it is longer than any of the service's" };
  if (failure instanceof Incomplete) return { ...none, missing: failure.missing, requestId: failure.requestId };
  if (failure instanceof Refused) return { ...readBody(failure.body), status };
  const { name, code, statusCode, retryAfter, data } = parseFields(failure);
  if (name === "RequestTimeoutError") return { ...none, networkCode: "ETIMEDOUT" };
  if (typeof statusCode === "number")
    return {
      ...readBody(parseFields(data)),
      status: statusCode,
      ...(typeof retryAfter === "number" ? { retryAfterMs: retryAfter } : {}),
    };
  return typeof code === "string"
    ? { ...none, networkCode: code }
    : { ...none, status: isSuccess(status) ? 0 : status };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const readBody = ({ Code, Message, RequestId }: Fields): Pick<Answer, "code" | "serviceMessage" | "requestId"> => ({
  code: typeof Code === "string" ? Code : "",
  serviceMessage: typeof Message === "string" ? Message : "",
  ...(typeof RequestId === "string" ? { requestId: RequestId } : {}),
});

function findSecrets(credential: Credential, parameters: Record<string, string>): string[] {
  const { accessKeyId, accessKeySecret, securityToken = "" } = credential;
  return [accessKeyId, accessKeySecret, securityToken, ...findParameterValues(parameters.Parameters)];
}

function findParameterValues(text: string | undefined): string[] {
  if (text === undefined) return [];
  return [text, ...Object.values(JSON.parse(text) as Record<string, string>)];
}
