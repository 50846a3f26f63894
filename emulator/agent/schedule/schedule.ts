/**
 * How the agent itself reads a schedule: what it takes, what it refuses, when it would run, traps included.
 * An independent reading of the same specification as the provider's; it must never import that one.
 */

import { IANAZone, type Zone } from "luxon";
import { readAt } from "./at";
import { findNextWallTime, readCron } from "./cron";
import { AgentCrash, isRefusal, refuse, type ScheduleError } from "./error";
import { findNextPeriodEnd, readRate } from "./rate";
import { readZone, toInstant, toWallTime } from "./zone";

/** A schedule as the agent holds it. */
export interface Schedule {
  /**
   * The run after `after`, both in milliseconds since the epoch; undefined when the schedule is exhausted.
   * A run that does not lie after `after` is the agent's own mistake around a change of daylight saving:
   * its wait is negative, its timer ends without a report, and the schedule never fires again.
   */
  findNext(after: number): number | undefined;
  /** The zone that it is read in, its own or the machine's; absent where none plays a part. */
  readonly timeZone?: string;
}

/** What comes of handing a schedule to an agent. */
export type Reading =
  | { kind: "taken"; schedule: Schedule }
  | { kind: "refused"; error: ScheduleError }
  /** The agent's process ends. */
  | { kind: "crashed"; reason: string };

export interface Registration {
  /** IANA name of the machine's own zone. */
  timeZone: string;
  /** When the agent takes it, milliseconds since the epoch. */
  registeredAt: number;
  /** From when `rate` counts: the invocation's creation, milliseconds since the epoch. Default: `registeredAt`. */
  createdAt?: number;
}

/** Reads a schedule as the agent does when it is handed one. Never throws. */
export function readSchedule(
  text: string,
  { timeZone, registeredAt, createdAt = registeredAt }: Registration,
): Reading {
  try {
    const schedule = read(text, timeZone, createdAt);
    if (isRefusal(schedule)) return { kind: "refused", error: schedule };
    const error = checkFirstRun(text, schedule, registeredAt);
    return error ? { kind: "refused", error } : { kind: "taken", schedule };
  } catch (error) {
    if (error instanceof AgentCrash) return { kind: "crashed", reason: error.message };
    throw error;
  }
}

type Kind = "cron" | "rate" | "at";

const kindOf = (text: string): Kind => (/rate/i.test(text) ? "rate" : /at[\t\n\f\r ]*\(/i.test(text) ? "at" : "cron");

function read(text: string, timeZone: string, createdAt: number): Schedule | ScheduleError {
  const kind = kindOf(text);
  switch (kind) {
    case "rate": {
      const period = readRate(text);
      if (typeof period === "object") return period;
      return { findNext: (after) => findNextPeriodEnd(period, createdAt, after) };
    }
    case "at": {
      const run = readAt(text);
      if (isRefusal(run)) return run;
      return { findNext: (after) => (run.at > after ? run.at : undefined) };
    }
    case "cron":
      return readZonedCron(text, timeZone);
    default:
      return kind satisfies never;
  }
}

/** Unicode's white space, which is what the agent splits by; its cron library knows only ASCII's. */
const BLANKS = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const YEAR_FIELD = /^\*$|^\?$|19[789][0-9]|20[0-9]{2}|^\*\/\d+$/;

function readZonedCron(text: string, timeZone: string): Schedule | ScheduleError {
  const parts = splitZone(text);
  if (!parts) return refuse("BadCronExpression", "InvalidCronExpression");
  const zone: Zone | ScheduleError = parts.zone === undefined ? IANAZone.create(timeZone) : readZone(parts.zone);
  if (isScheduleError(zone)) return zone;
  const cron = readCron(parts.cron);
  if (isRefusal(cron)) return cron;
  return {
    timeZone: zone.name,
    findNext(after) {
      const wall = findNextWallTime(cron, toWallTime(after, zone));
      return wall && toInstant(wall, zone);
    },
  };
}

/** Six fields; a seventh is a year if it looks like one, else a zone; an eighth is a zone. */
function splitZone(text: string): { cron: string; zone?: string } | undefined {
  const fields = text.split(BLANKS).filter((field) => field !== "");
  const [year = "", zone = ""] = fields.slice(6);
  const six = fields.slice(0, 6).join(" ");
  switch (fields.length) {
    // Without a zone the agent hands the text on as it came, odd blanks included.
    case 6:
      return { cron: `${text.trim()} *` };
    case 7:
      return YEAR_FIELD.test(year) ? { cron: text.trim() } : { cron: `${six} *`, zone: year };
    case 8:
      return { cron: `${six} ${year}`, zone };
    default:
      return undefined;
  }
}

const isScheduleError = (value: Zone | ScheduleError): value is ScheduleError => "code" in value;

/** The agent looks for the first run at once. */
function checkFirstRun(text: string, schedule: Schedule, registeredAt: number): ScheduleError | undefined {
  const next = schedule.findNext(registeredAt);
  const kind = kindOf(text);
  if (next === undefined) return refuse(kind === "at" ? "AtExpressionExpired" : "CronExpressionExpired");
  if (next > registeredAt) return undefined;
  return refuse(
    kind === "rate" ? "InvalidRateExpression" : "BadCronExpression",
    "Schedule has finished and no next run",
  );
}
