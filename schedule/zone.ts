import { FixedOffsetZone, IANAZone, type Zone } from "luxon";
import { adviseOneOf, refusal } from "./error";
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
  if (isZone(text)) return text === "GMT" || /^GMT[+-]0:00$/.test(text) ? "UTC" : text;
  const meant = suggestZones(text);
  throw refusal(piece, { expected: EXPECTED_ZONE, ...(meant.length > 0 && { remedy: adviseOneOf(meant) }) });
}

/** Whether the agent takes a text for a zone. */
function isZone(text: string): boolean {
  if (!text.includes("/")) return text === "UTC" || text === "GMT" || OFFSET.test(text);
  // The platform takes IANA names in any case, the agent opens a file of that name.
  return spell(text) === text && findZone(text) !== undefined;
}

/** Words of the tz database that are not spelt with one capital first. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...["of", "es", "au"].map((word) => [word, word] as const),
  ...["UTC", "UCT", "GMT", "US", "NSW", "ACT", "LHI", "IN"].map((word) => [word.toLowerCase(), word] as const),
  ["mcmurdo", "McMurdo"],
  ["dumontdurville", "DumontDUrville"],
  ["comodrivadavia", "ComodRivadavia"],
  ["denoronha", "DeNoronha"],
  ["bajanorte", "BajaNorte"],
  ["bajasur", "BajaSur"],
  ["easterisland", "EasterIsland"],
]);

function spell(name: string): string {
  return name
    .toLowerCase()
    .replace(/[a-z]+/g, (word) => SPELLINGS.get(word) ?? word.slice(0, 1).toUpperCase() + word.slice(1));
}

/** What people call a zone, and which ones may be meant. */
const CALLED: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["CST", ["Asia/Shanghai", "America/Chicago"]],
  ["CDT", ["America/Chicago"]],
  ["EST", ["America/New_York"]],
  ["EDT", ["America/New_York"]],
  ["ET", ["America/New_York"]],
  ["MST", ["America/Denver"]],
  ["MDT", ["America/Denver"]],
  ["PST", ["America/Los_Angeles"]],
  ["PDT", ["America/Los_Angeles"]],
  ["PT", ["America/Los_Angeles"]],
  ["AST", ["America/Halifax", "Asia/Riyadh"]],
  ["BST", ["Europe/London", "Asia/Dhaka"]],
  ["IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]],
  ["WET", ["Europe/Lisbon"]],
  ["WEST", ["Europe/Lisbon"]],
  ["CET", ["Europe/Berlin"]],
  ["CEST", ["Europe/Berlin"]],
  ["MEZ", ["Europe/Berlin"]],
  ["EET", ["Europe/Athens"]],
  ["EEST", ["Europe/Athens"]],
  ["MSK", ["Europe/Moscow"]],
  ["GST", ["Asia/Dubai"]],
  ["ICT", ["Asia/Bangkok"]],
  ["WIB", ["Asia/Jakarta"]],
  ["SGT", ["Asia/Singapore"]],
  ["HKT", ["Asia/Hong_Kong"]],
  ["JST", ["Asia/Tokyo"]],
  ["KST", ["Asia/Seoul"]],
  ["AEST", ["Australia/Sydney"]],
  ["AEDT", ["Australia/Sydney"]],
  ["NZST", ["Pacific/Auckland"]],
  ["NZDT", ["Pacific/Auckland"]],
  ...["UTC", "GMT", "Z", "ZULU", "UCT", "GMT0", "UTC0", "UNIVERSAL", "GREENWICH"].map(
    (name) => [name, ["UTC"]] as const,
  ),
  // Cities of China for which the tz database has no name.
  ...["BEIJING", "PEKING", "CHINA", "SHENZHEN", "HANGZHOU", "GUANGZHOU"].map((name): [string, string[]] => [
    name,
    ["Asia/Shanghai"],
  ]),
]);

/** The zone itself, or those that may be meant by a text which is none, the likeliest first. */
export function likelyZones(text: string): readonly string[] {
  if (text === "") return [];
  return isZone(text) ? [text] : suggestZones(text);
}

/** Zones that may be meant by a text which is none, the likeliest first. */
function suggestZones(text: string): readonly string[] {
  const [offset] = /GMT[+-](\d|1[0-4]):[0-5]\d/.exec(text) ?? [];
  if (offset !== undefined) return [offset];
  const [, sign, hours, minutes = "00"] = /^(?:GMT|UTC)?([+-])0?(\d|1[0-4])(?:[:.]?([0-5]\d))?$/i.exec(text) ?? [];
  if (sign !== undefined) return [`GMT${sign}${hours}:${minutes}`];
  const spelt = spell(text);
  if (text.includes("/") && isZone(spelt)) return [spelt];
  const place = lettersOf(text.slice(text.lastIndexOf("/") + 1));
  const called = CALLED.get(text.toUpperCase()) ?? CALLED.get(place.toUpperCase());
  if (called !== undefined) return called;
  const found = findPlace(text, place) ?? findAlias(text);
  return found === undefined ? [] : [found];
}

/** A name without what parts its words; nothing of one that has a number in it, which may be an offset. */
function lettersOf(text: string): string {
  const letters = text.toLowerCase().replace(/[ _.,;:'"()/-]/g, "");
  return /^[a-z]+$/.test(letters) ? letters : "";
}

/** A zone with the same letters, or whose last part has them: `Asia/HongKong`, `Shanghai`. */
function findPlace(text: string, place: string): string | undefined {
  const letters = lettersOf(text);
  if (letters === "") return undefined;
  const zones = Intl.supportedValuesOf("timeZone");
  const last = (zone: string) => lettersOf(zone.slice(zone.lastIndexOf("/") + 1));
  return zones.find((zone) => lettersOf(zone) === letters) ?? zones.find((zone) => last(zone) === place);
}

/** The zone of one of the tz database's names without a stroke, such as `PRC` or `Japan`. */
function findAlias(text: string): string | undefined {
  // Of three letters, the platform knows old abbreviations as well, by a meaning of its own.
  if (!/^([A-Z-]{4,}|PRC|ROC|ROK|GB|NZ)$/i.test(text) || findZone(text) === undefined) return undefined;
  const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
  return isZone(timeZone) ? timeZone : undefined;
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

/** `yyyy-MM-dd HH:mm:ss`, without what is below a second. */
export function formatWall(wallMs: number): string {
  return new Date(wallMs)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d{3}Z$/, "");
}
