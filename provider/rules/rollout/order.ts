/** In which order machines take their turn: stable, favouring none, and evenly over the zones. */
import { createHash } from "node:crypto";

export interface Machine {
  instanceId: string;
  /** Zone of the machine, such as `cn-hangzhou-h`; absent where there is none to know, as of a managed instance. */
  zoneId?: string;
}

/** What the docs say of it. */
export const ORDER_RULES = [
  "The ids in `first` come first, in the order in which they are given.",
  "The others follow by a digest of the resource's URN and the instance id: the order is the same in every update, and no machine is always among the first.",
  "Zones take turns in proportion to their machines, so that no wave but the last takes all of a zone that has several.",
] as const;

/**
 * The ids of all machines in the order of a rollout; order and repetition of the input mean nothing.
 *
 * @param seed the resource's URN, so that another rollout begins with other machines
 * @param first ids that come first; those that are no machine of the fleet are left out
 */
export function orderMachines(machines: readonly Machine[], seed: string, first: readonly string[] = []): string[] {
  const zones = new Map<string, string[]>();
  const zoneOf = new Map(machines.map(({ instanceId, zoneId = "" }) => [instanceId, zoneId]));
  const leading = [...new Set(first)].filter((id) => zoneOf.has(id));
  const isLeading = new Set(leading);
  for (const [id, zoneId] of zoneOf) {
    if (isLeading.has(id)) continue;
    const members = zones.get(zoneId);
    if (members) members.push(id);
    else zones.set(zoneId, [id]);
  }
  const digests = new Map([...zoneOf.keys()].map((id) => [id, digest(seed, id)]));
  const compareDigests = (a: string, b: string) => compare(digests.get(a) ?? "", digests.get(b) ?? "");
  const turns = [...zones.values()].flatMap((members) =>
    members.sort(compareDigests).map((id, i) => ({ id, turn: (i + 0.5) / members.length })),
  );
  turns.sort((a, b) => a.turn - b.turn || compareDigests(a.id, b.id));
  return [...leading, ...turns.map(({ id }) => id)];
}

const digest = (seed: string, id: string): string => createHash("sha256").update(`${seed}\n${id}`).digest("hex");

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
