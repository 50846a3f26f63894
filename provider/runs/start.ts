/** Starts an intended run exactly once: goes on with what an earlier update had started, else invokes, on the instances that are left. */
import { ApiError, mayHaveActed } from "../cloud/errors";
import { formatToken } from "../rules/identity";
import type { Declaration } from "../rules/inputs";
import { isScript, makeRun, nameCommand, type Run } from "../rules/run";
import { isLive, isStopped } from "../rules/status";
import { agree, countInstances, listIds } from "../rules/words";
import type { Call } from "./call";
import { act } from "./engine";
import { describeError, ExpectedFailure } from "./failure";
import type { OwnRun } from "./ours";
import { describePurpose, describeUnsaved, findLeftRuns, isSameIntention, ownTags, type Purpose } from "./own";
import { clearWay } from "./predecessor";
import { waitUntilReady } from "./ready";
import { request } from "./request";
import type { Region } from "./session";
import { stopOn } from "./stop";
import type { PendingRun } from "./wait";

/** What runs now: nothing but what was asked for, each instance once. */
export interface Started {
  runs: PendingRun[];
  /** Lowest agent version among the machines, when preflight saw it. */
  agentVersion?: string | undefined;
}

export interface StartOptions {
  /** The instances of this very run, where they are not all that are declared. */
  instanceIds?: readonly string[] | undefined;
  /** Ids of the runs that this one follows on: where it failed, what it replaces, an earlier life of the resource. */
  predecessors: readonly string[];
}

export async function startRuns(
  call: Call,
  region: Region,
  inputs: Declaration,
  { instanceIds = inputs.instanceIds, predecessors }: StartOptions,
): Promise<Started> {
  const purpose = describePurpose(call, inputs);
  const goOn = (wanted: readonly string[] | undefined, anew = false) =>
    goOnWith(call, region, purpose, { declared: inputs.instanceIds, wanted, anew });
  const before = await goOn(instanceIds);
  if (isNone(before.left)) return { runs: before.runs };
  const observed = inputs.preflight
    ? await waitUntilReady(call, region, { ...inputs, ...makeRun(inputs, before.left) })
    : undefined;
  // While it waited, another update may have started it.
  const after = await goOn(before.left);
  const runs = [...before.runs, ...after.runs];
  const agentVersion = observed?.lowestAgentVersion;
  if (isNone(after.left)) return { runs, agentVersion };
  call.progress.status(isScript(inputs) ? "sending the script" : "invoking the command");
  const run = makeRun(inputs, after.left);
  // The service would answer one of them again.
  const earlier = [...new Set([...predecessors, ...before.spent, ...after.spent])];
  const needsTags = inputs.onDelete !== undefined;
  const invokeId = await invoke(call, region, run, purpose, earlier, needsTags).catch(async (error: unknown) => {
    if (!(error instanceof LostAnswer)) throw error;
    const found = await goOn(after.left, true).catch(() => undefined);
    if (found === undefined || !isNone(found.left)) throw error.toFailure();
    runs.push(...found.runs);
    return undefined;
  });
  if (invokeId !== undefined) runs.push({ invokeId, instanceIds: after.left, isNew: true });
  for (const { invokeId: held } of runs) call.session.held.set(held, call.urn);
  return { runs, agentVersion };
}

/** Without ids the service chooses the instances, so there is always something left until a run is found. */
const isNone = (left: readonly string[] | undefined): boolean => left !== undefined && left.length === 0;

/**
 * Runs that an earlier update had started for the same, the instances on which nothing was found, and runs for the same that
 * do not count here: somebody has stopped them, or something else has run since.
 */
async function goOnWith(
  call: Call,
  region: Region,
  purpose: Purpose,
  {
    declared,
    wanted,
    anew,
  }: { declared: readonly string[] | undefined; wanted: readonly string[] | undefined; anew: boolean },
): Promise<{ runs: PendingRun[]; left: readonly string[] | undefined; spent: string[] }> {
  const runs: PendingRun[] = [];
  const spent: string[] = [];
  let left = wanted;
  for (const own of await findLeftRuns(call, region, purpose, anew)) {
    const { invokeId, invocationStatus } = own.record;
    if (own.isOvertaken) {
      spent.push(invokeId);
      continue;
    }
    if (!isSameIntention(own, purpose)) {
      await clearWay(call, region, own);
      continue;
    }
    if (declared !== undefined) await stopElsewhere(call, region, own.record, declared);
    if (!counts(own, left)) {
      spent.push(invokeId);
      continue;
    }
    const members = left === undefined ? [] : left.filter((instanceId) => covers(own, instanceId));
    runs.push({ invokeId, instanceIds: left === undefined ? undefined : members });
    left = left === undefined ? [] : left.filter((instanceId) => !members.includes(instanceId));
    call.session.held.set(invokeId, call.urn);
    await call.progress.note(
      own.isUnsaved
        ? describeUnsaved(invokeId)
        : `goes on with invocation "${invokeId}" (${invocationStatus}), which was live and in no state that this update was shown`,
    );
  }
  return { runs, left, spent };
}

/** On instances that the program no longer names it runs no more. */
async function stopElsewhere(
  call: Call,
  region: Region,
  { invokeId, instances }: OwnRun["record"],
  declared: readonly string[],
): Promise<void> {
  const live = instances.filter(
    ({ instanceId, invocationStatus }) => isLive(invocationStatus) && !declared.includes(instanceId),
  );
  if (live.length === 0) return;
  const ids = live.map(({ instanceId }) => instanceId);
  await stopOn(call, region, invokeId, ids);
  await call.progress.note(
    `invocation "${invokeId}" was stopped on ${listIds(ids)}, which ${agree(ids.length, "is", "are")} no longer among instanceIds`,
  );
}

/** Whether the run counts for any of the instances that it is wanted on; without ids the service chooses them. */
export const counts = (own: OwnRun, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined ? !isStopped(own.record.invocationStatus) : wanted.some((instanceId) => covers(own, instanceId));

/** Whether the run has been or will be on the instance; what somebody stopped there has not. */
function covers({ record }: OwnRun, instanceId: string): boolean {
  if (record.instances.length === 0) return isLive(record.invocationStatus);
  const status = record.instances.find((instance) => instance.instanceId === instanceId)?.invocationStatus ?? "";
  return status !== "" && status !== "Stopping" && !isStopped(status);
}

/** The service may have acted, and nobody knows as what: the run is looked for. */
class LostAnswer extends Error {
  constructor(
    readonly what: string,
    readonly error: ApiError,
    readonly remedy: string,
  ) {
    super(error.message);
  }

  toFailure(): ExpectedFailure {
    return new ExpectedFailure(
      `${this.what}: ${this.error.message}; the command may have started all the same${this.remedy}`,
      { cause: this.error },
    );
  }
}

/** The service has seen the token with another request: an earlier call of the same intention acted. */
const MISMATCH = "IdempotentParameterMismatch";

async function invoke(
  call: Call,
  region: Region,
  run: Run,
  purpose: Purpose,
  predecessors: readonly string[],
  needsTags: boolean,
): Promise<string> {
  const what = `Cannot invoke ${nameCommand(run)} on ${run.instanceIds ? countInstances(run.instanceIds.length) : "the tagged instances"}`;
  const token = formatToken(purpose.identity, purpose.intention, run.instanceIds, predecessors);
  try {
    const tagged = { ...run, tags: { ...run.tags, ...ownTags(purpose) } };
    return (await request(act(call, region), tagged, { ClientToken: token })).invokeId;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const acted = mayHaveActed(error) || error.code === MISMATCH;
    if (error.kind === "denied" && !acted && needsTags)
      throw describeError(`${what}, with the tags that onDelete needs`, error);
    if (error.kind === "denied" && !acted) return invokeUntagged(call, region, run, token, what, error);
    if (acted)
      throw new LostAnswer(
        what,
        error,
        ": run `pulumi up` again, and it goes on with that run instead of starting another",
      );
    throw describeError(what, error);
  }
}

/** Tagging needs a permission of its own. Without it the run goes on, but would not be found after an interruption. */
async function invokeUntagged(
  call: Call,
  region: Region,
  run: Run,
  token: string,
  what: string,
  denied: ApiError,
): Promise<string> {
  // Nothing tells whether an answer belongs to an earlier life, so this token is for this one alone.
  const own = `${token}.${call.session.clock.now().toString(36)}`;
  try {
    const { invokeId } = await request(act(call, region), run, { ClientToken: own });
    await call.progress.warn(
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
