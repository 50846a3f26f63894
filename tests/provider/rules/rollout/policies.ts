/** Policies and fleets for the tests of rollouts. */
import type { Machine } from "../../../../provider/rules/rollout/order";
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
