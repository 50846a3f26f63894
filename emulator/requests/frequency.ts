/**
 * The service's own look at a schedule, before any agent sees it: grammar, smallest gap, and what it makes of `at(…)`.
 * The grammar is the agent's (`schedule/`); the bounds are the service's.
 */

import { readSchedule } from "../agent/schedule";
import { MAX_RATE_SECONDS, MIN_CRON_GAP_SECONDS, MIN_RATE_SECONDS } from "../limits";

const RATE = /^rate\s*\(\s*(\d{1,9})\s*([smhd])\s*\)$/i;
const AT = /^at\s*\(/i;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Whether the service takes `frequency` for a run that may last `timeoutSeconds`.
 * A schedule without a zone is each machine's own; here it is looked at in UTC.
 * @param now milliseconds since the epoch
 */
export function isFrequencyValid(frequency: string, timeoutSeconds: number, now: number): boolean {
  const rate = RATE.exec(frequency);
  if (rate !== null) {
    const seconds = Number(rate[1]) * (UNIT_SECONDS[rate[2]?.toLowerCase() ?? ""] ?? 0);
    return seconds >= MIN_RATE_SECONDS && seconds <= MAX_RATE_SECONDS && seconds > timeoutSeconds;
  }
  if (readSchedule(frequency, { timeZone: "UTC", registeredAt: now }).kind !== "taken") return false;
  if (AT.test(frequency)) return true;
  return findSmallestGapSeconds(frequency) >= Math.max(MIN_CRON_GAP_SECONDS, timeoutSeconds);
}

/** The form the agent gets: the service turns `at(…)` into UTC, the rest goes as it is. */
export function formatForAgent(frequency: string): string {
  if (!AT.test(frequency)) return frequency;
  const reading = readSchedule(frequency, { timeZone: "UTC", registeredAt: 0 });
  const instant = reading.kind === "taken" ? reading.schedule.findNext(0) : undefined;
  return instant === undefined ? frequency : `at(${new Date(instant).toISOString().slice(0, 19)})`;
}

const DAY_SECONDS = 86_400;

/**
 * The smallest gap between two runs of a cron expression, from its second, minute and hour alone.
 * The last run of a day and the first of the next count as neighbours.
 */
function findSmallestGapSeconds(cron: string): number {
  const [seconds = [], minutes = [], hours = []] = cron
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .map((field, position) => parseTimes(field, position === 2 ? 23 : 59));
  let smallest = DAY_SECONDS;
  let previous: number | undefined;
  let first: number | undefined;
  for (const hour of hours) {
    for (const minute of minutes) {
      for (const second of seconds) {
        const time = hour * 3_600 + minute * 60 + second;
        first ??= time;
        if (previous !== undefined) smallest = Math.min(smallest, time - previous);
        if (smallest < MIN_CRON_GAP_SECONDS) return smallest;
        previous = time;
      }
    }
  }
  if (first === undefined || previous === undefined) return DAY_SECONDS;
  return Math.min(smallest, DAY_SECONDS - previous + first);
}

/** The values of a second, minute or hour field that the grammar has taken already, in order. */
function parseTimes(field: string, largest: number): readonly number[] {
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step = "1"] = item.split("/");
    const isWild = range === "*" || range === "?";
    const [from = "0", to] = isWild ? ["0", String(largest)] : range.split("-");
    const last = to === undefined ? (item.includes("/") ? largest : Number(from)) : Number(to);
    for (let value = Number(from); value <= last; value += Number(step) || 1) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}
