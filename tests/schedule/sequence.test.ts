import { parseSequence, type Step } from "../../schedule/sequence";

const STEPS: readonly Step[] = [
  [/[a-z]+/y, "letters"],
  [/\d+/y, "a number"],
];
const parse = (text: string) =>
  parseSequence({ input: text, offset: 0, text }, STEPS, (whole) => (whole === "ab 12" ? 'write "ab12"' : undefined));

it("gives each part with its place", () => {
  expect(parse("abc12")).toEqual([
    { input: "abc12", offset: 0, text: "abc" },
    { input: "abc12", offset: 3, text: "12" },
  ]);
});

it("starts anew for every text", () => {
  expect(parse("abc12")).toEqual(parse("abc12"));
});

it.each([
  ["12", 'Cannot parse frequency "12": expected letters, found "12" (at offset 0)'],
  ["abc", 'Cannot parse frequency "abc": expected a number, found nothing (at offset 3)'],
  ["ab 12", 'Cannot parse frequency "ab 12": expected a number, found " 12"; write "ab12" (at offset 2)'],
  ["abc12!", 'Cannot parse frequency "abc12!": expected the end of the text, found "!" (at offset 5)'],
])("refuses %s", (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
