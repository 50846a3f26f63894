/** Starts an intended run exactly once: finds the one that was cut off, else waits until the machines are ready and invokes. */
import { randomUUID } from "node:crypto";
import { invokeCommand } from "../cloud/actions";
import { ApiError, mayHaveActed } from "../cloud/errors";
import { formatRunTag } from "../rules/identity";
import type { Declaration } from "../rules/inputs";
import { formatRequest, makeRun, type Run } from "../rules/run";
import { RUN_TAG_KEY, UNSAVED_TAG } from "../rules/tags";
import { countInstances } from "../rules/words";
import type { Call } from "./call";
import { describeError, ExpectedFailure } from "./failure";
import { findMarked } from "./mark";
import { waitUntilReady } from "./ready";
import type { Region } from "./session";

/** A run that the service has taken. */
export interface StartedRun {
  invokeId: string;
  /** Lowest agent version among the machines, when preflight saw it. */
  agentVersion?: string | undefined;
}

/**
 * @param instanceIds the instances of this very run, where they are not all that are declared
 * @param earlier ids of the runs that this one follows on, when it runs again where it failed
 */
export async function startRun(
  call: Call,
  region: Region,
  inputs: Declaration,
  instanceIds?: readonly string[],
  earlier: readonly string[] = [],
): Promise<StartedRun> {
  const { progress } = call;
  const run = makeRun(inputs, instanceIds);
  const tag = formatRunTag(call.urn, run, earlier);
  const interrupted = await findMarked(call, region, tag);
  if (interrupted) {
    region.resumed.add(interrupted.invokeId);
    await progress.note(
      `goes on with invocation "${interrupted.invokeId}", which an earlier update had started and could not record`,
    );
    return { invokeId: interrupted.invokeId };
  }
  const observed = inputs.preflight ? await waitUntilReady(call, region, { ...inputs, ...run }) : undefined;
  progress.status("invoking the command");
  const invokeId = await invoke(call, region, run, tag);
  return { invokeId, agentVersion: observed?.lowestAgentVersion };
}

async function invoke(call: Call, region: Region, run: Run, tag: string): Promise<string> {
  const what = `Cannot invoke command "${run.commandId}" on ${run.instanceIds ? countInstances(run.instanceIds.length) : "the tagged instances"}`;
  // One token for one intended run: every retry of the call carries it, and the service answers the first run again.
  const request = (tags: Run["tags"]) => ({
    ...formatRequest({ ...run, ...(tags ? { tags } : {}) }),
    ClientToken: randomUUID(),
  });
  const own = { [RUN_TAG_KEY]: tag, [UNSAVED_TAG.key]: UNSAVED_TAG.value };
  try {
    return (await invokeCommand(region.calls, request({ ...run.tags, ...own }))).invokeId;
  } catch (error) {
    if (error instanceof ApiError && error.kind === "denied")
      return invokeUntagged(call, region, request(run.tags), what, error);
    const lost = error instanceof ApiError && mayHaveActed(error);
    const found = lost ? await findMarked(call, region, tag).catch(() => undefined) : undefined;
    if (found) return found.invokeId;
    if (lost)
      throw new ExpectedFailure(
        `${what}: ${error.message}; the command may have started all the same: run \`pulumi up\` again within the hour, and it goes on with that run instead of starting another`,
        { cause: error },
      );
    throw describeError(what, error);
  }
}

/** Tagging needs a permission of its own. Without it the run goes on, but would not be found after an interruption. */
async function invokeUntagged(
  { progress }: Call,
  region: Region,
  request: Parameters<typeof invokeCommand>[1],
  what: string,
  denied: ApiError,
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
