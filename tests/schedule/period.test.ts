import { readPeriod } from "../../schedule/period";

describe("reads", () => {
  it.each([
    ["5m", 300],
    ["5 minutes", 300],
    ["90 Secs", 90],
    ["1h30m", 5400],
    ["1h 30m", 5400],
    ["1 hour and 30 minutes", 5400],
    ["2 hours, 5 mins", 7500],
    ["1.5 hours", 5400],
    ["1,5h", 5400],
    ["hour", 3600],
    [" day ", 86_400],
    ["2 weeks", 1_209_600],
    ["PT5M", 300],
    ["pt1h30m", 5400],
    ["P1DT12H", 129_600],
    ["P1W", 604_800],
  ])("%j", (text, seconds) => {
    expect(readPeriod(text)).toBe(seconds);
  });
});

describe("takes for none", () => {
  it.each([
    "",
    " ",
    "5",
    "m",
    "m5",
    "5m5",
    "h 5m",
    "1 month",
    "1.5",
    "P",
    "PT",
    "0m",
    "-5m",
    "0.001 seconds",
    "5m UTC",
  ])("%j", (text) => {
    expect(readPeriod(text)).toBeUndefined();
  });
});
