import { adviseOneOf, refusal, ScheduleSyntaxError } from "./error";
import { type Piece, slicePiece } from "./piece";
import { parseSequence, type Step } from "./sequence";
import { formatWall, instantAt, likelyZones, parseZone, wallAt, zoneOf } from "./zone";

/** Runs once. */
export interface At {
  readonly kind: "at";
  /** To the second. */
  readonly instant: Date;
  /** The zone in which the text tells the time: IANA name, `UTC` or `GMT±H:MM`. */
  readonly zone: string;
}

const STEPS: readonly Step[] = [
  [/at\(/y, '"at("'],
  [/\d{4}-\d\d-\d\d/y, "a date yyyy-MM-dd"],
  [/ \d\d:\d\d:\d\d/y, "a space and a time HH:mm:ss"],
  [/( [^ ()]+)?/y, "a zone"],
  [/\)/y, '")", or a space and a zone'],
];

/** @throws {ScheduleSyntaxError} */
export function parseAt(whole: Piece): At {
  const [, date, time, zonePiece] = parseSequence(whole, STEPS, remedyOf);
  if (!date || !time || !zonePiece) throw refusal(whole, { expected: "at(…)" });
  const zone = zonePiece.text === "" ? "UTC" : parseZone(slicePiece(zonePiece, 1));
  const wallMs = parseWall(date, time);
  const { instantMs, isShown } = instantAt(zoneOf(zone), wallMs);
  if (!isShown) throw skipped(date, `${date.text}${time.text}`, zone);
  return { kind: "at", instant: new Date(instantMs), zone };
}

function remedyOf(text: string): string | undefined {
  const meant = suggestAt(text.replace(/^[ \t\n]*at[ \t\n]*\(?/i, ""));
  return meant.length === 0 ? undefined : adviseOneOf(meant);
}

const INSTANT =
  /^["']?(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ \t\nT,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?([^"')]*)["')]*$/i;

/** `at(…)` for an instant as people and other tools write it, such as `2030-01-31T13:15:30Z`: in each zone that may be meant. */
export function suggestAt(text: string): readonly string[] {
  const [, year, month = "", day = "", hour = "00", minute = "00", second = "00", rest = ""] =
    INSTANT.exec(text.trim()) ?? [];
  if (year === undefined) return [];
  const two = (number: string) => number.padStart(2, "0");
  const wall = `${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}:${second}`;
  const zones = rest.trim() === "" ? ["UTC"] : likelyZones(rest.trim());
  return zones.map((zone) => (zone === "UTC" ? `at(${wall})` : `at(${wall} ${zone})`)).filter(isAt);
}

function isAt(text: string): boolean {
  try {
    return parseAt({ input: text, offset: 0, text }).kind === "at";
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return false;
    throw error;
  }
}

function parseWall(date: Piece, time: Piece): number {
  const text = `${date.text}${time.text}`;
  const wallMs = Date.parse(`${text.replace(" ", "T")}Z`);
  if (!Number.isNaN(wallMs) && formatWall(wallMs) === text) return wallMs;
  throw refusal(date, {
    expected: "a date and time of the calendar",
    problem: `the calendar has no ${text}`,
  });
}

function skipped(date: Piece, text: string, zone: string): ScheduleSyntaxError {
  return refusal(date, {
    expected: "a time that the clocks show",
    problem: `the clocks of ${zone} are put forward over ${text}`,
    remedy: "write the time in UTC",
  });
}

/** `at(2030-01-31 02:00:00 Asia/Shanghai)`, without a zone for UTC. */
export function formatAt({ instant, zone }: At): string {
  const wall = formatWall(wallAt(zoneOf(zone), instant.getTime()));
  return zone === "UTC" ? `at(${wall})` : `at(${wall} ${zone})`;
}
