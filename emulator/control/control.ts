/**
 * The control API: what the library has as methods, and what a page needs to show an emulator, as JSON over HTTP under `/_emulator/`.
 * Not part of the service; `access.ts` says who may ask.
 */

import * as actions from "../actions";
import type { Advance } from "../advance";
import type { Emulator } from "../emulator";
import type { EmulatorEvent } from "../events";
import { parseFault } from "../faults";
import type { HttpReply, HttpRequest, Rate } from "../gateway/protocol";
import { MAX_JOURNAL_ENTRIES } from "../limits";
import { redact } from "../redaction";
import type { Store } from "../region/store";
import { parseCommandSeed, parseInstancePatch, parseInstanceSeed } from "../seed";
import { ControlError, refuseOtherNames, refuseStrangers } from "./access";
import { parseBody, parseCount, parseInstant } from "./body";
import { formatInstance, listInstances } from "./instances";
import { findInvocation, listInvocations } from "./invocations";
import { answerPage, isPage } from "./page";
import { changeQuotas, formatQuotas } from "./quotas";
import { findResult, listResults } from "./results";
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
  readonly rate: Rate;
  /** Tells this emulator from another that comes after it at the same address. */
  readonly emulatorId: string;
}

const PREFIX = "/_emulator/";

export const isControl = (request: HttpRequest): boolean => request.url.startsWith(PREFIX) || isPage(request);

export function createControl(settings: ControlSettings): (request: HttpRequest) => Promise<HttpReply> {
  return async (request) => {
    try {
      if (isPage(request)) {
        refuseOtherNames(request, settings.host);
        return answerPage(request);
      }
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
  /** The region, and the actions that are answered. */
  "GET about": ({ store }) => ({
    regionId: store.regionId,
    actions: Object.values(actions)
      .map(({ name }) => name)
      .sort(),
  }),
  /** What time it is, whether the clock stands still, whether it can be advanced, the number of the last event, and an id that tells this emulator from others. */
  "GET time": ({ store, emulator, emulatorId }) => ({
    ...formatTime(store.clock),
    sequence: emulator().sequence,
    emulatorId,
  }),
  /** `{"ms": 3600000}` moves the clock on by so much, `{"to": "2030-01-31T02:00:00Z"}` to an instant, `{"to": "nextRun"}` to the next run of any schedule. More than 1,000 runs are refused with their number, unless `maxRuns` allows them. */
  "POST advance": async ({ store, emulator }, { body }) => {
    const { ms, options } = parseAdvance(parseBody(body), store.clock.now());
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
  /** One of them. */
  "GET instances/ID": ({ store }, { id }) => {
    const machine = store.machines.get(id);
    if (machine === undefined) throw new ControlError(404, `There is no instance "${id}"`);
    return formatInstance(store, machine);
  },
  /** Adds a machine: the body is an element of `instances` in a fixtures file. */
  "POST instances": ({ emulator }, { body }) => ({
    instanceId: emulator().addInstance(parseInstanceSeed(parseBody(body), "The body")),
  }),
  /** Changes a machine from outside, at once: `{"status": "Stopped"}`, `{"agent": {"online": false}}`, … */
  "PATCH instances/ID": ({ emulator }, { id, body }) =>
    emulator().updateInstance(id, parseInstancePatch(parseBody(body), "The body")),
  /** `{"instanceId": "i-…"}` restarts: what runs there is killed, and the agent comes back after a moment of the clock. */
  "POST reboot": ({ emulator }, { body }) => emulator().rebootInstance(String(parseBody(body).instanceId)),
  /** Adds a command: the body is an element of `commands` in a fixtures file. */
  "POST commands": ({ emulator }, { body }) => ({
    commandId: emulator().addCommand(parseCommandSeed(parseBody(body), "The body")),
  }),
  /** Invocations with their runs, the newest first; `?limit=N` of them, 100 without it; with `?runs=none` without their runs. */
  "GET invocations": ({ store }, { query }) => {
    const limit = parseCount(query, "limit", { fallback: 100, least: 1, most: 10_000 });
    return listInvocations(store, limit, parseChoice(query, "runs", ["all", "none"]) === "all");
  },
  /** One of them, with its command, what its runs printed, and the request that would make it again. Values of its parameters are shown with `?values=all`. */
  "GET invocations/ID": ({ store }, { id, query, headers }) => {
    const isWhole = parseChoice(query, "values", ["redacted", "all"]) === "all";
    const invocation = findInvocation(store, id, headers.host ?? "", isWhole);
    if (invocation === undefined) throw new ControlError(404, `There is no invocation "${id}"`);
    return invocation;
  },
  /** Each time that a command ran on a machine: the newest `?limit=N`, 1,000 without it, the oldest of them first. */
  "GET results": ({ store }, { query }) =>
    listResults(store, parseCount(query, "limit", { fallback: 1_000, least: 1, most: 100_000 })),
  /** One of them, of the invocation `ID`, with what it printed: `?instanceId=i-…&repeats=N`. */
  "GET results/ID": ({ store }, { id, query }) => {
    const instanceId = query.get("instanceId") ?? "";
    const repeats = parseCount(query, "repeats", { fallback: 1, most: Number.MAX_SAFE_INTEGER });
    const result = findResult(store, { invokeId: id, instanceId, repeats });
    if (result === undefined) {
      throw new ControlError(404, `There is no result ${repeats} of invocation "${id}" on instance "${instanceId}"`);
    }
    return result;
  },
  /** When each schedule runs next, `?count=N` times, 3 without it, and not after `?until=INSTANT` but for the next one; machines that read it alike stand together. */
  "GET schedules": ({ store }, { query }) =>
    formatSchedules(
      store,
      parseCount(query, "count", { fallback: 3, least: 1, most: 1_000 }),
      parseInstant(query, "until") ?? Number.POSITIVE_INFINITY,
    ),
  /** Commands, invocations of the day and calls a minute: how much is used, and how much there is. */
  "GET quotas": ({ store, rate }) => formatQuotas(store, rate),
  /** Changes how much there is: `{"commands": 10, "invocationsPerDay": 100, "callsPerMinute": null}`, or some of it; null is no limit. */
  "PATCH quotas": ({ store, rate }, { body }) => changeQuotas(store, rate, parseBody(body)),
  /** `{"invokeId": "t-…"}` is forgotten, as the service does after 30 days. */
  "POST expire": ({ emulator }, { body }) => emulator().expire(String(parseBody(body).invokeId)),

  /** Faults that are switched on, with how often they will strike still. */
  "GET faults": ({ store }) => ({
    faults: store.faults.list().map(({ id, fault, left, struck }) => ({ id, ...fault, left: left ?? null, struck })),
  }),
  /** Lets something go wrong, see below. */
  "POST faults": ({ emulator }, { body }) => emulator().inject(parseFault(parseBody(body))),
  /** Lets nothing go wrong any more. */
  "DELETE faults": ({ emulator }) => emulator().clearFaults(),
  /** Lets one of them, by its `id`, go wrong no more. */
  "DELETE faults/ID": ({ store }, { id }) => {
    if (!store.faults.remove(Number(id))) throw new ControlError(404, `There is no fault "${id}"`);
  },

  /** Every request and what was answered. Values of parameters are shown as far as they are ids, names of commands and numbers; all of them with `?values=all`. The newest `?limit=N` alone, the oldest of them first. */
  "GET journal": ({ emulator }, { query }) => {
    const isWhole = parseChoice(query, "values", ["redacted", "all"]) === "all";
    const limit = parseCount(query, "limit", { fallback: MAX_JOURNAL_ENTRIES, least: 1, most: MAX_JOURNAL_ENTRIES });
    const entries = emulator().journal().slice(-limit);
    return isWhole ? entries : entries.map((entry) => ({ ...entry, parameters: redact(entry.parameters) }));
  },
  /** One request, by its `requestId`; values as above. */
  "GET journal/ID": ({ emulator }, { id, query }) => {
    const isWhole = parseChoice(query, "values", ["redacted", "all"]) === "all";
    const entry = emulator()
      .journal()
      .find(({ requestId }) => requestId === id);
    if (entry === undefined) throw new ControlError(404, `There is no request "${id}" in the journal`);
    return isWhole ? entry : { ...entry, parameters: redact(entry.parameters) };
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

/** How far: so many milliseconds, to an instant, or to the next run of a schedule. */
function parseAdvance(
  body: Readonly<Record<string, unknown>>,
  now: number,
): { ms: number | undefined; options: Advance } {
  const { ms, to, maxRuns } = body;
  const options = maxRuns === undefined ? {} : { maxRuns: maxRuns as number };
  if (to === "nextRun" && ms === undefined) return { ms: undefined, options };
  if (typeof ms === "number" && ms >= 0 && Number.isFinite(ms) && to === undefined) return { ms, options };
  const instant = typeof to === "string" ? Date.parse(to) : Number.NaN;
  if (instant >= now && ms === undefined) return { ms: instant - now, options };
  throw new RangeError(
    `The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" or an instant that lies ahead as "to": current value is ${JSON.stringify(body)}`,
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
