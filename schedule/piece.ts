/** A part of a schedule's text that knows its place, so that every refusal can point at it. */
export interface Piece {
  readonly input: string;
  readonly offset: number;
  readonly text: string;
}

/** The part of a piece from `start` to `end`, counted as `slice` of a string does. */
export function slicePiece(piece: Piece, start: number, end = piece.text.length): Piece {
  return { input: piece.input, offset: piece.offset + start, text: piece.text.slice(start, end) };
}

/** The parts between separators; adjacent separators leave an empty part. */
export function splitPiece(piece: Piece, separator: string): Piece[] {
  let start = 0;
  return piece.text.split(separator).map((text) => {
    const part = slicePiece(piece, start, start + text.length);
    start += text.length + separator.length;
    return part;
  });
}

/** The parts before and after the first separator, or undefined when there is none. */
export function findHalves(piece: Piece, separator: string): [Piece, Piece] | undefined {
  const at = piece.text.indexOf(separator);
  return at < 0 ? undefined : [slicePiece(piece, 0, at), slicePiece(piece, at + separator.length)];
}
