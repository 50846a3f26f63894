/** update: changes a live invocation in place, and goes on where an earlier update stopped. */
import type { UpdateResult } from "@pulumi/pulumi/dynamic";
import { progressOf } from "../progress";
import { judgeChanges } from "../rules/changes";
import { type InvocationInputs, pickInputs } from "../rules/inputs";
import { cutResults, invokeIdsOf, type Results } from "../rules/results";
import { connect } from "./configure";
import { type Limit, startLimit } from "./limit";
import { changeTags, modifyInPlace } from "./modify";
import { concludeRuns, maxOutputBytes, type PendingRun, settleRuns } from "./settle";
import { startRun } from "./start";
import { formatOutputs, parseState } from "./state";

type Properties = Record<string, unknown>;

/** Changes a live schedule in place, and goes on where an update failed or was cut off. */
export function update(id: string, olds: Properties, news: Properties): Promise<UpdateResult> {
  return bringUpToDate(id, olds, news, startLimit(news, "update"));
}

export async function bringUpToDate(
  id: string,
  olds: Properties,
  news: Properties,
  limit: Limit | undefined,
): Promise<UpdateResult> {
  const state = parseState(olds);
  const inputs = pickInputs(news);
  const progress = progressOf(news.__urn);
  const changes = judgeChanges(state, inputs);
  const region = connect(inputs.regionId);
  const kept = cutResults(keepWanted(state.results, inputs), maxOutputBytes(inputs));
  const outputs = { ...news, __agentVersion: state.__agentVersion };
  const again = new Set(changes.resume.again);
  const runs: PendingRun[] = [];
  let rerun: string | undefined;

  if (changes.tags) await changeTags(region, invokeIdsOf(id, kept), state, inputs);
  if (changes.inPlace) {
    const { invokeId, apart } = await modifyInPlace(region, id, state, inputs, changes.inPlace, progress, limit);
    for (const instanceId of apart) again.add(instanceId);
    runs.push(...groupByInvocation(kept, without(Object.keys(kept), again)));
    join(runs, invokeId, without(changes.inPlace.added, again));
  } else {
    runs.push(...groupByInvocation(kept, without(changes.resume.waiting, again)));
  }
  // With resourceTags nothing is known of a run that was never seen.
  if (Object.keys(state.results).length === 0) runs.push({ invokeId: id, instanceIds: inputs.instanceIds });

  if (again.size > 0) {
    // A failure here leaves the state as it was, and the next update looks at everything again.
    const { resourceTags: _, ...rest } = inputs;
    const instanceIds = [...again].sort();
    const earlier = invokeIdsOf(id, pick(kept, instanceIds));
    const urn = String(news.__urn ?? "");
    const { invokeId } = await startRun(region, { ...rest, instanceIds }, urn, progress, earlier, limit);
    rerun = invokeId;
    runs.push({ invokeId, instanceIds });
  }

  if (runs.length === 0) return { outs: formatOutputs(outputs, { invokeId: id, status: state.status, results: kept }) };
  const settled = await settleRuns(region, inputs, runs, kept, progress, limit);
  // Not before: an update that is interrupted while it waits must be found by its mark.
  if (rerun !== undefined) region.ending.add(rerun);
  return { outs: await concludeRuns(outputs, inputs, { invokeId: id, ...settled }, progress) };
}

const without = (ids: readonly string[], gone: ReadonlySet<string>): string[] => ids.filter((id) => !gone.has(id));

/** The results of machines that the program still names. */
function keepWanted(results: Results, inputs: InvocationInputs): Results {
  return inputs.instanceIds ? pick(results, inputs.instanceIds) : results;
}

function pick(results: Results, ids: readonly string[]): Results {
  return Object.fromEntries(Object.entries(results).filter(([instanceId]) => ids.includes(instanceId)));
}

function groupByInvocation(results: Results, ids: readonly string[]): PendingRun[] {
  const groups = new Map<string, string[]>();
  for (const instanceId of ids) {
    const invokeId = results[instanceId]?.invokeId;
    if (invokeId !== undefined) groups.set(invokeId, [...(groups.get(invokeId) ?? []), instanceId]);
  }
  return [...groups].map(([invokeId, instanceIds]) => ({ invokeId, instanceIds }));
}

function join(runs: PendingRun[], invokeId: string, added: readonly string[]): void {
  if (added.length === 0) return;
  const run = runs.find((candidate) => candidate.invokeId === invokeId);
  if (run) run.instanceIds = [...(run.instanceIds ?? []), ...added];
  else runs.push({ invokeId, instanceIds: added });
}
