import type { Cron, DaysOfMonth, DaysOfWeek } from "./cron";
import { type Field, findStep, HOUR, MINUTE, MONTH, neighbours, SECOND, WEEKDAY, YEAR } from "./field";
import { measure } from "./rate";
import type { Schedule } from "./schedule";
import { formatWall, wallAt, zoneOf } from "./zone";

/**
 * One plain sentence, without a capital and a full stop. Of everything that parseSchedule gives, it says something.
 *
 * @example describeSchedule(parseSchedule("0 0 2 * * ? Asia/Shanghai")) // "every day at 02:00:00 Asia/Shanghai"
 */
export function describeSchedule(schedule: Schedule): string {
  switch (schedule.kind) {
    case "cron":
      return describeCron(schedule);
    case "rate":
      return describePeriod(schedule.periodSeconds);
    case "at":
      return `once at ${formatWall(wallAt(zoneOf(schedule.zone), schedule.instant.getTime()))} ${schedule.zone}`;
    default:
      throw schedule satisfies never;
  }
}

const UNIT_NAMES = { d: "day", h: "hour", m: "minute", s: "second" } as const;

function describePeriod(periodSeconds: number): string {
  const [count, unit] = measure(periodSeconds);
  const period = count === 1 ? UNIT_NAMES[unit] : `${count} ${UNIT_NAMES[unit]}s`;
  return `every ${period} from creation on, first one period after it`;
}

const MOST_TIMES_LISTED = 4;

function describeCron(cron: Cron): string {
  const days = describeDays(cron);
  const isListed = cron.hours.length * cron.minutes.length * cron.seconds.length <= MOST_TIMES_LISTED;
  if (isListed) return `${days} at ${listTimes(cron)} ${cron.zone ?? "in each machine's own zone"}`;
  const zone = `in ${cron.zone ?? "each machine's own zone"}`;
  return [describeTimes(cron), ...(days === "every day" ? [] : [days]), zone].join(", ");
}

function listTimes({ hours, minutes, seconds }: Cron): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => `${two(hour)}:${two(minute)}:${two(second)}`)),
  );
  return enumerate(times);
}

/** From the smallest unit to the largest, leaving out what goes without saying: `every 10 minutes of hours 8 to 18`. */
function describeTimes({ hours, minutes, seconds }: Cron): string {
  const hour = describeUnit(hours, HOUR);
  const minute = describeUnit(minutes, MINUTE);
  const second = describeUnit(seconds, SECOND);
  const isOnTheMinute = second === "second 0";
  const isOnTheHour = isOnTheMinute && minute === "minute 0";
  const parts = [
    ...(isOnTheMinute ? [] : [second]),
    ...(isOnTheHour || (isEvery(second) && minute === "every minute") ? [] : [minute]),
    ...(isEvery(minute) && hour === "every hour" ? [] : [hour]),
  ];
  const text = parts.join(" of ");
  return text.startsWith("every ") ? text : `at ${text}`;
}

function isEvery(text: string): boolean {
  return /^every (\d+ )?\w+$/.test(text);
}

/** `every minute`, `every 10 minutes`, `every 7 minutes from minute 3 on`, `minute 5`, `minutes 0, 5 and 10 to 20`. */
function describeUnit(values: readonly number[], field: Field): string {
  const { name, min, max } = field;
  const [first] = values;
  const size = max - min + 1;
  const step = findStep(values, field);
  const isHalved = values.length === 2 && first === min && values[1] === min + size / 2;
  if (values.length === size) return `every ${name}`;
  if (isHalved) return `every ${size / 2} ${name}s`;
  if (step !== undefined && first === min && size % step === 0) return `every ${step} ${name}s`;
  if (step !== undefined) return `every ${step} ${name}s from ${name} ${first} on`;
  return `${name}${values.length === 1 ? "" : "s"} ${enumerate(runs(values, String))}`;
}

function describeDays({ daysOfMonth, months, daysOfWeek, years }: Cron): string {
  const dates = daysOfMonth === "*" ? [] : describeDates(daysOfMonth);
  const weekdays = daysOfWeek === "*" ? [] : describeWeekdays(daysOfWeek);
  const days = [dates, weekdays].filter(({ length }) => length > 0).map((names) => `on ${enumerate(names)}`);
  const isMonthly = dates.length > 0 || (daysOfWeek !== "*" && daysOfWeek.last.length + daysOfWeek.nth.length > 0);
  return [
    days.length === 0 ? "every day" : days.join(" and "),
    ...describeMonths(months, days.length === 0 ? "in" : "of", isMonthly),
    ...(years === "*" ? [] : [describeYears(years)]),
  ].join(" ");
}

function describeMonths(months: readonly number[], preposition: "in" | "of", isMonthly: boolean): string[] {
  if (months.length === MONTH.max) return isMonthly ? ["of every month"] : [];
  return [`${preposition} ${enumerate(runs(months, (month) => capital(MONTH.names[month - 1] ?? "")))}`];
}

function describeYears(years: readonly number[]): string {
  const step = findStep(years, YEAR);
  return step === undefined ? `in ${enumerate(runs(years, String))}` : `in one year of ${step} from ${years[0]} on`;
}

function describeDates({ days, nearestWeekdays, last, lastWeekday }: DaysOfMonth): string[] {
  return [
    ...(days.length === 0 ? [] : [`day${days.length === 1 ? "" : "s"} ${enumerate(runs(days, String))}`]),
    ...nearestWeekdays.map((day) => `the day from Monday to Friday nearest day ${day}`),
    ...(last ? ["the last day"] : []),
    ...(lastWeekday ? ["the last day from Monday to Friday"] : []),
  ];
}

const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

function describeWeekdays({ weekdays, last, nth }: DaysOfWeek): string[] {
  const name = (weekday: number) => capital(WEEKDAY.names[weekday] ?? "");
  return [
    ...runs(weekdays, name),
    ...last.map((weekday) => `the last ${name(weekday)}`),
    ...nth.map(({ weekday, n }) => `the ${ORDINALS[n - 1]} ${name(weekday)}`),
  ];
}

function capital(name: string): string {
  return `${name.slice(0, 1)}${name.slice(1).toLowerCase()}`;
}

/** Neighbours, from three on, as `first to last`. */
function runs(values: readonly number[], name: (value: number) => string): string[] {
  return neighbours(values).flatMap((run) =>
    run.length < 3 ? run.map((value) => name(value)) : [`${name(run[0] ?? 0)} to ${name(run.at(-1) ?? 0)}`],
  );
}

function enumerate(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join("");
  return `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}
