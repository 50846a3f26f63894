import fc from "fast-check";
import { escapeControls, showLines } from "../../../provider/rules/printed";
import { expectGrowth } from "../../growth";

// [printed, shown]
test.each([
  ["one\ntwo\r\n", ["one", "two", ""]],
  ["a\tb", ["a\tb"]],
  ["错误 é 😀", ["错误 é 😀"]],
  ["10 %\r50 %\r100 %\ndone", ["100 %", "done"]],
  ["downloading\rok", ["okwnloading"]],
  ["downloading\r\x1b[Kok", ["ok"]],
  ["downloading\x1b[2K\rok", ["ok"]],
  ["abc\x1b[2Kd", ["   d"]],
  ["abc\x1b[1K\rx", ["x  "]],
  ["😀😀\rx", ["x😀"]],
  ["50 %\x1b[1G100 %", ["100 %"]],
  ["resolving\x1b[2K\x1b[1Gdone", ["done"]],
  ["abc\x1b[2Dx\x1b[Cy", ["axcy"]],
  ["a\x1b[3Cb\x1b[99Dc", ["c   b"]],
  ["half \ud83d", ["half \ufffd"]],
  ["passw\b\b\b\b\bdone", ["done" + "w"]],
  ["\b\bx", ["x"]],
  ["\x1b[31mred\x1b[0m and \x1b[1;38;5;208mbold\x1b[m", ["red and bold"]],
  ["\x1b]0;a window's title\x07text", ["text"]],
  ["\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", ["link"]],
  ["\x1bPq#0\x1b\\picture\x1b_x\x1b\\", ["picture"]],
  ["\x1b(Bcharset\x1b=\x1b>\x1bc", ["charset"]],
  ["\x9b31mred\x9d0;title\x9ctext", ["redtext"]],
  ["\x1b[2J\x1b[H\x1b[?25lscreen", ["screen"]],
  ["cut at the start: [31mx", ["cut at the start: [31mx"]],
  ["never ends: \x1b]0;title", ["never ends: \\x1b]0;title"]],
  ["at the end \x1b", ["at the end \\x1b"]],
  ["bell \x07, null \0, delete \x7f, next line \x85", ["bell \\x07, null \\x00, delete \\x7f, next line \\x85"]],
  ["turned \u202eback, separated\u2028", ["turned \\u202eback, separated\\u2028"]],
  ["\v\f", ["\\x0b\\x0c"]],
])("%j is shown as %j", (printed, shown) => {
  expect(showLines(printed)).toEqual(shown);
});

/** Everything that a terminal obeys but for a tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\0-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e]/;

test("nothing that is shown is obeyed by a terminal", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 5 }),
    fc.constantFrom(
      "\x1b",
      "\x1b[",
      "\x9b",
      "\x1b]",
      "\x07",
      "\x1b\\",
      "\r",
      "\b",
      "K",
      "2K",
      "31m",
      ";",
      "\n",
      "\u202e",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(showLines(pieces.join("")).filter((line) => OBEYED.test(line))).toEqual([]);
    }),
  );
});

test("plain text is shown as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
      expect(showLines(text)).toEqual([text]);
      expect(escapeControls(text)).toBe(text);
    }),
  );
});

test("a message keeps its lines", () => {
  expect(escapeControls("failed:\n    \x1b[31mred\r\n\ttab")).toBe("failed:\n    \\x1b[31mred\\x0d\n\ttab");
});

test.each([
  ["escapes", "\x1b"],
  ["beginnings of a title", "\x1b]"],
  ["beginnings of a colour", "\x1b[1"],
  ["carriage returns", "\r"],
  ["erasures", "\x1b[2K"],
  ["moves to the right", "\x1b[999999999Cx"],
  ["backspaces", "x\b"],
])("%s take time that grows with their number alone", (_, piece) => {
  expectGrowth((characters) => piece.repeat(characters / piece.length), showLines);
});
