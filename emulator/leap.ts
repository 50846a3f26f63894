/** The system's time that can be told to leap: for a running emulator whose night should pass in a moment. */
import { type DrivenClock, drivenClock, systemClock, type Timer } from "./clock";

interface PendingTimer {
  readonly callback: () => void;
  /** Of the system's clock, while no leap is under way. */
  alarm: Timer | undefined;
}

/**
 * Goes with the system's clock. `advance(ms)` moves it ahead by as much and fires what falls due on the way, as a driven clock does;
 * from there it goes on with the system's again. Leaps do not overlap.
 */
export function leapingClock(): DrivenClock {
  const pending = new Map<Timer, PendingTimer>();
  const works = new Set<Promise<unknown>>();
  let aheadMs = 0;
  let leap: DrivenClock | undefined;
  let leaping: Promise<void> = Promise.resolve();

  const now = (): number => leap?.now() ?? Date.now() + aheadMs;

  const fire = (timer: Timer): void => {
    const found = pending.get(timer);
    pending.delete(timer);
    found?.callback();
  };

  const arm = (timer: Timer, entry: PendingTimer): void => {
    const delayMs = timer.dueAt - now();
    if (leap === undefined) entry.alarm = systemClock.setTimeout(() => fire(timer), delayMs);
    else leap.setTimeout(() => fire(timer), delayMs);
  };

  const disarm = (entry: PendingTimer): void => {
    if (entry.alarm !== undefined) systemClock.clearTimeout(entry.alarm);
    entry.alarm = undefined;
  };

  const move = async (ms: number, isEnough?: () => boolean): Promise<void> => {
    const from = now();
    leap = drivenClock(from);
    try {
      for (const entry of pending.values()) disarm(entry);
      for (const [timer, entry] of pending) arm(timer, entry);
      for (const work of works) leap.hold(work);
      await leap.advance(ms, isEnough);
    } finally {
      aheadMs = leap.now() - Date.now();
      leap = undefined;
      for (const [timer, entry] of pending) arm(timer, entry);
    }
  };

  return {
    standsStill: false,
    now,
    setTimeout(callback, ms) {
      const timer: Timer = { dueAt: now() + Math.max(0, ms) };
      const entry: PendingTimer = { callback, alarm: undefined };
      pending.set(timer, entry);
      arm(timer, entry);
      return timer;
    },
    clearTimeout(timer) {
      const entry = pending.get(timer);
      if (entry !== undefined) disarm(entry);
      pending.delete(timer);
    },
    hold(work) {
      const settled: Promise<unknown> = work.then(
        () => works.delete(settled),
        () => works.delete(settled),
      );
      works.add(settled);
      leap?.hold(work);
    },
    advance(ms, isEnough) {
      leaping = leaping.catch(() => {}).then(() => move(ms, isEnough));
      return leaping;
    },
  };
}
