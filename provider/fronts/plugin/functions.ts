/** The functions of the package, which a program calls as it calls those of any other: one entry each in FUNCTIONS. */
import {
  checkSchedule,
  describeSchedule,
  formatSchedule,
  nextRuns,
  parseSchedule,
  ScheduleSyntaxError,
} from "../../../schedule";
import { findZone } from "../../../schedule/zone";
import { listExisting, readExisting } from "../../lifecycle";
import type { InvocationSummary } from "../../lifecycle/list";
import type { Properties } from "../../lifecycle/state";
import type { InputFailure } from "../../rules/declaration";
import { MAX_FREQUENCY_CHARACTERS } from "../../rules/limits";
import { INVOCATION_STATUSES } from "../../rules/status";
import { asMap, integer, oneOf, type Rule, text } from "../../rules/values";
import type { Call } from "../../runs/call";
import { ExpectedFailure } from "../../runs/failure";
import type { Marks, Opened } from "./secrets";

export interface NextRunsArgs {
  /** The frequency, as an `Invocation` takes it. */
  frequency: string;
  /** The instant after which, ISO 8601 with an offset, such as `2030-01-31T00:00:00Z`. Default: the present. */
  after?: string;
  /** How many, 1 to 1,000. Default: 5. */
  count?: number;
  /** The machines' own zone, for a cron expression that names none: IANA name, `UTC` or `GMT+8:00`. Default: `UTC`. */
  zone?: string;
  /** When the invocation was created, from which a rate counts; ISO 8601 with an offset. Default: `after`. */
  createdAt?: string;
}

export interface NextRunsResult {
  /** The instants, UTC, ISO 8601; fewer than `count` where the schedule ends before. */
  runs: string[];
}

export interface DescribeScheduleArgs {
  /** The frequency, as an `Invocation` takes it. */
  frequency: string;
  /** Seconds that a run may take, against which the gaps of the schedule are held. Default: 60. */
  timeout?: number;
  /** When it would be registered, ISO 8601 with an offset. Default: the present. */
  now?: string;
}

export interface DescribeScheduleResult {
  /** One plain sentence, such as `every day at 02:00:00 Asia/Shanghai`. */
  description: string;
  /** The same schedule in its canonical spelling. */
  canonical: string;
  /** Why the service or the agent would not run it as it says; empty when they would. */
  failures: string[];
  /** What it will do that its author may not expect. */
  warnings: string[];
}

export interface GetInvocationArgs {
  /** Id of the invocation (`t-…`), whoever started it. */
  invokeId: string;
  /** Its region. Default: that of the provider. */
  regionId?: string;
}

export interface GetInvocationsArgs {
  /** The region. Default: that of the provider. */
  regionId?: string;
  /** Tags that they carry, all of them. */
  tags?: Record<string, string>;
  /** Their `InvocationStatus`: `Pending`, `Scheduled`, `Running`, `Stopping`, `Success`, `Failed`, `PartialFailed` or `Stopped`. */
  status?: string;
}

export interface GetInvocationsResult {
  /** The newest first. */
  invocations: InvocationSummary[];
}

/** What a function answers, or what is wrong with its arguments. */
export type Answer = { result: Opened; failures?: never } | { failures: InputFailure[]; result?: never };

interface Function {
  /** What it answers, for the schema. */
  summary: string;
  /** What each argument must be, and whether it must be given. */
  args: Readonly<Record<string, { rule: Rule; isRequired?: true }>>;
  call: (args: Properties, call: Call) => Promise<{ value: object; marks?: Marks }>;
}

const instant: Rule = (value) =>
  typeof value === "string" && /T[\d:.,]+(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `must be an instant such as "2030-01-31T00:00:00Z"`;

const frequency = text(MAX_FREQUENCY_CHARACTERS);

const zone: Rule = (value) =>
  typeof value === "string" && findZone(value) !== undefined
    ? undefined
    : 'must be a zone such as "Asia/Shanghai", "UTC" or "GMT+8:00"';

const tagMap: Rule = (value) => {
  const map = asMap(value);
  return map && Object.values(map).every((member) => typeof member === "string") ? undefined : "must be a map of texts";
};

/** Any other would be that of none, and tell as much as an empty region. */
const invocationStatus = oneOf(INVOCATION_STATUSES);

const invokeId = text(255, /^t-/, 'the id of an invocation, such as "t-hz0jdfwd9f"');
const regionId = text(64, /^[a-z0-9-]+$/, 'a region id such as "cn-hangzhou"');

/** Each by its name in the package. */
export const FUNCTIONS: Readonly<Record<string, Function>> = {
  nextRuns: {
    summary: "When a frequency runs next, by the calendar. Asks the service nothing.",
    args: {
      frequency: { rule: frequency, isRequired: true },
      after: { rule: instant },
      count: { rule: integer("runs", 1, 1000) },
      zone: { rule: zone },
      createdAt: { rule: instant },
    },
    call: async (args, { session }) => {
      const { frequency, after, count, zone = "UTC", createdAt } = args as unknown as NextRunsArgs;
      const runs = nextRuns(frequency, {
        after: readInstant(after, session.clock.now()),
        zone,
        ...(count === undefined ? {} : { count }),
        ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt) }),
      });
      const value: NextRunsResult = { runs: runs.map((run) => run.toISOString().replace(".000Z", "Z")) };
      return { value };
    },
  },
  describeSchedule: {
    summary: "What a frequency means, in words, and what is wrong with it. Asks the service nothing.",
    args: {
      frequency: { rule: frequency, isRequired: true },
      timeout: { rule: integer("seconds", 1) },
      now: { rule: instant },
    },
    call: async (args, { session }) => {
      const { frequency, timeout, now } = args as unknown as DescribeScheduleArgs;
      const schedule = parseSchedule(frequency);
      const verdict = checkSchedule(frequency, {
        now: readInstant(now, session.clock.now()),
        ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
      });
      const value: DescribeScheduleResult = {
        description: describeSchedule(schedule),
        canonical: formatSchedule(schedule),
        ...verdict,
      };
      return { value };
    },
  },
  getInvocation: {
    summary:
      "An invocation that exists, whoever started it. Its script and its parameters, where it has some, and then its results as well, are secret.",
    args: { invokeId: { rule: invokeId, isRequired: true }, regionId: { rule: regionId } },
    call: async (args, call) => {
      const { invokeId, regionId } = args as unknown as GetInvocationArgs;
      const { schemaVersion: _, ...value } = (await readExisting(call, invokeId, regionId)).outputs;
      return { value, ...markRead(value) };
    },
  },
  getInvocations: {
    summary: "The invocations of a region, by tags and status. What is over is forgotten by the service after 30 days.",
    args: { regionId: { rule: regionId }, tags: { rule: tagMap }, status: { rule: invocationStatus } },
    call: async (args, call) => {
      const value: GetInvocationsResult = {
        invocations: await listExisting(call, args as unknown as GetInvocationsArgs),
      };
      return { value };
    },
  },
};

const readInstant = (instant: string | undefined, nowMs: number): Date => new Date(instant ?? nowMs);

/** What a caller may have put a secret into. */
const MAYBE_SECRET = ["commandContent", "parameters"] as const;

/** Of what was only read, nobody knows what was a secret: a script may be, the values of parameters, and what is made of them. */
export function markRead(read: Properties): { marks?: Marks } {
  const names = MAYBE_SECRET.filter((name) => read[name] !== undefined);
  return names.length === 0 ? {} : { marks: Object.fromEntries([...names, "results"].map((name) => [name, true])) };
}

/** @throws {ExpectedFailure} when there is no such function. */
export async function callFunction(name: string, args: Properties, call: Call): Promise<Answer> {
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (called === undefined) throw new ExpectedFailure(`There is no function "${name}" in this package`);
  const failures = Object.entries({ ...called.args, ...args }).flatMap(([property]) => {
    const reason = checkArgument(called, property, args[property]);
    return reason === undefined ? [] : [{ property, reason: `${property} ${reason}` }];
  });
  if (failures.length > 0) return { failures };
  try {
    const { value, marks } = await called.call(args, call);
    return { result: { value: value as Properties, marks } };
  } catch (error) {
    if (!(error instanceof ScheduleSyntaxError)) throw error;
    return { failures: [{ property: "frequency", reason: error.message }] };
  }
}

function checkArgument({ args }: Function, property: string, value: unknown): string | undefined {
  const arg = Object.hasOwn(args, property) ? args[property] : undefined;
  if (arg === undefined) return "is no argument of this function; remove it";
  if (value === undefined || value === null) return arg.isRequired ? "must be given" : undefined;
  return arg.rule(value);
}
