/** What time it is in the emulator, and whether it can be told to move, as the control API shows it. */
import { type Clock, type DrivenClock, isDriven } from "../clock";

export function formatTime(clock: Clock): object {
  const driven: DrivenClock | undefined = isDriven(clock) ? clock : undefined;
  return {
    now: new Date(clock.now()).toISOString(),
    /** Whether it stands between one advance and the next, or goes with the system's. */
    standsStill: driven?.standsStill ?? false,
    canAdvance: driven !== undefined,
  };
}
