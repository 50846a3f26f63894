import type { Zone } from "luxon";
import type { At } from "./at";
import type { Cron } from "./cron";
import { daysFrom } from "./days";
import { parseSchedule } from "./parse";
import type { Rate } from "./rate";
import type { Schedule } from "./schedule";
import { timesOfDay } from "./times";
import { instantAt, wallAt, zoneOf } from "./zone";

/** From when on, and how many. */
export interface NextRunsOptions {
  /** Runs later than this instant are given. */
  readonly after: Date;
  /** The machine's own zone, IANA name, `UTC` or `GMT±H:MM`; needed when a cron schedule names none. */
  readonly zone?: string;
  /** Most runs to give, a whole number from 0 on. Default: 5. */
  readonly count?: number;
  /** When the invocation was created, from which a rate counts. Default: `after`. */
  readonly createdAt?: Date;
}

/**
 * The next runs by the calendar, each later than the one before, fewer than `count` when the schedule ends before
 * (the agent's calendar ends with 2099). A time that the clocks skip is left out; one that they show twice runs once,
 * at the pass that the agent takes.
 *
 * @throws {ScheduleSyntaxError} A text that parseSchedule refuses
 * @throws {RangeError} No zone in the schedule nor in the options, a zone that does not exist, no valid `after`, `createdAt` or `count`
 * @example nextRuns("0 0 2 * * ? Asia/Shanghai", { after: new Date("2030-01-31T00:00:00Z"), count: 1 }) // [2030-01-31T18:00:00.000Z]
 */
export function nextRuns(schedule: Schedule | string, options: NextRunsOptions): Date[] {
  const { after, count = 5, createdAt = after } = options;
  const parsed = typeof schedule === "string" ? parseSchedule(schedule) : schedule;
  for (const [name, date] of Object.entries({ after, createdAt })) {
    if (Number.isNaN(date.getTime())) throw new RangeError(`Cannot find the next runs: ${name} must be a valid date`);
  }
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(
      `Cannot find the next runs: count must be a whole number from 0 on: current value is ${count}`,
    );
  }
  return take(count, runsOf(parsed, after.getTime(), createdAt.getTime(), options.zone));
}

function runsOf(schedule: Schedule, afterMs: number, createdAtMs: number, zone?: string): Iterable<number> {
  switch (schedule.kind) {
    case "cron":
      return cronRuns(schedule, zoneOfCron(schedule, zone), afterMs);
    case "rate":
      return rateRuns(schedule, afterMs, createdAtMs);
    case "at":
      return atRuns(schedule, afterMs);
    default:
      throw schedule satisfies never;
  }
}

/** The last instant that a Date can hold. */
const MAX_DATE_MS = 8.64e15;

function take(count: number, instantsMs: Iterable<number>): Date[] {
  const runs: Date[] = [];
  if (count === 0) return runs;
  for (const instantMs of instantsMs) {
    runs.push(new Date(instantMs));
    if (runs.length >= count) break;
  }
  return runs;
}

function zoneOfCron(cron: Cron, machineZone: string | undefined): Zone {
  const name = cron.zone ?? machineZone;
  if (name !== undefined) return zoneOf(name);
  throw new RangeError(
    "Cannot find the next runs: the schedule names no zone, so the machine's own zone must be given",
  );
}

/** Runs of a cron schedule in a zone, later than an instant. */
export function* cronRuns(cron: Cron, zone: Zone, afterMs: number): Generator<number> {
  let lastMs = afterMs;
  for (const wallMs of wallRuns(cron, firstWall(zone, afterMs))) {
    const { instantMs, isShown } = instantAt(zone, wallMs);
    if (!isShown || instantMs <= lastMs) continue;
    yield instantMs;
    lastMs = instantMs;
  }
}

/** What the clock shows, or earlier when it shows a time that the agent runs at its second pass, which is still to come. */
function firstWall(zone: Zone, afterMs: number): number {
  const wallMs = wallAt(zone, afterMs);
  return wallMs - Math.max(0, instantAt(zone, wallMs).instantMs - afterMs);
}

/** Times on the wall, as if it were UTC, at which a cron schedule runs, from `fromMs` on. The days are ours, the times of a day cron-parser's. */
export function* wallRuns(cron: Cron, fromMs: number): Generator<number> {
  const times = timesOfDay(cron);
  for (const dayMs of daysFrom(cron, fromMs)) yield* times(dayMs, fromMs);
}

function* rateRuns({ periodSeconds }: Rate, afterMs: number, createdAtMs: number): Generator<number> {
  const periodMs = periodSeconds * 1000;
  const passed = Math.max(0, Math.floor((afterMs - createdAtMs) / periodMs));
  for (let runMs = createdAtMs + (passed + 1) * periodMs; runMs <= MAX_DATE_MS; runMs += periodMs) yield runMs;
}

function* atRuns({ instant }: At, afterMs: number): Generator<number> {
  if (instant.getTime() > afterMs) yield instant.getTime();
}
