/** Repeats calls that may succeed when repeated, and slows an action down for everybody when the service throttles it. */

import { type Budget, createBudget, jitter } from "./budget";
import type { Client } from "./client";
import type { Clock } from "./clock";
import { ApiError, isRetryable, mayHaveActed, withTries } from "./errors";
import { untilAborted } from "./wait";

export interface CallOptions {
  /** Milliseconds since the epoch after which a throttled call is given up. Default: ten minutes from now. */
  deadline?: number;
  /**
   * Whether the call may reach the service twice. Default: when it carries a ClientToken, or when the action is such
   * that a second call changes nothing.
   */
  idempotent?: boolean;
  /** Whether it is left out, or left waiting, when the signal is aborted. Default true. */
  interruptible?: boolean;
}

/** A client that repeats, shared by all resources of a run. */
export interface Calls extends Client {
  call(action: string, parameters: Record<string, string>, options?: CallOptions): Promise<Record<string, unknown>>;
  /** The same client and the same budget with other options, for the functions of `actions.ts`. */
  within(options: CallOptions): Client;
}

const THROTTLED_DEADLINE_MS = 10 * 60_000;

/** A failing service or network is asked four times, the last time within half a minute of the first. */
const MAX_TRIES = 4;
const LAST_TRY_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_GROWTH = 3;

/** Whether nobody needs the answer once he is no longer waiting for it. */
const isQuestion = (action: string): boolean => action.startsWith("Describe");

/** Actions that do their work again when they are called again without a ClientToken. */
const NOT_IDEMPOTENT_ACTIONS = ["CreateCommand", "InvokeCommand", "ModifyInvocationAttribute", "RunCommand"];

/**
 * Wraps a client into one that repeats: a throttled call until its deadline, a failing service or network four times.
 * A call that would do its work twice is not repeated once the service may have done it.
 * The error that is left tells how many tries were made and over how long.
 *
 * @param options.signal Ends questions and pauses, with its reason; a call that may have acted already is answered as it is.
 */
export function createCalls(
  client: Client,
  options: { clock: Clock; random?: () => number; signal?: AbortSignal },
): Calls {
  const { clock, random = Math.random } = options;
  const budgets = new Map<string, Budget>();

  function findBudget(action: string): Budget {
    const budget = budgets.get(action) ?? createBudget(clock, random);
    budgets.set(action, budget);
    return budget;
  }

  const call: Calls["call"] = async (action, parameters, { deadline, idempotent, interruptible = true } = {}) => {
    const signal = interruptible ? options.signal : undefined;
    const startedAt = clock.now();
    const until = deadline ?? startedAt + THROTTLED_DEADLINE_MS;
    const repeatable = idempotent ?? isIdempotent(action, parameters);
    let count = 0;
    let acted = false;
    let last: ApiError | undefined;
    const tryOnce = () => {
      count++;
      const answer = client.call(action, parameters);
      return isQuestion(action) ? untilAborted(answer, signal) : answer;
    };
    for (let failures = 0; ; ) {
      try {
        return await findBudget(action).spend(tryOnce, until, signal);
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw signal?.aborted && last !== undefined ? last : failure;
        const now = clock.now();
        const final =
          count === 1 ? failure : withTries(failure, { count, overMs: now - startedAt, mayHaveActed: acted });
        last = final;
        acted ||= mayHaveActed(failure);
        if (!isRetryable(failure)) throw final;
        if (failure.kind === "throttled") {
          if (now >= until) throw final;
          continue;
        }
        failures++;
        const pauseMs = jitter(FIRST_PAUSE_MS * PAUSE_GROWTH ** (failures - 1), random);
        const resumesAt = now + pauseMs;
        if (acted && !repeatable) throw final;
        if (failures === MAX_TRIES || resumesAt > Math.min(until, startedAt + LAST_TRY_MS)) throw final;
        await clock.sleep(pauseMs, signal).catch(() => {
          throw final;
        });
      }
    }
  };

  return {
    endpoint: client.endpoint,
    regionId: client.regionId,
    call,
    within: (bounds) => ({
      endpoint: client.endpoint,
      regionId: client.regionId,
      call: (action, parameters) => call(action, parameters, bounds),
    }),
  };
}

const isIdempotent = (action: string, parameters: Record<string, string>): boolean =>
  parameters.ClientToken !== undefined || !NOT_IDEMPOTENT_ACTIONS.includes(action);
