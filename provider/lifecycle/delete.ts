/** delete: stops what still lives and waits for it; finished, unknown and expired are as good as deleted. */

import type { InvocationState } from "../rules/changes";
import { MAX_INTERRUPTED_AGE_MS } from "../rules/identity";
import { invokeIdsOf } from "../rules/results";
import { isLive, standingOf } from "../rules/status";
import type { Call, Progress } from "../runs/call";
import { unmark } from "../runs/mark";
import { stop } from "../runs/stop";
import { type Properties, parseState } from "./state";

/** @param properties the state's outputs, of any version of this package */
export async function destroy(call: Call, id: string, properties: Properties): Promise<void> {
  const state = parseState(properties);
  const { session, progress } = call;
  const region = session.connect(state.regionId);
  await Promise.all(
    invokeIdsOf(id, state.results ?? {}).map(async (invokeId) => {
      if (region.resumed.has(invokeId)) return keep(invokeId, progress);
      if (isLiveIn(state, id, invokeId)) await stop(call, region, invokeId);
      if (isRecent(state, invokeId, session.clock.now())) await unmark(call, region, invokeId);
    }),
  );
}

/** The replacement found its predecessor's mark, which an engine that was killed had left, or adopted it; it holds that run now. */
const keep = (invokeId: string, progress: Progress): Promise<void> =>
  progress.warn(
    `invocation "${invokeId}" is not stopped, since the replacement went on with it instead of running again; change triggers, or remove adopt, to have it run again`,
  );

function isLiveIn(state: InvocationState, id: string, invokeId: string): boolean {
  const machines = Object.values(state.results ?? {}).filter((result) => result.invokeId === invokeId);
  const standings = machines.map((result) => standingOf(result, state.repeatMode));
  return standings.some(isLive) || (invokeId === id && isLive(state.status));
}

/** Only a young invocation is ever taken for one that was cut off; an older one may keep its tag. */
function isRecent(state: InvocationState, invokeId: string, now: number): boolean {
  const times = Object.values(state.results ?? {})
    .filter((result) => result.invokeId === invokeId)
    .map(({ startTime }) => Date.parse(startTime ?? ""));
  const old = times.length > 0 && times.every((time) => now - time > MAX_INTERRUPTED_AGE_MS);
  return !old;
}
