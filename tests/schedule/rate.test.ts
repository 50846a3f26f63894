import { formatSchedule, parseSchedule } from "../../schedule";
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
    ["rate(5m", 7, 'expected ")", found nothing; write "rate(5m)"'],
    ["rate\f(5m)", 4, 'U+000C at character 5 is a blank that is not read as one everywhere; write "rate (5m)"'],
    ["rate(m)", 5, 'expected a whole number, found "m)"'],
    ["rate( 5m)", 5, 'expected a whole number, found " 5m)"; write "rate(5m)"'],
    ["rate(5m )", 7, 'expected ")", found " )"; write "rate(5m)"'],
    [" rate(5m)", 0, 'expected "rate(", found " rate(5m)"; write "rate(5m)"'],
    ["xrate(5m)", 0, 'expected "rate(", found "xrate(5m)"'],
    ["rates(5m)", 0, 'expected "rate(", found "rates(5m)"'],
    ["rate(0m)", 5, "a period is at least 1 s"],
    ["rate(1001d)", 5, "the period is longer than the 1,000 d that the agent counts"],
    ["rate(99999999999999999999999999d)", 5, "the period is longer than the 1,000 d that the agent counts"],
    ["rate(-5m)", 5, 'expected a whole number, found "-5m)"'],
    ["rate(5w)", 6, 'expected s, m, h or d, found "w)"'],
    ["rate(5-m)", 6, 'expected s, m, h or d, found "-m)"'],
    ["rate(1h30m)", 7, 'expected ")", found "30m)"; write "rate(90m)"'],
    [
      "rate(5m) UTC",
      8,
      'expected the end of the text, found " UTC"; write "rate(5m)" alone, as a rate has no zone and no fields',
    ],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });

  const UNIT = "expected one letter s, m, h or d as the unit";
  // [text, offset, what is wrong and what to write]
  it.each([
    ["rate(5 minutes)", 7, `${UNIT}, found "minutes"; write "rate(5m)"`],
    ["rate(1 hour)", 7, `${UNIT}, found "hour"; write "rate(1h)"`],
    ["rate(5min)", 6, `${UNIT}, found "min"; write "rate(5m)"`],
    ["RATE (090 Secs)", 10, `${UNIT}, found "Secs"; write "rate(90s)"`],
    ["rate(12hrs)", 7, `${UNIT}, found "hrs"; write "rate(12h)"`],
    ["rate(7 days)", 7, `${UNIT}, found "days"; write "rate(7d)"`],
    ["rate(1 month)", 7, `${UNIT}, found "month"`],
    ["rate(5ms)", 6, `${UNIT}, found "ms"`],
    ["rate(5 seconds)", 7, `${UNIT}, found "seconds"`],
    ["rate(8 days)", 7, `${UNIT}, found "days"`],
    ["rate(5)", 6, 'expected a unit s, m, h or d, found ")"; write for example "rate(5m)"'],
    ["rate(5 )", 7, 'expected a unit s, m, h or d, found ")"; write for example "rate(5m)"'],
    ["rate(5", 6, 'expected a unit s, m, h or d, found nothing; write for example "rate(5m)"'],
    ["rate(86400)", 10, 'expected a unit s, m, h or d, found ")"'],
    ["rate(1.5h)", 5, 'expected a whole number, found "1.5"; write "rate(90m)"'],
    ["rate(1,5 hours)", 5, 'expected a whole number, found "1,5"; write "rate(90m)"'],
    ["rate(1.1h)", 5, 'expected a whole number, found "1.1"; write "rate(66m)"'],
    ["rate(2.0d)", 5, 'expected a whole number, found "2.0"; write "rate(2d)"'],
    ["rate(1.0001m)", 5, 'expected a whole number, found "1.0001"'],
    ["rate(0.5m)", 5, 'expected a whole number, found "0.5"'],
    ["rate(1.5)", 5, 'expected a whole number, found "1.5"'],
  ])("%j at %i, with a remedy where the service would take it", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});
