import { isExtended } from "../../schedule/extended";

// [text, whether it needs an agent that knows more than six fields]
it.each([
  ["0 0 2 * * ?", false],
  [" 0\t0 2\n* * ? ", false],
  ["0 0 2 * * ? *", true],
  ["0 0 2 * * ? 2030", true],
  ["0 0 2 * * ? Asia/Shanghai", true],
  ["rate(5m)", true],
  ["RATE (5m)", true],
  ["at(2030-01-31 13:15:30)", true],
  // Refused for other reasons; the question has an answer all the same.
  ["0 0 2 ? * 1-7", false],
  ["0 0 2 ? * 1-7 UTC", true],
  ["at(soon)", true],
])("%j", (text, isIt) => {
  expect(isExtended(text)).toBe(isIt);
});
