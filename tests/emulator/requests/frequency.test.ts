import { formatForAgent, isFrequencyValid } from "../../../emulator/requests/frequency";
import { expectGrowth } from "../../growth";

const NOW = Date.parse("2026-06-01T00:00:00Z");

describe("isFrequencyValid", () => {
  test.each<[frequency: string, timeoutSeconds: number, valid: boolean]>([
    ["0 */20 * * * *", 60, true],
    ["0 */20 * * * ?", 1_200, true],
    ["0 */20 * * * ?", 1_201, false],
    ["0 * * * * ?", 60, true],
    ["0 * * * * ?", 61, false],
    ["*/30 * * * * ?", 60, false],
    ["*/30 * * * * ?", 30, true],
    ["*/10 * * * * ?", 10, true],
    ["*/9 * * * * ?", 10, false],
    ["0,5 0 0 * * ?", 10, false],
    ["50,0 59,0 23,0 * * ?", 10, true],
    ["55,0 59,0 23,0 * * ?", 10, false],
    ["0 0 12 * * ?", 86_400, true],
    ["0 0 0,12 * * ?", 43_200, true],
    ["0 0 0,12 * * ?", 43_201, false],
    ["0 15 10 ? * * 2027 Asia/Shanghai", 60, true],
    ["0 15 10 ? * * 2025 Asia/Shanghai", 60, false],
    ["0 15 10 ? * * GMT+08:00", 60, false],
    ["0 0 0 30 2 ?", 60, false],
    ["* * *", 60, false],
    ["every day", 60, false],
    ["", 60, false],
    ["rate(60s)", 59, true],
    ["rate(60s)", 60, false],
    ["rate(59s)", 10, false],
    ["rate(5m)", 60, true],
    ["RATE(5M)", 60, true],
    ["rate(7d)", 60, true],
    ["rate(8d)", 60, false],
    ["rate(169h)", 60, false],
    ["rate(5x)", 60, false],
    ["rate(-5m)", 60, false],
    ["at(2026-06-06 13:15:30 GMT-7:00)", 60, true],
    ["at(2026-06-01 00:00:01)", 60, true],
    ["at(2026-05-31 23:59:59)", 60, false],
    ["at(2026-13-01 00:00:00)", 60, false],
    ["at(tomorrow)", 60, false],
  ])("%s with a timeout of %i s: %s", (frequency, timeoutSeconds, valid) => {
    expect(isFrequencyValid(frequency, timeoutSeconds, NOW)).toBe(valid);
  });

  test.each<[string, (characters: number) => string, boolean]>([
    ["items", (characters) => `${"0,".repeat(characters / 2)}0 * * * * ?`, true],
    ["blanks", (characters) => " ".repeat(characters), false],
    ["blanks in a rate", (characters) => `rate(${" ".repeat(characters)}5m)`, true],
  ])("%s take time that grows with their number alone", (_, write, valid) => {
    expectGrowth(write, (frequency) => expect(isFrequencyValid(frequency, 60, NOW)).toBe(valid));
  });
});

describe("formatForAgent", () => {
  test.each([
    ["at(2026-06-06 13:15:30 GMT-7:00)", "at(2026-06-06T20:15:30)"],
    ["at(2026-06-06 13:15:30 Asia/Shanghai)", "at(2026-06-06T05:15:30)"],
    ["at(2026-06-06 13:15:30)", "at(2026-06-06T13:15:30)"],
    ["at(never)", "at(never)"],
    ["rate(5m)", "rate(5m)"],
    ["0 0 12 * * ? Asia/Shanghai", "0 0 12 * * ? Asia/Shanghai"],
  ])("%s", (frequency, sent) => {
    expect(formatForAgent(frequency)).toBe(sent);
  });
});
