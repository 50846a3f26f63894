import { type Cron, parseSchedule } from "../../schedule";
import { refusal, refusalOf } from "./refusal";

const EVERY: Omit<Cron, "hours" | "minutes" | "seconds" | "kind"> = {
  daysOfMonth: "*",
  months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  daysOfWeek: "*",
  years: "*",
};
const NO_DATES = { days: [], nearestWeekdays: [], last: false, lastWeekday: false };
const NO_WEEKDAYS = { weekdays: [], last: [], nth: [] };

const fieldCount = (count: string) =>
  `a cron schedule has 6 fields, then a year or a zone or both: found ${count}; write for example "0 0 2 * * ? Asia/Shanghai", "rate(5m)" or "at(2030-01-31 02:00:00)"`;

describe("takes", () => {
  // [text, what differs from every day at 02:00:00]
  it.each<[string, Partial<Cron>]>([
    ["0 0 2 * * *", {}],
    ["0 0 2 ? ? ?", {}],
    ["\t0 00  02\n* * ?\n", {}],
    ["0 0 2 * * ? *", {}],
    ["0 0 2 * * ? ?", {}],
    ["0 0 2 * * ? */1", {}],
    ["0 0 2 * * ? 1970-2099", {}],
    ["0 0 2 * * ? 2026", { years: [2026] }],
    ["0 0 2 * * ? 2026,2028-2030", { years: [2026, 2028, 2029, 2030] }],
    ["0 0 2 * * ? 2090/3", { years: [2090, 2093, 2096, 2099] }],
    ["0 0 2 * * ? Asia/Shanghai", { zone: "Asia/Shanghai" }],
    ["0 0 2 * * ? 2026 UTC", { years: [2026], zone: "UTC" }],
    ["0 0 2 * JAN,february,3 ?", { months: [1, 2, 3] }],
    ["0 0 2 * jun-AUGUST ?", { months: [6, 7, 8] }],
    ["0 0 2 * 9/2 ?", { months: [9, 11] }],
    ["0 0 2 L * ?", { daysOfMonth: { ...NO_DATES, last: true } }],
    ["0 0 2 lw * ?", { daysOfMonth: { ...NO_DATES, lastWeekday: true } }],
    ["0 0 2 15W,07w,1 * ?", { daysOfMonth: { ...NO_DATES, days: [1], nearestWeekdays: [7, 15] } }],
    ["0 0 2 29/2 * ?", { daysOfMonth: { ...NO_DATES, days: [29, 31] } }],
    ["0 0 2 1,* * ?", {}],
    ["0 0 2 1-31 * ?", {}],
    ["0 0 2 */1 * MON", {}],
    ["0 0 2 15 * */1", {}],
    ["0 0 2 ? * 0,7", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [0] } }],
    ["0 0 2 ? * 0-0", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [0] } }],
    ["0 0 2 ? * 7-2", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [0, 1, 2] } }],
    ["0 0 2 ? * mon-Friday", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [1, 2, 3, 4, 5] } }],
    ["0 0 2 ? * 5/2", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [5] } }],
    ["0 0 2 ? * 0/2", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [0, 2, 4, 6] } }],
    ["0 0 2 ? * 7/2", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [0, 2, 4, 6] } }],
    ["0 0 2 ? * 6L,sunl,fridayL", { daysOfWeek: { ...NO_WEEKDAYS, last: [0, 5, 6] } }],
    ["0 0 2 ? * 7L", { daysOfWeek: { ...NO_WEEKDAYS, last: [0] } }],
    ["0 0 2 ? * 6#3", { daysOfWeek: { ...NO_WEEKDAYS, nth: [{ weekday: 6, n: 3 }] } }],
    [
      "0 0 2 ? * FRI#5,MON#1",
      {
        daysOfWeek: {
          ...NO_WEEKDAYS,
          nth: [
            { weekday: 1, n: 1 },
            { weekday: 5, n: 5 },
          ],
        },
      },
    ],
    ["0 0 2 ? * MON,MONL,MON#2", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [1] } }],
    ["0 0 2 ? * 3#1,3#2,3#3,3#4,3#5", { daysOfWeek: { ...NO_WEEKDAYS, weekdays: [3] } }],
    ["0 0 2 15 * MON", { daysOfMonth: { ...NO_DATES, days: [15] }, daysOfWeek: { ...NO_WEEKDAYS, weekdays: [1] } }],
  ])("%j", (text, difference) => {
    expect(parseSchedule(text)).toEqual({
      kind: "cron",
      seconds: [0],
      minutes: [0],
      hours: [2],
      ...EVERY,
      ...difference,
    });
  });
});

describe("refuses", () => {
  // [text, offset, what is wrong]
  it.each([
    ["0 0 2 0 * ?", 6, 'expected a day of the month from 1 to 31, L, LW or nW, found "0"'],
    ["0 0 2 32 * ?", 6, 'expected a day of the month from 1 to 31, L, LW or nW, found "32"'],
    ["0 0 2 * * 8", 10, 'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "8"'],
    ["0 0 2 * * FOO", 10, 'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "FOO"'],
    [
      "0 0 2 L-3 * ?",
      6,
      'the agent knows no day before the last one; write "L" or "LW" for the last, or a date such as "28"',
    ],
    ["0 0 2 1-5W * ?", 6, 'W stands after one date, not after a range; write "5W", or MON-FRI as the weekday'],
    ["0 0 2 32W * ?", 6, 'expected a day of the month from 1 to 31, L, LW or nW, found "32"'],
    ["0 0 2 W * ?", 6, 'expected a day of the month from 1 to 31, L, LW or nW, found "W"'],
    [
      "0 0 2 ? * L",
      10,
      'the weekday of L is missing; write "SUNL" for the last Sunday of the month or "SUN" for every Sunday',
    ],
    ["0 0 2 ? * *L", 10, 'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "*"'],
    ["0 0 2 ? * MON#0", 10, 'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "MON#0"'],
    ["0 0 2 ? * MON#6", 10, 'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "MON#6"'],
    ["0 0 2 ? * #1", 10, "expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found nothing"],
    ["0 0 2 ? * W", 10, 'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "W"'],
    ["@daily", 0, 'the agent does not read @daily as a schedule; write "0 0 0 * * ?"'],
    ["@Weekly 1 2 3 4 5", 0, "the agent does not read @Weekly as a schedule; write out the six fields"],
    ["0 0 2 * * ? @", 12, "the agent does not read @ as a schedule; write out the six fields"],
    [
      "@reboot",
      0,
      'the agent does not read @reboot as a schedule; leave the frequency out and set the repeat mode to "EveryReboot"',
    ],
    [
      "0 0\u00a02 * * ?",
      3,
      'U+00A0 (no-break space) at character 4 is a blank that is not read as one everywhere; write "0 0 2 * * ?"',
    ],
    [
      "0 0 2 * * ?\r\n",
      11,
      'U+000D (carriage return) at character 12 is a blank that is not read as one everywhere; write "0 0 2 * * ?"',
    ],
    ["0\f0 2 * * ?", 1, 'U+000C at character 2 is a blank that is not read as one everywhere; write "0 0 2 * * ?"'],
    [
      "0 0 2 ? * 星期一",
      10,
      'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "星期一" with U+661F at character 11',
    ],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});

describe("refuses another number of fields", () => {
  // [text, offset, count]
  it.each([
    ["", 0, "0 fields"],
    ["  ", 2, "0 fields"],
    ["foo", 3, "1 field"],
    ["0 0 2 *", 7, "4 fields"],
    ["61 0 2 * *", 10, "5 fields"],
    ["0 0 2 * * ? 2026 UTC x", 21, "9 fields"],
  ])("%j at %i", (text, offset, count) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, fieldCount(count)));
  });
});
