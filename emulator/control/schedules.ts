/** When schedules run next, as the control API shows it. */
import { listSchedules } from "../forecast";
import { formatInstant, type Store } from "../region/store";

/** @param count runs of each */
export function formatSchedules(store: Store, count: number): object {
  const schedules = listSchedules(store).map(({ invokeId, instanceId, frequency, schedule }) => {
    const next: string[] = [];
    let after = store.clock.now();
    while (next.length < count) {
      const run = schedule.findNext(after);
      if (run === undefined || run <= after) break;
      next.push(formatInstant(run));
      after = run;
    }
    return { invokeId, instanceId, frequency, next };
  });
  return { schedules };
}
