import { FixedOffsetZone, IANAZone, type Zone } from "luxon";
import { refusal } from "./error";
import type { Piece } from "./piece";

const EXPECTED_ZONE = 'an IANA zone such as "Asia/Shanghai", "UTC" or an offset such as "GMT+8:00"';
const OFFSET = /^GMT([+-])(\d|1[0-4]):([0-5]\d)$/;
const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * The zone of a schedule, in one spelling: an IANA name, `UTC` or `GMT±H:MM`.
 * @throws {ScheduleSyntaxError}
 */
export function parseZone(piece: Piece): string {
  const { text } = piece;
  if (text.includes("/")) return parseIana(piece);
  if (text === "UTC" || text === "GMT" || /^GMT[+-]0:00$/.test(text)) return "UTC";
  if (OFFSET.test(text)) return text;
  throw refusal(piece, { expected: EXPECTED_ZONE, ...correctZone(text) });
}

// The platform takes IANA names in any case, the agent opens a file of that name.
function parseIana(piece: Piece): string {
  const spelt = spell(piece.text);
  const isKnown = findZone(spelt) !== undefined;
  if (isKnown && spelt === piece.text) return spelt;
  throw refusal(piece, { expected: EXPECTED_ZONE, ...(isKnown && { remedy: `write "${spelt}"` }) });
}

/** Words of the tz database that are not spelt with one capital first. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["of", "es", "au"].map((word) => [word, word])),
  ...Object.fromEntries(
    ["UTC", "UCT", "GMT", "US", "NSW", "ACT", "LHI", "IN"].map((word) => [word.toLowerCase(), word]),
  ),
  mcmurdo: "McMurdo",
  dumontdurville: "DumontDUrville",
  comodrivadavia: "ComodRivadavia",
  denoronha: "DeNoronha",
  bajanorte: "BajaNorte",
  bajasur: "BajaSur",
  easterisland: "EasterIsland",
};

function spell(name: string): string {
  return name.toLowerCase().replace(/[a-z]+/g, (word) => SPELLINGS[word] ?? word[0]?.toUpperCase() + word.slice(1));
}

function correctZone(text: string): { remedy?: string } {
  const [offset] = /GMT[+-](\d|1[0-4]):[0-5]\d/.exec(text) ?? [];
  if (offset !== undefined) return { remedy: `write "${offset}"` };
  if (/^(utc|gmt|z|zulu|uct)$/i.test(text)) return { remedy: 'write "UTC"' };
  if (/^prc$/i.test(text)) return { remedy: 'write "Asia/Shanghai"' };
  const [, sign, hours, minutes = "00"] = /^(?:GMT|UTC)?([+-])0?(\d|1[0-4])(?:[:.]?([0-5]\d))?$/i.exec(text) ?? [];
  return sign === undefined ? {} : { remedy: `write "GMT${sign}${hours}:${minutes}"` };
}

/** The zone of a name that parseZone gave, or of any other that the platform knows. */
export function findZone(name: string): Zone | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? [];
  if (sign !== undefined) {
    return FixedOffsetZone.instance((sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
  }
  if (name === "UTC") return FixedOffsetZone.utcInstance;
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : undefined;
}

/** @throws {RangeError} No such zone */
export function zoneOf(name: string): Zone {
  const zone = findZone(name);
  if (zone !== undefined) return zone;
  throw new RangeError(`Cannot find zone ${JSON.stringify(name)}: expected ${EXPECTED_ZONE}`);
}

export function offsetMs(zone: Zone, instantMs: number): number {
  return zone.offset(instantMs) * MINUTE_MS;
}

/** What the clock on the wall shows at an instant, as if it were UTC. */
export function wallAt(zone: Zone, instantMs: number): number {
  return instantMs + offsetMs(zone, instantMs);
}

/**
 * The instant that the agent makes of a time on the wall, by the rule of Go's `time.Date`, and whether the clock shows that time then.
 * Of a time that comes twice it is the second east of Greenwich and the first west of it,
 * for a time that never comes it is an instant that shows another: later in the east, earlier in the west.
 */
export function instantAt(zone: Zone, wallMs: number): { instantMs: number; isShown: boolean } {
  const guessMs = wallMs - offsetMs(zone, wallMs);
  const instantMs = wallMs - offsetMs(zone, guessMs);
  return { instantMs, isShown: instantMs === guessMs || wallAt(zone, instantMs) === wallMs };
}

/** Whether the clocks show the time of an instant a second time, before it or after. */
export function isRepeated(zone: Zone, instantMs: number): boolean {
  const wallMs = wallAt(zone, instantMs);
  return [-DAY_MS, DAY_MS]
    .map((shiftMs) => wallMs - offsetMs(zone, instantMs + shiftMs))
    .some((otherMs) => otherMs !== instantMs && wallAt(zone, otherMs) === wallMs);
}

/** `yyyy-MM-dd HH:mm:ss` */
export function formatWall(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19).replace("T", " ");
}
