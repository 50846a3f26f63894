/** The loop that waits: it knows times, its caller knows meanings. */

import type { Clock } from "./clock";
import { type ApiError, isRetryable } from "./errors";

/** What a look means to the one who waits. */
export type Verdict<R> = { state: "waiting" } | { state: "settled"; value: R };

/** How a wait ended: with the judge's value, or with what was seen last before the deadline. */
export type Waited<T, R> =
  | { state: "settled"; value: R }
  | {
      state: "expired";
      /** Absent when no look succeeded. */
      lastSeen?: T;
      /** Why the last look failed; absent when it did not. */
      lastFailure?: ApiError;
    };

export interface WaitOptions<T, R> {
  /** One look at the world, which should not outlast the deadline by much: see `Calls.within`. */
  look: (deadline: number) => Promise<T>;
  judge: (seen: T) => Verdict<R>;
  clock: Clock;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** Milliseconds before the first look. Default 500. */
  firstLookMs?: number;
  /** How much longer each pause is than the one before. Default 1.3. */
  growth?: number;
  /** Milliseconds of the longest pause. Default 5000. */
  longestMs?: number;
  /** Told of every successful look, before it is judged. */
  onLook?: (seen: T) => void;
  signal?: AbortSignal;
}

/** Between two looks, however soon the first is. */
const SHORTEST_PAUSE_MS = 500;

/**
 * Looks until the judge is satisfied or the deadline is there. The last look is at the deadline itself.
 * A look that fails for a reason that may pass counts as a look that saw nothing.
 * @throws {ApiError} when a look fails for good.
 * @throws The reason of `signal`, once it is aborted.
 */
export async function waitUntil<T, R>(options: WaitOptions<T, R>): Promise<Waited<T, R>> {
  const { look, judge, clock, deadline, onLook, signal } = options;
  const { firstLookMs = 500, growth = 1.3, longestMs = 5_000 } = options;
  let expired: Waited<T, R> = { state: "expired" };
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(Math.max(pauseMs * growth, SHORTEST_PAUSE_MS), longestMs)) {
    await clock.sleep(Math.max(0, Math.min(pauseMs, deadline - clock.now())), signal);
    const isLast = clock.now() >= deadline;
    try {
      const seen = await look(deadline);
      onLook?.(seen);
      const verdict = judge(seen);
      if (verdict.state === "settled") return verdict;
      expired = { state: "expired", lastSeen: seen };
    } catch (failure) {
      if (!isRetryable(failure)) throw failure;
      expired = { ...expired, lastFailure: failure };
    }
    if (isLast) return expired;
  }
}

/**
 * The answer, or the signal's reason if that is sooner: what is under way goes on, and nobody hears of it.
 * @throws The reason of `signal`, once it is aborted.
 */
export async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  let stopListening = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    stopListening = () => signal.removeEventListener("abort", abort);
  });
  return Promise.race([answer, aborted]).finally(stopListening);
}
