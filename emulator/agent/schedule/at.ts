/** `at(2026-06-06 13:15:30 GMT-7:00)`: one run. The service hands it to the agent in UTC; here both are one. */

import { FixedOffsetZone } from "luxon";
import { isRefusal, refuse, type ScheduleError } from "./error";
import { readZone, toInstant } from "./zone";

/** The instant, in milliseconds since the epoch. Default zone: UTC. */
export function readAt(text: string): { at: number } | ScheduleError {
  const [, year, month, day, hour, minute, second, zoneText] =
    /^at\((\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?: +([^ ]+))?\)$/i.exec(text) ?? [];
  if (year === undefined) return refuse("InvalidAtExpression");

  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  const asUtc = new Date(Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second));
  const isOnCalendar = asUtc.toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
  if (!isOnCalendar) return refuse("InvalidAtExpression");

  const zone = zoneText === undefined ? FixedOffsetZone.utcInstance : readZone(zoneText);
  return isRefusal(zone) ? zone : { at: toInstant(wall, zone as FixedOffsetZone) };
}
