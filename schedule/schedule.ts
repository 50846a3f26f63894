import { type At, parseAt } from "./at";
import { type Cron, parseCron } from "./cron";
import type { Piece } from "./piece";
import { parseRate, type Rate } from "./rate";

/** What a frequency says: a calendar, a period or one instant. */
export type Schedule = Cron | Rate | At;

/**
 * A schedule as the grammar has it, without a thought of what else its author may have meant.
 * @throws {ScheduleSyntaxError}
 */
export function readSchedule(whole: Piece): Schedule {
  const kind = kindOf(whole.text);
  switch (kind) {
    case "cron":
      return parseCron(whole);
    case "rate":
      return parseRate(whole);
    case "at":
      return parseAt(whole);
    default:
      throw kind satisfies never;
  }
}

/** What the agent takes a text for, whether or not it can read the rest. */
export function kindOf(text: string): Schedule["kind"] {
  if (/rate/i.test(text)) return "rate";
  return /^[ \t\n]*at/i.test(text) ? "at" : "cron";
}
