import type { Piece } from "./piece";

const QUOTED_CHARACTERS = 200;
const FOUND_CHARACTERS = 24;

export interface Refusal {
  /** What would be taken at this place, as a phrase. */
  readonly expected: string;
  /** What is wrong, when "expected …, found …" does not say it. */
  readonly problem?: string;
  /** What to write instead. */
  readonly remedy?: string;
}

/** A schedule that the service would refuse, or would take and read as something else than it says. */
export class ScheduleSyntaxError extends SyntaxError {
  override readonly name = "ScheduleSyntaxError";
  /** The whole text. */
  readonly input: string;
  /** Where in `input` the refused part begins, in UTF-16 units from 0. */
  readonly offset: number;
  /** What would be taken at that place. */
  readonly expected: string;
  /** What to write instead, where that is known. */
  readonly remedy: string | undefined;

  constructor(place: Piece, { expected, problem, remedy }: Refusal) {
    const found = place.text === "" ? "nothing" : quote(place.text, FOUND_CHARACTERS);
    const sentence = problem ?? `expected ${expected}, found ${found}`;
    const advice = remedy === undefined ? "" : `; ${remedy}`;
    super(`Cannot parse frequency ${quote(place.input)}: ${sentence}${advice} (at offset ${place.offset})`);
    this.input = place.input;
    this.offset = place.offset;
    this.expected = expected;
    this.remedy = remedy;
  }
}

/** The text in double quotes on one line, cut to a length that a terminal can bear. */
export function quote(text: string, maxCharacters = QUOTED_CHARACTERS): string {
  return JSON.stringify(text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text);
}
