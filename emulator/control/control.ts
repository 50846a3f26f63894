/**
 * The control API: what the library has as methods, and what a page needs to show an emulator, as JSON over HTTP under `/_emulator/`.
 * Not part of the service; `access.ts` says who may ask.
 */
import type { Advance } from "../advance";
import type { Emulator } from "../emulator";
import type { EmulatorEvent } from "../events";
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

/** What a request says. */
interface Asked {
  /** What stands for `ID` in the operation's name. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly headers: HttpRequest["headers"];
  readonly body: Buffer;
}

/** What is answered: JSON, nothing for `{}`; or events, for as long as the client listens. */
type Operation = (settings: ControlSettings, asked: Asked) => unknown;

/** By method and path under `/_emulator/`; docs/emulator.md has the comments. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  /** What time it is, whether the clock stands still, whether it can be advanced, and the number of the last event. */
  "GET time": ({ store, emulator }) => ({ ...formatTime(store.clock), sequence: emulator().sequence }),
  /** `{"ms": 3600000}` moves the clock on by so much, `{"to": "nextRun"}` to the next run of any schedule. More than 1,000 runs are refused with their number, unless `maxRuns` allows them. */
  "POST advance": async ({ store, emulator }, { body }) => {
    const { ms, options } = parseAdvance(parseBody(body));
    const ran = ms === undefined ? (await emulator().advanceToNextRun()) !== undefined : undefined;
    if (ms !== undefined) await emulator().advance(ms, options);
    return { now: new Date(store.clock.now()).toISOString(), ...(ran === undefined ? {} : { ran }) };
  },
  /** What happens, as it happens, as server-sent events: all that is kept, or with `?since=N` what came after the event N. */
  "GET events": ({ emulator }, { headers, query }) => {
    // A client that lost its connection says so in the header, whatever its first question was.
    const asked = new URLSearchParams(headers["last-event-id"] ? { since: headers["last-event-id"] } : query);
    return emulator().events({ since: parseCount(asked, "since", { fallback: 0, most: Number.MAX_SAFE_INTEGER }) });
  },

  /** Machines, with their status and their agent's. */
  "GET instances": ({ store }) => listInstances(store),
  /** Adds a machine: the body is an element of `instances` in a fixtures file. */
  "POST instances": ({ emulator }, { body }) => ({
    instanceId: emulator().addInstance(parseInstanceSeed(parseBody(body), "The body")),
  }),
  /** Changes a machine from outside, at once: `{"status": "Stopped"}`, `{"agent": {"online": false}}`, … */
  "PATCH instances/ID": ({ emulator }, { id, body }) =>
    emulator().updateInstance(id, parseInstancePatch(parseBody(body), "The body")),
  /** Adds a command: the body is an element of `commands` in a fixtures file. */
  "POST commands": ({ emulator }, { body }) => ({
    commandId: emulator().addCommand(parseCommandSeed(parseBody(body), "The body")),
  }),
  /** Invocations with their runs, the newest first; `?limit=N` of them, 100 without it. */
  "GET invocations": ({ store }, { query }) =>
    listInvocations(store, parseCount(query, "limit", { fallback: 100, least: 1, most: 10_000 })),
  /** One of them, with what its runs printed. */
  "GET invocations/ID": ({ store }, { id }) => {
    const invocation = findInvocation(store, id);
    if (invocation === undefined) throw new ControlError(404, `There is no invocation "${id}"`);
    return invocation;
  },
  /** When each schedule runs next, `?count=N` times, 3 without it. */
  "GET schedules": ({ store }, { query }) =>
    formatSchedules(store, parseCount(query, "count", { fallback: 3, least: 1, most: 100 })),
  /** Commands, invocations of the day and calls a minute: how much is used, and how much there is. */
  "GET quotas": ({ store, callsPerMinute }) => formatQuotas(store, callsPerMinute),
  /** `{"invokeId": "t-…"}` is forgotten, as the service does after 30 days. */
  "POST expire": ({ emulator }, { body }) => emulator().expire(String(parseBody(body).invokeId)),

  /** Faults that are switched on, with how often they will strike still. */
  "GET faults": ({ store }) => ({
    faults: store.faults.list().map(({ fault, left, struck }) => ({ ...fault, left: left ?? null, struck })),
  }),
  /** Lets something go wrong, see below. */
  "POST faults": ({ emulator }, { body }) => emulator().inject(parseFault(parseBody(body))),
  /** Lets nothing go wrong any more. */
  "DELETE faults": ({ emulator }) => emulator().clearFaults(),

  /** Every request and what was answered. Values of parameters are shown as far as they are ids, names of commands and numbers; all of them with `?values=all`. */
  "GET journal": ({ emulator }, { query }) => {
    const isWhole = parseChoice(query, "values", ["redacted", "all"]) === "all";
    const entries = emulator().journal();
    return isWhole ? entries : entries.map((entry) => ({ ...entry, parameters: redact(entry.parameters) }));
  },
  /** Forgets the requests so far. */
  "DELETE journal": ({ emulator }) => emulator().clearJournal(),
};

async function route(settings: ControlSettings, { method, url, headers, body }: HttpRequest): Promise<HttpReply> {
  const { pathname, searchParams: query } = new URL(url, "http://emulator");
  const path = pathname.slice(PREFIX.length);
  const [folder = "", id = ""] = path.split("/", 2);
  const name = path === folder ? `${method} ${path}` : path === `${folder}/${id}` ? `${method} ${folder}/ID` : "";
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw new ControlError(404, `There is no control operation "${method} /${path}"`);
  const answer = (await operation(settings, { id, query, headers, body })) ?? {};
  return isStream(answer) ? replyWithEvents(answer) : reply(200, answer);
}

const isStream = (answer: unknown): answer is AsyncIterable<EmulatorEvent> =>
  typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;

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

const replyWithEvents = (events: AsyncIterable<EmulatorEvent>): HttpReply => ({
  status: 200,
  headers: { ...HEADERS, "content-type": EVENT_STREAM },
  body: formatStream(events),
  delayMs: 0,
});

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
