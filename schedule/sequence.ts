import { refusal } from "./error";
import { type Piece, slicePiece } from "./piece";

/** Pattern of the next part, anchored where it stands by the `y` flag, and how to call it when it is missing. */
export type Step = readonly [pattern: RegExp, expected: string];

/**
 * The parts of a text that must consist of one match for each step and nothing more.
 *
 * @param remedyOf what to write instead of a text that does not
 * @throws {ScheduleSyntaxError}
 */
export function parseSequence(
  whole: Piece,
  steps: readonly Step[],
  remedyOf: (text: string) => string | undefined,
): Piece[] {
  const refuse = (start: number, expected: string) => {
    const remedy = remedyOf(whole.text);
    return refusal(slicePiece(whole, start), { expected, ...(remedy !== undefined && { remedy }) });
  };
  let end = 0;
  const parts = steps.map(([pattern, expected]) => {
    const start = end;
    pattern.lastIndex = start;
    if (!pattern.test(whole.text)) throw refuse(start, expected);
    end = pattern.lastIndex;
    return slicePiece(whole, start, end);
  });
  if (end < whole.text.length) throw refuse(end, "the end of the text");
  return parts;
}
