import { formatSchedule, parseSchedule } from "../../../../provider/rules/schedule";
import { refusal, refusalOf } from "./refusal";

describe("takes", () => {
  // [text, seconds, canonical]
  it.each([
    ["rate(5m)", 300, "rate(5m)"],
    ["RATE(5M)", 300, "rate(5m)"],
    ["rate\t (5 m)", 300, "rate(5m)"],
    ["rate(1s)", 1, "rate(1s)"],
    ["rate(60s)", 60, "rate(1m)"],
    ["rate(90m)", 5400, "rate(90m)"],
    ["rate(120m)", 7200, "rate(2h)"],
    ["rate(168h)", 604_800, "rate(7d)"],
    ["rate(1000d)", 86_400_000, "rate(1000d)"],
    ["rate(000000000000000000000000000001d)", 86_400, "rate(1d)"],
  ])("%j", (text, periodSeconds, canonical) => {
    expect(parseSchedule(text)).toEqual({ kind: "rate", periodSeconds });
    expect(formatSchedule(parseSchedule(text))).toBe(canonical);
  });
});

describe("refuses", () => {
  // [text, offset, what is wrong]
  it.each([
    ["rate(5m", 7, 'expected ")", found nothing'],
    ["rate\f(5m)", 4, "the blank U+000C is not read as one everywhere; write a space"],
    ["rate(m)", 5, 'expected a whole number, found "m)"'],
    ["rate( 5m)", 5, 'expected a whole number, found " 5m)"'],
    ["rate(5 minutes)", 8, 'expected ")", found "inutes)"'],
    ["rate(5m )", 7, 'expected ")", found " )"'],
    [" rate(5m)", 0, 'expected "rate(", found " rate(5m)"'],
    ["xrate(5m)", 0, 'expected "rate(", found "xrate(5m)"'],
    ["rates(5m)", 0, 'expected "rate(", found "rates(5m)"'],
    ["rate(0m)", 5, "a period is at least 1 s"],
    ["rate(1001d)", 5, "the period is longer than the 1,000 d that the agent counts"],
    ["rate(99999999999999999999999999d)", 5, "the period is longer than the 1,000 d that the agent counts"],
    ["rate(-5m)", 5, 'expected a whole number, found "-5m)"'],
    ["rate(5.5m)", 6, 'expected s, m, h or d, found ".5m)"'],
    ["rate(5w)", 6, 'expected s, m, h or d, found "w)"'],
    ["rate(5m) UTC", 8, 'expected the end of the text, found " UTC"'],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});
