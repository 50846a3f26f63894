import { quote, refusal, ScheduleSyntaxError } from "../../schedule/error";

const PLACE = { input: "0 0 24 * * ?", offset: 4, text: "24" };

it("says what was expected and what is there", () => {
  expect(refusal(PLACE, { expected: "an hour from 0 to 23" }).message).toBe(
    'Cannot parse frequency "0 0 24 * * ?": expected an hour from 0 to 23, found "24" (at offset 4)',
  );
});

it("says nothing where nothing is", () => {
  expect(refusal({ ...PLACE, text: "" }, { expected: "an hour" }).message).toBe(
    'Cannot parse frequency "0 0 24 * * ?": expected an hour, found nothing (at offset 4)',
  );
});

it("puts the problem in place of it, and the remedy behind", () => {
  const details = { expected: "an hour", problem: "a day has no hour 24", remedy: 'write "0"' };
  expect(refusal(PLACE, details).message).toBe(
    'Cannot parse frequency "0 0 24 * * ?": a day has no hour 24; write "0" (at offset 4)',
  );
});

it("holds place and remedy apart from the message", () => {
  const error = refusal(PLACE, { expected: "an hour", remedy: 'write "0"' });
  expect(error).toBeInstanceOf(ScheduleSyntaxError);
  expect({ ...error }).toEqual({
    name: "ScheduleSyntaxError",
    input: "0 0 24 * * ?",
    offset: 4,
    expected: "an hour",
    remedy: 'write "0"',
  });
});

it("keeps a quoted text on one line and short", () => {
  expect(quote('a\n"b"')).toBe('"a\\n\\"b\\""');
  expect(quote("x".repeat(201))).toBe(`"${"x".repeat(200)}…"`);
  expect(quote("x".repeat(200))).toBe(`"${"x".repeat(200)}"`);
});
