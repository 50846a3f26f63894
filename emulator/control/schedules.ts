/** When schedules run next, as the control API shows it. */
import { listSchedules, type ScheduledRun } from "../forecast";
import { formatInstant, type Store } from "../region/store";

/** A schedule, and the machines that read it alike. */
export interface ScheduleView {
  readonly invokeId: string;
  readonly instanceIds: readonly string[];
  readonly frequency: string;
  /** The zone that it is read in; empty where none plays a part. */
  readonly timeZone: string;
  /** Instants, the next first. */
  readonly next: readonly string[];
}

/**
 * @param count runs of each
 * @param until none after it but the next one, milliseconds since the epoch
 */
export function formatSchedules(
  store: Store,
  count: number,
  until: number,
): { readonly schedules: readonly ScheduleView[] } {
  // Machines of one invocation share a schedule as far as they share a zone.
  const shares = new Map<ScheduledRun["schedule"], ScheduledRun[]>();
  for (const run of listSchedules(store)) shares.set(run.schedule, [...(shares.get(run.schedule) ?? []), run]);
  const schedules = [...shares].flatMap(([schedule, runs]) => {
    const [first] = runs;
    if (first === undefined) return [];
    const { invokeId, frequency } = first;
    const next: string[] = [];
    let after = store.clock.now();
    while (next.length < count) {
      const run = schedule.findNext(after);
      if (run === undefined || run <= after || (run > until && next.length > 0)) break;
      next.push(formatInstant(run));
      after = run;
    }
    const instanceIds = runs.map(({ instanceId }) => instanceId);
    return [{ invokeId, instanceIds, frequency, timeZone: schedule.timeZone ?? "", next }];
  });
  return { schedules };
}
