/** A fleet in waves, and what is allowed of it: what every question about a rollout is asked of. */
import type { Budget } from "./budget";
import type { RolloutPolicy } from "./policy";

/** A fleet in waves. */
export interface Plan {
  /** Machines when the generation began: what percentages are of. */
  fleet: number;
  /** Ids of each wave in their order. Wave 1 is the first; a wave may be empty. */
  waves: readonly (readonly string[])[];
  policy: RolloutPolicy;
  budget: Budget;
}

/** The last wave that this update runs: infinite when nothing holds it, so that waves of machines that joined count as well. */
export function lastWaveOf({ policy: { through, waves } }: Plan): number {
  return through === undefined || through >= waves.length ? Number.POSITIVE_INFINITY : through;
}
