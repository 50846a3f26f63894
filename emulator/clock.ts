/** Where the emulator's time comes from: the system, or a test that drives it. */

/** One thing to happen later, as handed out by `Clock.setTimeout`. */
export interface Timer {
  /** When it falls due, milliseconds since the epoch. */
  readonly dueAt: number;
}

/** The one source of time for everything in the emulator that waits or writes a time down. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` once when `ms` milliseconds have passed. No upper bound; below 0 counts as 0. */
  setTimeout(callback: () => void, ms: number): Timer;
  /** Forgets a timer. Harmless when it has fired already. */
  clearTimeout(timer: Timer): void;
  /**
   * Says that `work` (a running script, say) takes real time although the clock may stand still.
   * The system's clock does not care; a driven clock waits for it, see `drivenClock`.
   */
  hold(work: Promise<unknown>): void;
}

/** A clock that can be told to move. */
export interface DrivenClock extends Clock {
  /** Whether it stands between one advance and the next; false: it goes with the system's. */
  readonly standsStill: boolean;
  /**
   * Moves time on by `ms` milliseconds (0 or more), firing what falls due on the way.
   * Calls do not overlap: a second one starts when the first has arrived.
   *
   * @param isEnough asked after everything that fell due: when it says so, the clock goes no further. Default: never
   * @throws RangeError when `ms` is negative or not finite, or leads beyond the year 9999
   */
  advance(ms: number, isEnough?: () => boolean): Promise<void>;
}

export const isDriven = (clock: Clock): clock is DrivenClock => "advance" in clock;

/** Later instants are written in another form. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Node fires a longer timeout at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

interface SystemTimer extends Timer {
  handle: NodeJS.Timeout | undefined;
}

/** The system's time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, ms) {
    const timer: SystemTimer = { dueAt: Date.now() + Math.max(0, ms), handle: undefined };
    const wait = (): void => {
      const leftMs = timer.dueAt - Date.now();
      timer.handle = setTimeout(ring, Math.min(Math.max(0, leftMs), LONGEST_TIMEOUT_MS)).unref();
    };
    // Node may ring up to a millisecond early, and a schedule that is read too early fires twice.
    const ring = (): void => (Date.now() < timer.dueAt ? wait() : callback());
    wait();
    return timer;
  },
  clearTimeout(timer) {
    clearTimeout((timer as SystemTimer).handle);
  },
  hold() {},
};

interface DrivenTimer extends Timer {
  /** Of two that fall due together the lower fires first. */
  readonly order: number;
}

/** Something that takes real time. */
interface Work {
  readonly ended: Promise<void>;
  /** The advance under way has waited for it. */
  isAwaited: boolean;
  /** It outlasted a wait. */
  isSlow: boolean;
}

/**
 * A clock for tests: `now` stays where it is until `advance` moves it.
 *
 * `advance` goes from timer to timer in the order in which they fall due (ties: first set, first fired), with `now` at each one's own instant.
 * Before it moves at all and after every timer it lets what was started settle: pending promises run, and work named by `hold` is awaited.
 * So a script that a schedule started has ended, and is reported, before the clock goes on, however many runs one `advance` covers.
 *
 * Work that outlasts `patienceMs` is taken to be waiting for time to pass (`sleep 3600`): the clock goes on without it, so that its Timeout
 * can fall due, or the next run of its schedule find it still running. Each later `advance` waits for it once more, a tenth as long.
 *
 * @param start milliseconds since the epoch
 * @param patienceMs how long, in real milliseconds, one piece of work is waited for. Default 1000
 */
export function drivenClock(start: number, { patienceMs = 1000 }: { patienceMs?: number } = {}): DrivenClock {
  let now = start;
  let order = 0;
  const callbacks = new Map<DrivenTimer, () => void>();
  const works = new Set<Work>();
  let moving: Promise<void> = Promise.resolve();

  const findNextTimer = (until: number): DrivenTimer | undefined => {
    let next: DrivenTimer | undefined;
    for (const timer of callbacks.keys()) {
      if (timer.dueAt <= until && (!next || isBefore(timer, next))) next = timer;
    }
    return next;
  };

  const settle = async (): Promise<void> => {
    await turn();
    for (let left = findUnawaited(); left.length > 0; left = findUnawaited()) {
      await Promise.all(left.map(awaitWork));
      await turn();
    }
  };

  const findUnawaited = (): Work[] => [...works].filter(({ isAwaited }) => !isAwaited);

  const awaitWork = async (work: Work): Promise<void> => {
    const waitMs = work.isSlow ? patienceMs / 10 : patienceMs;
    work.isAwaited = true;
    work.isSlow = true;
    await endsWithin(work.ended, waitMs);
  };

  const move = async (until: number, isEnough: () => boolean): Promise<void> => {
    if (until > LATEST) {
      const there = new Date(now).toISOString();
      throw new RangeError(
        `Cannot advance the clock by ${until - now} ms: the year must stay below 10000: it is ${there}`,
      );
    }
    for (const work of works) work.isAwaited = false;
    await settle();
    for (let timer = findNextTimer(until); timer; timer = findNextTimer(until)) {
      if (isEnough()) return;
      now = Math.max(now, timer.dueAt);
      const callback = callbacks.get(timer);
      callbacks.delete(timer);
      callback?.();
      await settle();
    }
    if (!isEnough()) now = until;
  };

  return {
    standsStill: true,
    now: () => now,
    setTimeout(callback, ms) {
      const timer: DrivenTimer = { dueAt: now + Math.max(0, ms), order: order++ };
      callbacks.set(timer, callback);
      return timer;
    },
    clearTimeout(timer) {
      callbacks.delete(timer as DrivenTimer);
    },
    hold(promise) {
      const forget = (): void => {
        works.delete(work);
      };
      const work: Work = { ended: promise.then(forget, forget), isAwaited: false, isSlow: false };
      works.add(work);
    },
    advance(ms, isEnough = () => false) {
      if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY)) {
        throw new RangeError(
          `Cannot advance the clock: milliseconds must be finite and 0 or more: current value is ${ms}`,
        );
      }
      moving = moving.catch(() => {}).then(() => move(now + ms, isEnough));
      return moving;
    },
  };
}

const isBefore = (timer: DrivenTimer, other: DrivenTimer): boolean =>
  timer.dueAt < other.dueAt || (timer.dueAt === other.dueAt && timer.order < other.order);

/** Lets everything that is ready run, promises and input alike. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Resolves when `promise` does, or after `ms` real milliseconds. */
async function endsWithin(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, patience]);
  clearTimeout(timer);
}
