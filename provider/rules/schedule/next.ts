import {
  CronDayOfMonth,
  CronDayOfWeek,
  CronExpression,
  CronFieldCollection,
  CronHour,
  CronMinute,
  CronMonth,
  CronSecond,
  type DayOfMonthRange,
  type DayOfWeekRange,
  type HourRange,
  type MonthRange,
  type SixtyRange,
} from "cron-parser";
import type { Zone } from "luxon";
import type { At } from "./at";
import type { Cron } from "./cron";
import { daysFrom } from "./days";
import { span } from "./field";
import { parseSchedule, type Schedule } from "./parse";
import type { Rate } from "./rate";
import { DAY_MS, instantAt, offsetMs, wallAt, zoneOf } from "./zone";

export interface NextRunsOptions {
  /** Runs later than this instant are given. */
  readonly after: Date;
  /** The machine's own zone, IANA name, `UTC` or `GMT±H:MM`; needed when a cron schedule names none. */
  readonly zone?: string;
  /** Most runs to give; default 5. */
  readonly count?: number;
  /** When the invocation was created, from which a rate counts; default `after`. */
  readonly createdAt?: Date;
}

/**
 * The next runs by the calendar, fewer than `count` when the schedule ends before (the agent's calendar ends with 2099).
 * A time that the clocks skip is left out; one that they show twice runs once, at the pass that the agent takes.
 * @throws {ScheduleSyntaxError} A text that parseSchedule refuses
 * @throws {RangeError} No zone in the schedule nor in the options, a zone that does not exist, or no valid `after`
 */
export function nextRuns(schedule: Schedule | string, options: NextRunsOptions): Date[] {
  const { after, count = 5, createdAt = after } = options;
  const parsed = typeof schedule === "string" ? parseSchedule(schedule) : schedule;
  if (Number.isNaN(after.getTime())) throw new RangeError("Cannot find the next runs: after must be a valid date");
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

function take(count: number, instantsMs: Iterable<number>): Date[] {
  const runs: Date[] = [];
  if (count < 1) return runs;
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
  for (const wallMs of wallRuns(cron, earliestWall(zone, afterMs))) {
    const instantMs = instantAt(zone, wallMs);
    const isShown = wallAt(zone, instantMs) === wallMs;
    if (!isShown || instantMs <= lastMs) continue;
    yield instantMs;
    lastMs = instantMs;
  }
}

/** Where the clock on the wall may stand again after an instant: earlier than now when it is about to be put back. */
function earliestWall(zone: Zone, afterMs: number): number {
  return afterMs + Math.min(offsetMs(zone, afterMs), offsetMs(zone, afterMs + DAY_MS));
}

/**
 * Times on the wall, as if it were UTC, at which a cron schedule runs, from `fromMs` on.
 * The days are ours; the times of a day are cron-parser's, which walks in UTC, where no clock is ever put forward.
 */
export function* wallRuns(cron: Cron, fromMs: number): Generator<number> {
  const times = timesOfDay(cron);
  const lastTimeMs = lastTimeOfDay(cron);
  for (const dayMs of daysFrom(cron, fromMs)) {
    let runMs = Math.max(dayMs, fromMs) - 1;
    times.reset(new Date(runMs));
    while (runMs < dayMs + lastTimeMs) {
      runMs = times.next().getTime();
      yield runMs;
    }
  }
}

const EVERY_DAY = new CronDayOfMonth(span(1, 31) as DayOfMonthRange[], { rawValue: "*" });
const EVERY_MONTH = new CronMonth(span(1, 12) as MonthRange[], { rawValue: "*" });
const EVERY_WEEKDAY = new CronDayOfWeek(span(0, 7) as DayOfWeekRange[], { rawValue: "*" });

function timesOfDay({ seconds, minutes, hours }: Cron): CronExpression {
  const fields = new CronFieldCollection({
    second: new CronSecond([...seconds] as SixtyRange[]),
    minute: new CronMinute([...minutes] as SixtyRange[]),
    hour: new CronHour([...hours] as HourRange[]),
    dayOfMonth: EVERY_DAY,
    month: EVERY_MONTH,
    dayOfWeek: EVERY_WEEKDAY,
  });
  return new CronExpression(fields, { tz: "UTC" });
}

function lastTimeOfDay({ seconds, minutes, hours }: Cron): number {
  return (((hours.at(-1) ?? 0) * 60 + (minutes.at(-1) ?? 0)) * 60 + (seconds.at(-1) ?? 0)) * 1000;
}

function* rateRuns({ periodSeconds }: Rate, afterMs: number, createdAtMs: number): Generator<number> {
  const periodMs = periodSeconds * 1000;
  const passed = Math.max(0, Math.floor((afterMs - createdAtMs) / periodMs));
  for (let runMs = createdAtMs + (passed + 1) * periodMs; ; runMs += periodMs) yield runMs;
}

function* atRuns({ instant }: At, afterMs: number): Generator<number> {
  if (instant.getTime() > afterMs) yield instant.getTime();
}
