/** What a policy allows a fleet of a given size, in machines, and whether failures exceed it. */
import { type Amount, resolveAmount } from "./amount";
import type { RolloutPolicy } from "./policy";

/** What the docs say of it. */
export const ROUNDING_RULES = [
  "`waves`: a percentage is floored; a wave that would add no machine is empty, and the waves keep their numbers; the last takes what remains.",
  "`maxFailures` and `canaryFailures`: floored, at least 0.",
  "`concurrency`: floored, at least 1.",
] as const;

/** A policy in numbers of machines. */
export interface Budget {
  /** Failures that are borne. */
  borne: number;
  /** The first wave that has machines, counted from 1. */
  canaryWave: number;
  /** Failures that are borne in it. */
  canaryBorne: number;
  /** Machines on which it may run at the same time; infinite when only the waves bound it. */
  concurrency: number;
}

/**
 * @param fleet the machines when the generation began
 */
export function resolveBudget(policy: RolloutPolicy, fleet: number): Budget {
  const targets = resolveTargets(policy.waves, fleet);
  const canary = Math.max(
    targets.findIndex((target) => target > 0),
    0,
  );
  const borne = resolveAmount(policy.maxFailures, fleet);
  return {
    borne,
    canaryWave: canary + 1,
    canaryBorne: Math.min(borne, resolveAmount(policy.canaryFailures, targets[canary] ?? fleet)),
    concurrency:
      policy.concurrency === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(1, resolveAmount(policy.concurrency, fleet)),
  };
}

/** How many machines have had their turn by the end of each wave; never falling, and the last all of them. */
export function resolveTargets(waves: readonly Amount[], fleet: number): number[] {
  let reached = 0;
  return waves.map((amount, i) => {
    const target = i === waves.length - 1 ? fleet : resolveAmount(amount, fleet);
    reached = Math.max(reached, target);
    return reached;
  });
}

/** How many more machines of a wave may fail before the rollout stops; negative when too many have. */
export function spareFailures(budget: Budget, wave: number, failed: number, failedInCanary: number): number {
  const spare = budget.borne - failed;
  return wave === budget.canaryWave ? Math.min(spare, budget.canaryBorne - failedInCanary) : spare;
}

/** Whether more machines have failed than is borne, in all or in the first wave. */
export const isExceeded = (budget: Budget, failed: number, failedInCanary: number): boolean =>
  spareFailures(budget, budget.canaryWave, failed, failedInCanary) < 0;
