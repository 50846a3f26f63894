/** What stands in the way of a run of the same resource: it is stopped before its successor starts, or the update is refused. */
import type { InvocationState } from "../rules/changes";
import type { InvocationInputs } from "../rules/inputs";
import { invokeIdsOf, statusOf } from "../rules/results";
import { isLive, standingOf } from "../rules/status";
import type { Call } from "./call";
import { ExpectedFailure } from "./failure";
import type { OwnRun } from "./ours";
import { describePurpose, isSameIntention } from "./own";
import type { Region } from "./session";
import { stop } from "./stop";

/** A run of this resource with another intention, which no state that this session was shown holds. */
export async function clearWay(call: Call, region: Region, own: OwnRun): Promise<void> {
  const { invokeId } = own.record;
  const status = statusOf(own.record);
  if (!own.isUnsaved && !isPredecessor(call, own)) throw new ExpectedFailure(describeForeign(own, region));
  const described = `invocation "${invokeId}", which an earlier update had started for other inputs and could not record,`;
  if (!isLive(status)) {
    await call.progress.note(`${described} is over (${status})`);
    call.session.held.set(invokeId, call.urn);
    return;
  }
  await stop(call, region, invokeId);
  await call.progress.note(
    own.isUnsaved
      ? `${described} was stopped before this one runs`
      : `invocation "${invokeId}", which this one replaces, was stopped before it runs`,
  );
}

/** With `replacementTrigger` and its like `check` is told of a state, and `create` is not. */
function isPredecessor(call: Call, own: OwnRun): boolean {
  const { inputs } = call.session.known(call.urn);
  return inputs !== undefined && isSameIntention(own, describePurpose(call, inputs as InvocationInputs));
}

/** Why nothing is run beside a run that a state elsewhere may hold. */
export const describeForeign = ({ record: { invokeId, invocationStatus } }: OwnRun, { regionId }: Region): string =>
  `invocation "${invokeId}" of this very resource is live (${invocationStatus}) with other inputs, and is in no state that this update was shown: a second one would run beside it; run \`pulumi up --refresh\` where the state holds it, set adopt to its id to take it over, or stop it with \`npx cloud-assistant runs --region ${regionId} --stop ${invokeId}\``;

/** Stops what the replaced resource still has live, in its own region, whoever decided to replace. Gives back the ids of its runs. */
export async function stopPredecessor(call: Call): Promise<string[]> {
  const { state } = call.session.known(call.urn);
  if (state === undefined) return [];
  const region = call.session.connect(state.regionId);
  const ids = invokeIdsOf(state.invokeId, state.results ?? {});
  for (const invokeId of ids)
    if (isLiveIn(state, invokeId) && !call.session.stopped.has(invokeId)) await stop(call, region, invokeId);
  return ids;
}

/** Whether the state shows the invocation as live anywhere. */
export function isLiveIn(state: InvocationState, invokeId: string): boolean {
  const machines = Object.values(state.results ?? {}).filter((result) => result.invokeId === invokeId);
  return (
    machines.some((result) => isLive(standingOf(result, state.repeatMode))) ||
    (invokeId === state.invokeId && isLive(state.status))
  );
}
