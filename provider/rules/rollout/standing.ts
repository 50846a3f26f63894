/** Where each machine of a plan stands, and how many stand where. */
import { isExceeded } from "./budget";
import type { Facts, MachineFacts } from "./facts";
import type { Plan } from "./plan";

/** What the docs say of each. */
export const STANDINGS = {
  held: "has not been started",
  again: "failed in an earlier attempt, and runs again in this one",
  running: "runs, or is about to",
  unchecked: "has run well, and its check is still to come",
  checking: "is being checked",
  notYet: "said at its check that it is not healthy yet, and is asked again",
  succeeded: "has run well, and is healthy where there is a check",
  failed: "did not run well, is not healthy, or was not ready while `unready` is `fail`",
  skipped: "was not ready while `unready` is `skip`: counts as neither",
  gone: "was released, and leaves the plan",
} as const;

export type Standing = keyof typeof STANDINGS;

/** Whether a machine in this standing has still something before it. */
const OPEN: ReadonlySet<Standing> = new Set(["held", "again", "running", "unchecked", "checking", "notYet"]);

export const isOpen = (standing: Standing): boolean => OPEN.has(standing);

export type Counts = Record<Standing, number>;

/** A wave in numbers. */
export interface WaveSurvey {
  counts: Counts;
  /** Machines that run again in this attempt and are not through with it, and the others with something before them. */
  openAgain: number;
  open: number;
}

export interface Survey {
  /** In the order of the waves. */
  waves: WaveSurvey[];
  total: Counts;
  /** Whether more have failed in this attempt than is borne. */
  isExceeded: boolean;
  /** The latest end of a run or a check in this attempt. */
  endedAtMs?: number;
}

/** Where one machine stands. */
export function judgeMachine(machine: MachineFacts | undefined, plan: Plan, attempt: number): Standing {
  if (machine === undefined) return "held";
  const { run, check } = machine;
  const failed = machine.attempt < attempt ? "again" : "failed";
  switch (run) {
    case "gone":
    case "running":
      return run;
    case "failed":
      return failed;
    case "notReady":
      return plan.policy.unready === "skip" ? "skipped" : failed;
    case "succeeded":
      if (check === "failed") return failed;
      if (plan.policy.check === undefined || check === "healthy") return "succeeded";
      if (check === undefined) return "unchecked";
      return check === "running" ? "checking" : check;
    default:
      return run satisfies never;
  }
}

/** Whether a machine belongs to those that run again, before those that never ran. */
export const isAgain = (machine: MachineFacts | undefined, standing: Standing): boolean =>
  standing === "again" || machine?.again === true;

const NO_COUNTS = Object.fromEntries(Object.keys(STANDINGS).map((standing) => [standing, 0])) as Counts;

/** All machines but those that have left. */
export const membersOf = (counts: Counts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.gone;

/** Counts all machines of the plan. */
export function surveyPlan(plan: Plan, facts: Facts): Survey {
  let endedAtMs = facts.endedAtMs;
  const total: Counts = { ...NO_COUNTS };
  const waves = plan.waves.map((ids) => {
    const wave: WaveSurvey = { counts: { ...NO_COUNTS }, open: 0, openAgain: 0 };
    for (const id of ids) {
      const machine = facts.machines.get(id);
      const standing = judgeMachine(machine, plan, facts.attempt);
      wave.counts[standing]++;
      total[standing]++;
      if (isOpen(standing)) wave[isAgain(machine, standing) ? "openAgain" : "open"]++;
      if (machine?.attempt === facts.attempt && machine.endedAtMs !== undefined)
        endedAtMs = Math.max(endedAtMs ?? machine.endedAtMs, machine.endedAtMs);
    }
    return wave;
  });
  const failedInCanary = waves[plan.budget.canaryWave - 1]?.counts.failed ?? 0;
  return {
    waves,
    total,
    isExceeded: isExceeded(plan.budget, total.failed, failedInCanary),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  };
}
