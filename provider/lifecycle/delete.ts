/** delete: stops what still lives and waits for it; finished, unknown and expired are as good as deleted. */
import { invokeIdsOf } from "../rules/results";
import type { Call, Progress } from "../runs/call";
import { isLiveIn } from "../runs/predecessor";
import { stop } from "../runs/stop";
import { type Properties, parseState } from "./state";

/**
 * Tags are taken off when the session closes, many in one call.
 *
 * @param properties the state's outputs, of any version of this package
 */
export async function destroy(call: Call, id: string, properties: Properties): Promise<void> {
  const state = { ...parseState(properties), invokeId: id };
  const { session, progress } = call;
  const region = session.connect(state.regionId);
  await Promise.all(
    invokeIdsOf(id, state.results ?? {}).map(async (invokeId) => {
      session.saved.add(invokeId);
      if (session.held.has(invokeId)) return keep(invokeId, progress);
      if (isLiveIn(state, invokeId) && !session.stopped.has(invokeId)) await stop(call, region, invokeId);
      region.deleted.add(invokeId);
    }),
  );
}

/** The replacement found its predecessor's run, or adopted it; it holds that run now. */
const keep = (invokeId: string, progress: Progress): Promise<void> =>
  progress.warn(
    `invocation "${invokeId}" is not stopped, since the replacement went on with it instead of running again: nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace\`, change triggers, or remove adopt`,
  );
