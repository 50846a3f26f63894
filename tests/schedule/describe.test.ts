import { describeSchedule, parseSchedule } from "../../schedule";

// [text, sentence]
it.each([
  ["0 0 2 * * ? Asia/Shanghai", "every day at 02:00:00 Asia/Shanghai"],
  ["0 0 2 * * ?", "every day at 02:00:00 in each machine's own zone"],
  ["0 0 9,18 ? * MON-FRI UTC", "on Monday to Friday at 09:00:00 and 18:00:00 UTC"],
  ["0 0/30 10-11 * * ? 2026 GMT+8:00", "every day in 2026 at 10:00:00, 10:30:00, 11:00:00 and 11:30:00 GMT+8:00"],
  ["0 */10 * * * ? UTC", "every 10 minutes, in UTC"],
  ["0 0 * * * ? UTC", "every hour, in UTC"],
  ["* * * * * ? UTC", "every second, in UTC"],
  ["*/20 * * * * ? UTC", "every 20 seconds, in UTC"],
  ["*/20 * 2 * * ? UTC", "every 20 seconds of hour 2, in UTC"],
  ["30 * * * * ? UTC", "at second 30 of every minute, in UTC"],
  ["0 15 * * * ? UTC", "at minute 15 of every hour, in UTC"],
  ["0 0 */2 * * ? UTC", "every 2 hours, in UTC"],
  ["0 10 */2 * * ? UTC", "at minute 10 of every 2 hours, in UTC"],
  ["0 */7 * * * ? UTC", "every 7 minutes from minute 0 on of every hour, in UTC"],
  ["0 3/20 8-18 * * ? UTC", "every 20 minutes from minute 3 on of hours 8 to 18, in UTC"],
  ["0 0 2 1,15 * ? UTC", "on days 1 and 15 of every month at 02:00:00 UTC"],
  ["0 0 2 1 6 ? UTC", "on day 1 of June at 02:00:00 UTC"],
  ["0 0 2 L * ? UTC", "on the last day of every month at 02:00:00 UTC"],
  ["0 0 2 LW 3,6 ? UTC", "on the last day from Monday to Friday of March and June at 02:00:00 UTC"],
  ["0 0 2 15W * ? UTC", "on the day from Monday to Friday nearest day 15 of every month at 02:00:00 UTC"],
  ["0 0 2 ? * 6L UTC", "on the last Saturday of every month at 02:00:00 UTC"],
  [
    "0 0 2 ? 1-3 MON#1,FRI#5 2026-2030 UTC",
    "on the first Monday and the fifth Friday of January to March in 2026 to 2030 at 02:00:00 UTC",
  ],
  ["0 0 2 15 * MON UTC", "on day 15 and on Monday of every month at 02:00:00 UTC"],
  ["0 0 2 * 12 ? 2026/2 UTC", "every day in December in one year of 2 from 2026 on at 02:00:00 UTC"],
  ["0 5 8-18 * * SAT UTC", "at minute 5 of hours 8 to 18, on Saturday, in UTC"],
  ["rate(1d)", "every day from creation on, first one period after it"],
  ["rate(90m)", "every 90 minutes from creation on, first one period after it"],
  ["at(2026-06-06 13:15:30)", "once at 2026-06-06 13:15:30 UTC"],
  ["at(2026-06-06 13:15:30 GMT-7:00)", "once at 2026-06-06 13:15:30 GMT-7:00"],
])("%s", (text, sentence) => {
  expect(describeSchedule(parseSchedule(text))).toBe(sentence);
});
