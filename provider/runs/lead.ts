/** Leads what is to run to its end: starts it, waits for it, and starts again where the service answered an earlier life. */
import { listTagged } from "../cloud/search";
import { formatOwner } from "../rules/identity";
import type { Declaration } from "../rules/inputs";
import type { Results } from "../rules/results";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";
import type { Call } from "./call";
import { describePurpose } from "./own";
import type { Region } from "./session";
import { type StartOptions, startRuns } from "./start";
import { type PendingRun, type Waited, waitForRuns } from "./wait";

export interface Led extends Waited {
  /** Ids of what was started or gone on with here, in order. */
  invokeIds: string[];
  agentVersion?: string | undefined;
}

/**
 * @param waiting runs that were started before and are waited for as well
 * @param kept results of instances on which nothing happens now
 */
export async function leadRuns(
  call: Call,
  region: Region,
  inputs: Declaration,
  options: StartOptions,
  waiting: readonly PendingRun[],
  kept: Results,
): Promise<Led> {
  const started = await startRuns(call, region, inputs, options);
  const waited = await waitForRuns(call, region, inputs, [...waiting, ...started.runs], kept);
  const earlier = waited.earlier.map(({ invokeId }) => invokeId);
  const invokeIds = started.runs.map(({ invokeId }) => invokeId).filter((invokeId) => !earlier.includes(invokeId));
  if (earlier.length === 0) return { ...waited, invokeIds, agentVersion: started.agentVersion };
  // Each of them would be answered in its turn.
  const lives = await listLives(call, region, inputs);
  const instanceIds = waited.earlier.flatMap(({ instanceIds: members = [] }) => members);
  const again = {
    instanceIds: instanceIds.length > 0 ? instanceIds : options.instanceIds,
    predecessors: [...new Set([...options.predecessors, ...earlier, ...lives])],
  };
  const led = await leadRuns(call, region, inputs, again, [], waited.results);
  // Whoever deletes them finds them nobody's.
  for (const invokeId of earlier) call.session.held.delete(invokeId);
  return { ...led, unfinished: [...waited.unfinished, ...led.unfinished], invokeIds: [...invokeIds, ...led.invokeIds] };
}

/** Ids of the runs of every earlier life that was asked for the same; where they cannot be listed, they are met one by one. */
async function listLives(call: Call, region: Region, inputs: Declaration): Promise<string[]> {
  const { identity, intention } = describePurpose(call, inputs);
  const tags = { [OWNER_TAG_KEY]: formatOwner(identity, intention) };
  const listed = await listTagged(region.calls, tags).catch(() => []);
  return listed.filter((record) => record.tags[UNSAVED_TAG_KEY] === undefined).map(({ invokeId }) => invokeId);
}
