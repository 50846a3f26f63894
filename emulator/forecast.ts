/** When schedules run next, as the agents on their machines read them. */
import { readSchedule, type Schedule } from "./agent/schedule";
import { isAgentUp } from "./region/machine";
import type { Invocation, Run } from "./region/records";
import { isTerminal } from "./region/status";
import type { Store } from "./region/store";
import { formatForAgent } from "./requests/frequency";

/** A schedule that a machine has, or is about to get. */
export interface ScheduledRun {
  readonly invokeId: string;
  readonly instanceId: string;
  readonly frequency: string;
  readonly schedule: Schedule;
}

/** Those of machines whose agent can run them. */
export function listSchedules(store: Store): readonly ScheduledRun[] {
  const periodic = [...store.invocations.values()].filter(({ frequency }) => frequency !== "");
  return periodic.flatMap((invocation) => {
    const readings = new Map<string, Schedule | undefined>();
    return [...invocation.runs.values()].flatMap((run) => {
      const timeZone = findTimeZone(store, run);
      if (timeZone === undefined) return [];
      if (!readings.has(timeZone)) readings.set(timeZone, read(store, invocation, timeZone));
      const schedule = readings.get(timeZone);
      const { invokeId, frequency } = invocation;
      return schedule === undefined ? [] : [{ invokeId, instanceId: run.instanceId, frequency, schedule }];
    });
  });
}

/** Undefined when nothing will run there. */
function findTimeZone(store: Store, run: Run): string | undefined {
  const machine = store.machines.get(run.instanceId);
  if (machine === undefined || !isAgentUp(machine)) return undefined;
  return isTerminal(run.status) || run.status === "Stopping" ? undefined : machine.timeZone;
}

function read(store: Store, { frequency, creationTime }: Invocation, timeZone: string): Schedule | undefined {
  const registration = { timeZone, registeredAt: store.clock.now(), createdAt: creationTime };
  const reading = readSchedule(formatForAgent(frequency), registration);
  return reading.kind === "taken" ? reading.schedule : undefined;
}

/** The instant of the next run of any schedule, milliseconds since the epoch; undefined when there is none. */
export function findNextRun(store: Store): number | undefined {
  const now = store.clock.now();
  const next = listSchedules(store).flatMap(({ schedule }) => schedule.findNext(now) ?? []);
  const ahead = next.filter((instant) => instant > now);
  return ahead.length === 0 ? undefined : ahead.reduce((first, instant) => Math.min(first, instant));
}

/**
 * How many runs fall due within `ms` milliseconds. Counted up to `enough`; beyond, the rest is taken to go on as it began.
 */
export function countRuns(store: Store, ms: number, enough: number): number {
  const from = store.clock.now();
  const until = from + ms;
  const perSchedule = listSchedules(store).map(({ schedule }) => schedule);
  // Machines of one invocation share a schedule as far as they share a zone.
  const shares = new Map<Schedule, number>();
  for (const schedule of perSchedule) shares.set(schedule, (shares.get(schedule) ?? 0) + 1);
  let sum = 0;
  for (const [schedule, machines] of shares) sum += machines * countUntil(schedule, from, until, enough / machines);
  return Math.round(sum);
}

function countUntil(schedule: Schedule, from: number, until: number, enough: number): number {
  let runs = 0;
  for (let at = from; ; ) {
    const next = schedule.findNext(at);
    if (next === undefined || next <= at || next > until) return runs;
    at = next;
    runs++;
    if (runs > enough) return runs + ((until - at) / (at - from)) * runs;
  }
}
