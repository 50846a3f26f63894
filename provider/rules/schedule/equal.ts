import { ScheduleSyntaxError } from "./error";
import { formatSchedule } from "./format";
import { parseSchedule } from "./parse";

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
  try {
    const schedule = parseSchedule(text);
    return schedule.kind === "at" ? formatSchedule({ ...schedule, zone: "UTC" }) : formatSchedule(schedule);
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return undefined;
    throw error;
  }
}
