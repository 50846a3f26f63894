import { ScheduleSyntaxError } from "../../schedule";
import { kindOf, readSchedule } from "../../schedule/schedule";

const read = (text: string) => readSchedule({ input: text, offset: 0, text });

// [text, kind, whether the rest can be read]
it.each([
  ["0 0 2 * * ?", "cron", true],
  ["", "cron", false],
  ["0 0 2 * * ? Asia/Shanghai", "cron", true],
  ["rate(5m)", "rate", true],
  ["RATE (5m)", "rate", true],
  ["operate", "rate", false],
  ["at(2030-01-31 13:15:30)", "at", true],
  [" AT(soon)", "at", false],
  ["0 at 2 * * ?", "cron", false],
])("takes %j for %s", (text, kind, isRight) => {
  expect(kindOf(text)).toBe(kind);
  if (isRight) expect(read(text).kind).toBe(kind);
  else expect(() => read(text)).toThrow(ScheduleSyntaxError);
});
