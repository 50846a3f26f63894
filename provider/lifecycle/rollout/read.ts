/** read of a fleet: machines that carry `resourceTags` by now, and schedules that somebody stopped. A run that is over stays. */
import { findInvocation } from "../../cloud/search";
import { statusOf } from "../../rules/results";
import type { FleetState, RolloutRecord } from "../../rules/rollout";
import { formatStandings, listRecorded } from "../../rules/rollout/record";
import { isLive, isStopped } from "../../rules/status";
import type { Call } from "../../runs/call";
import { expected } from "../../runs/failure";
import { resolveTags } from "../../runs/fleet";
import type { Region } from "../../runs/session";
import type { Read } from "../read";
import type { Properties } from "../state";
import { parseFleet } from "./state";

export async function readFleet(call: Call, id: string, properties: Properties): Promise<Read> {
  const { session, urn } = call;
  const state = parseFleet(properties);
  session.refreshed.add(id);
  session.checked.delete(urn);
  for (const invokeId of [...state.invokeIds, ...(state.earlier?.invokeIds ?? [])]) session.saved.add(invokeId);
  if (state.resourceTags === undefined && state.repeatMode === "Once") return { outputs: properties };
  const region = session.connect(state.regionId);
  const record = state.repeatMode === "Once" ? state.record : await markStopped(region, state);
  const members = state.resourceTags ? await compareTagged(region, state) : {};
  const { joined: _, left: __, ...rest } = properties;
  const kept = { ...(properties.record as object), standings: record.standings };
  return { outputs: { ...rest, record: kept, ...members } };
}

async function compareTagged(region: Region, state: FleetState): Promise<{ joined?: string[]; left?: string[] }> {
  const tagged = await resolveTags(region, state.resourceTags ?? {});
  const [before, after] = [new Set(state.record.machines), new Set(tagged)];
  const joined = tagged.filter((id) => !before.has(id));
  const left = state.record.machines.filter((id) => !after.has(id));
  return { ...(joined.length > 0 ? { joined } : {}), ...(left.length > 0 ? { left } : {}) };
}

/** A machine on which somebody stopped the schedule takes its turn again. */
async function markStopped(region: Region, { invokeIds, record }: FleetState): Promise<RolloutRecord> {
  const records = await expected("Cannot read the schedules of the rollout", () =>
    Promise.all(invokeIds.map((invokeId) => findInvocation(region.calls, invokeId))),
  );
  const live = new Set<string>();
  const stopped = new Set<string>();
  for (const seen of records)
    for (const { instanceId, invocationStatus } of seen?.instances ?? []) {
      if (isLive(invocationStatus)) live.add(instanceId);
      else if (isStopped(invocationStatus) || isStopped(statusOf(seen ?? { invokeId: "", texts: {}, instances: [] })))
        stopped.add(instanceId);
    }
  const standings = listRecorded(record).map(({ instanceId, standing }) =>
    standing === "succeeded" && stopped.has(instanceId) && !live.has(instanceId) ? "again" : standing,
  );
  return { ...record, standings: formatStandings(standings) };
}
