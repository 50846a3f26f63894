/** The zone at the end of a schedule, and the agent's way from a wall clock to an instant. */

import { FixedOffsetZone, IANAZone, type Zone } from "luxon";
import { refuse, type ScheduleError } from "./error";

/** A date and time as a clock on the wall shows it, no zone attached. Month from 1. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Accepts an IANA name, `UTC`, `GMT` and `GMT+8:00`, whatever stands around the last. */
export function readZone(text: string): Zone | ScheduleError {
  if (text.includes("/")) return readName(text);
  if (/[+-]/.test(text)) return readOffset(text);
  if (text === "UTC" || text === "GMT") return FixedOffsetZone.utcInstance;
  return refuse("TimezoneInformationCorrupt");
}

/** The agent looks a file up, so upper and lower case count; the runtime's own look-up ignores it. */
function readName(text: string): Zone | ScheduleError {
  const looksRight = /^[A-Z][A-Za-z]*(?:\/[A-Z][A-Za-z0-9+_-]*)+$/.test(text);
  const known = findKnownName(text);
  if (looksRight && (known === undefined || known === text) && IANAZone.isValidZone(text)) return IANAZone.create(text);
  return refuse(
    "TimezoneInformationCorrupt",
    `TimezoneInformationCorrupt: Information of sepcified timezone in cron expression cannot be parsed: unknown time zone ${text}`,
  );
}

let knownNames: Map<string, string> | undefined;

/** A zone's name as it is written; undefined for one that is no zone, or another zone's second name (`US/Eastern`). */
function findKnownName(text: string): string | undefined {
  knownNames ??= new Map(Intl.supportedValuesOf("timeZone").map((name) => [name.toLowerCase(), name]));
  return knownNames.get(text.toLowerCase());
}

function readOffset(text: string): Zone | ScheduleError {
  const offsets = [...text.matchAll(/GMT([+-])([0-9]|1[0-4]):([0-5][0-9])/g)];
  const [sign, hours, minutes] = offsets.length === 1 ? (offsets[0]?.slice(1) ?? []) : [];
  if (!sign) return refuse("InvalidGMTOffsetForTimezone");
  const offsetMinutes = Number(hours) * 60 + Number(minutes);
  return FixedOffsetZone.instance(sign === "-" ? -offsetMinutes : offsetMinutes);
}

/** What a clock on the wall shows at an instant, to the second. */
export function toWallTime(instant: number, zone: Zone): WallTime {
  const shifted = new Date(instant + zone.offset(instant) * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

/**
 * The instant at which a clock on the wall shows `wall`, the way Go's `time.Date` finds it: it guesses the offset as if the wall time were UTC
 * and mends the guess once. So in a repeated hour it takes the second pass east of Greenwich and the first pass west of it,
 * and moves a time in a skipped hour forward in the east and back in the west.
 */
export function toInstant(wall: WallTime, zone: Zone): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  const guess = asUtc - zone.offset(asUtc) * 60_000;
  return asUtc - zone.offset(guess) * 60_000;
}
