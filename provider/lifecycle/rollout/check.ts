/** check of a fleet: refuses, all at once, what would not work, and says the plan and the risk before anything runs. */
import { ApiError } from "../../cloud/errors";
import type { InputFailure } from "../../rules/declaration";
import { identify } from "../../rules/identity";
import type { Declaration, InvocationInputs } from "../../rules/inputs";
import { MAX_INSTANCES_PER_INVOCATION } from "../../rules/limits";
import { findUnfit, type Unfitness } from "../../rules/preflight";
import {
  describePlan,
  describeResumption,
  describeUnknown,
  formatRolloutTag,
  listUnknown,
  parseRollout,
  pickRolloutInputs,
  type RolloutInputs,
  type RolloutPolicy,
} from "../../rules/rollout";
import { changedRolloutInputs, ROLLOUT_INPUTS } from "../../rules/rollout/inputs";
import { isScript, makeRun, nameCommand } from "../../rules/run";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../../rules/tags";
import { containsUnknown, isUnknown } from "../../rules/unknown";
import { agree, countInstances, listIds } from "../../rules/words";
import type { Call } from "../../runs/call";
import { describeError, expected } from "../../runs/failure";
import { resolveTags } from "../../runs/fleet";
import { type Observed, observe } from "../../runs/observe";
import { tryRun } from "../../runs/request";
import type { Region } from "../../runs/session";
import { openShards } from "../../runs/shards";
import { type Checked, checkFrequency } from "../check";
import type { Properties } from "../state";
import { declareRun, factsOf, findGeneration, planFleet } from "./plan";

/** @param olds the last checked inputs; empty for a new resource, and again for its replacement */
export async function checkFleet(call: Call, olds: Properties, news: Properties): Promise<Checked> {
  const { session, urn } = call;
  session.checked.add(urn);
  const { properties, inputs, policy, failures } = parseRollout(
    news,
    session.defaultRegionId(),
    session.nameSetting("region"),
  );
  const isNew = Object.keys(olds).length === 0;
  const run = declareRun(pickRolloutInputs(properties));
  let observed: Observed | undefined;
  if (failures.length === 0 && isAskable(run) && (isNew || mayRun(olds, properties))) {
    const region = session.connect(run.regionId);
    const ids = await listKnown(region, run);
    observed = await expected(`Cannot check Rollout before it runs in region "${run.regionId}"`, () =>
      observe(call, region, { ...run, instanceIds: ids }),
    );
    failures.push(...judge(observed, { ...run, instanceIds: ids }, call.session.clock.now()));
    if (policy?.check !== undefined) failures.push(...(await checkCheck(call, region, run, policy)));
    for (const warning of observed.warnings) await call.progress.warn(warning);
    await warnOfUnready(call, { ...run, instanceIds: ids }, observed, policy);
    if (run.resourceTags !== undefined) await warnOfTags(call, run, ids, policy);
    if (inputs && policy && failures.length === 0 && run.dryRun && ids.length > 0)
      failures.push(...(await tryOnService(call, region, run, ids)));
  }
  if (failures.length === 0 && run.preflight && isNew && session.known(urn).fleet === undefined)
    await sayPlan(call, properties, run, policy, inputs !== undefined);
  if (!failures.some(({ property }) => property === "frequency"))
    failures.push(...(await checkFrequency(call, olds, properties, observed)));
  return { inputs: properties, failures };
}

const isAskable = ({ preflight, regionId, resourceTags }: Declaration): boolean =>
  preflight && !isUnknown(regionId) && !containsUnknown(resourceTags);

/** Whether anything but what counts later has changed. */
function mayRun(olds: Properties, news: Properties): boolean {
  const [before, after] = [olds, news] as Partial<RolloutInputs>[];
  const changed = changedRolloutInputs(before ?? {}, after ?? {});
  return (
    changed.some((name) => ROLLOUT_INPUTS[name].change !== "later") ||
    JSON.stringify(before?.instanceIds) !== JSON.stringify(after?.instanceIds)
  );
}

async function listKnown(region: Region, { instanceIds, resourceTags }: Declaration): Promise<string[]> {
  if (resourceTags !== undefined) return resolveTags(region, resourceTags);
  return Array.isArray(instanceIds) ? instanceIds.filter((id) => !isUnknown(id)) : [];
}

/** What refuses: whatever is wrong with what runs, and machines that never can run it. */
function judge({ facts, failures }: Observed, inputs: InvocationInputs, now: number): InputFailure[] {
  const unfit = findUnfit(inputs, facts, now);
  const total = inputs.instanceIds?.length ?? 0;
  const absent = listKind(unfit, "absent");
  const never = listKind(unfit, "unfit");
  const refusals = [...groupReasons(never)].map(
    ([reason, ids]) =>
      `instanceIds must name instances that can run the command, but ${ids.length} of ${total} never can as they are: ${listIds(ids)}: ${reason}`,
  );
  if (absent.length === total && total > 0)
    refusals.push(
      `instanceIds must name instances that exist: none of ${countInstances(total)} does in region "${inputs.regionId}"; correct the ids or the region`,
    );
  return [
    ...failures.filter(({ property }) => property !== "instanceIds"),
    ...refusals.map((reason) => ({ property: "instanceIds", reason })),
  ];
}

const listKind = (unfit: ReadonlyMap<string, Unfitness>, kind: Unfitness["kind"]): [id: string, reason: string][] =>
  [...unfit].flatMap(([id, each]) => (each.kind === kind ? [[id, each.reason]] : []));

function groupReasons(unfit: readonly (readonly [id: string, reason: string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [id, reason] of unfit) groups.set(reason, [...(groups.get(reason) ?? []), id]);
  return new Map([...groups].sort(([, a], [, b]) => b.length - a.length));
}

/** Machines that are not ready now may be by their turn; those that do not exist are left out. */
async function warnOfUnready(
  { progress, session }: Call,
  inputs: InvocationInputs,
  { facts }: Observed,
  policy: RolloutPolicy | undefined,
): Promise<void> {
  const unfit = findUnfit(inputs, facts, session.clock.now());
  const total = countInstances(inputs.instanceIds?.length ?? 0);
  const absent = listKind(unfit, "absent");
  if (absent.length > 0)
    await progress.warn(
      `${absent.length} of ${total} ${agree(absent.length, "does", "do")} not exist in region "${inputs.regionId}", and ${agree(absent.length, "is", "are")} left out: ${listIds(absent.map(([id]) => id))}; remove ${agree(absent.length, "it", "them")} from instanceIds`,
    );
  const notReady = listKind(unfit, "notReady");
  if (notReady.length > 0) {
    const means =
      policy?.unready === "skip"
        ? "is skipped and tried again by the next update that runs anything"
        : `counts as a failure (unready is "fail")`;
    const reasons = [...groupReasons(notReady)].map(([reason, ids]) => `${listIds(ids)}: ${reason}`);
    await progress.warn(
      [
        `${notReady.length} of ${total} ${agree(notReady.length, "is", "are")} not ready; one that is not by its turn ${means}`,
        ...reasons,
      ].join("\n"),
    );
  }
  const starting = listKind(unfit, "starting");
  if (starting.length > 0)
    await progress.note(
      `${listIds(starting.map(([id]) => id))} ${agree(starting.length, "is", "are")} not ready yet; the update waits for ${agree(starting.length, "it", "them")}`,
    );
}

/** The command of the check, and its parameters. */
async function checkCheck(
  call: Call,
  region: Region,
  run: Declaration,
  { check }: RolloutPolicy,
): Promise<InputFailure[]> {
  if (check === undefined) return [];
  const { commandId, commandContent, parameters } = check;
  const inputs = {
    ...(commandId === undefined ? {} : { commandId }),
    ...(commandContent === undefined ? {} : { commandContent, type: run.type ?? "RunShellScript" }),
    ...(parameters ? { parameters } : {}),
    regionId: run.regionId,
    repeatMode: "Once" as const,
    instanceIds: [],
  };
  const { failures, warnings } = await expected("Cannot look at the command of the check", () =>
    observe(call, region, inputs),
  );
  for (const warning of warnings) await call.progress.warn(`check: ${warning}`);
  return failures.map(({ reason }) => ({ property: "check", reason: `check is wrong: ${reason}` }));
}

/** Has the service itself try it, with the tags that each invocation will carry, which runs nothing. */
async function tryOnService(
  call: Call,
  region: Region,
  inputs: Declaration,
  ids: readonly string[],
): Promise<InputFailure[]> {
  const run = makeRun(inputs, ids.slice(0, MAX_INSTANCES_PER_INVOCATION));
  const { resource, stack, name } = identify(call.urn, call.session.backend);
  const shard = { kind: "run", wave: 1, shard: 1, attempt: 1 } as const;
  const tags = {
    [OWNER_TAG_KEY]: formatRolloutTag({ resource, generation: findGeneration(inputs, undefined).name, ...shard, name }),
    [UNSAVED_TAG_KEY]: stack,
  };
  try {
    await tryRun(region.calls, run, tags);
    return [];
  } catch (error) {
    const failure = describeError(`Cannot roll out ${nameCommand(run)}, as a dry run on the service shows`, error);
    if (!(error instanceof ApiError) || !(failure instanceof Error)) throw failure;
    if (error.kind !== "denied" && error.kind !== "refused") throw failure;
    const remedy =
      error.kind === "denied"
        ? `; a rollout tags each of its invocations: grant "ecs:${isScript(run) ? "RunCommand" : "InvokeCommand"}" and "ecs:TagResources"`
        : "";
    return [{ property: "", reason: failure.message + remedy }];
  }
}

/** Tags that no machine carries, and machines in `first` that do not carry them. */
async function warnOfTags(
  { progress }: Call,
  { resourceTags = {}, regionId }: Declaration,
  ids: readonly string[],
  policy: RolloutPolicy | undefined,
): Promise<void> {
  const tags = Object.entries(resourceTags).map((tag) => tag.join("="));
  if (ids.length === 0)
    return progress.warn(
      `no instance in region "${regionId}" carries ${tags.join(", ")}, so nothing runs; one that carries it later is seen by \`pulumi refresh\``,
    );
  const carriers = new Set(ids);
  const strangers = (policy?.first ?? []).filter((id) => !carriers.has(id));
  if (strangers.length > 0)
    await progress.warn(
      `first names ${agree(strangers.length, "a machine that does", "machines that do")} not carry ${tags.join(", ")}, and ${agree(strangers.length, "is", "are")} left out: ${listIds(strangers)}; remove or correct ${agree(strangers.length, "it", "them")}`,
    );
}

/** What a new rollout will do; one that an update began and could not record goes on. */
async function sayPlan(
  call: Call,
  properties: Properties,
  run: Declaration,
  policy: RolloutPolicy | undefined,
  isKnown: boolean,
): Promise<void> {
  const unknown = listUnknown(properties);
  const isPlaced = !unknown.some((name) => MACHINES.includes(name));
  if (policy === undefined || !isPlaced) return call.progress.note(describeUnknown(unknown));
  const region = call.session.connect(run.regionId);
  const generation = findGeneration(run, undefined);
  if (!isKnown)
    return call.progress.note(describePlan((await planFleet(call, region, run, policy, generation, undefined)).plan));
  const shards = await openShards(call, region, {
    identity: identify(call.urn, call.session.backend),
    generation: generation.name,
    repeatMode: run.repeatMode,
    saved: [],
    open: [],
    earlier: [],
  });
  const placed = new Map(shards.known.flatMap(({ shard, instanceIds }) => instanceIds.map((id) => [id, shard.wave])));
  const planned = await planFleet(call, region, run, policy, generation, undefined, placed);
  if (shards.known.length === 0) return call.progress.note(describePlan(planned.plan));
  const lines = describeResumption(planned.plan, factsOf(planned, run, { shards: shards.known }));
  if (lines.length > 0) await call.progress.note(lines.join("; "));
}

/** What decides which machines there are. */
const MACHINES = ["instanceIds", "resourceTags", "regionId"];
