/** What an update of a rollout begins with: the generation, the machines, the plan. */
import { type Declaration, declare } from "../../rules/inputs";
import {
  carryRecord,
  type Facts,
  type Failure,
  type FleetState,
  gatherFacts,
  isReplanned,
  judgeRolloutChanges,
  nameGeneration,
  type Plan,
  planRollout,
  type RolloutInputs,
  type RolloutPolicy,
  type RolloutRecord,
  resumeRollout,
  whatRuns,
} from "../../rules/rollout";
import type { Beginning, Observed } from "../../rules/rollout/facts";
import { isSame as hasSameMeaning } from "../../rules/same";
import type { Call } from "../../runs/call";
import { findUnready, placeMachines, resolveTags } from "../../runs/fleet";
import type { Region } from "../../runs/session";

/** A generation, by what the program asks for and what the state holds. */
export interface Generation {
  name: string;
  /** The one before it. */
  predecessor: string | undefined;
  /** Whether the state is one of this very generation. */
  isSame: boolean;
  /** Whether live schedules of the one before are changed in place. */
  isInPlace: boolean;
  /** What the plan goes on from. */
  record: RolloutRecord | undefined;
  failures: Readonly<Record<string, Failure>>;
}

export function findGeneration(inputs: Partial<RolloutInputs>, state: FleetState | undefined): Generation {
  const what = whatRuns(inputs);
  if (state === undefined) {
    const name = nameGeneration(what, undefined);
    return { name, predecessor: undefined, isSame: false, isInPlace: false, record: undefined, failures: {} };
  }
  const { generation, isInPlace } = judgeRolloutChanges(state, inputs);
  const isSame = generation.length === 0;
  const predecessor = isSame ? state.predecessor : state.record.generation;
  const name = isSame ? state.record.generation : nameGeneration(what, predecessor);
  return {
    name,
    predecessor,
    isSame,
    isInPlace: isSame ? state.earlier?.isInPlace === true : isInPlace,
    record: isSame ? state.record : isInPlace ? carryRecord(state.record, name) : undefined,
    failures: isSame ? state.failures : {},
  };
}

export interface Planned {
  plan: Plan;
  beginning: Beginning;
  /** Machines that the program names and that do not exist. */
  absent: string[];
}

/**
 * The plan of a generation. Of machines whose place is settled nothing is asked.
 *
 * @param placed the wave of each machine that was found at the service
 */
export async function planFleet(
  call: Call,
  region: Region,
  inputs: Declaration,
  policy: RolloutPolicy,
  generation: Generation,
  state: FleetState | undefined,
  placed: ReadonlyMap<string, number> = new Map(),
): Promise<Planned> {
  const { record, failures } = generation;
  const wanted = await listWanted(region, inputs, generation, state);
  const first = generation.isSame && state ? (state.first ?? []) : undefined;
  const settled = new Set(record === undefined || isReplanned(policy, record, first) ? [] : record.machines);
  const open = wanted.filter((id) => !settled.has(id));
  const machines = await placeMachines(region, open);
  const absent = await findAbsent(call, region, inputs, open);
  const plan = planRollout({
    machines: [
      ...machines.filter(({ instanceId }) => !absent.includes(instanceId)),
      ...wanted.filter((id) => settled.has(id)).map((instanceId) => ({ instanceId })),
    ],
    seed: call.urn,
    policy,
    record,
    first,
    placed,
  });
  return { plan, beginning: resumeRollout(plan, record, failures), absent };
}

/** Ids of all machines that the program asks for; those that tags choose stay as they were while a generation goes on. */
async function listWanted(
  region: Region,
  { instanceIds, resourceTags }: Declaration,
  { isSame }: Generation,
  state: FleetState | undefined,
): Promise<string[]> {
  if (instanceIds) return instanceIds;
  if (!state || !isSame || !hasSameMeaning("resourceTags", state.resourceTags, resourceTags))
    return resolveTags(region, resourceTags ?? {});
  const { record, joined = [], left = [] } = state;
  return [...record.machines, ...joined].filter((id) => !left.includes(id));
}

/** One that does not exist in the region is no machine of the fleet. What tags choose exists. */
async function findAbsent(call: Call, region: Region, inputs: Declaration, ids: readonly string[]): Promise<string[]> {
  if (inputs.instanceIds === undefined) return [];
  const unready = await findUnready(call, region, inputs, ids, false);
  return [...unready].flatMap(([id, { kind }]) => (kind === "absent" ? [id] : []));
}

/** What is known before the service is asked. */
export const factsOf = (
  { plan, beginning }: Planned,
  { repeatMode }: Declaration,
  observed: Partial<Observed> = {},
): Facts => gatherFacts(plan, beginning, { shards: [], ...observed }, repeatMode);

/** The inputs of what runs, as an `Invocation` would have them. */
export const declareRun = (inputs: Partial<RolloutInputs>): Declaration => declare({ ...inputs });
