/** How other tools write a schedule, and the same in Cloud Assistant's words where that can be told. */
import { suggestAt } from "./at";
import { splitFields } from "./cron";
import { adviseOneOf, quote, refusal, ScheduleSyntaxError } from "./error";
import { findName, formatName, formatWrapped, span, WEEKDAY } from "./field";
import { readPeriod } from "./period";
import type { Piece } from "./piece";
import { suggestRate } from "./rate";
import { readSchedule } from "./schedule";
import { likelyZones } from "./zone";

/** What a text is, and what to write for it. */
interface Finding {
  /** What is wrong with it here. */
  readonly problem: string;
  /** The same in our words, in as many ways as may be meant; what does not parse is no answer. */
  readonly meant: readonly string[];
  /** What to do when nothing can be written for it. */
  readonly otherwise?: string;
  /** The part that gives it away; else the whole. */
  readonly place?: Piece;
}

/** Says what a text is, or nothing when it is not of this kind; a part of it may be in another dialect again. */
type Dialect = (whole: Piece, rewordPart: typeof reword) => Finding | undefined;

const DIALECTS: readonly Dialect[] = [
  quoted,
  wrapped,
  zoneFirst,
  macro,
  hashed,
  fiveFields,
  eventBridge,
  weekdayFirst,
  tornZone,
  tornList,
  loose,
];

/** Characters of the longest text that is thought about, and dialects within each other; nobody writes more for another tool. */
const MAX_CHARACTERS = 200;
const MAX_DEPTH = 3;

/** The error for a text that the grammar refuses, when it is one that another tool takes. */
export function findDialect(whole: Piece): ScheduleSyntaxError | undefined {
  if (whole.text.length > MAX_CHARACTERS) return undefined;
  for (const dialect of DIALECTS) {
    const finding = dialect(whole, reword);
    if (finding === undefined) continue;
    const { problem, otherwise, place = whole } = finding;
    const meant = rewordAll(finding.meant, MAX_DEPTH);
    const remedy = meant.length > 0 ? adviseOneOf(meant) : otherwise;
    if (remedy !== undefined)
      return refusal(place, { expected: "6 to 8 cron fields, rate(…) or at(…)", problem, remedy });
  }
  return undefined;
}

/** The text when it parses, else all that may be meant by it and does. */
export function reword(text: string, depth = MAX_DEPTH): readonly string[] {
  const whole = { input: text, offset: 0, text };
  if (reads(whole)) return [text];
  if (text.length > MAX_CHARACTERS || depth === 0) return [];
  for (const dialect of DIALECTS) {
    const meant = rewordAll(dialect(whole, (part) => reword(part, depth - 1))?.meant ?? [], depth - 1);
    if (meant.length > 0) return meant;
  }
  return [];
}

const rewordAll = (texts: readonly string[], depth: number) => [
  ...new Set(texts.flatMap((text) => reword(text, depth))),
];

function reads(whole: Piece): boolean {
  try {
    readSchedule(whole);
    return true;
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return false;
    throw error;
  }
}

const textsOf = (whole: Piece) => splitFields(whole).map(({ text }) => text);

const ALONE = "write its second, minute, hour, day of month, month and weekday alone";

/** `"0 0 2 * * ?"`, quotes and all. */
function quoted({ text }: Piece): Finding | undefined {
  const [, , inner] = /^[ \t\n]*(["'`])(.*)\1[ \t\n]*$/s.exec(text) ?? [];
  return inner === undefined
    ? undefined
    : { problem: "the quotes around it are part of the text", meant: [inner.trim()] };
}

/** `cron(…)` of EventBridge, and `cron:` before the text. */
function wrapped({ text }: Piece): Finding | undefined {
  const [, bracket, rest] = /^[ \t\n]*cron(?:[ \t\n]*([(:=])|[ \t\n])(.*)$/is.exec(text) ?? [];
  if (rest === undefined) return undefined;
  if (bracket !== "(") return { problem: 'its fields stand without "cron"', meant: [rest.trim()], otherwise: ALONE };
  const [inner = "", tail = ""] = rest.split(")", 2);
  const fields = inner.split(/[ \t\n]+/).filter((field) => field !== "");
  const zones = likelyZones(tail.trim());
  const meant = fromEventBridge(zones.length === 0 ? fields : [...fields, tail.trim()]);
  if (meant.length > 0)
    return {
      problem: "cron(…) with minute, hour, day, month, weekday and year is EventBridge's, which counts Sunday as 1",
      meant,
      otherwise: ALONE,
    };
  const texts = zones.length === 0 ? [inner.trim()] : zones.map((zone) => `${inner.trim()} ${zone}`);
  return { problem: "its fields stand without cron(…)", meant: texts, otherwise: ALONE };
}

/** `CRON_TZ=Asia/Shanghai 0 2 * * *`, or the zone before the fields. */
function zoneFirst(whole: Piece, rewordPart: typeof reword): Finding | undefined {
  const [first = "", ...rest] = textsOf(whole);
  const [, named] = /^(?:CRON_)?TZ=(.*)$/i.exec(first) ?? [];
  const isPlace = /^[A-Z]+\//i.test(first) && likelyZones(first).length > 0;
  if (rest.length === 0 || (named === undefined && !isPlace)) return undefined;
  const [fields] = rewordPart(rest.join(" "));
  return {
    problem: "the zone stands behind the fields",
    meant: fields === undefined ? [] : likelyZones(named ?? first).map((zone) => `${fields} ${zone}`),
    otherwise: "write the six fields first, and the zone after them",
  };
}

const MACROS: ReadonlyMap<string, string> = new Map([
  ["yearly", "0 0 0 1 1 ?"],
  ["annually", "0 0 0 1 1 ?"],
  ["quarterly", "0 0 0 1 1,4,7,10 ?"],
  ["monthly", "0 0 0 1 * ?"],
  ["weekly", "0 0 0 ? * SUN"],
  ["weekdays", "0 0 0 ? * MON-FRI"],
  ["weekends", "0 0 0 ? * SUN,SAT"],
  ["daily", "0 0 0 * * ?"],
  ["midnight", "0 0 0 * * ?"],
  ["hourly", "0 0 * * * ?"],
  ["minutely", "0 * * * * ?"],
]);

/** What to do about a word after "@" that stands for no fields. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ["reboot", 'leave the frequency out and set the repeat mode to "EveryReboot"'],
  ["every", 'write a period of 60 s to 7 d, such as "rate(5m)"'],
]);

// The agent replaces some of these anywhere in the text by seven fields, so alone they are invalid and elsewhere they shift the rest.
function macro(whole: Piece): Finding | undefined {
  const fields = splitFields(whole);
  const place = fields.find(({ text }) => text.startsWith("@")) ?? (fields.length <= 2 ? fields[0] : undefined);
  if (place === undefined) return undefined;
  const name = place.text.replace("@", "").toLowerCase();
  const written = MACROS.get(name);
  if (!place.text.startsWith("@") && written === undefined) return undefined;
  const tail = fields.filter((field) => field !== place).map(({ text }) => text);
  const zones = tail.length === 1 ? likelyZones(tail[0] ?? "") : [];
  // What else stands there, such as a time, may mean another schedule.
  const isAlone = tail.length === 0 || tail[0]?.startsWith("#") || isCommand(tail[0]) || isCommand(tail[1]);
  return {
    place,
    problem: `the agent does not read ${place.text} as a schedule`,
    meant: [
      ...(written !== undefined && isAlone ? [written] : []),
      ...zones.map((zone) => `${written ?? ""} ${zone}`),
      ...(name === "every" ? suggestRate(readPeriod(tail.join(" "))) : []),
    ],
    otherwise: OTHER_WORDS.get(name) ?? "write out the six fields",
  };
}

/** `H 2 * * *` of Jenkins. */
function hashed(whole: Piece): Finding | undefined {
  const fields = splitFields(whole);
  const place = fields.find(({ text }) => /^H($|[/(,-])/.test(text));
  if (place === undefined || fields.length < 5) return undefined;
  const problem = "the agent knows no H, by which Jenkins spreads its jobs";
  return { place, problem, meant: [], otherwise: "write a number" };
}

/** Unix cron: no second; behind the five fields nothing, a zone, or the command of a crontab line. */
function fiveFields(whole: Piece): Finding | undefined {
  const fields = textsOf(whole);
  const [minute, hour, day, month, weekday] = fields;
  if (weekday === undefined) return undefined;
  const unix = `0 ${minute} ${hour} ${day} ${month}`;
  const plain = `${unix} ${weekday}`;
  const meant = isReadable(plain) ? plain : `${unix} ${renameWeekdays(weekday, 0)}`;
  const tail = fields.slice(5);
  if (tail.length === 0)
    return {
      problem:
        "a cron schedule has 6 fields, the second first, then a year or a zone or both: found 5 fields, as of Unix cron",
      meant: [meant],
    };
  if (isCommand(tail[0]) || isCommand(tail[1]))
    return { problem: "a command of crontab stands behind its five fields", meant: [meant], otherwise: ALONE };
  if (tail.length > 1) return undefined;
  return {
    problem: "a cron schedule has 6 fields, the second first: found 5 fields and a zone, as of Unix cron",
    meant: likelyZones(tail[0] ?? "").map((zone) => `${meant} ${zone}`),
  };
}

const isCommand = (text = "") => /^(\.{0,2}\/|[~$])/.test(text);

const isReadable = (text: string) => reads({ input: text, offset: 0, text });

/** The fields of EventBridge without `cron(…)`: minute hour day month weekday year, and perhaps a zone. */
function eventBridge(whole: Piece): Finding | undefined {
  const problem = "the fields are those of EventBridge: minute, hour, day, month, weekday and year";
  return { problem, meant: fromEventBridge(textsOf(whole)) };
}

/**
 * Minute, hour, day, month, weekday, year in Cloud Assistant's words, in UTC where no zone stands behind them; nothing where they
 * are something else: one of day and weekday is "?", which nobody writes for an hour or a month.
 */
export function fromEventBridge(fields: readonly string[]): readonly string[] {
  const [minute, hour, day, month, weekday = "", year = "", zone = "UTC"] = fields;
  if (fields.length > 7 || (day === "?") === (weekday === "?")) return [];
  if (!/^(\*|(\*\/|19[789]\d|20\d\d)[\d,/-]*)$/.test(year)) return [];
  const words = ["0", minute, hour, day, month, renameWeekdays(weekday, 1), ...(year === "*" ? [] : [year])].join(" ");
  return likelyZones(zone).map((each) => `${words} ${each}`);
}

/** Weekdays of a tool that counts Sunday as 0 (and 7) or as 1, by their names; ranges that go over Sunday as lists. */
function renameWeekdays(field: string, sunday: 0 | 1): string {
  const items = field.split(",").map((item) => renameWeekday(item, sunday));
  return items.includes("*") ? "*" : items.join(",");
}

function renameWeekday(item: string, sunday: 0 | 1): string {
  // By itself it is the last day of the week.
  if (/^L$/i.test(item)) return "SAT";
  const [, from = "", to, step, suffix = ""] = /^(\w*?)(?:-(\w+))?(?:\/(\d+))?(L|#\d)?$/i.exec(item) ?? [];
  const first = numberOf(from, sunday);
  const last = to === undefined ? 6 : numberOf(to, sunday);
  if (first === undefined || last === undefined) return item;
  if (to === undefined && step === undefined) return `${formatName(first, WEEKDAY)}${suffix}`;
  const days = span(first, last < first ? last + 7 : last, Math.max(1, Number(step ?? 1))).map((day) => day % 7);
  return days.length === 7 ? "*" : formatWrapped(days, WEEKDAY);
}

function numberOf(text: string, sunday: 0 | 1): number | undefined {
  if (!/^\d$/.test(text)) return findName(text, WEEKDAY);
  const value = Number(text);
  return value >= sunday && value <= 7 ? (value - sunday) % 7 : undefined;
}

/** The weekday before the month, as a page of the service's documentation has it. */
function weekdayFirst(whole: Piece): Finding | undefined {
  const [second, minute, hour, day, month = "", weekday, ...tail] = textsOf(whole);
  if (weekday === undefined || !/[A-Z]{3}/i.test(`${month} ${weekday}`)) return undefined;
  const meant = [second, minute, hour, day, weekday, month, ...tail].join(" ");
  return isReadable(meant) ? { problem: "the month stands before the weekday", meant: [meant] } : undefined;
}

/** A zone in two words, or before the year. */
function tornZone(whole: Piece): Finding | undefined {
  const fields = textsOf(whole);
  const [first = "", second = ""] = fields.slice(6);
  if (fields.length !== 8 || !/^[A-Z]/i.test(first)) return undefined;
  const head = fields.slice(0, 6).join(" ");
  if (/^[\d*]/.test(second))
    return {
      problem: "the year stands before the zone",
      meant: likelyZones(first).map((zone) => `${head} ${second} ${zone}`),
    };
  return {
    problem: `a zone is one word, and this one has two, ${quote(`${first} ${second}`)}`,
    meant: likelyZones(`${first}${second}`).map((zone) => `${head} ${zone}`),
  };
}

/** A blank beside the comma of a list or the hyphen of a range, which parts them into two fields: `2, 14`. */
function tornList({ text }: Piece): Finding | undefined {
  const joined = joinLists(text);
  if (joined === undefined) return undefined;
  return { problem: 'a blank parts two fields, and one stands beside a "," or "-"', meant: [joined] };
}

/** Without the blanks beside commas and hyphens, where there are some; a hyphen after a blank is the sign of a number. */
export const joinLists = (text: string): string | undefined =>
  /\w(?:[,-][ \t\n]+|[ \t\n]+(?:,[ \t\n]*|-[ \t\n]+))\w/.test(text)
    ? text.replace(/[ \t\n]+/g, " ").replace(/ ?, ?| ?- /g, (part) => part.trim())
    : undefined;

/** A period or an instant without `rate(…)` or `at(…)`: `every 5 minutes`, `PT5M`, `2030-01-31T13:15:30Z`. */
function loose({ text }: Piece): Finding | undefined {
  const trimmed = text.trim();
  const rates = suggestRate(readPeriod(trimmed.replace(/^(every|each)\b/i, "")));
  if (rates.length > 0) return { problem: "a period is written rate(…)", meant: rates };
  return { problem: "an instant is written at(…)", meant: suggestAt(trimmed) };
}
