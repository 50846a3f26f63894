/**
 * The tag that marks a run until its id is in the state: an update that was cut off leaves it, and the next one finds the
 * run by it. It comes off when the engine is done, or a replacement would take the run of its predecessor for its own.
 */
import { type InvocationRecord, untagInvocation, untagInvocations } from "../cloud/actions";
import { ApiError } from "../cloud/errors";
import { MAX_INTERRUPTED_AGE_MS } from "../rules/identity";
import { isStopped } from "../rules/status";
import { OWN_TAG_KEYS, RUN_TAG_KEY } from "../rules/tags";
import type { Call } from "./call";
import { describeError } from "./failure";
import type { Region, Session } from "./session";

/** Invocations that one UntagResources may name. */
const MAX_UNTAGGED = 50;

/** The engine ends its plugins five seconds after it has asked them to. */
const CLOSE_MS = 3_000;

/** The invocation that a cut-off update had started for this very run, if any; one that somebody stopped since is over. */
export async function findMarked(
  { progress, session: { clock } }: Call,
  region: Region,
  mark: string,
): Promise<InvocationRecord | undefined> {
  try {
    const invocations = await region.tagged.find(mark);
    return invocations.find(
      ({ creationTime, invocationStatus }) =>
        clock.now() - Date.parse(creationTime) < MAX_INTERRUPTED_AGE_MS &&
        invocationStatus !== "Stopping" &&
        !isStopped(invocationStatus),
    );
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "denied")
      throw describeError(`Cannot look for an interrupted run in region "${region.regionId}"`, error);
    await progress.warn(
      'a run that an interrupted update had started cannot be found, since the account may not call DescribeInvocations, so it might run twice; grant "ecs:DescribeInvocations"',
    );
    return undefined;
  }
}

/** Takes the mark off an invocation that is deleted. */
export async function unmark({ progress }: Call, region: Region, invokeId: string): Promise<void> {
  try {
    await untagInvocation(region.calls, { invokeId, tagKeys: OWN_TAG_KEYS });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind === "notFound") return;
    await progress.warn(
      `invocation "${invokeId}" keeps its tag "${RUN_TAG_KEY}" (${error.message}): if the same resource is created again within the hour, it takes this run for its own; change triggers then`,
    );
  }
}

/**
 * Takes the marks off all runs whose ids the engine has saved by now. A mark that cannot be taken off in time stays: it
 * matters to a replacement within the hour alone, and the end of an update is no time for complaints.
 */
export async function unmarkSaved({ regions, clock }: Session): Promise<void> {
  const busy = [...regions.values()].filter(({ ending }) => ending.size > 0);
  if (busy.length === 0) return;
  const deadline = clock.now() + CLOSE_MS;
  await Promise.race([Promise.all(busy.map((region) => unmarkSavedIn(region, deadline))), clock.sleep(CLOSE_MS)]);
}

async function unmarkSavedIn({ calls, ending }: Region, deadline: number): Promise<void> {
  const client = calls.within({ deadline });
  const invokeIds = [...ending];
  ending.clear();
  for (let start = 0; start < invokeIds.length; start += MAX_UNTAGGED) {
    const batch = invokeIds.slice(start, start + MAX_UNTAGGED);
    await untagInvocations(client, { invokeIds: batch, tagKeys: OWN_TAG_KEYS }).catch(() => {});
  }
}
