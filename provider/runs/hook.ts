/**
 * Runs `onDelete` on the machines of a resource, each once: what an earlier delete has done there is found at the service, since no
 * state tells of a delete that was cut off.
 */
import type { InvocationRecord } from "../cloud/actions";
import { ApiError, mayHaveActed } from "../cloud/errors";
import { listInvocations } from "../cloud/search";
import type { InvocationState } from "../rules/changes";
import { describeFailures } from "../rules/failures";
import {
  declareHook,
  describeHook,
  doneInstances,
  failedHook,
  machinesOf,
  presentInstances,
  typeFor,
} from "../rules/hook";
import { formatOwner, formatToken, identify } from "../rules/identity";
import { type Declaration, declare } from "../rules/inputs";
import { formatResults, type Results } from "../rules/results";
import { makeRun } from "../rules/run";
import { isLive } from "../rules/status";
import { OWNER_TAG_KEY } from "../rules/tags";
import { agree, countInstances, listIds } from "../rules/words";
import type { Call } from "./call";
import { act } from "./engine";
import { describeError, ExpectedFailure, expected } from "./failure";
import { request, tryRun } from "./request";
import type { Region } from "./session";
import { type PendingRun, type Remedy, waitForRuns } from "./wait";

const WHAT = "Cannot run onDelete";

/** It runs in an update, a replacement or a destroy, and does not know in which. */
const AGAIN = "run the same command again";
const REMEDY: Remedy = { again: `${AGAIN} to go on waiting`, setting: "onDelete.timeout" };

/**
 * @param state of the resource that is deleted or replaced
 * @param isReplaced whether what replaces it has run by now, which it might undo: it runs no more
 * @throws {ExpectedFailure} where it fails on a machine: nothing more of the delete is done, and the next one tries there again
 */
export async function runHook(call: Call, region: Region, state: InvocationState, isReplaced = false): Promise<void> {
  const hook = state.onDelete;
  const { session, progress } = call;
  if (hook === undefined || session.hooked.has(state.invokeId)) return;
  const ids = machinesOf(state.results ?? {});
  const instances = await findInstances(call, region, ids);
  const present = presentInstances(ids, instances);
  const gone = ids.filter((id) => !present.includes(id));
  if (gone.length > 0)
    await progress.note(
      `onDelete does not run on ${listIds(gone)}, which ${agree(gone.length, "is", "are")} gone or not running`,
    );
  if (present.length > 0) {
    const inputs = declare({ ...declareHook(hook, state, present, state.type ?? typeFor(instances?.values() ?? [])) });
    await carryOut(call, region, state.invokeId, inputs, isReplaced);
  }
  session.hooked.add(state.invokeId);
}

async function findInstances({ progress }: Call, { inventory }: Region, ids: readonly string[]) {
  try {
    return await inventory.findFreshInstances(ids.filter((id) => !id.startsWith("mi-")));
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "denied") throw describeError(WHAT, error);
    await progress.warn(
      'whether an instance is gone cannot be seen, and on one that is onDelete fails, since the account may not call DescribeInstances; grant "ecs:DescribeInstances"',
    );
    return undefined;
  }
}

async function carryOut(
  call: Call,
  region: Region,
  invokeId: string,
  inputs: Declaration,
  isReplaced: boolean,
): Promise<void> {
  const { identity, intention } = describeHook(identify(call.urn, call.session.backend), invokeId);
  const owner = { [OWNER_TAG_KEY]: formatOwner(identity, intention) };
  const ids = inputs.instanceIds ?? [];
  const find = () => expected(WHAT, () => listInvocations(region.calls, { tags: owner }));
  const before = judge(await find(), ids);
  const runs = [...before.running];
  if (isReplaced && before.left.length > 0)
    await call.progress.warn(
      `onDelete did not run on ${listIds(before.left)}: what replaces it has run by now, and the engine had told nobody that it would; with \`pulumi up --refresh --replace <urn>\` it runs before`,
    );
  else if (before.left.length > 0) {
    call.progress.status("running onDelete");
    const run = makeRun({ ...inputs, tags: owner }, before.left);
    const content = JSON.stringify([inputs.commandContent, inputs.commandId, inputs.parameters, inputs.timeout]);
    const token = formatToken(identity, intention, before.left, [...before.spent, content]);
    try {
      const started = await request(act(call, region), run, { ClientToken: token });
      runs.push({ invokeId: started.invokeId, instanceIds: before.left });
    } catch (error) {
      if (!(error instanceof ApiError) || !(mayHaveActed(error) || error.code === "IdempotentParameterMismatch"))
        throw describeError(`${WHAT} on ${countInstances(before.left.length)}`, error);
      const after = judge(await find(), before.left);
      if (after.left.length > 0)
        throw new ExpectedFailure(
          `${WHAT} on ${countInstances(before.left.length)}: ${error.message}; it may have started all the same: ${AGAIN}, and it goes on with that run instead of starting another`,
          { cause: error },
        );
      runs.push(...after.running);
    }
  }
  if (runs.length === 0) return;
  const { results, unfinished } = await waitForRuns(call, region, inputs, runs, {}, REMEDY);
  const failed = failedHook(results);
  if (failed.length === 0 && unfinished.length === 0) return;
  throw new ExpectedFailure(describeEnd(call, results, failed, unfinished, runs));
}

/** Where it is done, where it is under way, and where it has still to run. */
function judge(records: readonly InvocationRecord[], ids: readonly string[]) {
  const running: PendingRun[] = [];
  const spent: string[] = [];
  let left = [...ids];
  for (const record of records) {
    const results = formatResults(record);
    const done = doneInstances(results);
    const live = left.filter(
      (id) =>
        !done.includes(id) &&
        isLive(results[id]?.status ?? (record.instances.length === 0 ? record.invocationStatus : "")),
    );
    if (live.length > 0) running.push({ invokeId: record.invokeId, instanceIds: live });
    else spent.push(record.invokeId);
    left = left.filter((id) => !done.includes(id) && !live.includes(id));
  }
  return { running, spent, left };
}

function describeEnd(
  { isSecret }: Call,
  results: Results,
  failed: readonly string[],
  unfinished: readonly string[],
  runs: readonly PendingRun[],
): string {
  const ids = listIds(runs.map(({ invokeId }) => invokeId));
  const reasons = describeFailures(results, failed, { isSecret, maxOutputBytes: Number.POSITIVE_INFINITY });
  const head = `onDelete failed on ${failed.length} of ${countInstances(Object.keys(results).length)} (${agree(runs.length, "invocation", "invocations")} ${ids}), so nothing more was done: ${AGAIN} to have it run there once more, or remove onDelete with an update of its own before`;
  return [...(failed.length > 0 ? [head, ...reasons] : []), ...unfinished.map((line) => `onDelete: ${line}`)].join(
    "\n    ",
  );
}

/**
 * Whether a run may carry the tags by which a hook is known again; the service is asked to try, which runs nothing. Undefined where
 * that cannot be told.
 *
 * @param tags what the run would carry
 */
export async function mayTag(
  region: Region,
  inputs: Declaration,
  tags: Readonly<Record<string, string>>,
): Promise<boolean | undefined> {
  const attempt = (own: Readonly<Record<string, string>>) =>
    tryRun(region.calls, makeRun(inputs), own).then(
      () => true,
      (error: unknown) => (error instanceof ApiError && error.kind === "denied" ? false : undefined),
    );
  const tagged = await attempt(tags);
  if (tagged !== false) return tagged;
  return (await attempt({})) === true ? false : undefined;
}
