/**
 * At which times of a day does a cron schedule run? cron-parser knows: second, minute and hour mean to it what they mean to the
 * agent. It walks in UTC, where no clock is ever put forward. Days are not its own here: it knows neither W nor years.
 */
import {
  CronDayOfMonth,
  CronDayOfWeek,
  CronExpression,
  CronFieldCollection,
  CronHour,
  CronMinute,
  CronMonth,
  CronSecond,
  type DayOfMonthRange,
  type DayOfWeekRange,
  type HourRange,
  type MonthRange,
  type SixtyRange,
} from "cron-parser";
import type { Cron } from "./cron";
import { span } from "./field";

const EVERY_DAY = new CronDayOfMonth(span(1, 31) as DayOfMonthRange[], { rawValue: "*" });
const EVERY_MONTH = new CronMonth(span(1, 12) as MonthRange[], { rawValue: "*" });
const EVERY_WEEKDAY = new CronDayOfWeek(span(0, 7) as DayOfWeekRange[], { rawValue: "*" });

type TimeFields = Pick<Cron, "seconds" | "minutes" | "hours">;

/**
 * The times of a schedule on any day.
 *
 * @returns a walk over one day, given by its midnight in UTC, that leaves out what is before `fromMs`; one walk at a time
 */
export function timesOfDay(cron: TimeFields): (dayMs: number, fromMs: number) => Generator<number> {
  const expression = new CronExpression(
    new CronFieldCollection({
      second: new CronSecond([...cron.seconds] as SixtyRange[]),
      minute: new CronMinute([...cron.minutes] as SixtyRange[]),
      hour: new CronHour([...cron.hours] as HourRange[]),
      dayOfMonth: EVERY_DAY,
      month: EVERY_MONTH,
      dayOfWeek: EVERY_WEEKDAY,
    }),
    { tz: "UTC" },
  );
  const lastMs = lastTimeMs(cron);
  return function* (dayMs, fromMs) {
    let timeMs = Math.max(dayMs, fromMs) - 1;
    expression.reset(new Date(timeMs));
    while (timeMs < dayMs + lastMs) {
      timeMs = expression.next().getTime();
      yield timeMs;
    }
  };
}

function lastTimeMs({ seconds, minutes, hours }: TimeFields): number {
  return (((hours.at(-1) ?? 0) * 60 + (minutes.at(-1) ?? 0)) * 60 + (seconds.at(-1) ?? 0)) * 1000;
}
