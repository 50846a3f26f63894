/** delete: stops what still lives and waits for it; finished, unknown and expired are as good as deleted. */
import { describeInvocations, stopInvocation } from "../cloud/actions";
import { ApiError } from "../cloud/errors";
import { waitUntil } from "../cloud/wait";
import { type Progress, progressOf } from "../progress";
import type { InvocationState } from "../rules/changes";
import { invokeIdsOf } from "../rules/results";
import { MAX_INTERRUPTED_AGE_MS } from "../rules/run";
import { isLive } from "../rules/status";
import { clock, connect, type Region } from "./configure";
import { type Limit, startLimit } from "./limit";
import { unmark } from "./mark";
import { describeError } from "./message";
import { ExpectedFailure, parseState } from "./state";

/** Seconds that a stop may take where the program does not say: the agent ends the process and reports. */
const STOP_TIMEOUT_SECONDS = 120;

/** @param properties the state's outputs, of any version of this package */
export async function destroy(id: string, properties: Record<string, unknown>): Promise<void> {
  const state = parseState(properties);
  const progress = progressOf(properties.__urn);
  const region = connect(state.regionId);
  const limit = startLimit(properties, "delete");
  await Promise.all(
    invokeIdsOf(id, state.results ?? {}).map(async (invokeId) => {
      if (region.resumed.has(invokeId)) return keep(invokeId, progress);
      if (isLiveIn(state, id, invokeId)) await stop(region, invokeId, progress, limit);
      if (isRecent(state, invokeId)) await unmark(region, invokeId, progress);
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
  return machines.some(({ status }) => isLive(status)) || (invokeId === id && isLive(state.status));
}

async function stop(region: Region, invokeId: string, progress: Progress, limit?: Limit): Promise<void> {
  const seconds = limit?.seconds ?? STOP_TIMEOUT_SECONDS;
  progress.status("stopping");
  try {
    await stopInvocation(region.calls, { invokeId });
  } catch (error) {
    if (error instanceof ApiError && error.kind === "notFound") return;
    throw describeError(`Cannot stop invocation "${invokeId}"`, error);
  }
  const outcome = await waitUntil<string, undefined>({
    look: async () => (await describeInvocations(region.calls, { invokeId })).invocations[0]?.invocationStatus ?? "",
    judge: (status) => (isLive(status) ? { state: "waiting" } : { state: "settled", value: undefined }),
    clock,
    deadline: clock.now() + seconds * 1000,
    firstLookMs: 200,
  }).catch((error) => {
    throw describeError(`Cannot see whether invocation "${invokeId}" has stopped`, error);
  });
  if (outcome.state === "expired")
    throw new ExpectedFailure(
      `Cannot stop invocation "${invokeId}": it is still ${outcome.lastSeen ?? "live"} ${seconds} s after it was told to stop; look at the agent of its instances, ${limit ? `or raise ${limit.setting}, ` : ""}and run the update again`,
    );
  progress.status("stopped");
}

/** Only a young invocation is ever taken for one that was cut off; an older one may keep its tag. */
function isRecent(state: InvocationState, invokeId: string): boolean {
  const times = Object.values(state.results ?? {})
    .filter((result) => result.invokeId === invokeId)
    .map(({ startTime }) => Date.parse(startTime ?? ""));
  const old = times.length > 0 && times.every((time) => clock.now() - time > MAX_INTERRUPTED_AGE_MS);
  return !old;
}
