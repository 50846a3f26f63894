/** Moves the emulator's time: by so much, or to the next run of a schedule, and never through more runs than one waits for. */
import { type Clock, type DrivenClock, isDriven } from "./clock";
import type { Events } from "./events";
import { countRuns, findNextRun } from "./forecast";
import { MAX_RUNS_PER_ADVANCE } from "./limits";
import type { Store } from "./region/store";

/** How far an advance may go. */
export interface Advance {
  /** Runs of schedules that it may start; commands that run once do not count. @default 1000 */
  readonly maxRuns?: number;
}

/**
 * @param countRepeated second and later runs, of schedules and at boots, that were started so far
 * @throws RangeError, TypeError as `Emulator.advance` says
 */
export async function advance(
  store: Store,
  countRepeated: () => number,
  ms: number,
  { maxRuns = MAX_RUNS_PER_ADVANCE }: Advance,
): Promise<void> {
  const clock = needDriven(store.clock);
  if (!(Number.isInteger(maxRuns) && maxRuns >= 0)) {
    throw new RangeError(
      `Cannot advance the clock: maxRuns must be a whole number, 0 or more: current value is ${JSON.stringify(maxRuns)}`,
    );
  }
  const forecast = ms >= 0 && Number.isFinite(ms) ? countRuns(store, ms, maxRuns) : 0;
  if (forecast > maxRuns) {
    throw new RangeError(
      `Cannot advance the clock by ${ms} ms: it must start at most ${maxRuns} runs of schedules and it would start some ${forecast}; nothing has happened: advance by less, stop a schedule, or raise maxRuns`,
    );
  }
  const before = countRepeated();
  const isEnough = (): boolean => countRepeated() - before > maxRuns;
  await move(clock, store.events, ms, isEnough);
  if (!isEnough()) return;
  throw new RangeError(
    `Cannot advance the clock by ${ms} ms: it must start at most ${maxRuns} runs and it started more, as machines do that reboot in a circle; it has stopped at ${new Date(clock.now()).toISOString()}: stop what runs, or raise maxRuns`,
  );
}

/** @returns when it was, milliseconds since the epoch; undefined when there is none */
export async function advanceToNextRun(store: Store): Promise<number | undefined> {
  const clock = needDriven(store.clock);
  const next = findNextRun(store);
  if (next !== undefined) await move(clock, store.events, next - clock.now());
  return next;
}

async function move(
  clock: DrivenClock,
  events: Pick<Events, "add">,
  ms: number,
  isEnough?: () => boolean,
): Promise<void> {
  const from = clock.now();
  await clock.advance(ms, isEnough);
  events.add({ kind: "time", from, to: clock.now() });
}

function needDriven(clock: Clock): DrivenClock {
  if (isDriven(clock)) return clock;
  throw new TypeError(
    "Cannot advance the clock: it must be a driven clock and it is the system's; pass drivenClock(start)",
  );
}
