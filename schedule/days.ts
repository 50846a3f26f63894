import type { Cron, DaysOfMonth, DaysOfWeek } from "./cron";
import { sorted, span } from "./field";
import { MAX_YEAR, MIN_YEAR } from "./limits";
import { DAY_MS } from "./zone";

const SATURDAY = 6;

/** Midnights of the days that run, as times on the wall, from the day of `fromMs` on to the end of 2099. */
export function* daysFrom(cron: Cron, fromMs: number): Generator<number> {
  const firstYear = Math.max(MIN_YEAR, new Date(fromMs).getUTCFullYear());
  for (const year of cron.years === "*" ? span(firstYear, MAX_YEAR) : cron.years) {
    for (const month of cron.months) {
      if (Date.UTC(year, month) <= fromMs) continue;
      for (const day of daysOfMonth(cron, year, month)) {
        const midnight = Date.UTC(year, month - 1, day);
        if (midnight + DAY_MS > fromMs) yield midnight;
      }
    }
  }
}

/** Dates of one month that run. */
function daysOfMonth(cron: Cron, year: number, month: number): number[] {
  const shape = { length: new Date(Date.UTC(year, month, 0)).getUTCDate(), firstWeekday: weekdayOf(year, month) };
  const byDate = cron.daysOfMonth === "*" ? undefined : datesOf(cron.daysOfMonth, shape);
  const byWeekday = cron.daysOfWeek === "*" ? undefined : weekdaysOf(cron.daysOfWeek, shape);
  if (byDate === undefined && byWeekday === undefined) return span(1, shape.length);
  return sorted([...(byDate ?? []), ...(byWeekday ?? [])]);
}

interface Shape {
  /** Days in the month. */
  readonly length: number;
  /** Weekday of the first, 0 is Sunday. */
  readonly firstWeekday: number;
}

function weekdayOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
}

function datesOf({ days, nearestWeekdays, last, lastWeekday }: DaysOfMonth, shape: Shape): number[] {
  return [
    ...days.filter((day) => day <= shape.length),
    ...nearestWeekdays.filter((day) => day <= shape.length).map((day) => nearestWeekday(day, shape)),
    ...(last ? [shape.length] : []),
    ...(lastWeekday ? [nearestWeekday(shape.length, shape)] : []),
  ];
}

/** Saturday moves to Friday, Sunday to Monday, never out of the month. */
function nearestWeekday(day: number, { length, firstWeekday }: Shape): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === SATURDAY) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}

function weekdaysOf({ weekdays, last, nth }: DaysOfWeek, { length, firstWeekday }: Shape): number[] {
  const dates = (weekday: number) => span(1 + ((weekday - firstWeekday + 7) % 7), length, 7);
  return [
    ...weekdays.flatMap(dates),
    ...last.flatMap((weekday) => dates(weekday).slice(-1)),
    ...nth.flatMap(({ weekday, n }) => dates(weekday).slice(n - 1, n)),
  ];
}
