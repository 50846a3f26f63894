import { type At, parseAt } from "./at";
import { type Cron, parseCron } from "./cron";
import { ScheduleSyntaxError } from "./error";
import { MAX_FREQUENCY_CHARACTERS } from "./limits";
import { type Piece, slicePiece } from "./piece";
import { parseRate, type Rate } from "./rate";

/** What a frequency says: a calendar, a period or one instant. */
export type Schedule = Cron | Rate | At;

/**
 * Reads a frequency as the agent executes it; `grammar.bnf` beside this file is what it takes.
 * Texts that mean the same give equal schedules (of `at(…)`, the zone is kept).
 * @throws {ScheduleSyntaxError} The service would refuse the text, or the agent would read something else than it says
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/scheduled-tasks
 */
export function parseSchedule(text: string): Schedule {
  const whole = { input: text, offset: 0, text };
  if (text.length > MAX_FREQUENCY_CHARACTERS) {
    throw new ScheduleSyntaxError(whole, {
      expected: `at most ${MAX_FREQUENCY_CHARACTERS} characters`,
      problem: `a frequency has at most ${MAX_FREQUENCY_CHARACTERS} characters, found ${text.length}`,
    });
  }
  refuseBlanks(whole);
  const kind = kindOf(text);
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

// The agent splits at some other blanks and takes the rest for part of a field.
function refuseBlanks(whole: Piece): void {
  const index = whole.text.search(/[^\S \t\n]/);
  if (index < 0) return;
  const code = whole.text.charCodeAt(index).toString(16).toUpperCase().padStart(4, "0");
  throw new ScheduleSyntaxError(slicePiece(whole, index, index + 1), {
    expected: "a space, a tab or a newline",
    problem: `the blank U+${code} is not read as one everywhere`,
    remedy: "write a space",
  });
}

/** The schedule, or the error where parseSchedule would throw it. */
export function parseOrRefuse(text: string): Schedule | ScheduleSyntaxError {
  try {
    return parseSchedule(text);
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return error;
    throw error;
  }
}
