/**
 * Shows foreign text, such as what a machine printed, as text: what a terminal would have shown in the end, and nothing that a
 * terminal obeys.
 */

/** Sequences that a terminal obeys (ECMA-48): CSI, then strings such as a window's title with their end, then two or three characters. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\x1b\[|\x9b)([0-?]{0,64})[ -/]{0,8}([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)|\x1b[ -/]{0,8}[0-OQ-WYZ\\`-~]/y;

/** What obeys no rule of text: controls but for tab and newline, and what turns the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Half of a character, which the engine's protocol cannot carry. */
const HALF = /\p{Surrogate}/gu;

/** Controls as one writes them, `\x1b`; nothing else of a text changes. */
export const escapeControls = (text: string): string =>
  text.replace(HALF, "\ufffd").replace(CONTROL, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });

/** A terminal moves no further to the right than it is wide, and nobody knows how wide. */
const WIDEST = 400;

/** The lines of what a machine printed, as a terminal would show them in the end. */
export const showLines = (printed: string): string[] => printed.split(/\r?\n/).map(showLine);

/** A carriage return goes back to the first column, and what follows is written over what is there. */
function showLine(line: string): string {
  const cells: string[] = [];
  let column = 0;
  for (let at = 0; at < line.length; ) {
    SEQUENCE.lastIndex = at;
    const sequence = line[at] === "\x1b" || (line[at] ?? "") >= "\x80" ? SEQUENCE.exec(line) : null;
    if (sequence) {
      const [whole, parameter = "", final] = sequence;
      if (final === "K") erase(cells, column, parameter);
      else column = move(column, cells.length, final, Number(parameter) || 1);
      at += whole.length;
      continue;
    }
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
    at += character.length;
    if (character === "\r") column = 0;
    else if (character === "\b") column = Math.max(0, column - 1);
    else {
      while (cells.length < column) cells.push(" ");
      cells[column++] = character;
    }
  }
  return escapeControls(cells.join(""));
}

/** Where a sequence takes the cursor in its line: to a column that is counted from 1 (G), to the left (D), or to the right (C). */
function move(column: number, length: number, final: string | undefined, by: number): number {
  const columns: Record<string, number> = { G: by - 1, C: column + by, D: column - by };
  const wanted = columns[final ?? ""] ?? column;
  return Math.max(0, Math.min(wanted, Math.max(length, column, WIDEST)));
}

/** Erases in the line: from the cursor on, up to it (1), or all of it (2). */
function erase(cells: string[], column: number, parameter: string): void {
  if (parameter === "1") cells.fill(" ", 0, column + 1);
  else cells.length = parameter === "2" ? 0 : Math.min(cells.length, column);
}
