/** How bad it can get: how many machines may have failed by the end of each wave, whatever happens. */
import { spareFailures } from "./budget";
import { lastWaveOf, type Plan } from "./plan";

/** What the docs say of it. */
export const RISK_RULES = [
  "By the end of a wave there have failed at worst: what may have failed in the waves before without a stop, what is borne, and all that may be under way at the same time.",
  "With a `check` all of a wave may be under way, since it is checked after the wave. With `strict`, no more than one more than is borne.",
  "An update that changes live schedules in place changes each invocation as a whole, so that many may be under way at once.",
] as const;

/** A wave and how many machines of the fleet may have failed by its end; empty waves and those that do not run are left out. */
export interface WaveRisk {
  wave: number;
  machines: number;
  /** At most so many, that wave and all before it together. */
  failed: number;
}

export function assessRisk(plan: Plan): WaveRisk[] {
  const { budget, policy } = plan;
  const risks: WaveRisk[] = [];
  let before = 0;
  let worst = 0;
  for (const [i, { length }] of plan.waves.entries()) {
    const wave = i + 1;
    if (length === 0 || wave > lastWaveOf(plan)) continue;
    const borne = spareFailures(budget, wave, 0, 0);
    const underWay = policy.check === undefined ? Math.min(budget.concurrency, length) : length;
    const bound = Math.min(before + length, policy.strict ? borne + 1 : borne + underWay);
    worst = Math.max(worst, bound);
    risks.push({ wave, machines: length, failed: worst });
    before = Math.min(borne, before + length);
  }
  return risks;
}
