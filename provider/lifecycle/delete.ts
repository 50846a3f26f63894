/** delete: runs `onDelete`, stops what still lives and waits for it; finished, unknown and expired are as good as deleted. */
import { invokeIdsOf } from "../rules/results";
import type { Call } from "../runs/call";
import { runHook } from "../runs/hook";
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
  session.hasActed = true;
  const region = session.connect(state.regionId);
  // What another resource goes on with is not deleted.
  if (!session.held.has(id)) await runHook(call, region, state, hasSuccessor(call, id));
  await Promise.all(
    invokeIdsOf(id, state.results ?? {}).map(async (invokeId) => {
      session.saved.add(invokeId);
      const holder = session.held.get(invokeId);
      const isLiveRun = isLiveIn(state, invokeId);
      if (holder !== undefined) return progress.warn(describeKept(invokeId, holder, isLiveRun));
      if (isLiveRun && !session.stopped.has(invokeId)) await stop(call, region, invokeId);
      region.deleted.add(invokeId);
    }),
  );
}

/** Whether what replaces it has come about: in this session, or in an earlier one, as a comparison has shown. */
function hasSuccessor({ session, urn }: Call, id: string): boolean {
  const { isCreated, state } = session.known(urn);
  return isCreated === true || (state !== undefined && state.invokeId !== id);
}

/** Another resource has adopted it, or the replacement has found it: that one holds it now. */
function describeKept(invokeId: string, holder: string, isLiveRun: boolean): string {
  const name = holder.split("::").at(-1);
  const what = isLiveRun ? "is not stopped" : "did not run again";
  return `invocation "${invokeId}" ${what}: resource "${name}" goes on with it, since adopt names it or nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace <urn>\`, change triggers, or remove adopt`;
}
