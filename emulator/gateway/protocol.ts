/**
 * From an HTTP request to its answer, in one straight line:
 * parse -> authenticate -> throttle and fault -> shape, refuse, act -> encode.
 * The first step that objects decides the answer; nothing behind it is reached.
 */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as actions from "../actions";
import {
  actionNotSupported,
  forbidden,
  formatError,
  invalidParameter,
  missingParameter,
  refusal,
  ServiceError,
  throttled,
} from "../errors";
import type { AnswerFault, Faults } from "../faults";
import type { Journal } from "../journal";
import type { Store } from "../region/store";
import type { Action } from "./action";
import { encodeBody, type Format, formatContentType } from "./encoding";
import type { Given } from "./parameters";
import { PUBLISHED_ACTIONS } from "./published";
import type { Verifier } from "./signature";

export interface HttpRequest {
  readonly method: string;
  /** Path and query as they arrived. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces are sent as they come. */
  readonly body: Buffer | string | AsyncIterable<string>;
  /** The reply is held back for so long, of real time. */
  readonly delayMs: number;
}

/** `"drop"`: the connection is cut without a word. */
export type Verdict = HttpReply | "drop";

/** Calls of one action within a minute, beyond which it is throttled; undefined: no limit. May change while it runs. */
export interface Rate {
  callsPerMinute: number | undefined;
}

export interface ProtocolSettings {
  readonly store: Store;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly verifier: Verifier;
  readonly latencyMs: number;
  readonly rate: Rate;
}

const VERSION = "2014-05-26";
const ACTIONS: ReadonlyMap<string, Action> = new Map(Object.values(actions).map((action) => [action.name, action]));

/** What the journal needs to know of a call, filled in as far as the call got. */
interface Call {
  readonly requestId: string;
  action: string;
  parameters: Given;
  format: Format;
}

export function createProtocol(settings: ProtocolSettings): (request: HttpRequest) => Verdict {
  const { store, faults, journal, verifier } = settings;
  const takeCall = createThrottle(store, settings.rate);

  return (request) => {
    const call: Call = { requestId: randomUUID().toUpperCase(), action: "", parameters: new Map(), format: "JSON" };
    const hostId = request.headers.host ?? "";
    let delayMs = settings.latencyMs;
    try {
      parseCall(request, call);
      authenticate(request, call, verifier);
      const action = findAction(request, call);
      takeCall(call.action);
      const fault = faults.takeAnswer(call.action, findInstanceIds(call.parameters));
      if (fault?.kind === "dropBefore") return drop(journal, store, call);
      if (fault?.kind === "html502") return answerHtml(journal, store, call, delayMs);
      if (fault?.kind === "slow") delayMs += fault.ms ?? 5_000;
      refuseByFault(fault, call.action);
      const answer = action.perform(call.parameters, store);
      if (fault?.kind === "errorAfter") throw refusal("InternalError.Dispatch");
      if (fault?.kind === "dropAfter") return drop(journal, store, call);
      write(journal, store, call, 200, "", answer.InvokeId);
      return encodeReply(request, call, 200, { RequestId: call.requestId, ...answer }, {}, delayMs);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      write(journal, store, call, error.status, error.code);
      const body = { ...formatError(error, call.requestId, hostId) };
      return encodeReply(request, call, error.status, body, error.headers, delayMs);
    }
  };
}

/** Parameters of query and form body together; the action from the header or a parameter. */
function parseCall(request: HttpRequest, call: Call): void {
  const query = parseQuery(request);
  const form = parseForm(request);
  call.parameters = form.size === 0 ? query : new Map([...query, ...form]);
  call.action = findActionName(request, call.parameters);
  call.format = parseFormat(request, call.parameters);
  if (request.method !== "GET" && request.method !== "POST") throw refusal("UnsupportedHTTPMethod");
}

/** V3 signs the header and the parameter, V1 the parameter alone: a header beside it counts for nothing. */
function findActionName({ headers }: HttpRequest, parameters: Given): string {
  const named = parameters.get("Action") ?? "";
  return headers.authorization?.startsWith("ACS3-") ? (headers["x-acs-action"] ?? named) : named;
}

function parseQuery({ url }: HttpRequest): Given {
  const start = url.indexOf("?");
  return new Map(start === -1 ? [] : new URLSearchParams(url.slice(start + 1)));
}

function parseForm({ headers, body }: HttpRequest): Given {
  const isForm = headers["content-type"]?.toLowerCase().startsWith("application/x-www-form-urlencoded") ?? false;
  return new Map(isForm && body.length > 0 ? new URLSearchParams(body.toString("utf8")) : []);
}

/** `Format`, in any case, decides; otherwise the Accept header; V1 without either answers in XML, V3 (not documented) in JSON. */
function parseFormat({ headers }: HttpRequest, parameters: Given): Format {
  const format = parameters.get("Format")?.toUpperCase();
  if (format === "JSON" || format === "XML") return format;
  if (format) throw refusal("InvalidFormat");
  const accept = headers.accept ?? "";
  if (accept.includes("json")) return "JSON";
  if (accept.includes("xml")) return "XML";
  return parameters.has("Signature") ? "XML" : "JSON";
}

function authenticate(request: HttpRequest, call: Call, verifier: Verifier): void {
  const [pathname = "/"] = request.url.split("?", 1);
  verifier.verify({
    method: request.method,
    pathname,
    headers: request.headers,
    query: parseQuery(request),
    parameters: call.parameters,
    body: request.body,
  });
}

function findAction({ headers }: HttpRequest, call: Call): Action {
  if (call.action === "") throw missingParameter("Action");
  const version = headers["x-acs-version"] ?? call.parameters.get("Version");
  if (!version) throw missingParameter("Version");
  if (version !== VERSION) throw invalidParameter("Version");
  const action = ACTIONS.get(call.action);
  if (action !== undefined) return action;
  throw PUBLISHED_ACTIONS.has(call.action) ? actionNotSupported(call.action) : refusal("InvalidAction.NotFound");
}

/** An action called too often within a minute of the clock is denied until the next one; others are not affected. */
function createThrottle(store: Store, rate: Rate): (action: string) => void {
  let minute = 0;
  let calls = new Map<string, number>();
  return (action) => {
    const { callsPerMinute } = rate;
    if (callsPerMinute === undefined) return;
    const current = Math.floor(store.clock.now() / 60_000);
    if (current !== minute) calls = new Map();
    minute = current;
    const count = (calls.get(action) ?? 0) + 1;
    calls.set(action, count);
    if (count > callsPerMinute) throw throttled();
  };
}

/** The machines a call names, for faults that strike one machine only. */
function findInstanceIds(parameters: Given): readonly string[] {
  const named = [...parameters].filter(([name]) => /^InstanceId\.\d+$/.test(name)).map(([, id]) => id);
  const single = parameters.get("InstanceId");
  const listed = parameters.get("InstanceIds")?.match(/m?i-[A-Za-z0-9]+/g) ?? [];
  return [...named, ...(single === undefined ? [] : [single]), ...listed];
}

function refuseByFault(fault: AnswerFault | undefined, action: string): void {
  if (fault === undefined) return;
  const { kind } = fault;
  switch (kind) {
    case "throttle":
      throw throttled();
    case "throttleRetryAfter":
      throw throttled(fault.ms ?? 1_000);
    case "errorBefore":
      throw refusal("InternalError.Dispatch");
    case "unavailable":
      throw refusal("ServiceUnavailable");
    case "processing":
      throw refusal("IdempotentProcessing");
    case "forbidden":
      throw forbidden(action);
    case "dropBefore":
    case "dropAfter":
    case "errorAfter":
    case "html502":
    case "slow":
      return;
    default:
      kind satisfies never;
  }
}

function drop(journal: Journal, store: Store, call: Call): "drop" {
  write(journal, store, call, 0, "");
  return "drop";
}

const BAD_GATEWAY =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

function answerHtml(journal: Journal, store: Store, call: Call, delayMs: number): HttpReply {
  write(journal, store, call, 502, "");
  return { status: 502, headers: { "content-type": "text/html" }, body: BAD_GATEWAY, delayMs };
}

const PROTOCOL_PARAMETERS = new Set([
  "AccessKeyId",
  "Action",
  "Format",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureNonce",
  "SignatureType",
  "SignatureVersion",
  "Timestamp",
  "Version",
]);

/** @param made the invocation that the answer names */
function write(journal: Journal, store: Store, call: Call, status: number, code: string, made?: unknown): void {
  const parameters = [...call.parameters].filter(([name]) => !PROTOCOL_PARAMETERS.has(name));
  const invokeId = typeof made === "string" ? made : call.parameters.get("InvokeId");
  journal.add({
    action: call.action,
    parameters: Object.fromEntries(parameters),
    code,
    status,
    at: store.clock.now(),
    requestId: call.requestId,
    ...(invokeId === undefined ? {} : { invokeId }),
  });
}

function encodeReply(
  request: HttpRequest,
  call: Call,
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
  delayMs: number,
): HttpReply {
  const root = status === 200 ? `${call.action}Response` : "Error";
  const text = encodeBody(body, call.format, root);
  const reply = { "content-type": formatContentType(call.format), "x-acs-request-id": call.requestId, ...headers };
  if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? ""))
    return { status, headers: reply, body: text, delayMs };
  return { status, headers: { ...reply, "content-encoding": "gzip" }, body: gzipSync(text), delayMs };
}
