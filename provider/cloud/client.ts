import { parseFields, parseText } from "./answer";
import type { Credential, Settings } from "./credentials";
import { CutOff, cutOff } from "./cutoff";
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

/**
 * What an answer must hold to be one: whoever began a run and does not name it may have begun it all the same. Of a dry run,
 * which begins nothing, no document says what it answers.
 */
const findRequired = (action: string, { RepeatMode }: Record<string, string>): string | undefined =>
  /^(Invoke|Run)Command$/.test(action) && RepeatMode !== "DryRun" ? "InvokeId" : undefined;

/**
 * Makes signed calls (signature V3) to one region, one call for each call: repeating is another's business.
 * @param options.silenceMs Milliseconds without a sign of the service after which a call is given up. Default 10,000.
 * @param options.longestMs Milliseconds that a call may take in all. Default 30,000.
 */
export function createClient(settings: Settings, options: { silenceMs?: number; longestMs?: number } = {}): Client {
  const { endpoint, regionId } = settings;
  const { silenceMs = SILENCE_MS, longestMs = LONGEST_MS } = options;
  return {
    endpoint,
    regionId,
    call: async (action, parameters) => {
      const credential = await settings.credential().catch((failure: unknown) => {
        throw unsigned(action, endpoint, failure);
      });
      try {
        const query = { RegionId: regionId, ...parameters };
        const answer = await send(settings, credential, action, query, { silenceMs, longestMs });
        const required = findRequired(action, parameters);
        if (required !== undefined && !answer[required]) throw new Incomplete(required, parseText(answer.RequestId));
        return answer;
      } catch (failure) {
        throw new ApiError({
          action,
          endpoint,
          secrets: findSecrets(credential, parameters),
          ...readFailure(failure),
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
  { silenceMs, longestMs }: { silenceMs: number; longestMs: number },
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
  const answer = await cutOff(longestMs, () => openApi.callApi(params, request, runtime));
  // Every answer of the service has one; a proxy may answer anything, and "no such invocation" must not be read into it.
  if (answer.body?.RequestId === undefined) throw new SyntaxError("Cannot read the answer: it has no RequestId");
  return answer.body;
}

function unsigned(action: string, endpoint: string, failure: unknown): ApiError {
  const credentials =
    failure instanceof CredentialsError ? failure : new CredentialsError("no access key could be read");
  return new ApiError({ action, endpoint, code: "", status: 0, serviceMessage: "", credentials });
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
  "code" | "status" | "serviceMessage" | "requestId" | "networkCode" | "retryAfterMs" | "missing"
>;

/** What the library throws is of many shapes, and its messages quote the whole URL: only named fields are taken. */
function readFailure(failure: unknown): Answer {
  const none: Answer = { code: "", status: 0, serviceMessage: "" };
  if (failure instanceof CutOff) return { ...none, networkCode: "ETIMEDOUT" };
  if (failure instanceof Incomplete) return { ...none, missing: failure.missing, requestId: failure.requestId };
  const { name, code, statusCode, retryAfter, data } = parseFields(failure);
  if (name === "RequestTimeoutError") return { ...none, networkCode: "ETIMEDOUT" };
  if (typeof statusCode !== "number") return typeof code === "string" ? { ...none, networkCode: code } : none;
  const body = parseFields(data);
  return {
    code: typeof body.Code === "string" ? body.Code : "",
    status: statusCode,
    serviceMessage: typeof body.Message === "string" ? body.Message : "",
    ...(typeof body.RequestId === "string" ? { requestId: body.RequestId } : {}),
    ...(typeof retryAfter === "number" ? { retryAfterMs: retryAfter } : {}),
  };
}

function findSecrets(credential: Credential, parameters: Record<string, string>): string[] {
  const { accessKeyId, accessKeySecret, securityToken = "" } = credential;
  return [accessKeyId, accessKeySecret, securityToken, ...findParameterValues(parameters.Parameters)];
}

function findParameterValues(text: string | undefined): string[] {
  if (text === undefined) return [];
  return [text, ...Object.values(JSON.parse(text) as Record<string, string>)];
}
