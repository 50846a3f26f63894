import { ScheduleSyntaxError } from "./error";
import {
  DAY,
  type Field,
  HOUR,
  isEvery,
  MINUTE,
  MONTH,
  parseField,
  parseItem,
  parseValue,
  SECOND,
  sorted,
  span,
  splitItems,
  WEEKDAY,
  YEAR,
} from "./field";
import { MAX_YEAR, MIN_YEAR } from "./limits";
import { type Piece, slicePiece } from "./piece";
import { parseZone } from "./zone";

/** Days of the month that run; several forms together are their union. */
export interface DaysOfMonth {
  /** Dates, 1-31. */
  readonly days: readonly number[];
  /** Dates whose nearest day MON-FRI in the same month runs (`15W`). */
  readonly nearestWeekdays: readonly number[];
  /** The last day (`L`). */
  readonly last: boolean;
  /** The last day MON-FRI (`LW`). */
  readonly lastWeekday: boolean;
}

/** Weekdays that run, 0 is Sunday; several forms together are their union. */
export interface DaysOfWeek {
  readonly weekdays: readonly number[];
  /** Weekdays whose last of the month runs (`5L`). */
  readonly last: readonly number[];
  /** Weekdays whose nth of the month runs (`6#3`), n 1-5. */
  readonly nth: readonly { readonly weekday: number; readonly n: number }[];
}

/**
 * A calendar schedule, every field expanded, sorted and free of repetition, so that texts that mean the same give equal values.
 * A day runs when it satisfies either of `daysOfMonth` and `daysOfWeek`, or the one that is not "*".
 */
export interface Cron {
  readonly kind: "cron";
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: DaysOfMonth | "*";
  /** 1-12. */
  readonly months: readonly number[];
  readonly daysOfWeek: DaysOfWeek | "*";
  /** 1970-2099. */
  readonly years: readonly number[] | "*";
  /** IANA name, `UTC` or `GMT±H:MM`; without one, each machine's own zone. */
  readonly zone?: string;
}

/** @throws {ScheduleSyntaxError} */
export function parseCron(whole: Piece): Cron {
  refuseMacro(whole);
  const [second, minute, hour, day, month, weekday, ...tail] = splitFields(whole);
  if (!second || !minute || !hour || !day || !month || !weekday || tail.length > 2) throw fieldCount(whole);
  const { year, zone } = judgeTail(tail);
  return {
    kind: "cron",
    seconds: parseNumbers(second, SECOND),
    minutes: parseNumbers(minute, MINUTE),
    hours: parseNumbers(hour, HOUR),
    months: parseNumbers(month, MONTH),
    ...uniteDays(parseDaysOfMonth(day), parseDaysOfWeek(weekday)),
    years: year === undefined ? "*" : parseYears(year),
    ...(zone !== undefined && { zone: parseZone(zone) }),
  };
}

/** The fields of a cron expression, as the agent parts them. */
export function splitFields(whole: Piece): Piece[] {
  return [...whole.text.matchAll(/[^ \t\n]+/g)].map(({ index, 0: text }) =>
    slicePiece(whole, index, index + text.length),
  );
}

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 ?",
  "@annually": "0 0 0 1 1 ?",
  "@monthly": "0 0 0 1 * ?",
  "@weekly": "0 0 0 ? * SUN",
  "@daily": "0 0 0 * * ?",
  "@midnight": "0 0 0 * * ?",
  "@hourly": "0 0 * * * ?",
};

// The agent replaces these anywhere in the text by seven fields, so alone they are invalid and elsewhere they shift the rest.
function refuseMacro(whole: Piece): void {
  const index = whole.text.indexOf("@");
  if (index < 0) return;
  const word = slicePiece(whole, index, index + (/^@\w*/.exec(whole.text.slice(index))?.[0].length ?? 1));
  const fields = MACROS[word.text.toLowerCase()];
  throw new ScheduleSyntaxError(word, {
    expected: "cron fields",
    problem: `the agent does not read ${word.text} as a schedule`,
    remedy: fields === undefined ? "write out the six fields" : `write "${fields}"`,
  });
}

function fieldCount(whole: Piece): ScheduleSyntaxError {
  const fields = splitFields(whole);
  const count = `${fields.length} ${fields.length === 1 ? "field" : "fields"}`;
  return new ScheduleSyntaxError(fields[8] ?? slicePiece(whole, whole.text.length), {
    expected: "6 to 8 cron fields, rate(…) or at(…)",
    problem: `a cron schedule has 6 fields, then a year or a zone or both: found ${count}`,
    remedy: 'write for example "0 0 2 * * ? Asia/Shanghai", "rate(5m)" or "at(2030-01-31 02:00:00)"',
  });
}

// As the agent decides it: a seventh field that merely contains a year is one. Other numbers it takes for a zone, and refuses as well.
function judgeTail([first, second]: Piece[]): { year?: Piece; zone?: Piece } {
  if (first === undefined) return {};
  if (second !== undefined) return { year: first, zone: second };
  return isEvery(first) || /^\*\/\d+$|19[789]\d|20\d\d|^\d+$/.test(first.text) ? { year: first } : { zone: first };
}

function parseNumbers(piece: Piece, field: Field): readonly number[] {
  const values = parseField(piece, field);
  return values === "*" ? span(field.min, field.max) : values;
}

function parseYears(piece: Piece): readonly number[] | "*" {
  const years = parseField(piece, YEAR);
  return years.length === MAX_YEAR - MIN_YEAR + 1 ? "*" : years;
}

function parseDaysOfMonth(piece: Piece): DaysOfMonth | "*" {
  const items = splitItems(piece, DAY);
  const isWhole = items.length === 1;
  const days: number[] = [];
  const nearestWeekdays: number[] = [];
  for (const item of items) {
    if (/^LW?$/i.test(item.text)) continue;
    if (/^\d+W$/i.test(item.text)) nearestWeekdays.push(parseValue(slicePiece(item, 0, -1), DAY));
    else days.push(...parseItem(item, DAY, { isWhole }));
  }
  if (items.some(isEvery)) return "*";
  const has = (text: string) => items.some((item) => item.text.toUpperCase() === text);
  return { days: sorted(days), nearestWeekdays: sorted(nearestWeekdays), last: has("L"), lastWeekday: has("LW") };
}

function parseDaysOfWeek(piece: Piece): DaysOfWeek | "*" {
  const items = splitItems(piece, WEEKDAY);
  const isWhole = items.length === 1;
  const weekdays: number[] = [];
  const last: number[] = [];
  const nth: { weekday: number; n: number }[] = [];
  for (const item of items) {
    if (/^L$/i.test(item.text)) throw bareLast(item);
    const [, n] = /#([1-5])$/.exec(item.text) ?? [];
    if (n !== undefined) nth.push({ weekday: parseValue(slicePiece(item, 0, -2), WEEKDAY), n: Number(n) });
    else if (/L$/i.test(item.text)) last.push(parseValue(slicePiece(item, 0, -1), WEEKDAY));
    else weekdays.push(...parseItem(item, WEEKDAY, { isWhole }));
  }
  if (items.some(isEvery)) return "*";
  return reduceWeekdays({ weekdays, last, nth });
}

function bareLast(item: Piece): ScheduleSyntaxError {
  return new ScheduleSyntaxError(item, {
    expected: WEEKDAY.expected,
    problem: "the weekday of L is missing",
    remedy: 'write "SUNL" for the last Sunday of the month or "SUN" for every Sunday',
  });
}

/** Sorted, and without what other items cover: a weekday that always runs needs no last and no nth, five nths are every one. */
function reduceWeekdays({ weekdays, last, nth }: DaysOfWeek): DaysOfWeek {
  const nthOf = (weekday: number) => sorted(nth.filter((item) => item.weekday === weekday).map(({ n }) => n));
  const always = span(0, 6).filter((weekday) => weekdays.includes(weekday) || nthOf(weekday).length === 5);
  const others = span(0, 6).filter((weekday) => !always.includes(weekday));
  return {
    weekdays: always,
    last: others.filter((weekday) => last.includes(weekday)),
    nth: others.flatMap((weekday) => nthOf(weekday).map((n) => ({ weekday, n }))),
  };
}

/** "*" for both when either covers every day: the agent joins two restricted fields. */
function uniteDays(
  daysOfMonth: DaysOfMonth | "*",
  daysOfWeek: DaysOfWeek | "*",
): Pick<Cron, "daysOfMonth" | "daysOfWeek"> {
  const isEveryDate = daysOfMonth !== "*" && daysOfMonth.days.length === 31;
  const isEveryWeekday = daysOfWeek !== "*" && daysOfWeek.weekdays.length === 7;
  return isEveryDate || isEveryWeekday ? { daysOfMonth: "*", daysOfWeek: "*" } : { daysOfMonth, daysOfWeek };
}
