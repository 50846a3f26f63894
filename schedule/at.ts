import { refusal, type ScheduleSyntaxError } from "./error";
import { type Piece, slicePiece } from "./piece";
import { parseSequence, type Step } from "./sequence";
import { formatWall, instantAt, parseZone, wallAt, zoneOf } from "./zone";

/** Runs once. */
export interface At {
  readonly kind: "at";
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
  const [, date, time, zonePiece] = parseSequence(whole, STEPS);
  if (!date || !time || !zonePiece) throw refusal(whole, { expected: "at(…)" });
  const zone = zonePiece.text === "" ? "UTC" : parseZone(slicePiece(zonePiece, 1));
  const wallMs = parseWall(date, time);
  const { instantMs, isShown } = instantAt(zoneOf(zone), wallMs);
  if (!isShown) throw skipped(date, `${date.text}${time.text}`, zone);
  return { kind: "at", instant: new Date(instantMs), zone };
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
