import { MAX_AGENT_RATE_SECONDS } from "../limits";
import { ScheduleSyntaxError } from "./error";
import type { Piece } from "./piece";
import { parseSequence, type Step } from "./sequence";

/** Runs one period after creation and at every further period, whatever the zone. */
export interface Rate {
  readonly kind: "rate";
  readonly periodSeconds: number;
}

const UNITS = [
  ["d", 24 * 60 * 60],
  ["h", 60 * 60],
  ["m", 60],
  ["s", 1],
] as const;

const STEPS: readonly Step[] = [
  [/rate[ \t\n]*\(/iy, '"rate("'],
  [/\d+/y, "a whole number"],
  [/[ \t\n]*[smhd]/iy, "s, m, h or d"],
  [/\)/y, '")"'],
];

/** @throws {ScheduleSyntaxError} */
export function parseRate(whole: Piece): Rate {
  const [, number, unit] = parseSequence(whole, STEPS);
  if (number === undefined || unit === undefined) throw new ScheduleSyntaxError(whole, { expected: "rate(…)" });
  const letter = unit.text.slice(-1).toLowerCase();
  const unitSeconds = UNITS.find(([name]) => name === letter)?.[1] ?? 1;
  const periodSeconds = Number(number.text) * unitSeconds;
  if (periodSeconds >= 1 && periodSeconds <= MAX_AGENT_RATE_SECONDS) return { kind: "rate", periodSeconds };
  throw new ScheduleSyntaxError(number, {
    expected: "a period from 1 s to 1,000 d",
    problem:
      periodSeconds < 1 ? "a period is at least 1 s" : "the period is longer than the 1,000 d that the agent counts",
  });
}

/** `rate(90m)`: the largest unit that needs no fraction. */
export function formatRate({ periodSeconds }: Rate): string {
  return `rate(${measure(periodSeconds).join("")})`;
}

/** A period in the largest unit that needs no fraction. */
export function measure(periodSeconds: number): [count: number, unit: (typeof UNITS)[number][0]] {
  const [unit, unitSeconds] = UNITS.find(([, seconds]) => periodSeconds % seconds === 0) ?? ["s", 1];
  return [periodSeconds / unitSeconds, unit];
}
