import fc from "fast-check";
import { describeLines } from "../../../provider/rules/lines";

it.each<[string, string, string, string[]]>([
  ["nothing", "a\nb", "a\nb", []],
  ["a line in the middle", "a\nb\nc", "a\nB\nc", ["2 - b", "2 + B"]],
  ["the first and the last", "a\nb\nc", "A\nb\nC", ["1 - a", "1 + A", "3 - c", "3 + C"]],
  ["lines that come", "a", "a\nb\nc", ["2 + b", "3 + c"]],
  ["lines that go", "a\nb\nc", "b", ["1 - a", "3 - c"]],
  ["a line that moves", "a\nb\nc", "c\na\nb", ["1 + c", "3 - c"]],
  ["an empty line", "a\n\nb", "a\nb", ["2 -"]],
  ["line ends", "a\r\nb", "a\nb", ["1 - a", "1 + a"]],
  [
    "numbers of two digits",
    Array.from({ length: 10 }, () => "").join("\n"),
    `x\n${Array.from({ length: 10 }, () => "").join("\n")}y`,
    [" 1 -", " 1 + x", "11 + y"],
  ],
  ["a long line", "a", "b".repeat(101), ["1 - a", `1 + ${"b".repeat(100)}…`]],
  ["a password", "a", 'PASSWORD="hunter2-hunter2"', ["1 - a", "1 + (not shown: it looks like a password or a key)"]],
  [
    "more lines than one reads",
    "",
    Array.from({ length: 22 }, (_, i) => `line ${i}`).join("\n"),
    [" 1 -", ...Array.from({ length: 19 }, (_, i) => `${String(i + 1).padStart(2)} + line ${i}`), "and 3 lines more"],
  ],
])("%s", (_, from, to, lines) => {
  expect(describeLines(from, to)).toEqual(lines);
});

const script = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });

it("turns one script into the other, whatever they are", () => {
  fc.assert(
    fc.property(script, script, (from, to) => {
      fc.pre(from.length > 0 && to.length > 0);
      const lines = describeLines(from.join("\n"), to.join("\n")).map(
        (line) => /^ *(\d+) ([-+]) ?(.*)$/.exec(line) ?? [],
      );
      const of = (sign: string) => lines.filter(([, , found]) => found === sign);
      // Without what went and what came, both are the same.
      const rest = (whole: string[], sign: string) =>
        whole.filter((_, i) => !of(sign).some(([, n]) => Number(n) === i + 1));
      for (const [, number, sign, text] of lines) expect((sign === "-" ? from : to)[Number(number) - 1]).toBe(text);
      if (lines.length < 20) expect(rest(from, "-")).toEqual(rest(to, "+"));
    }),
  );
});

it("takes scripts of many lines", () => {
  const from = Array.from({ length: 9_000 }, (_, i) => `${i}`).join("\n");
  const to = Array.from({ length: 9_000 }, (_, i) => `${-1 - i}`).join("\n");
  expect(describeLines(from, to).at(-1)).toBe("and 17980 lines more");
});
