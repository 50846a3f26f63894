/** The marks of the axis: round times on the wall of the zone that is read in. */
import { type Span, toPixel } from "./span";
import { findOffset, toWallTime } from "./words";

export interface Tick {
  readonly at: number;
  readonly x: number;
  readonly label: string;
  /** A new day begins: said with its date. */
  readonly isDay: boolean;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STEPS_MS: readonly number[] = [
  ...[5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 31].map((days) => days * DAY_MS),
];
const LEAST_PX = 84;

export function findTicks(span: Span, widthPx: number, zone: string): readonly Tick[] {
  const leastMs = (LEAST_PX / Math.max(1, widthPx)) * (span.to - span.from);
  const step = STEPS_MS.find((each) => each >= leastMs) ?? 31 * DAY_MS;
  const ticks: Tick[] = [];
  // Steps are round on the wall, whose distance from UTC may change on the way.
  const first = Math.ceil((span.from + findOffset(span.from, zone)) / step) * step;
  for (let wall = first; ticks.length < 200; wall += step) {
    const guess = wall - findOffset(wall, zone);
    const at = wall - findOffset(guess, zone);
    if (at > span.to) break;
    ticks.push({ at, x: toPixel(span, widthPx, at), ...say(at, zone, step) });
  }
  return ticks;
}

function say(at: number, zone: string, step: number): Pick<Tick, "label" | "isDay"> {
  const { hour, minute, second, day, month, weekday } = toWallTime(at, zone);
  const isDay = hour === "00" && minute === "00" && second === "00";
  if (isDay) return { label: `${weekday} ${day}.${month}.`, isDay };
  return { label: step < MINUTE_MS ? `${hour}:${minute}:${second}` : `${hour}:${minute}`, isDay };
}
