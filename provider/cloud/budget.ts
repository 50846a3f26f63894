/** How fast one action may be called, learnt from the service's refusals. */

import type { Clock } from "./clock";
import { ApiError } from "./errors";
import { untilAborted } from "./wait";

export interface Budget {
  /**
   * Makes the call when its turn comes.
   * @param until Milliseconds since the epoch after which the turn is not waited for any longer.
   * @param signal Ends the wait for the turn.
   * @throws The failure of `call`, the service's last refusal when the turn did not come, or the signal's reason.
   */
  spend<T>(call: () => Promise<T>, until: number, signal?: AbortSignal): Promise<T>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 32_000;
const MINUTE_MS = 60_000;
/** Calls side by side at which an action counts as recovered. */
const RECOVERED_WIDTH = 32;

/**
 * While the service does not object, calls go through as they come. When it throttles, all callers pause, then one call
 * probes; each success doubles the calls that may run side by side. Pauses double from half a second, but end soon after the
 * minute does: the service lets an action that it blocked go on with the next minute.
 */
export function createBudget(clock: Clock, random: () => number): Budget {
  let pauseMs = 0;
  let resumesAt = Number.NEGATIVE_INFINITY;
  let width = Number.POSITIVE_INFINITY;
  let running = 0;
  let closings = 0;
  let refusal: ApiError | undefined;
  let wakeUps: (() => void)[] = [];

  async function admit(until: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      if (now >= resumesAt && running < width) {
        // At once, since all that are woken together look before the first of them calls.
        running++;
        return;
      }
      if (refusal !== undefined && now >= until) throw refusal;
      if (now < resumesAt) await clock.sleep(Math.min(resumesAt, until) - now, signal);
      else await untilAborted(new Promise<void>((resolve) => wakeUps.push(resolve)), signal);
    }
  }

  function widen(): void {
    pauseMs = pauseMs / 2 < FIRST_PAUSE_MS ? 0 : pauseMs / 2;
    width = width * 2 > RECOVERED_WIDTH ? Number.POSITIVE_INFINITY : width * 2;
  }

  function close(cause: ApiError): void {
    const now = clock.now();
    closings++;
    refusal = cause;
    width = 1;
    if (cause.retryAfterMs !== undefined) {
      resumesAt = now + cause.retryAfterMs;
      return;
    }
    pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, pauseMs * 2), LONGEST_PAUSE_MS);
    const nextMinuteMs = MINUTE_MS - (now % MINUTE_MS);
    resumesAt = now + Math.min(jitter(pauseMs, random), nextMinuteMs + jitter(FIRST_PAUSE_MS, random));
  }

  return {
    spend: async (call, until, signal) => {
      await admit(until, signal);
      const seenClosings = closings;
      try {
        const answer = await call();
        if (seenClosings === closings) widen();
        return answer;
      } catch (failure) {
        // Calls that were under way together are refused together: that is one refusal, not many.
        const throttled = failure instanceof ApiError && failure.kind === "throttled";
        if (throttled && seenClosings === closings) close(failure);
        throw failure;
      } finally {
        running--;
        const woken = wakeUps;
        wakeUps = [];
        for (const wake of woken) wake();
      }
    },
  };
}

/** Three quarters to five quarters of a pause, so that callers do not come back all at once. */
export const jitter = (ms: number, random: () => number): number => Math.round(ms * (0.75 + random() / 2));
