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
  }
  kind satisfies never;
  return refuse("BadCronExpression");
}

/** Unicode's white space, which is what the agent splits by; its cron library knows only ASCII's. */
const BLANKS = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const YEAR_FIELD = /^\*$|^\?$|19[789][0-9]|20[0-9]{2}|^\*\/\d+$/;

/** Six fields; the seventh is a year if it looks like one, else a zone; the eighth is a zone. */
function readZonedCron(text: string, timeZone: string): Schedule | ScheduleError {
  const fields = text.split(BLANKS).filter((field) => field !== "");
  const [seventh, eighth] = fields.slice(6);
  if (fields.length < 6 || fields.length > 8) return refuse("BadCronExpression", "InvalidCronExpression");

  const zoneText = eighth ?? (seventh !== undefined && !YEAR_FIELD.test(seventh) ? seventh : undefined);
  const zone: Zone | ScheduleError = zoneText === undefined ? IANAZone.create(timeZone) : readZone(zoneText);
  if (isScheduleError(zone)) return zone;

  const year = zoneText !== undefined && eighth === undefined ? "*" : (seventh ?? "*");
  // Without a zone the agent hands the text on as it came, odd blanks included.
  const cron = readCron(
    zoneText === undefined
      ? `${text.trim()}${seventh === undefined ? " *" : ""}`
      : [...fields.slice(0, 6), year].join(" "),
  );
  if (isRefusal(cron)) return cron;
  return {
    findNext(after) {
      const wall = findNextWallTime(cron, toWallTime(after, zone));
      return wall && toInstant(wall, zone);
    },
  };
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
