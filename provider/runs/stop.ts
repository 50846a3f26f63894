/** Stops an invocation that is live, and waits until it has ended. */
import { stopInvocation } from "../cloud/actions";
import { ApiError } from "../cloud/errors";
import { findInvocation } from "../cloud/search";
import { waitUntil } from "../cloud/wait";
import type { InvocationState } from "../rules/changes";
import { statusOf } from "../rules/results";
import { isKnown, isLive } from "../rules/status";
import { boundWait, type Call } from "./call";
import { act } from "./engine";
import { describeError, ExpectedFailure, expected, Interruption } from "./failure";
import type { Region } from "./session";

/** Seconds that a stop may take where the program does not say: the agent ends the process and reports. */
const STOP_TIMEOUT_SECONDS = 120;

/** Stops what runs on instances that the program no longer names. */
export async function stopWhereLeft(
  call: Call,
  region: Region,
  state: InvocationState,
  removed: readonly string[],
): Promise<void> {
  const live = removed.filter((instanceId) => isLive(state.results[instanceId]?.status ?? ""));
  const runOn = (instanceId: string) => state.results[instanceId]?.invokeId ?? state.invokeId;
  for (const invokeId of new Set(live.map(runOn)))
    await stopOn(
      call,
      region,
      invokeId,
      live.filter((instanceId) => runOn(instanceId) === invokeId),
    );
}

/** On these instances, and nowhere else. */
export const stopOn = (call: Call, region: Region, invokeId: string, instanceIds: readonly string[]): Promise<void> =>
  expected(`Cannot stop invocation "${invokeId}" on the removed instances`, () =>
    stopInvocation(act(call, region), { invokeId, instanceIds }),
  );

/** One that the service does not know is as good as stopped; that it may be another account's is said. */
export async function stop(call: Call, region: Region, invokeId: string): Promise<void> {
  const { progress, session, limit } = call;
  const bounds = { ...boundWait(call, STOP_TIMEOUT_SECONDS, ""), ...limit };
  progress.status("stopping");
  session.stopped.add(invokeId);
  try {
    await stopInvocation(act(call, region), { invokeId });
  } catch (error) {
    if (error instanceof ApiError && error.kind === "notFound")
      return progress.warn(describeUnknown(invokeId, region.regionId));
    throw describeError(`Cannot stop invocation "${invokeId}"`, error);
  }
  const outcome = await waitUntil<string, undefined>({
    look: async () => {
      const record = await findInvocation(region.calls, invokeId);
      return record ? statusOf(record) : "";
    },
    judge: (status) => (isLive(status) ? { state: "waiting" } : { state: "settled", value: undefined }),
    ...bounds,
    firstLookMs: 200,
  }).catch((error) => {
    if (error instanceof Interruption)
      throw new ExpectedFailure(
        `interrupted while invocation "${invokeId}" stops, which the state does not show: run the same command again, or, ${TO_HAVE_IT_BACK}`,
      );
    throw describeError(`Cannot see whether invocation "${invokeId}" has stopped`, error);
  });
  if (outcome.state === "expired" && outcome.lastSeen !== undefined && !isKnown(outcome.lastSeen)) {
    await progress.warn(
      `invocation "${invokeId}" was told to stop, and the service agreed; ${bounds.seconds} s later it says ${JSON.stringify(outcome.lastSeen)}, which is not a status that is known here: look whether it still runs`,
    );
  } else if (outcome.state === "expired")
    throw new ExpectedFailure(
      `Cannot stop invocation "${invokeId}": it is still ${outcome.lastSeen ?? "live"} ${bounds.seconds} s after it was told to stop; look at the agent of its instances, ${limit ? `or raise ${limit.setting}, ` : ""}and run the update again`,
    );
  progress.status("stopped");
}

/** After a stop that no state holds, an update of what had been there before finds nothing to do. */
export const TO_HAVE_IT_BACK = "to have it back, `pulumi up --refresh` with the program as it was";

/** Of what the state says is live: the record of a schedule does not expire before it has ended. */
export const describeUnknown = (invokeId: string, regionId: string): string =>
  `invocation "${invokeId}" is live as the state says, and the service does not know it in region "${regionId}": it has ended more than 30 days ago, or another account started it, and there it lives on unseen; if so, stop it with a key of that account: \`npx cloud-assistant runs --region ${regionId} --stop ${invokeId}\``;
