/** create and update of a fleet: they never fail over machines, so that what came of them is kept; the verdict fails. */
import { identify } from "../../rules/identity";
import {
  type Earlier,
  type FleetState,
  formatRecord,
  judgeRolloutChanges,
  parseRollout,
  pickRolloutInputs,
  type RolloutInputs,
  type RolloutPolicy,
  settleUnseen,
} from "../../rules/rollout";
import { listRecorded } from "../../rules/rollout/record";
import { isSame } from "../../rules/same";
import { listIds } from "../../rules/words";
import type { Call } from "../../runs/call";
import { ExpectedFailure } from "../../runs/failure";
import { openShards, type Shards } from "../../runs/shards";
import type { Created, Properties } from "../state";
import { declareRun, findGeneration, planFleet } from "./plan";
import { rollOut } from "./roll";
import { formatFleet, parseFleet } from "./state";

export async function createFleet(call: Call, properties: Properties): Promise<Created> {
  // What a replacement replaces is told to `diff` alone.
  const { fleet } = call.session.known(call.urn);
  const outputs = await bring(call, properties, undefined, fleet);
  return { id: String(outputs.generation), outputs };
}

export function updateFleet(call: Call, olds: Properties, news: Properties): Promise<Properties> {
  const state = parseFleet(olds);
  return bring(call, news, state, state);
}

/** @param known what stands at the service: the state, or that of the resource which this one replaces */
async function bring(
  call: Call,
  properties: Properties,
  state: FleetState | undefined,
  known: FleetState | undefined,
): Promise<Properties> {
  const { session, progress, urn } = call;
  session.hasActed = true;
  const policy = requirePolicy(properties);
  const inputs = declareRun(pickRolloutInputs(properties));
  const region = session.connect(inputs.regionId);
  const saved = known?.invokeIds ?? [];
  for (const invokeId of [...saved, ...(known?.earlier?.invokeIds ?? [])]) session.saved.add(invokeId);
  const generation = findGeneration(inputs, state);
  progress.status("looking for what has begun already");
  const shards = await openShards(call, region, {
    identity: identify(urn, session.backend),
    generation: generation.name,
    repeatMode: inputs.repeatMode,
    saved,
    open: generation.isSame && isUnderWay(state) ? saved : [],
    earlier: findEarlier(known, generation.isSame),
    left: generation.isSame && mayHaveLeft(state, inputs) ? saved : [],
  });
  const placed = new Map(shards.known.flatMap(({ shard, instanceIds }) => instanceIds.map((id) => [id, shard.wave])));
  const plan = await planFleet(call, region, inputs, policy, generation, state, placed);
  const planned = { ...plan, beginning: settleUnseen(plan.beginning, shards.known, shards.hasForgotten) };
  if (planned.absent.length > 0)
    await progress.warn(
      `no such instances in region "${inputs.regionId}", so they are not in the plan: ${listIds(planned.absent)}; remove them from instanceIds`,
    );
  const { isInPlace } = generation;
  const rolled = await rollOut(call, region, { inputs, policy, planned, shards, isInPlace });
  const { facts, status, reasons } = rolled;
  const before = generation.isSame ? saved : [];
  return formatFleet(properties, {
    record: formatRecord(generation.name, status, planned.plan, facts),
    plan: planned.plan,
    facts,
    predecessor: generation.predecessor,
    invokeIds: [...new Set([...before, ...shards.known.map(({ invokeId }) => invokeId)])],
    earlier: listEarlier(shards, isInPlace),
    absent: planned.absent,
    reasons,
  });
}

function requirePolicy(properties: Properties): RolloutPolicy {
  const { policy, failures } = parseRollout(properties, undefined);
  if (policy === undefined) throw new ExpectedFailure(failures.map(({ reason }) => reason).join("; "));
  return policy;
}

/** Whether an update has ended before machines did. */
const isUnderWay = (state: FleetState | undefined): boolean =>
  state !== undefined && listRecorded(state.record).some(({ standing }) => standing === "running");

/** Whether a schedule may be live on a machine that the program no longer names, or that no longer carries its tags. */
const mayHaveLeft = (state: FleetState | undefined, inputs: Partial<RolloutInputs>): boolean =>
  state !== undefined &&
  state.repeatMode !== "Once" &&
  (judgeRolloutChanges(state, inputs).left.length > 0 ||
    !isSame("resourceTags", state.resourceTags, inputs.resourceTags));

/** Ids that may be live and are none of this generation's. */
function findEarlier(known: FleetState | undefined, isSame: boolean): string[] {
  if (known === undefined) return [];
  const before = known.earlier?.invokeIds ?? [];
  if (isSame) return before;
  return known.repeatMode !== "Once" || isUnderWay(known) ? [...before, ...known.invokeIds] : before;
}

function listEarlier({ predecessors }: Shards, isInPlace: boolean): Earlier | undefined {
  return predecessors.length > 0 ? { invokeIds: predecessors.map(({ invokeId }) => invokeId), isInPlace } : undefined;
}
