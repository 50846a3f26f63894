/** Cron as the agent's library reads it, a patched gorhill/cronexpr: its grammar, its traps, and which wall time comes next. */

import { AgentCrash, isRefusal, refuse, type ScheduleError } from "./error";
import type { WallTime } from "./zone";

/** The values of a field that bears no special meaning, in ascending order; empty for a range that runs backwards. */
type Values = readonly number[];

/** A cron expression, taken apart. */
export interface Cron {
  seconds: Values;
  minutes: Values;
  hours: Values;
  daysOfMonth: DaysOfMonth;
  months: Values;
  daysOfWeek: DaysOfWeek;
  years: Values;
}

interface DaysOfMonth {
  restricted: boolean;
  days: ReadonlySet<number>;
  /** `nW` */
  nearestWeekdays: ReadonlySet<number>;
  /** `L` */
  last: boolean;
  /** `LW` */
  lastWeekday: boolean;
}

interface DaysOfWeek {
  restricted: boolean;
  /** 0 is Sunday. */
  weekdays: ReadonlySet<number>;
  /** `vL` */
  lasts: ReadonlySet<number>;
  /** `v#k`, as `"v#k"` */
  nths: ReadonlySet<string>;
}

interface Field {
  name: string;
  min: number;
  max: number;
  /** What the grammar lets through as a value. */
  pattern: string;
  /** An item with or without a range and a step; its groups are a, -b, b, /n, n. */
  item: RegExp;
  /** What the library takes a value for. */
  value: (text: string) => number;
}

const createField = (name: string, min: number, max: number, pattern: string, value = toNumber): Field => ({
  name,
  min,
  max,
  pattern,
  item: new RegExp(`^(?:\\*|(${pattern})(-(${pattern}))?)(/(\\d+))?$`),
  value,
});

const MIN_YEAR = 1970;
const MAX_YEAR = 2099;

/** The library looks numbers up in a table: anything that is not in it is 0. */
function toNumber(text: string): number {
  const number = Number(text);
  const known = /^\d{1,2}$/.test(text)
    ? number <= 59
    : /^\d{4}$/.test(text) && number >= MIN_YEAR && number <= MAX_YEAR;
  return known ? number : 0;
}

const MONTHS = "january february march april may june july august september october november december".split(" ");
const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split(" ");

/** A name in full or its first three letters; -1 when it is none. */
const findName = (names: string[], text: string): number =>
  names.findIndex((name) => name === text || name.slice(0, 3) === text);

const namePattern = (names: string[]): string => names.flatMap((name) => [name.slice(0, 3), name]).join("|");

const SECOND = createField("second", 0, 59, "0?[0-9]|[1-5][0-9]");
const MINUTE = createField("minute", 0, 59, "0?[0-9]|[1-5][0-9]");
const HOUR = createField("hour", 0, 23, "0?[0-9]|1[0-9]|2[0-3]");
const DAY_OF_MONTH = createField("day-of-month", 1, 31, "0?[1-9]|[12][0-9]|3[01]");
const MONTH = createField(
  "month",
  1,
  12,
  `0?[1-9]|1[012]|${namePattern(MONTHS)}`,
  (text) => findName(MONTHS, text) + 1 || toNumber(text),
);
const DAY_OF_WEEK = createField("day-of-week", 0, 6, `0?[0-7]|${namePattern(WEEKDAYS)}`, (text) =>
  // 7 is Sunday, and so is, by an oversight of the table, every number with a leading zero.
  /^[1-6]$/.test(text) ? Number(text) : Math.max(0, findName(WEEKDAYS, text)),
);
const YEAR = createField("year", MIN_YEAR, MAX_YEAR, "19[789][0-9]|20[0-9]{2}");

const NEAREST_WEEKDAY = new RegExp(`^(${DAY_OF_MONTH.pattern})w$`);
/** `vL` and `v#k` */
const WEEKDAY_OF_MONTH = new RegExp(`^(${DAY_OF_WEEK.pattern})(?:l|#([1-5]))$`);

const NICKNAMES: Record<string, string> = {
  "@yearly": "0 0 0 1 1 * *",
  "@annually": "0 0 0 1 1 * *",
  "@monthly": "0 0 0 1 * * *",
  "@weekly": "0 0 0 * * 0 *",
  "@daily": "0 0 0 * * * *",
  "@hourly": "0 0 * * * * *",
};

/** Reads the fields of an expression whose zone has been taken off; further fields than seven are ignored. */
export function readCron(text: string): Cron | ScheduleError {
  const expanded = text.replace(/@(?:yearly|annually|monthly|weekly|daily|hourly)/g, (name) => NICKNAMES[name] ?? name);
  const fields = expanded.match(/[^\t\n\f\r ]+/g) ?? [];
  if (fields.length < 5) return refuse("BadCronExpression", "missing field(s)");
  if (fields.length === 5) fields.push("*");
  if (fields.length === 6) fields.unshift("0");
  const [second = "", minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;

  const seconds = readValues(second, SECOND);
  if (isRefusal(seconds)) return seconds;
  const minutes = readValues(minute, MINUTE);
  if (isRefusal(minutes)) return minutes;
  const hours = readValues(hour, HOUR);
  if (isRefusal(hours)) return hours;
  const daysOfMonth = readDaysOfMonth(dayOfMonth);
  if (isRefusal(daysOfMonth)) return daysOfMonth;
  const months = readValues(month, MONTH);
  if (isRefusal(months)) return months;
  const daysOfWeek = readDaysOfWeek(dayOfWeek);
  if (isRefusal(daysOfWeek)) return daysOfWeek;
  const years = readValues(year, YEAR);
  if (isRefusal(years)) return years;
  return { seconds, minutes, hours, daysOfMonth, months, daysOfWeek, years };
}

/** One comma-separated part: everything, some values, or something that only the two day fields may understand. */
type Item = { kind: "all" } | { kind: "values"; values: number[] } | { kind: "other"; text: string; written: string };

function readItems(text: string, field: Field): Item[] | ScheduleError {
  // A part said twice says nothing new.
  const parts = [...new Set(text.split(","))].filter((part) => part !== "");
  if (parts.length === 0) return refuse("BadCronExpression", `${field.name} field: missing directive`);
  const items: Item[] = [];
  for (const part of parts) {
    const item = readItem(part, field);
    if (isRefusal(item)) return item;
    items.push(item);
  }
  return items;
}

function readItem(written: string, field: Field): Item | ScheduleError {
  const text = written.toLowerCase();
  if (text === "*" || text === "?") return { kind: "all" };

  const match = field.item.exec(text);
  if (!match) return { kind: "other", text, written };
  const [, from, , to, , step] = match;

  const first = from === undefined ? field.min : field.value(from);
  const stepNumber = step === undefined ? 1 : toNumber(step);
  if (stepNumber < 1 || stepNumber > field.max) return refuse("BadCronExpression", `invalid interval ${text}`);
  const single = from !== undefined && to === undefined && step === undefined;
  const last = single ? first : to === undefined ? field.max : field.value(to);
  return { kind: "values", values: countUp(first, last, stepNumber) };
}

function countUp(first: number, last: number, step: number): number[] {
  const values: number[] = [];
  for (let value = first; value <= last; value += step) values.push(value);
  return values;
}

const refuseItem = (field: Field, written: string): ScheduleError =>
  refuse("BadCronExpression", `syntax error in ${field.name} field: '${written}'`);

/** `*` ends the reading: what comes after it in the list is not looked at. */
function readValues(text: string, field: Field): Values | ScheduleError {
  const items = readItems(text, field);
  if (isRefusal(items)) return items;
  const values = new Set<number>();
  for (const item of items) {
    if (item.kind === "all") return countUp(field.min, field.max, 1);
    if (item.kind === "other") return refuseItem(field, item.written);
    for (const value of item.values) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function readDaysOfMonth(text: string): DaysOfMonth | ScheduleError {
  const items = readItems(text, DAY_OF_MONTH);
  if (isRefusal(items)) return items;
  const days = new Set<number>();
  const nearestWeekdays = new Set<number>();
  const read = { restricted: true, days, nearestWeekdays, last: false, lastWeekday: false };
  for (const item of items) {
    if (item.kind === "all") read.restricted = false;
    else if (item.kind === "values") for (const day of item.values) days.add(day);
    else if (item.text === "l") read.last = true;
    else if (item.text === "lw") read.lastWeekday = true;
    else {
      const [, day] = NEAREST_WEEKDAY.exec(item.text) ?? [];
      if (day === undefined) return refuseItem(DAY_OF_MONTH, item.written);
      nearestWeekdays.add(DAY_OF_MONTH.value(day));
    }
  }
  return read;
}

function readDaysOfWeek(text: string): DaysOfWeek | ScheduleError {
  const items = readItems(text, DAY_OF_WEEK);
  if (isRefusal(items)) return items;
  const weekdays = new Set<number>();
  const lasts = new Set<number>();
  const nths = new Set<string>();
  let restricted = true;
  for (const item of items) {
    if (item.kind === "all") restricted = false;
    else if (item.kind === "values") for (const weekday of item.values) weekdays.add(weekday);
    else {
      const [, weekday, nth] = WEEKDAY_OF_MONTH.exec(item.text) ?? [];
      if (weekday === undefined) return refuseItem(DAY_OF_WEEK, item.written);
      if (nth === undefined) lasts.add(DAY_OF_WEEK.value(weekday));
      else nths.add(`${DAY_OF_WEEK.value(weekday)}#${nth}`);
    }
  }
  return { restricted, weekdays, lasts, nths };
}

/**
 * The next wall time after `from` that the expression names; undefined when there is none up to 2099.
 *
 * Works from the largest field down: at the first that does not fit, it moves on to that field's next value and everything below starts over.
 *
 * @throws AgentCrash where the agent's process would end: something below starts over, and has no values to start with
 */
export function findNextWallTime(cron: Cron, from: WallTime): WallTime | undefined {
  if (!cron.years.includes(from.year)) return nextYear(cron, from.year);
  if (!cron.months.includes(from.month)) return nextMonth(cron, from.year, from.month);

  const { hours, minutes, seconds } = cron;
  if (!findDays(cron, from.year, from.month).includes(from.day)) return nextDay(cron, from);
  if (!hours.includes(from.hour)) return nextHour(cron, from);
  if (!minutes.includes(from.minute)) return nextMinute(cron, from);
  const second = findAbove(seconds, from.second);
  return second === undefined ? nextMinute(cron, from) : { ...from, second };

  function nextMinute(cron: Cron, from: WallTime): WallTime | undefined {
    const minute = findAbove(minutes, from.minute);
    return minute === undefined ? nextHour(cron, from) : { ...from, minute, second: first(seconds) };
  }

  function nextHour(cron: Cron, from: WallTime): WallTime | undefined {
    const hour = findAbove(hours, from.hour);
    if (hour === undefined) return nextDay(cron, from);
    return { ...from, hour, minute: first(minutes), second: first(seconds) };
  }
}

function nextDay(cron: Cron, { year, month, day }: WallTime): WallTime | undefined {
  const next = findAbove(findDays(cron, year, month), day);
  return next === undefined ? nextMonth(cron, year, month) : startDay(cron, year, month, next);
}

function nextMonth(cron: Cron, year: number, month: number): WallTime | undefined {
  for (const next of cron.months) {
    if (next <= month) continue;
    const [day] = findDays(cron, year, next);
    if (day !== undefined) return startDay(cron, year, next, day);
  }
  return nextYear(cron, year);
}

function nextYear(cron: Cron, year: number): WallTime | undefined {
  const next = findAbove(cron.years, year);
  if (next === undefined) return undefined;
  first(cron.months);
  return nextMonth(cron, next, 0);
}

const startDay = ({ hours, minutes, seconds }: Cron, year: number, month: number, day: number): WallTime => ({
  year,
  month,
  day,
  hour: first(hours),
  minute: first(minutes),
  second: first(seconds),
});

const findAbove = (values: Values, value: number): number | undefined => values.find((candidate) => candidate > value);

function first(values: Values): number {
  const [value] = values;
  if (value === undefined) throw new AgentCrash("index out of range [0] with length 0");
  return value;
}

/** The days of a month on which the expression fires. Both day fields restricted: either will do. */
function findDays({ daysOfMonth, daysOfWeek }: Cron, year: number, month: number): Values {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const days = countUp(1, lastDay, 1);
  if (!daysOfMonth.restricted && !daysOfWeek.restricted) return days;

  const weekdayOf = (day: number): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const nearestWeekday = (day: number): number => {
    const weekday = weekdayOf(day);
    if (weekday === 6) return day > 1 ? day - 1 : day + 2;
    if (weekday === 0) return day < lastDay ? day + 1 : day - 2;
    return day;
  };
  const working = new Set([...daysOfMonth.nearestWeekdays].filter((day) => day <= lastDay).map(nearestWeekday));
  if (daysOfMonth.lastWeekday) working.add(nearestWeekday(lastDay));

  const isDayOfMonth = (day: number): boolean =>
    daysOfMonth.days.has(day) || working.has(day) || (daysOfMonth.last && day === lastDay);
  const isDayOfWeek = (day: number): boolean => {
    const weekday = weekdayOf(day);
    const isLast = day > lastDay - 7;
    return (
      daysOfWeek.weekdays.has(weekday) ||
      daysOfWeek.nths.has(`${weekday}#${Math.ceil(day / 7)}`) ||
      (isLast && daysOfWeek.lasts.has(weekday))
    );
  };
  return days.filter(
    (day) => (daysOfMonth.restricted && isDayOfMonth(day)) || (daysOfWeek.restricted && isDayOfWeek(day)),
  );
}
