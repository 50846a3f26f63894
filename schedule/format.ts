import { formatAt } from "./at";
import type { Cron, DaysOfMonth, DaysOfWeek } from "./cron";
import { DAY, type Field, findStep, formatName, HOUR, MINUTE, MONTH, neighbours, SECOND, WEEKDAY, YEAR } from "./field";
import { formatRate } from "./rate";
import type { Schedule } from "./schedule";

/**
 * The canonical text of a schedule: one spelling for all that mean the same (of `at(…)`, the zone is kept). It parses to an
 * equal schedule.
 *
 * @example formatSchedule(parseSchedule("00 0 2,1 ? jan-mar 1-5")) // "0 0 1,2 ? 1-3 MON-FRI"
 */
export function formatSchedule(schedule: Schedule): string {
  switch (schedule.kind) {
    case "cron":
      return formatCron(schedule);
    case "rate":
      return formatRate(schedule);
    case "at":
      return formatAt(schedule);
    default:
      throw schedule satisfies never;
  }
}

function formatCron(cron: Cron): string {
  // The service's page asks for "?" where the other of the two day fields decides.
  const day = cron.daysOfMonth === "*" ? (cron.daysOfWeek === "*" ? "*" : "?") : formatDaysOfMonth(cron.daysOfMonth);
  const fields = [
    formatNumbers(cron.seconds, SECOND),
    formatNumbers(cron.minutes, MINUTE),
    formatNumbers(cron.hours, HOUR),
    day,
    formatNumbers(cron.months, MONTH),
    cron.daysOfWeek === "*" ? "?" : formatDaysOfWeek(cron.daysOfWeek),
  ];
  if (cron.years !== "*") fields.push(formatNumbers(cron.years, YEAR));
  if (cron.zone !== undefined) fields.push(cron.zone);
  return fields.join(" ");
}

/** "*", a step to the largest value, or a list; for fields in which "*" and the full list mean the same. */
function formatNumbers(values: readonly number[] | "*", field: Field): string {
  if (values === "*" || values.length === field.max - field.min + 1) return "*";
  const step = findStep(values, field);
  if (step === undefined) return formatRuns(values, { ...field, names: [] });
  return `${values[0] === field.min ? "*" : values[0]}/${step}`;
}

/** A list with three or more neighbours as a range. */
function formatRuns(values: readonly number[], field: Field): string {
  const name = (value: number) => formatName(value, field);
  return neighbours(values)
    .flatMap((run) => (run.length < 3 ? run.map(name) : [`${name(run[0] ?? 0)}-${name(run.at(-1) ?? 0)}`]))
    .join(",");
}

function formatDaysOfMonth({ days, nearestWeekdays, last, lastWeekday }: DaysOfMonth): string {
  return [
    ...(days.length > 0 ? [formatRuns(days, DAY)] : []),
    ...nearestWeekdays.map((day) => `${day}W`),
    ...(last ? ["L"] : []),
    ...(lastWeekday ? ["LW"] : []),
  ].join(",");
}

function formatDaysOfWeek({ weekdays, last, nth }: DaysOfWeek): string {
  return [
    ...(weekdays.length > 0 ? [formatRuns(weekdays, WEEKDAY)] : []),
    ...last.map((weekday) => `${formatName(weekday, WEEKDAY)}L`),
    ...nth.map(({ weekday, n }) => `${formatName(weekday, WEEKDAY)}#${n}`),
  ].join(",");
}
