/** update: changes a live invocation in place, and goes on where an earlier update stopped. */
import type { UpdateResult } from "@pulumi/pulumi/dynamic";
import { progressOf } from "../progress";
import { judgeChanges } from "../rules/changes";
import { type InvocationInputs, pickInputs } from "../rules/inputs";
import { invokeIdsOf, type Results } from "../rules/results";
import { connect } from "./configure";
import { changeTags, modifyInPlace } from "./modify";
import { concludeRuns, type PendingRun, settleRuns } from "./settle";
import { startRun } from "./start";
import { ExpectedFailure, formatOutputs, InvocationFailed, parseState } from "./state";

type Properties = Record<string, unknown>;

export async function update(id: string, olds: Properties, news: Properties): Promise<UpdateResult> {
  const state = parseState(olds);
  const inputs = pickInputs(news);
  const progress = progressOf(news.__urn);
  const changes = judgeChanges(state, inputs);
  const region = connect(inputs.regionId);
  const kept = keepWanted(state.results, inputs);
  const outputs = { ...news, __agentVersion: state.__agentVersion };
  const runs: PendingRun[] = [];

  if (changes.tags) await changeTags(region, invokeIdsOf(id, kept), state, inputs);
  if (changes.inPlace) {
    const joined = await modifyInPlace(region, id, state, inputs, changes.inPlace, progress);
    runs.push(...groupByInvocation(kept, Object.keys(kept)));
    if (changes.inPlace.added.length > 0) join(runs, joined, changes.inPlace.added);
  } else {
    runs.push(...groupByInvocation(kept, changes.resume.waiting));
  }
  // With resourceTags nothing is known of a run that was never seen.
  if (Object.keys(state.results).length === 0) runs.push({ invokeId: id, instanceIds: inputs.instanceIds });

  const { again } = changes.resume;
  if (again.length > 0) {
    const earlier = invokeIdsOf(id, pick(kept, again));
    try {
      const rerun = { ...inputs, instanceIds: again };
      const { invokeId } = await startRun(region, rerun, String(news.__urn ?? ""), progress, earlier);
      for (const run of runs) run.instanceIds = run.instanceIds?.filter((instanceId) => !again.includes(instanceId));
      runs.push({ invokeId, instanceIds: again });
    } catch (error) {
      if (!(error instanceof ExpectedFailure)) throw error;
      throw new InvocationFailed(
        id,
        formatOutputs(outputs, { invokeId: id, status: state.status, results: kept }),
        [error.message],
        news.__provider,
      );
    }
  }

  const pending = runs.filter((run) => run.instanceIds?.length !== 0);
  if (pending.length === 0)
    return { outs: formatOutputs(outputs, { invokeId: id, status: state.status, results: kept }) };
  const settled = await settleRuns(region, inputs, pending, kept, progress);
  return { outs: await concludeRuns(outputs, inputs, { invokeId: id, ...settled }, progress) };
}

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
  const run = runs.find((candidate) => candidate.invokeId === invokeId);
  if (run) run.instanceIds = [...(run.instanceIds ?? []), ...added];
  else runs.push({ invokeId, instanceIds: added });
}
