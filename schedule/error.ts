import { escapeInvisible, listForeign, nameCharacter } from "./characters";
import type { Piece } from "./piece";

const QUOTED_CHARACTERS = 200;
const FOUND_CHARACTERS = 24;

/**
 * A schedule that the service would refuse, or would take and read as something else than it says. Its message is a whole
 * sentence for a person: the text, what is wrong with it, what to write instead and the place.
 */
export class ScheduleSyntaxError extends SyntaxError {
  /** For those who cannot ask `instanceof`. */
  override readonly name = "ScheduleSyntaxError";
  /** The whole text. */
  readonly input: string;
  /** Where in `input` the refused part begins, in UTF-16 units from 0 to its length. */
  readonly offset: number;
  /** What would be taken at that place, as a phrase. */
  readonly expected: string;
  /** What to write instead, where that is known: `write "0 0 2 * * ?"`. */
  readonly remedy: string | undefined;

  constructor(message: string, detail: Pick<ScheduleSyntaxError, "input" | "offset" | "expected" | "remedy">) {
    super(message);
    this.input = detail.input;
    this.offset = detail.offset;
    this.expected = detail.expected;
    this.remedy = detail.remedy;
  }
}

interface Refusal {
  /** What would be taken at this place, as a phrase. */
  readonly expected: string;
  /** What is wrong, when "expected …, found …" does not say it. */
  readonly problem?: string;
  /** What to write instead. */
  readonly remedy?: string;
}

/** The error for a part of a frequency, in the words of all of them. */
export function refusal(place: Piece, { expected, problem, remedy }: Refusal): ScheduleSyntaxError {
  const { input, offset, text } = place;
  const found = text === "" ? "nothing" : `${quote(text, FOUND_CHARACTERS)}${nameForeign(place)}`;
  const sentence = problem ?? `expected ${expected}, found ${found}`;
  const advice = remedy === undefined ? "" : `; ${remedy}`;
  const message = `Cannot parse frequency ${quote(input)}: ${sentence}${advice} (at offset ${offset})`;
  return new ScheduleSyntaxError(message, { input, offset, expected, remedy });
}

/** ` with U+0131 at character 13`, of the first character that is not ASCII: it may look like one that is. */
function nameForeign({ input, offset, text }: Piece): string {
  const [first] = listForeign(text.slice(0, FOUND_CHARACTERS));
  if (first === undefined) return "";
  return ` with ${nameCharacter(first.text)} at character ${[...input.slice(0, offset)].length + first.position}`;
}

/** The text in double quotes on one line, what cannot be seen as escapes, cut to a length that a terminal can bear. */
export function quote(text: string, maxCharacters = QUOTED_CHARACTERS): string {
  return escapeInvisible(JSON.stringify(text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text));
}

/** `"a", "b" or "c"` */
function quoteChoices(texts: readonly string[]): string {
  const quoted = texts.map((text) => quote(text));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** `write "a"`, or the choice where the author alone can tell. */
export function adviseOneOf(texts: readonly string[]): string {
  return `write ${quoteChoices(texts)}${texts.length < 2 ? "" : ", whichever is meant"}`;
}
