import { type ForeignCharacter, listForeign, nameCharacter, toPlain } from "./characters";
import { findDialect, reword } from "./dialect";
import { adviseOneOf, quote, refusal, ScheduleSyntaxError } from "./error";
import { MAX_FREQUENCY_CHARACTERS } from "./limits";
import { type Piece, slicePiece } from "./piece";
import { readSchedule, type Schedule } from "./schedule";

/**
 * Reads a frequency as the agent executes it. Texts that mean the same give equal schedules (of `at(…)`, the zone is kept).
 * The grammar is `grammar.bnf`, shown in the repository's `docs/schedules.md`.
 *
 * @param text at most 4,096 UTF-16 units
 * @throws {ScheduleSyntaxError} The service would refuse the text, or the agent would read something else than it says
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/cron-expressions
 */
export function parseSchedule(text: string): Schedule {
  const parsed = parseOrRefuse(text);
  if (parsed instanceof ScheduleSyntaxError) throw parsed;
  return parsed;
}

/** The schedule, or the error that parseSchedule throws. */
export function parseOrRefuse(text: string): Schedule | ScheduleSyntaxError {
  const whole = { input: text, offset: 0, text };
  if (text.length > MAX_FREQUENCY_CHARACTERS) return tooLong(whole);
  const foreign = listForeign(text).filter(({ plain }) => plain !== undefined);
  if (foreign[0] !== undefined) return foreignCharacter(whole, foreign[0], foreign.length - 1);
  try {
    return readSchedule(whole);
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return findDialect(whole) ?? error;
    throw error;
  }
}

function tooLong(whole: Piece): ScheduleSyntaxError {
  return refusal(whole, {
    expected: `at most ${MAX_FREQUENCY_CHARACTERS} characters`,
    problem: `a frequency has at most ${MAX_FREQUENCY_CHARACTERS} characters, found ${whole.text.length}`,
  });
}

function foreignCharacter(whole: Piece, character: ForeignCharacter, others: number): ScheduleSyntaxError {
  const { text, offset, position } = character;
  const more = others === 0 ? "" : ` (and ${others} more of the kind)`;
  const meant = reword(toPlain(whole.text));
  return refusal(slicePiece(whole, offset, offset + text.length), {
    expected: "characters of ASCII",
    problem: `${nameCharacter(text)} at character ${position} ${faultOf(character)}${more}`,
    remedy: meant.length === 0 ? remedyFor(character) : adviseOneOf(meant),
  });
}

function faultOf({ kind, plain }: ForeignCharacter): string {
  // The agent splits at some other blanks and takes the rest for part of a field.
  if (kind === "blank") return "is a blank that is not read as one everywhere";
  return kind === "invisible" ? "cannot be seen" : `is not the ${quote(plain ?? "")} that it stands for`;
}

function remedyFor({ kind, plain }: ForeignCharacter): string {
  if (kind === "blank") return "write a space";
  return kind === "invisible" ? "take it out" : `write ${quote(plain ?? "")}`;
}
