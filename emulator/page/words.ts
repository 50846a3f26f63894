/** How the page says times, spans and counts. */

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** `1.2 s`, `4 min 10 s`, `2 d 3 h`: the two largest units that say something. */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1).replace(/\.0$/, "")} s`;
  const first = UNITS.findIndex(([, unit]) => ms >= unit);
  const [name, unit] = UNITS[first] ?? ["s", 1_000];
  const whole = Math.floor(ms / unit);
  const [nextName, nextUnit] = UNITS[first + 1] ?? ["", 0];
  const rest = nextUnit === 0 ? 0 : Math.floor((ms - whole * unit) / nextUnit);
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${nextName}`;
}

/** `1 run`, `2,000 runs`. */
export const formatCount = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** Zones as the agent names them, of which the runtime may not know all: `UTC+8`. */
export function toZone(name: string): string {
  const offset = /^(?:UTC|GMT)([+-])(\d{1,2})(?::00)?$/.exec(name);
  // POSIX counts the other way round.
  const zone = offset ? `Etc/GMT${offset[1] === "+" ? "-" : "+"}${Number(offset[2])}` : name;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

export interface WallTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** `Mon` */
  readonly weekday: string;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows at an instant. */
export function toWallTime(ms: number, zone: string): WallTime {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone: toZone(zone), hourCycle: "h23", weekday: "short" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    });
    FORMATS.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value])) as unknown as WallTime;
}

/** `2030-01-31 02:00:00` */
export function formatInstant(ms: number, zone: string): string {
  const { year, month, day, hour, minute, second } = toWallTime(ms, zone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** `02:00:00` */
export const formatTime = (ms: number, zone: string): string => formatInstant(ms, zone).slice(11);

/** How far the zone is ahead of UTC at an instant, in milliseconds. */
export function findOffset(ms: number, zone: string): number {
  const { year, month, day, hour, minute, second } = toWallTime(ms, zone);
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return wall - Math.floor(ms / 1_000) * 1_000;
}

/** The instant of `2030-01-31T02:00` on the wall of a zone; undefined when it is no time. */
export function parseWallTime(text: string, zone: string): number | undefined {
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall)) return undefined;
  const guess = wall - findOffset(wall, zone);
  return wall - findOffset(guess, zone);
}

/** `in 3 h 20 min`, `12 s ago`, `now` */
export function formatDistance(ms: number): string {
  if (Math.abs(ms) < 1_000) return "now";
  return ms > 0 ? `in ${formatSpan(ms)}` : `${formatSpan(-ms)} ago`;
}
