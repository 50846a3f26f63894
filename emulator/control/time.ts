/** What time it is in the emulator, and whether it can be told to move, as the control API shows it. */
import { type Clock, type DrivenClock, isDriven } from "../clock";

export interface TimeView {
  readonly now: string;
  /** Whether it stands between one advance and the next, or goes with the system's. */
  readonly standsStill: boolean;
  readonly canAdvance: boolean;
}

export function formatTime(clock: Clock): TimeView {
  const driven: DrivenClock | undefined = isDriven(clock) ? clock : undefined;
  return {
    now: new Date(clock.now()).toISOString(),
    standsStill: driven?.standsStill ?? false,
    canAdvance: driven !== undefined,
  };
}
