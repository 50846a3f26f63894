/** read of a fleet: machines that carry `resourceTags` by now, and schedules that somebody stopped. A run that is over stays. */
import { findInvocation } from "../../cloud/search";
import { statusOf } from "../../rules/results";
import type { Failure, FleetState } from "../../rules/rollout";
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
  const stopped = state.repeatMode === "Once" ? new Set<string>() : await findStopped(region, state);
  const members = state.resourceTags ? await compareTagged(region, state) : {};
  const { joined: _, left: __, ...rest } = properties;
  return { outputs: { ...rest, ...markStopped(state, properties, stopped), ...members } };
}

async function compareTagged(region: Region, state: FleetState): Promise<{ joined?: string[]; left?: string[] }> {
  const tagged = await resolveTags(region, state.resourceTags ?? {});
  const [before, after] = [new Set(state.record.machines), new Set(tagged)];
  const joined = tagged.filter((id) => !before.has(id));
  const left = state.record.machines.filter((id) => !after.has(id));
  return { ...(joined.length > 0 ? { joined } : {}), ...(left.length > 0 ? { left } : {}) };
}

/** Machines on which somebody stopped the schedule, and none is live. */
async function findStopped(region: Region, { invokeIds }: FleetState): Promise<Set<string>> {
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
  for (const instanceId of live) stopped.delete(instanceId);
  return stopped;
}

/** Each of them takes its turn again. */
function markStopped(
  { record, failures }: FleetState,
  properties: Properties,
  stopped: ReadonlySet<string>,
): Properties {
  const marked: Record<string, Failure> = {};
  const standings = listRecorded(record).map(({ instanceId, standing }) => {
    if (standing !== "succeeded" || !stopped.has(instanceId)) return standing;
    marked[instanceId] = STOPPED;
    return "again";
  });
  if (Object.keys(marked).length === 0) return {};
  return {
    record: { ...(properties.record as object), standings: formatStandings(standings) },
    failures: { ...failures, ...marked },
  };
}

const STOPPED: Failure = { cause: "stopped", reason: "somebody has stopped its schedule" };
