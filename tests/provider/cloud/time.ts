import type { Clock } from "../../../provider/cloud/clock";

export interface VirtualClock extends Clock {
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: number[];
}

/**
 * A clock without waiting: when everything that is under way has had its turn, the earliest sleeper wakes and its time is now.
 * @param start Milliseconds since the epoch.
 */
export function virtualClock(start = Date.parse("2026-11-24T08:00:00Z")): VirtualClock {
  let now = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  const pauses: number[] = [];

  function wakeNext(): void {
    const at = Math.min(...sleepers.map((sleeper) => sleeper.at));
    const next = sleepers.find((sleeper) => sleeper.at === at);
    if (next === undefined) return;
    now = Math.max(now, at);
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    next.wake();
  }

  return {
    pauses,
    now: () => now,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      return new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: () => (signal?.aborted ? reject(signal.reason) : resolve()) });
        setImmediate(wakeNext);
      });
    },
  };
}
