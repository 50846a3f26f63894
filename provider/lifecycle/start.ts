/** Starts an intended run exactly once: finds the one that was cut off, else waits until the machines are ready and invokes. */
import { randomUUID } from "node:crypto";
import { invokeCommand } from "../cloud/actions";
import { ApiError, mayHaveActed } from "../cloud/errors";
import type { Progress } from "../progress";
import { countInstances, type InvocationInputs } from "../rules/inputs";
import { formatRunTag, RUN_TAG_KEY, UNSAVED_TAG } from "../rules/run";
import type { Region } from "./configure";
import type { Limit } from "./limit";
import { findMarked } from "./mark";
import { describeError } from "./message";
import { waitUntilReady } from "./ready";
import { ExpectedFailure } from "./state";

/** A run that the service has taken. */
export interface StartedRun {
  invokeId: string;
  /** Lowest agent version among the machines, when preflight saw it. */
  agentVersion?: string | undefined;
}

/**
 * @param inputs what runs, with the machines of this very run
 * @param earlier ids of the runs that this one follows on, when machines that failed are run again
 */
export async function startRun(
  region: Region,
  inputs: InvocationInputs,
  urn: string,
  progress: Progress,
  earlier: readonly string[] = [],
  limit?: Limit,
): Promise<StartedRun> {
  const tag = formatRunTag(urn, inputs, earlier);
  const interrupted = await findMarked(region, tag, progress);
  if (interrupted) {
    region.resumed.add(interrupted.invokeId);
    await progress.note(
      `goes on with invocation "${interrupted.invokeId}", which an earlier update had started and could not record`,
    );
    return { invokeId: interrupted.invokeId };
  }
  const observed = inputs.preflight === false ? undefined : await waitUntilReady(region, inputs, progress, limit);
  progress.status("invoking the command");
  const invokeId = await invoke(region, inputs, tag, progress);
  return { invokeId, agentVersion: observed?.lowestAgentVersion };
}

async function invoke(region: Region, inputs: InvocationInputs, tag: string, progress: Progress): Promise<string> {
  const what = `Cannot invoke command "${inputs.commandId}" on ${inputs.instanceIds ? countInstances(inputs.instanceIds.length) : "the tagged instances"}`;
  const request = (tags: Record<string, string> | undefined) => ({
    ...inputs,
    ...(tags ? { tags } : {}),
    // One token for one intended run: every retry of the call carries it, and the service answers the first run again.
    clientToken: randomUUID(),
  });
  const own = { [RUN_TAG_KEY]: tag, [UNSAVED_TAG.key]: UNSAVED_TAG.value };
  try {
    return (await invokeCommand(region.calls, request({ ...inputs.tags, ...own }))).invokeId;
  } catch (error) {
    if (error instanceof ApiError && error.kind === "denied")
      return invokeUntagged(region, request(inputs.tags), what, error, progress);
    if (error instanceof ApiError && mayHaveActed(error))
      throw new ExpectedFailure(
        `${what}: ${error.message}; the command may have started all the same: run \`pulumi up\` again within the hour, and it goes on with that run instead of starting another`,
        { cause: error },
      );
    throw describeError(what, error);
  }
}

/** Tagging needs a permission of its own. Without it the run goes on, but would not be found after an interruption. */
async function invokeUntagged(
  region: Region,
  request: Parameters<typeof invokeCommand>[1],
  what: string,
  denied: ApiError,
  progress: Progress,
): Promise<string> {
  try {
    const { invokeId } = await invokeCommand(region.calls, request);
    await progress.warn(
      'the invocation carries no tag, since the account may not tag it: if an update is interrupted, the next one cannot find the run and starts another; grant "ecs:TagResources"',
    );
    return invokeId;
  } catch (error) {
    if (error instanceof ApiError && mayHaveActed(error))
      throw new ExpectedFailure(
        `${what}: ${error.message}; the command may have started all the same, and the account may not tag it, so the next update cannot find it: look for it at the service before you run \`pulumi up\` again, and grant "ecs:TagResources"`,
        { cause: error },
      );
    throw describeError(what, error instanceof ApiError && error.kind !== "denied" ? error : denied);
  }
}
