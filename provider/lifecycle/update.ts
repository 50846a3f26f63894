/** update: changes a live invocation in place, and goes on where an earlier update stopped. */
import { type InvocationState, judgeChanges } from "../rules/changes";
import { type Declaration, declare } from "../rules/inputs";
import { cutResults, invokeIdsOf, type Results } from "../rules/results";
import { isLive } from "../rules/status";
import type { Call } from "../runs/call";
import { changeTags, modifyInPlace } from "../runs/change";
import { leadRuns } from "../runs/lead";
import { stopWhereLeft } from "../runs/stop";
import { type PendingRun, waitForRuns } from "../runs/wait";
import { concludeRuns } from "./conclude";
import { formatOutputs, type Properties, parseState } from "./state";

/** Changes a live schedule in place, and goes on where an update failed or was cut off. */
export async function update(call: Call, id: string, olds: Properties, news: Properties): Promise<Properties> {
  const state = parseState(olds);
  const inputs = declare(news);
  const changes = judgeChanges(state, inputs);
  const { session } = call;
  session.hasActed = true;
  const region = session.connect(inputs.regionId);
  for (const invokeId of invokeIdsOf(id, state.results)) session.saved.add(invokeId);
  const kept = keepResults(state, inputs);
  const outputs = { ...news, agentVersion: state.agentVersion };
  const again = new Set([...changes.resume.again, ...changes.resume.joined]);
  const waiting: PendingRun[] = [];

  if (changes.tags) await changeTags(call, region, invokeIdsOf(id, kept), state, inputs);
  // From what is over machines only leave.
  if (changes.inPlace && inputs.repeatMode !== "Once" && isLive(state.status)) {
    const { invokeId, apart } = await modifyInPlace(call, region, id, state, inputs, changes.inPlace);
    for (const instanceId of apart) again.add(instanceId);
    waiting.push(...groupByInvocation(kept, without(Object.keys(kept), again)));
    join(waiting, invokeId, without(changes.inPlace.added, again));
  } else {
    waiting.push(...groupByInvocation(kept, without(changes.resume.waiting, again)));
  }
  if (changes.inPlace && inputs.repeatMode === "Once") {
    await stopWhereLeft(call, region, state, changes.inPlace.removed);
    for (const instanceId of changes.inPlace.added) again.add(instanceId);
  }
  // With resourceTags nothing is known of a run that was never seen.
  if (Object.keys(state.results).length === 0) waiting.push({ invokeId: id, instanceIds: inputs.instanceIds });

  if (again.size > 0) {
    // A failure here leaves the state as it was, and the next update looks at everything again.
    const instanceIds = [...again].sort();
    const predecessors = invokeIdsOf(id, pick(kept, instanceIds));
    const led = await leadRuns(call, region, inputs, { instanceIds, predecessors }, waiting, kept);
    return concludeRuns(call, outputs, inputs, { ...led, invokeId: id });
  }
  if (waiting.length === 0) return formatOutputs(outputs, { invokeId: id, status: state.status, results: kept });
  const waited = await waitForRuns(call, region, inputs, waiting, kept);
  return concludeRuns(call, outputs, inputs, { invokeId: id, ...waited });
}

const without = (ids: readonly string[], gone: ReadonlySet<string>): string[] => ids.filter((id) => !gone.has(id));

/** The results of machines that the program still names. */
export function keepResults({ results }: InvocationState, { instanceIds, maxOutputBytes }: Declaration): Results {
  return cutResults(instanceIds ? pick(results, instanceIds) : results, maxOutputBytes);
}

function pick(results: Results, ids: readonly string[]): Results {
  return Object.fromEntries(Object.entries(results).filter(([instanceId]) => ids.includes(instanceId)));
}

function groupByInvocation(results: Results, ids: readonly string[]): PendingRun[] {
  const groups = new Map<string, string[]>();
  for (const instanceId of ids) {
    const invokeId = results[instanceId]?.invokeId;
    if (invokeId) groups.set(invokeId, [...(groups.get(invokeId) ?? []), instanceId]);
  }
  return [...groups].map(([invokeId, instanceIds]) => ({ invokeId, instanceIds }));
}

function join(runs: PendingRun[], invokeId: string, added: readonly string[]): void {
  if (added.length === 0) return;
  const run = runs.find((candidate) => candidate.invokeId === invokeId);
  if (run) run.instanceIds = [...(run.instanceIds ?? []), ...added];
  else runs.push({ invokeId, instanceIds: added });
}
