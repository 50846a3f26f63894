import fc from "fast-check";
import type { Cron } from "../../schedule";
import { parseSchedule } from "../../schedule";
import { smallestGapSeconds } from "../../schedule/gap";
import { wallRuns } from "../../schedule/next";

const FROM_MS = Date.parse("2026-05-17T00:00:00Z");
const DAY = 24 * 60 * 60;

function parseCron(text: string): Cron {
  const schedule = parseSchedule(text);
  if (schedule.kind !== "cron") throw new TypeError(`Not a cron schedule: ${text}`);
  return schedule;
}

// [text, seconds]
it.each([
  ["* * * * * ?", 1],
  ["*/30 * * * * ?", 30],
  ["*/59 * * * * ?", 1],
  ["0,50 * * * * ?", 10],
  ["7 * * * * ?", 60],
  ["0 */7 * * * ?", 240],
  ["0,30 0,59 * * * ?", 30],
  ["30 59 * * * ?", 3600],
  ["0 0 */2 * * ?", 7200],
  ["0 0 */7 * * ?", 10_800],
  ["0 0 0,23 * * ?", 3600],
  ["0 0 2 * * ?", DAY],
  ["0 59 23 * * ?", DAY],
  ["0 0 2 ? * MON,THU", 3 * DAY],
  ["0 0 2 ? * SAT,SUN", DAY],
  ["0 0 2 ? * WED", 7 * DAY],
  ["0 0 2 1 * ?", 28 * DAY],
  ["0 0 2 L * ?", 28 * DAY],
  ["0 0 2 1,L * ?", DAY],
  ["0 0 2 31 * ?", 31 * DAY],
  ["0 0 2 29 2 ?", 1461 * DAY],
  ["0 0 0,23 1 1 ?", 82_800],
  ["0 0 2 1 1 ? 2030", Number.POSITIVE_INFINITY],
  ["0 0 2 1 1 ? 2020,2021,2030", Number.POSITIVE_INFINITY],
  ["0 0 2 30 2 ?", Number.POSITIVE_INFINITY],
])("between runs of %s: %d s", (text, seconds) => {
  expect(smallestGapSeconds(parseCron(text), FROM_MS)).toBe(seconds);
});

it("is what a walk over a year of runs finds", () => {
  const list = (max: number) => fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 3 });
  const weekdays = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(list(59), list(59), list(23), weekdays, (seconds, minutes, hours, days) => {
      const cron = parseCron(`${seconds} ${minutes} ${hours} ? * ${days}`);
      let smallest = Number.POSITIVE_INFINITY;
      let previousMs: number | undefined;
      for (const runMs of wallRuns(cron, FROM_MS)) {
        if (runMs > FROM_MS + 21 * DAY * 1000) break;
        if (previousMs !== undefined) smallest = Math.min(smallest, (runMs - previousMs) / 1000);
        previousMs = runMs;
      }
      expect(smallestGapSeconds(cron, FROM_MS)).toBe(smallest);
    }),
  );
});
