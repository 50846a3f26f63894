/** delete of a fleet: stops what still lives; tags come off when the session closes, many in one call. */
import { identify } from "../../rules/identity";
import { statusOf } from "../../rules/results";
import { listRecorded } from "../../rules/rollout/record";
import { isLive } from "../../rules/status";
import { listIds } from "../../rules/words";
import type { Call } from "../../runs/call";
import { describeError, ExpectedFailure } from "../../runs/failure";
import { leaveShown } from "../../runs/own";
import type { Region } from "../../runs/session";
import { stop } from "../../runs/stop";
import type { Properties } from "../state";
import { parseFleet } from "./state";

/** @param properties the state's outputs, of any version of this package */
export async function destroyFleet(call: Call, properties: Properties): Promise<void> {
  const { session, progress } = call;
  const state = parseFleet(properties);
  session.hasActed = true;
  const region = session.connect(state.regionId);
  const mayBeLive =
    state.repeatMode !== "Once" || listRecorded(state.record).some(({ standing }) => standing === "running");
  const all = [...state.invokeIds, ...(state.earlier?.invokeIds ?? [])];
  for (const invokeId of all) session.saved.add(invokeId);
  const held = all.filter((invokeId) => session.held.has(invokeId));
  if (held.length > 0)
    await progress.warn(
      `not stopped, since the rollout that replaces this one goes on with it: ${listIds(held)}; to have it run again, use \`pulumi up --refresh --replace <urn>\`, or change triggers`,
    );
  const own = all.filter((invokeId) => !session.held.has(invokeId));
  const unsaved = await findUnsaved(call, region);
  const live = [...(mayBeLive ? state.invokeIds : []), ...(state.earlier?.invokeIds ?? []), ...unsaved];
  await Promise.all(
    [...own, ...unsaved].map(async (invokeId) => {
      if (live.includes(invokeId) && !session.stopped.has(invokeId)) await stop(call, region, invokeId);
      region.deleted.add(invokeId);
    }),
  );
}

/** What an update that was cut off had started and could not record. Nothing else depends on whether it can be seen. */
async function findUnsaved(call: Call, region: Region): Promise<string[]> {
  const { session, urn, progress } = call;
  const { stack, resource } = identify(urn, session.backend);
  try {
    const found = await region.ours.lookUnsaved(stack);
    const live = found.filter(({ owner, record }) => owner.resource === resource && isLive(statusOf(record)));
    const unsaved = await leaveShown(call, live);
    return unsaved.flatMap(({ record }) => (session.held.has(record.invokeId) ? [] : [record.invokeId]));
  } catch (error) {
    const failure = describeError("Cannot look for what an interrupted update had started", error);
    if (!(failure instanceof ExpectedFailure)) throw failure;
    await progress.warn(
      `${failure.message}; if one was, \`npx cloud-assistant runs --region ${region.regionId}\` shows what it left`,
    );
    return [];
  }
}
