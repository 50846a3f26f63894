import { ScheduleSyntaxError } from "./error";
import { formatSchedule } from "./format";
import { parseOrRefuse } from "./parse";

/**
 * Whether two frequencies run at the same times: spacing, letter case, order of lists, names or numbers, `?` or `*` make no
 * difference, nor does the zone in which `at(…)` tells its instant. Two zones of a cron schedule differ even where their clocks
 * agree today. A text that does not parse is the same as itself only. Never throws.
 *
 * @example sameSchedule("at(2030-01-31 13:15:30)", "at(2030-01-31 13:15:30 UTC)") // true
 */
export const sameSchedule = (a: string, b: string): boolean =>
  a === b || meaningOfFrequency(a) === meaningOfFrequency(b);

/** One text for all frequencies that run at the same times; one that does not parse means itself. */
export function meaningOfFrequency(text: string): string {
  const schedule = parseOrRefuse(text);
  if (schedule instanceof ScheduleSyntaxError) return text;
  return formatSchedule(schedule.kind === "at" ? { ...schedule, zone: "UTC" } : schedule);
}
