import { ScheduleSyntaxError } from "./error";
import { formatSchedule } from "./format";
import { parseOrRefuse } from "./parse";

/**
 * Whether two frequencies run at the same times: spacing, letter case, order of lists, names or numbers, `?` or `*` make no difference.
 * A text that does not parse is the same as itself only.
 */
export function sameSchedule(a: string, b: string): boolean {
  if (a === b) return true;
  const meaning = findMeaning(a);
  return meaning !== undefined && meaning === findMeaning(b);
}

function findMeaning(text: string): string | undefined {
  const schedule = parseOrRefuse(text);
  if (schedule instanceof ScheduleSyntaxError) return undefined;
  return formatSchedule(schedule.kind === "at" ? { ...schedule, zone: "UTC" } : schedule);
}
