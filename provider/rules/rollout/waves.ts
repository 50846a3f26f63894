/** Which machine has its turn in which wave: when a generation begins, and when it goes on with another fleet. */
import { resolveBudget, resolveTargets } from "./budget";
import { type Machine, orderMachines } from "./order";
import type { Plan } from "./plan";
import type { RolloutPolicy } from "./policy";
import { listRecorded, type RecordedMachine, type RolloutRecord } from "./record";

/** What the docs say of it. */
export const PLAN_RULES = [
  "The fleet is counted when a generation begins, and each machine keeps its wave from then on.",
  "A change of `waves` or `first` counts for waves that have not begun.",
  "A machine that joins goes into the last wave that is not finished, else into a wave of its own after the last: it runs there once, and nowhere else anything runs again.",
  "A machine that leaves is dropped from the plan, and what runs on it is stopped.",
] as const;

export interface PlanRequest {
  /** The fleet as it is now. */
  machines: readonly Machine[];
  /** The resource's URN. */
  seed: string;
  policy: RolloutPolicy;
  /** What the state holds of this very generation. */
  record?: RolloutRecord | undefined;
  /** What `first` was when it was saved; undefined where a change of it means nothing. */
  first?: string[] | undefined;
  /** The wave of each machine that was found at the service under this generation, as its tag says. */
  placed?: ReadonlyMap<string, number>;
}

const NONE: ReadonlyMap<string, number> = new Map();

/** The plan of a generation: made anew when it begins, else gone on with. */
export function planRollout({ machines, seed, policy, record, first, placed = NONE }: PlanRequest): Plan {
  const order = orderMachines(machines, seed, policy.first);
  // Of a fleet that had no machines, nothing has begun.
  const begun = record?.machines.length === 0 ? undefined : record;
  const fleet = begun?.fleet ?? order.length;
  const waves = begun ? goOn(order, policy, begun, first, placed) : begin(order, policy, placed);
  return { fleet, waves, policy, budget: resolveBudget(policy, fleet) };
}

/** Whether machines of waves that have not begun are placed anew. */
export const isReplanned = (policy: RolloutPolicy, record: RolloutRecord, first = policy.first): boolean =>
  String(record.targets) !== String(policy.waves) || String(first) !== String(policy.first);

/** Machines that were found keep their waves; the others fill up what is left, and no wave before one that has begun. */
function begin(order: readonly string[], policy: RolloutPolicy, placed: ReadonlyMap<string, number>): string[][] {
  const kept = order.flatMap((id): [string, number][] => {
    const wave = placed.get(id);
    return wave === undefined ? [] : [[id, wave]];
  });
  const begun = highest(kept.map(([, wave]) => wave));
  const rest = order.filter((id) => !placed.has(id));
  const waves = fillWaves(kept, rest, resolveTargets(policy.waves, order.length), Math.max(begun, 1));
  // Of one wave, those that were found and those that are left stand in the order of the plan again.
  const position = new Map(order.map((id, i) => [id, i]));
  for (const ids of waves) ids.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
  return waves;
}

function goOn(
  order: readonly string[],
  policy: RolloutPolicy,
  record: RolloutRecord,
  first: string[] | undefined,
  placed: ReadonlyMap<string, number>,
): string[][] {
  const isMember = new Set(order);
  const recorded = listRecorded(record).filter(({ instanceId }) => isMember.has(instanceId));
  const isRecorded = new Set(recorded.map(({ instanceId }) => instanceId));
  const begun = highest(recorded.filter(({ standing }) => standing !== "held").map(({ wave }) => wave));
  const isPlacedAnew = isReplanned(policy, record, first);
  const isKept = ({ wave, standing }: RecordedMachine) => standing !== "held" || !isPlacedAnew || wave <= begun;

  const kept: [string, number][] = [];
  const rest: string[] = [];
  for (const machine of recorded) {
    // An update that was cut off may have gone on since the record.
    const found = machine.standing === "held" ? placed.get(machine.instanceId) : undefined;
    if (found !== undefined || isKept(machine)) kept.push([machine.instanceId, found ?? machine.wave]);
    else rest.push(machine.instanceId);
  }
  const leading = policy.first.filter((id) => rest.includes(id));
  const following = rest.filter((id) => !leading.includes(id));
  const joined = order.filter((id) => !isRecorded.has(id));
  const joiners = joined.filter((id) => !placed.has(id));
  kept.push(...joined.flatMap((id): [string, number][] => (placed.has(id) ? [[id, placed.get(id) ?? 1]] : [])));
  const begunSince = highest([...placed].filter(([id]) => isMember.has(id)).map(([, wave]) => wave));
  const waves = fillWaves(
    kept,
    [...leading, ...following],
    resolveTargets(policy.waves, record.fleet),
    Math.max(begun + 1, begunSince),
  );
  if (joiners.length > 0) {
    const open = new Set(
      recorded.filter((machine) => isUnfinished(machine, record)).map(({ instanceId }) => instanceId),
    );
    waveAt(waves, findLastUnfinished(waves, Math.max(begun, begunSince), open)).push(...joiners);
  }
  return trimWaves(waves, policy);
}

/** Whether a machine has still something before it: those that failed have, after a stop. */
const isUnfinished = ({ standing }: RecordedMachine, { status }: RolloutRecord): boolean =>
  standing === "held" ||
  standing === "running" ||
  standing === "unchecked" ||
  standing === "again" ||
  (standing === "failed" && status === "Stopped");

/** A wave in which nothing has its turn yet is not finished either, unless a later one has begun. */
function findLastUnfinished(waves: readonly string[][], begun: number, open: ReadonlySet<string>): number {
  for (let wave = waves.length; wave > 0; wave--) {
    const ids = waves[wave - 1] ?? [];
    if (wave > begun || ids.some((id) => open.has(id))) return wave;
  }
  return waves.length + 1;
}

/**
 * Fills up the waves to their cumulative targets.
 *
 * @param kept machines whose wave is settled
 * @param rest the others in their order
 * @param from the first wave that takes one of them
 */
function fillWaves(
  kept: readonly (readonly [string, number])[],
  rest: readonly string[],
  targets: readonly number[],
  from: number,
): string[][] {
  const waves: string[][] = [];
  waveAt(waves, targets.length);
  for (const [id, wave] of kept) waveAt(waves, wave).push(id);
  let taken = 0;
  let reached = 0;
  for (const [i, ids] of waves.entries()) {
    reached += ids.length;
    const target = targets[i] ?? Number.POSITIVE_INFINITY;
    if (i + 1 < from || taken === rest.length) continue;
    const isLast = i + 1 >= targets.length;
    const count = isLast ? rest.length - taken : Math.max(0, Math.min(target - reached, rest.length - taken));
    ids.push(...rest.slice(taken, taken + count));
    taken += count;
    reached += count;
  }
  if (taken < rest.length) waveAt(waves, waves.length + 1).push(...rest.slice(taken));
  return waves;
}

/** The wave with this number; those before it are made as well. */
function waveAt(waves: string[][], wave: number): string[] {
  while (waves.length < wave) waves.push([]);
  return waves[wave - 1] as string[];
}

/** A wave that was added for machines that joined is dropped when all of them have left, and none comes after it. */
function trimWaves(waves: string[][], policy: RolloutPolicy): string[][] {
  while (waves.length > policy.waves.length && waves.at(-1)?.length === 0) waves.pop();
  return waves;
}

const highest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
