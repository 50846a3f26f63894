import type { Client } from "../../../provider/cloud/client";
import type { Clock } from "../../../provider/cloud/clock";

export interface VirtualClock extends Clock {
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: number[];
  /** Time stands still while `work` is under way. */
  hold<T>(work: Promise<T>): Promise<T>;
}

/**
 * A clock without waiting: when everything that is under way has had its turn, the earliest sleeper wakes and its time is now.
 * @param start Milliseconds since the epoch.
 * @param advance Moves another clock along.
 */
export function virtualClock(
  start = Date.parse("2026-11-24T08:00:00Z"),
  advance: (ms: number) => Promise<void> = async () => {},
): VirtualClock {
  let now = start;
  let held = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const pauses: number[] = [];

  async function wakeNext(): Promise<void> {
    if (held > 0) return;
    const at = Math.min(...sleepers.map((sleeper) => sleeper.at));
    const next = sleepers.find((sleeper) => sleeper.at === at);
    if (next === undefined) return;
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    const ms = Math.max(0, at - now);
    now += ms;
    await hold(advance(ms));
    next.wake();
  }

  const wakeSoon = () => setImmediate(() => void wakeNext());

  async function hold<T>(work: Promise<T>): Promise<T> {
    held++;
    try {
      return await work;
    } finally {
      held--;
      wakeSoon();
    }
  }

  return {
    pauses,
    hold,
    now: () => now,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      return new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: () => (signal?.aborted ? reject(signal.reason) : resolve()) });
        wakeSoon();
      });
    },
  };
}

/** A client whose calls take no time of a virtual clock. */
export const timeless = (client: Client, clock: VirtualClock): Client => ({
  ...client,
  call: (action, parameters) => clock.hold(client.call(action, parameters)),
});
