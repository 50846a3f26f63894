/**
 * The control API: what the library has as methods, and what a page needs to show an emulator, as JSON over HTTP under `/_emulator/`.
 * Not part of the service; `access.ts` says who may ask.
 */
import type { Advance } from "../advance";
import type { Emulator } from "../emulator";
import { parseFault } from "../faults";
import type { HttpReply, HttpRequest } from "../gateway/protocol";
import { redact } from "../redaction";
import type { Store } from "../region/store";
import { parseCommandSeed, parseInstancePatch, parseInstanceSeed } from "../seed";
import { ControlError, refuseStrangers } from "./access";
import { parseBody, parseCount } from "./body";
import { listInstances } from "./instances";
import { findInvocation, listInvocations } from "./invocations";
import { formatQuotas } from "./quotas";
import { formatSchedules } from "./schedules";
import { EVENT_STREAM, formatStream } from "./stream";
import { formatTime } from "./time";

export interface ControlSettings {
  /** Asked for late, since it and its control API know each other. */
  readonly emulator: () => Emulator;
  readonly store: Store;
  readonly token: string;
  /** The address that the emulator listens on. */
  readonly host: string;
  readonly callsPerMinute: number | undefined;
}

const PREFIX = "/_emulator/";

export const isControl = ({ url }: HttpRequest): boolean => url.startsWith(PREFIX);

export function createControl(settings: ControlSettings): (request: HttpRequest) => Promise<HttpReply> {
  return async (request) => {
    try {
      refuseStrangers(request, settings.token, settings.host);
      return await route(settings, request);
    } catch (error) {
      if (error instanceof ControlError) return reply(error.status, { error: error.message });
      const isExpected = error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
      if (!isExpected) throw error;
      return reply(400, { error: error.message });
    }
  };
}

/** One operation: what it answers, given what a request says. */
type Operation = (settings: ControlSettings, request: HttpRequest, query: URLSearchParams) => unknown;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET time": ({ store, emulator }) => ({ ...formatTime(store.clock), sequence: emulator().sequence }),
  "POST advance": async ({ store, emulator }, { body }) => {
    const { ms, options } = parseAdvance(parseBody(body));
    const nextRun = ms === undefined ? await emulator().advanceToNextRun() : await emulator().advance(ms, options);
    return {
      now: new Date(store.clock.now()).toISOString(),
      ...(ms === undefined ? { ran: nextRun !== undefined } : {}),
    };
  },

  "GET faults": ({ store }) => ({
    faults: store.faults.list().map(({ fault, left, struck }) => ({ ...fault, left: left ?? null, struck })),
  }),
  "POST faults": ({ emulator }, { body }) => emulator().inject(parseFault(parseBody(body))),
  "DELETE faults": ({ emulator }) => emulator().clearFaults(),

  "GET journal": ({ emulator }, _request, query) => {
    const isWhole = parseChoice(query, "values", ["redacted", "all"]) === "all";
    const entries = emulator().journal();
    return isWhole ? entries : entries.map((entry) => ({ ...entry, parameters: redact(entry.parameters) }));
  },
  "DELETE journal": ({ emulator }) => emulator().clearJournal(),

  "GET instances": ({ store }) => listInstances(store),
  "POST instances": ({ emulator }, { body }) => ({
    instanceId: emulator().addInstance(parseInstanceSeed(parseBody(body), "The body")),
  }),
  "POST commands": ({ emulator }, { body }) => ({
    commandId: emulator().addCommand(parseCommandSeed(parseBody(body), "The body")),
  }),

  "GET invocations": ({ store }, _request, query) =>
    listInvocations(store, parseCount(query, "limit", { fallback: 100, least: 1, most: 10_000 })),
  "GET schedules": ({ store }, _request, query) =>
    formatSchedules(store, parseCount(query, "count", { fallback: 3, least: 1, most: 100 })),
  "GET quotas": ({ store, callsPerMinute }) => formatQuotas(store, callsPerMinute),
  "POST expire": ({ emulator }, { body }) => emulator().expire(String(parseBody(body).invokeId)),
};

async function route(settings: ControlSettings, request: HttpRequest): Promise<HttpReply> {
  const { method, url } = request;
  const { pathname, searchParams } = new URL(url, "http://emulator");
  const path = pathname.slice(PREFIX.length);
  const [folder = "", id = "", ...more] = path.split("/");

  if (`${method} ${path}` === "GET events") return streamEvents(settings, request, searchParams);
  if (`${method} ${folder}` === "PATCH instances" && id !== "" && more.length === 0) {
    settings.emulator().updateInstance(id, parseInstancePatch(parseBody(request.body), "The body"));
    return reply(200, {});
  }
  if (`${method} ${folder}` === "GET invocations" && id !== "" && more.length === 0) {
    const invocation = findInvocation(settings.store, id);
    if (invocation === undefined) throw new ControlError(404, `There is no invocation "${id}"`);
    return reply(200, invocation);
  }
  const name = `${method} ${path}`;
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw new ControlError(404, `There is no control operation "${method} /${path}"`);
  return reply(200, (await operation(settings, request, searchParams)) ?? {});
}

function streamEvents({ emulator }: ControlSettings, { headers }: HttpRequest, query: URLSearchParams): HttpReply {
  // A client that lost its connection says so in the header, whatever its first question was.
  const asked = new URLSearchParams(headers["last-event-id"] ? { since: headers["last-event-id"] } : query);
  const since = parseCount(asked, "since", { fallback: 0, most: Number.MAX_SAFE_INTEGER });
  return {
    ...reply(200, {}),
    headers: { ...HEADERS, "content-type": EVENT_STREAM },
    body: formatStream(emulator().events({ since })),
  };
}

/** How far: so many milliseconds, or to the next run of a schedule. */
function parseAdvance(body: Readonly<Record<string, unknown>>): { ms: number | undefined; options: Advance } {
  const { ms, to, maxRuns } = body;
  const options = maxRuns === undefined ? {} : { maxRuns: maxRuns as number };
  if (to === "nextRun" && ms === undefined) return { ms: undefined, options };
  if (typeof ms === "number" && ms >= 0 && Number.isFinite(ms) && to === undefined) return { ms, options };
  throw new RangeError(
    `The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" as "to": current value is ${JSON.stringify(body)}`,
  );
}

function parseChoice(query: URLSearchParams, name: string, values: readonly string[]): string | undefined {
  const value = query.get(name);
  if (value === null || values.includes(value)) return value ?? values[0];
  throw new RangeError(`"${name}" must be one of ${values.join(", ")}: current value is "${value}"`);
}

/** Nobody keeps an answer, or takes it for something else than it says. */
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

const reply = (status: number, body: unknown): HttpReply => ({
  status,
  headers: {
    ...HEADERS,
    "content-type": "application/json;charset=utf-8",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  },
  body: JSON.stringify(body),
  delayMs: 0,
});
