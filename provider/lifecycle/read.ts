/** read: what the service says now, for `pulumi refresh` and for `Invocation.get`. */
import type { InvocationRecord } from "../cloud/actions";
import { ApiError } from "../cloud/errors";
import { findInvocation } from "../cloud/search";
import type { InvocationState } from "../rules/changes";
import { declare, type InvocationInputs, pickInputs } from "../rules/inputs";
import { observeInputs, observeLiveInputs, omitDefaults } from "../rules/observed";
import {
  areFinal,
  cutResults,
  failedInstances,
  formatResults,
  invokeIdsOf,
  JOINED,
  type Results,
  statusOf,
} from "../rules/results";
import { isLive } from "../rules/status";
import { listIds } from "../rules/words";
import type { Call } from "../runs/call";
import { describeError, ExpectedFailure, expected } from "../runs/failure";
import { isLiveIn } from "../runs/predecessor";
import { describeUnknown } from "../runs/stop";
import { combineStatus } from "../runs/wait";
import { warnOfHolder } from "./hold";
import { formatOutputs, type Properties, parseState } from "./state";

/** Between two looks at what seems to be gone. */
const SECOND_LOOK_MS = 1_000;

export interface Read {
  outputs: Properties;
  /** Absent where they are as they were declared. */
  inputs?: Properties;
}

/**
 * What the service holds of an invocation that no state tells of.
 *
 * @param isImport whether a stack takes it in, and would stop it from then on
 */
export async function readExisting(call: Call, id: string, named: string | undefined, isImport = false): Promise<Read> {
  const regionId = named ?? call.session.defaultRegionId();
  if (!regionId)
    throw new ExpectedFailure(
      `Cannot read invocation "${id}": its region must be known; pass regionId to Invocation.get, or set "${call.session.nameSetting("region")}" in the stack configuration`,
    );
  const record = await find(call, regionId, id);
  if (!record)
    throw new ExpectedFailure(
      `Cannot read invocation "${id}": there is none in region "${regionId}", or its record has expired (they are kept for 30 days); correct the id or the region`,
    );
  if (isImport) await warnOfHolder(call, record);
  const { CommandId, CommandName = "" } = record.texts;
  const { inventory } = call.session.connect(regionId);
  // It may not be asked for: then the service's own defaults are taken for its. One that is not there was made for a script.
  const command = await inventory.findCommand(CommandId || CommandName).catch(() => null);
  const observed = observeInputs(regionId, omitDefaults(record, command ?? undefined), command === undefined);
  const results = cutResults(formatResults(record), declare({ ...observed }).maxOutputBytes);
  const inputs = { ...observed, ...(isImport ? await accept(call, observed, results) : {}) };
  return { outputs: formatOutputs(inputs, { invokeId: id, status: statusOf(record), results }), inputs };
}

/** What is taken in runs nothing, though it failed: what a program must say for that, beside what is observed. */
async function accept(
  { progress }: Call,
  { repeatMode }: InvocationInputs,
  results: Results,
): Promise<Pick<InvocationInputs, "onFailure">> {
  const failed = failedInstances(results, repeatMode);
  if (failed.length === 0) return {};
  const isOnce = repeatMode === "Once";
  await progress.warn(
    isOnce
      ? `it failed on ${listIds(failed)}, and is taken in as it is, with onFailure "warn": an update of a program that does not say so runs it there again`
      : `it is not in force on ${listIds(failed)}: an update of a program that has it starts it there anew`,
  );
  return isOnce ? { onFailure: "warn" } : {};
}

/**
 * What the service holds now of a resource. The record of a run that is over never changes, so it is not asked for; one that
 * has expired stays as it is.
 *
 * @returns undefined for a live schedule that is gone
 */
export async function read(call: Call, id: string, properties: Properties): Promise<Read | undefined> {
  const state = parseState(properties);
  call.session.refreshed.add(id);
  call.session.checked.delete(call.urn);
  const ids = invokeIdsOf(id, state.results);
  for (const invokeId of ids) call.session.saved.add(invokeId);
  const joined = state.repeatMode === "Once" ? await findJoined(call, state) : {};
  const withJoined = () => ({ ...properties, results: { ...state.results, ...joined } });
  if (state.repeatMode === "Once" && areFinal(state.results)) return { outputs: withJoined() };
  const findAll = async () => {
    const found = await Promise.all(ids.map((invokeId) => find(call, state.regionId, invokeId)));
    return found.filter((record) => record !== undefined);
  };
  const isLiveSchedule = isLive(state.status) && state.repeatMode !== "Once";
  let records = await findAll();
  if (records.length === 0 && isLiveSchedule) {
    // What is live is forgotten only when two looks agree.
    await call.session.clock.sleep(SECOND_LOOK_MS);
    records = await findAll();
  }
  if (records.length === 0) {
    if (!isLiveSchedule) return { outputs: withJoined() };
    for (const invokeId of ids.filter((each) => isLiveIn({ ...state, invokeId: id }, each)))
      await call.progress.warn(describeUnknown(invokeId, state.regionId));
    return undefined;
  }
  const results = { ...joined, ...refreshResults(state, records) };
  const inputs = state.repeatMode === "Once" ? {} : observeDrift(state, records);
  const status = combineStatus(
    results,
    records.map((record) => ({ invokeId: record.invokeId, status: record.invocationStatus })),
    state.repeatMode,
  );
  const outputs = formatOutputs({ ...properties, ...inputs }, { invokeId: id, status, results });
  // A one-shot is as it was declared.
  return { outputs, ...(state.repeatMode === "Once" ? {} : { inputs: { ...pickInputs(outputs) } }) };
}

/** Machines that carry the tags by now, as those that auto scaling adds, and have not run it: the next update runs there. */
async function findJoined(call: Call, { resourceTags, regionId, results }: InvocationState): Promise<Results> {
  // Of a run that no update ever saw, nobody knows where it has been.
  if (resourceTags === undefined || Object.keys(results).length === 0) return {};
  const { inventory } = call.session.connect(regionId);
  const tagged = await inventory.findTaggedInstances(resourceTags).catch(async (error: unknown) => {
    if (!(error instanceof ApiError) || error.kind !== "denied")
      throw describeError("Cannot look for instances that carry resourceTags by now", error);
    await call.progress.warn(
      'instances that carry resourceTags by now cannot be seen, since the account may not call DescribeInstances; grant "ecs:DescribeInstances"',
    );
    return [];
  });
  const joined = tagged.filter(({ instanceId, status }) => status === "Running" && results[instanceId] === undefined);
  return Object.fromEntries(joined.map(({ instanceId }) => [instanceId, JOINED]));
}

/** What has ended says nothing of the present: its record shows what was when it ended. */
function observeDrift(state: InvocationState, records: readonly InvocationRecord[]): Partial<InvocationInputs> {
  const live = records.filter((record) => isLive(statusOf(record)));
  return Object.assign({}, ...live.map((record) => observeLiveInputs(state, record)));
}

function find({ session }: Call, regionId: string, invokeId: string): Promise<InvocationRecord | undefined> {
  return expected(`Cannot read invocation "${invokeId}"`, () =>
    findInvocation(session.connect(regionId).calls, invokeId, { includeOutput: true }),
  );
}

/** Each machine as the invocation that ran there last shows it, and machines that somebody added. */
function refreshResults(state: InvocationState, records: readonly InvocationRecord[]): Results {
  const results: Results = { ...state.results };
  const { maxOutputBytes } = declare({ ...state });
  // The service chose the machines, and an update ended before it showed them.
  const isUnseen = Object.keys(state.results).length === 0;
  for (const record of records) {
    const seen = cutResults(formatResults(record), maxOutputBytes);
    for (const [instanceId, result] of Object.entries(seen)) {
      const known = state.results[instanceId];
      const joined = known === undefined && (isUnseen || (isLive(result.status) && state.repeatMode !== "Once"));
      if (known?.invokeId === record.invokeId || joined) results[instanceId] = result;
    }
  }
  return results;
}
