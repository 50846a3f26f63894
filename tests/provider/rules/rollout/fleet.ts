/** Policies and fleets for the tests of rollouts. */

import { resolveBudget } from "../../../../provider/rules/rollout/budget";
import type { Facts, MachineFacts } from "../../../../provider/rules/rollout/facts";
import type { Machine } from "../../../../provider/rules/rollout/order";
import type { Plan } from "../../../../provider/rules/rollout/plan";
import { parsePolicy, type RolloutPolicy } from "../../../../provider/rules/rollout/policy";

/** A policy as a program would give it, defaults filled in. */
export function policyOf(raw: Record<string, unknown> = {}): RolloutPolicy {
  const { policy, failures } = parsePolicy(raw);
  if (policy === undefined) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  return policy;
}

export const idsOf = (n: number): string[] => Array.from({ length: n }, (_, i) => `i-${i + 1}`);

/** Machines `i-1` to `i-n`, over so many zones in turn. */
export const fleetOf = (n: number, zones = 1): Machine[] =>
  idsOf(n).map((instanceId, i) => ({ instanceId, zoneId: `zone-${i % zones}` }));

/** A stream of chances that is the same for the same seed (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A plan with these waves; the budget is that of all their machines. */
export function planOf(waves: string[][], raw: Record<string, unknown> = {}): Plan {
  const policy = policyOf({ waves: [...waves.slice(1).map((_, i) => i + 1), "100%"], ...raw });
  const fleet = waves.flat().length;
  return { fleet, waves, policy, budget: resolveBudget(policy, fleet) };
}

/** Facts of the first attempt, or of another, of which nothing is left from before. */
export const factsOf = (machines: Record<string, Partial<MachineFacts>>, facts: Partial<Facts> = {}): Facts => ({
  attempt: 1,
  shards: new Map(),
  leaving: [],
  predecessors: new Map(),
  isInPlace: false,
  ...facts,
  machines: new Map(
    Object.entries(machines).map(([id, machine]) => [
      id,
      { attempt: facts.attempt ?? 1, run: "succeeded", ...machine },
    ]),
  ),
});

export const each = (ids: readonly string[], machine: Partial<MachineFacts>): Record<string, Partial<MachineFacts>> =>
  Object.fromEntries(ids.map((id) => [id, machine]));
