import type { Cron } from "./cron";
import { daysFrom } from "./days";
import { DAY_MS } from "./zone";

/**
 * Smallest time between two runs of a cron schedule on the clock of the wall, from the day of `fromMs` on; Infinity when it runs at most once.
 * Exact: the nearest two days first, then between the last hour of a slot and the first of the next, and so down to seconds.
 */
export function smallestGapSeconds(cron: Cron, fromMs: number): number {
  const days = smallestDayGap(cron, fromMs);
  const hours = narrow(cron.hours, days, 24);
  const minutes = narrow(cron.minutes, hours, 60);
  return narrow(cron.seconds, minutes, 60);
}

/** The smallest gap between values that recur in slots, when the nearest two slots are `slotGap` slots of `size` apart. */
function narrow(values: readonly number[], slotGap: number, size: number): number {
  const across = slotGap * size + (values[0] ?? 0) - (values.at(-1) ?? 0);
  return Math.min(across, ...values.slice(1).map((value, index) => value - (values[index] ?? 0)));
}

function smallestDayGap(cron: Cron, fromMs: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  let previous = Number.NEGATIVE_INFINITY;
  for (const dayMs of daysFrom(cron, fromMs)) {
    smallest = Math.min(smallest, (dayMs - previous) / DAY_MS);
    if (smallest === 1) break;
    previous = dayMs;
  }
  return smallest;
}
