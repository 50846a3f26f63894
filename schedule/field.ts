import { refusal, type ScheduleSyntaxError } from "./error";
import { MAX_YEAR, MIN_YEAR } from "./limits";
import { findHalves, type Piece, splitPiece } from "./piece";
import { suggestRate } from "./rate";

/** One field of a cron expression: which numbers and names it takes. */
export interface Field {
  readonly name: string;
  readonly expected: string;
  readonly min: number;
  /** The largest value, and the largest step. */
  readonly max: number;
  /** Full names in the order of their numbers, from `min` on; their first three letters are names too. */
  readonly names: readonly string[];
}

const MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split(" ");
const WEEKDAYS = "SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY".split(" ");

function numeric(name: string, expected: string, min: number, max: number): Field {
  return { name, expected, min, max, names: [] };
}

export const SECOND = numeric("second", "a second from 0 to 59", 0, 59);
export const MINUTE = numeric("minute", "a minute from 0 to 59", 0, 59);
export const HOUR = numeric("hour", "an hour from 0 to 23", 0, 23);
export const DAY = numeric("day-of-month", "a day of the month from 1 to 31, L, LW or nW", 1, 31);
export const MONTH: Field = {
  ...numeric("month", "a month from 1 to 12 or JAN to DEC", 1, 12),
  names: MONTHS,
};
/** Seven is Sunday too, but as a value only: ranges and steps run from 0 to 6. */
export const WEEKDAY: Field = {
  ...numeric("weekday", "a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5", 0, 6),
  names: WEEKDAYS,
};
export const YEAR = numeric("year", `a year from ${MIN_YEAR} to ${MAX_YEAR}`, MIN_YEAR, MAX_YEAR);

/** The items of a field; the agent drops empty ones, but not a field without any other. */
export function splitItems(piece: Piece, field: Field): Piece[] {
  const items = splitPiece(piece, ",").filter(({ text }) => text !== "");
  if (items.length === 0) throw refusal(piece, { expected: field.expected });
  return items;
}

export function isEvery({ text }: Piece): boolean {
  return text === "*" || text === "?";
}

/** Sorted values of a field that has no forms of its own, or "*" when one of its items is unrestricted. */
export function parseField(piece: Piece, field: Field): readonly number[] | "*" {
  const items = splitItems(piece, field);
  const firstEvery = items.findIndex(isEvery);
  const values = items.map((item, index) =>
    parseItem(item, field, { isWhole: items.length === 1, isIgnored: firstEvery >= 0 && index > firstEvery }),
  );
  return firstEvery >= 0 ? "*" : sorted(values.flat());
}

export function sorted(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** All values from `first` to `last`. */
export function span(first: number, last: number, step = 1): number[] {
  const values: number[] = [];
  for (let value = first; value <= last; value += step) values.push(value);
  return values;
}

interface Surroundings {
  /** The item is the whole field. */
  readonly isWhole?: boolean;
  /** The agent never looks at the item, because an unrestricted one precedes it. */
  readonly isIgnored?: boolean;
}

/** The values that one item names: `*`, `v`, `a-b`, each with or without a step. */
export function parseItem(item: Piece, field: Field, surroundings: Surroundings = {}): number[] {
  if (isEvery(item)) return span(field.min, field.max);
  const [base, stepPiece] = findHalves(item, "/") ?? [item, undefined];
  const step = stepPiece === undefined ? 1 : parseStep(base, stepPiece, field, surroundings);
  if (base.text === "*") return span(field.min, field.max, step);
  if (base.text === "?" || (base.text === "" && stepPiece !== undefined))
    throw unreadable(base, field.expected, surroundings, `write "*/${step}"`);
  const ends = findHalves(base, "-");
  if (ends !== undefined) return parseRange(base, ends, step, field, surroundings);
  const first = parseValue(base, field, surroundings);
  return stepPiece === undefined ? [first] : span(first, field.max, step);
}

/** One number or name; Sunday comes out as 0. */
export function parseValue(piece: Piece, field: Field, surroundings: Surroundings = {}): number {
  const { text } = piece;
  const named = findName(text, field);
  if (named !== undefined) return named;
  const isNumber = field === YEAR ? /^\d{4}$/.test(text) : /^\d{1,2}$/.test(text);
  const value = Number(text);
  if (field === WEEKDAY && isNumber && text.length === 2 && value <= 7) throw twoDigits(piece, value);
  if (field === WEEKDAY && text === "7") return 0;
  if (isNumber && value >= field.min && value <= field.max) return value;
  const meant = suggestValue(text, field);
  throw unreadable(piece, field.expected, surroundings, meant === undefined ? undefined : `write "${meant}"`);
}

function unreadable(
  piece: Piece,
  expected: string,
  { isIgnored = false }: Surroundings,
  otherwise?: string,
): ScheduleSyntaxError {
  const remedy = isIgnored ? 'take it out, as the agent ignores it after "*"' : otherwise;
  return refusal(piece, { expected, ...(remedy !== undefined && { remedy }) });
}

/** What may be meant by a value that is none: `sept`, `Mondays`, `008`, the hour 24, the year 30. */
function suggestValue(text: string, field: Field): string | undefined {
  if (/^\d{1,9}$/.test(text)) {
    const value = Number(text);
    if (field === YEAR) return text.length === 2 ? `20${text}` : undefined;
    if (field === HOUR && value === 24) return "0";
    if (field === WEEKDAY && value >= MIN_YEAR && value <= MAX_YEAR) return `? ${text}`;
    return value >= field.min && value <= field.max ? String(value) : undefined;
  }
  const [, word = ""] = /^([A-Z]{3,}?)s?\.?$/i.exec(text) ?? [];
  const named = word === "" ? [] : field.names.filter((name) => name.startsWith(word.toUpperCase()));
  return named.length === 1 ? named[0]?.slice(0, 3) : undefined;
}

// In ASCII alone, as the agent matches: other letters, such as U+017F in "ſun", have the same capital.
export function findName(text: string, field: Field): number | undefined {
  if (!/^[A-Z]+$/i.test(text)) return undefined;
  const upper = text.toUpperCase();
  const index = field.names.findIndex((name) => upper === name || upper === name.slice(0, 3));
  return index < 0 ? undefined : field.min + index;
}

function twoDigits(piece: Piece, value: number): ScheduleSyntaxError {
  return refusal(piece, {
    expected: "a weekday of one digit",
    problem: `the weekday ${piece.text} has two digits, which the agent reads as Sunday`,
    remedy: `write "${value}"`,
  });
}

function parseStep(base: Piece, piece: Piece, field: Field, surroundings: Surroundings): number {
  const step = /^(\d{1,2}|\d{4})$/.test(piece.text) ? Number(piece.text) : 0;
  if (isStep(step, field)) return step;
  const expected = field === YEAR ? `1 to ${MAX_NUMBER} or ${MIN_YEAR} to ${MAX_YEAR}` : `1 to ${field.max}`;
  throw unreadable(piece, `a step from ${expected}`, surroundings, suggestStep(base, piece, field));
}

const UNIT_SECONDS: ReadonlyMap<Field, number> = new Map([
  [SECOND, 1],
  [MINUTE, 60],
  [HOUR, 60 * 60],
]);

// A step that is too long never comes round: other tools then run at the first value alone, and their users meant a period.
function suggestStep(base: Piece, { text }: Piece, field: Field): string | undefined {
  const step = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (isStep(step, field)) return `write "${step}"`;
  const unitSeconds = UNIT_SECONDS.get(field);
  if (step <= field.max || unitSeconds === undefined || !/^[*0]$/.test(base.text)) return undefined;
  const [rate] = suggestRate(step * unitSeconds);
  return `write "${field.min}" in place of ${base.text}/${text} to run at the first ${field.name} alone${rate === undefined ? "" : `, or "${rate}" as the whole frequency`}`;
}

/** The largest number below the years. */
const MAX_NUMBER = 59;

// The agent looks numbers up in a table that holds those of a minute and the years; a year's step has to be there as well.
function isStep(step: number, { max }: Field): boolean {
  return step >= 1 && step <= max && (step <= MAX_NUMBER || step >= MIN_YEAR);
}

function parseRange(
  base: Piece,
  [low, high]: [Piece, Piece],
  step: number,
  field: Field,
  surroundings: Surroundings,
): number[] {
  const first = parseEnd(low, field, surroundings, field.min);
  const last = parseEnd(high, field, surroundings, field.max);
  if (field === WEEKDAY && last === 0 && base.text !== "0-0") throw sundayEnd(base, first, step, surroundings);
  if (first > last) throw backwards(base, first, last, step, field, surroundings);
  return span(first, last, step);
}

function parseEnd(piece: Piece, field: Field, surroundings: Surroundings, open: number): number {
  if (isEvery(piece)) throw unreadable(piece, field.expected, surroundings, `write "${formatName(open, field)}"`);
  return parseValue(piece, field, surroundings);
}

function sundayEnd(base: Piece, first: number, step: number, { isWhole = false }: Surroundings): ScheduleSyntaxError {
  const empty = `which the agent reads as empty${isWhole ? ", so it would never fire" : ""}`;
  const consequence = first === 0 ? "which the agent reads as Sunday alone" : empty;
  const intended = sorted(span(first, 7, step).map((value) => value % 7));
  const choices = first === 0 && step === 1 ? ['"*"', '"SUN"'] : rewordings(intended, WEEKDAY);
  return refusal(base, {
    expected: "a weekday range that does not end on Sunday",
    problem: `the weekday range ${base.text} ends on Sunday, ${consequence}`,
    remedy: `write ${choices.join(" or ")}`,
  });
}

function backwards(
  base: Piece,
  first: number,
  last: number,
  step: number,
  field: Field,
  { isWhole = false }: Surroundings,
): ScheduleSyntaxError {
  const stopsAgent = isWhole && [SECOND, MINUTE, HOUR, MONTH].includes(field);
  const size = field.max - field.min + 1;
  const wrapped = span(first, last + size, step).map((value) => (value > field.max ? value - size : value));
  const choices = field === YEAR ? [`"${last}-${first}"`] : rewordings(wrapped, field);
  return refusal(base, {
    expected: `a ${field.name} range that runs forwards`,
    problem: `the ${field.name} range ${base.text} runs backwards, which ${stopsAgent ? "stops the agent's process" : "the agent reads as empty"}`,
    remedy: `write ${choices.join(" or ")}`,
  });
}

/** How to write values that a range was meant to name: "*" when it was all of them, and the list. */
function rewordings(values: readonly number[], field: Field): string[] {
  const list = `"${formatWrapped(values, field)}"`;
  return values.length === field.max - field.min + 1 ? ['"*"', list] : [list];
}

/** A list in the order given, neighbours as ranges; of weekdays in their own order, Sunday always by itself. */
export function formatWrapped(values: readonly number[], field: Field): string {
  const sundays = field === WEEKDAY ? values.filter((value) => value === 0) : [];
  const others = field === WEEKDAY ? sorted(values.filter((value) => value !== 0)) : values;
  const name = (value: number | undefined) => formatName(value ?? field.min, field);
  return [...neighbours(sundays), ...neighbours(others)]
    .map((run) => (run.length === 1 ? name(run[0]) : `${name(run[0])}-${name(run.at(-1))}`))
    .join(",");
}

/** The values in the order given, cut where one does not follow the one before it. */
export function neighbours(values: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs;
}

/** The step, from 2 on, by which three or more values run from the first to the field's largest, if they do. */
export function findStep(values: readonly number[], field: Field): number | undefined {
  const [first = 0, second = 0] = values;
  const step = second - first;
  if (values.length < 3 || step < 2 || !isStep(step, field)) return undefined;
  const stepped = span(first, field.max, step);
  const isStepped = stepped.length === values.length && stepped.every((value, index) => value === values[index]);
  return isStepped ? step : undefined;
}

/** A weekday's or month's three letters, or the number of a field without names. */
export function formatName(value: number, field: Field): string {
  return field.names[value - field.min]?.slice(0, 3) ?? String(value);
}
