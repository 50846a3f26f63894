import { parseBody, parseCount, parseInstant } from "../../../emulator/control/body";

test.each([
  ["", {}],
  ["{}", {}],
  ['{"ms":1}', { ms: 1 }],
])("a body of %j", (text, value) => {
  expect(parseBody(Buffer.from(text))).toEqual(value);
});

test.each(["[]", "null", "1", '"x"'])("%s is no object", (text) => {
  expect(() => parseBody(Buffer.from(text))).toThrow(new TypeError("The body must be a JSON object"));
});

test("what is no JSON", () => {
  expect(() => parseBody(Buffer.from("{"))).toThrow(SyntaxError);
});

describe("a number of the query", () => {
  const bounds = { fallback: 7, least: 1, most: 100 };
  const parse = (text: string): number => parseCount(new URLSearchParams(text), "n", bounds);

  test.each([
    ["", 7],
    ["m=3", 7],
    ["n=1", 1],
    ["n=100", 100],
    ["n=007", 7],
  ])("of %j", (text, value) => {
    expect(parse(text)).toBe(value);
  });

  test.each(["0", "101", "-1", "1.5", "1e1", "x", "", "٣", "9".repeat(16)])("%j is refused", (text) => {
    expect(() => parse(`n=${text}`)).toThrow(
      new RangeError(`"n" must be a whole number from 1 to 100: current value is "${text}"`),
    );
  });
});

test("an instant of the query", () => {
  const parse = (text: string) => parseInstant(new URLSearchParams(text), "until");
  expect([parse(""), parse("until=2026-06-01T00:00:00Z")]).toEqual([undefined, Date.parse("2026-06-01T00:00:00Z")]);
  expect(() => parse("until=soon")).toThrow(
    new RangeError('"until" must be an instant in ISO 8601: current value is "soon"'),
  );
});
