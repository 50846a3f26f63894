import { isRefusal, refuse } from "../../../../emulator/agent/schedule/error";

test("a refusal says its code where the agent says nothing else", () => {
  expect(refuse("AtExpressionExpired")).toEqual({ code: "AtExpressionExpired", detail: "AtExpressionExpired" });
  expect(refuse("BadCronExpression", "missing field(s)")).toEqual({
    code: "BadCronExpression",
    detail: "missing field(s)",
  });
});

test.each([
  [refuse("BadCronExpression"), true],
  [{ at: 0 }, false],
  [[1, 2], false],
])("%j is a refusal: %p", (value, expected) => {
  expect(isRefusal(value)).toBe(expected);
});
