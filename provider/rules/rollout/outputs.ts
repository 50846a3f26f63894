/** What a rollout comes to as a resource's outputs: counts, and the machines that failed. No list grows with the fleet. */
import type { Facts, Failure } from "./facts";
import type { Plan } from "./plan";
import { judgeMachine, membersOf, surveyPlan } from "./standing";

/** The outputs of a rollout, as a program sees them. */
export const OUTPUT_NAMES = [
  "status",
  "generation",
  "waveResults",
  "succeeded",
  "total",
  "failures",
  "held",
  "invokeIds",
] as const;

/** What a machine says, or may say, is secret where an input is; the reasons are the verdict's. */
export const SECRET_OUTPUT_NAMES = ["failures", "reasons"] as const;

/** One wave. */
export interface WaveResult {
  /** Machines of the wave; those that were released are not counted. */
  machines: number;
  /** Machines on which it ran well. */
  succeeded: number;
  /** Machines on which it failed in their last attempt. */
  failed: number;
  /** Machines that were not ready while `unready` is `skip`. */
  skipped: number;
  /** `held` before it begins, `running` while a machine has its turn before it, `ended` after. */
  state: "held" | "running" | "ended";
}

export interface RolloutOutputs {
  /** In the order of the waves. */
  waveResults: WaveResult[];
  /** Machines on which it ran well, and that are healthy where there is a check. */
  succeeded: number;
  /** Machines of the fleet. */
  total: number;
  /** Machines that have not been started. */
  held: number;
  /** By instance id, those that failed, in the order of the plan. */
  failures: Record<string, Failure>;
}

export function formatRolloutOutputs(plan: Plan, facts: Facts): RolloutOutputs {
  const { waves, total } = surveyPlan(plan, facts);
  return {
    waveResults: waves.map(({ counts, open, openAgain }) => {
      const machines = membersOf(counts);
      const isHeld = machines > 0 && counts.held === machines;
      return {
        machines,
        succeeded: counts.succeeded,
        failed: counts.failed + counts.again,
        skipped: counts.skipped,
        state: open + openAgain === 0 ? "ended" : isHeld ? "held" : "running",
      };
    }),
    succeeded: total.succeeded,
    total: membersOf(total),
    held: total.held,
    failures: Object.fromEntries(
      plan.waves.flat().flatMap((id) => {
        const machine = facts.machines.get(id);
        const standing = judgeMachine(machine, plan, facts.attempt);
        return (standing === "failed" || standing === "again") && machine?.failure ? [[id, machine.failure]] : [];
      }),
    ),
  };
}
