/** delete of a fleet: stops what still lives; tags come off when the session closes, many in one call. */
import { listRecorded } from "../../rules/rollout/record";
import { listIds } from "../../rules/words";
import type { Call } from "../../runs/call";
import { stop } from "../../runs/stop";
import type { Properties } from "../state";
import { parseFleet } from "./state";

/** @param properties the state's outputs, of any version of this package */
export async function destroyFleet(call: Call, properties: Properties): Promise<void> {
  const { session, progress } = call;
  const state = parseFleet(properties);
  session.hasActed = true;
  const region = session.connect(state.regionId);
  const isLive =
    state.repeatMode !== "Once" || listRecorded(state.record).some(({ standing }) => standing === "running");
  const all = [...state.invokeIds, ...(state.earlier?.invokeIds ?? [])];
  for (const invokeId of all) session.saved.add(invokeId);
  const held = all.filter((invokeId) => session.held.has(invokeId));
  if (held.length > 0)
    await progress.warn(
      `not stopped, since the rollout that replaces this one goes on with it: ${listIds(held)}; to have it run again, use \`pulumi up --refresh --replace\`, or change triggers`,
    );
  const own = all.filter((invokeId) => !session.held.has(invokeId));
  const live = [...(isLive ? state.invokeIds : []), ...(state.earlier?.invokeIds ?? [])];
  await Promise.all(
    own.map(async (invokeId) => {
      if (live.includes(invokeId) && !session.stopped.has(invokeId)) await stop(call, region, invokeId);
      region.deleted.add(invokeId);
    }),
  );
}
