/** read: what the service says now, for `pulumi refresh` and for `Invocation.get`. */
import type { ReadResult } from "@pulumi/pulumi/dynamic";
import { describeInvocations, type InvocationRecord } from "../cloud/actions";
import type { InvocationState } from "../rules/changes";
import type { InvocationInputs } from "../rules/inputs";
import { observeInputs, observeLiveInputs } from "../rules/observed";
import { areFinal, formatResults, invokeIdsOf, type Results } from "../rules/results";
import { isLive } from "../rules/status";
import { connect, defaultRegionId } from "./configure";
import { expected } from "./message";
import { combineStatus, maxOutputBytes } from "./settle";
import { ExpectedFailure, formatOutputs, parseState } from "./state";

type Properties = Record<string, unknown>;

/** What the service holds now: of a resource at a refresh, or of the invocation that `Invocation.get` names. */
export async function read(id: string, properties: Properties): Promise<ReadResult> {
  // The engine passes a user's `get` what the constructor adds and no output.
  return properties.schemaVersion === undefined ? readExisting(id, properties) : refresh(id, properties);
}

async function readExisting(id: string, properties: Properties): Promise<ReadResult> {
  const regionId = (properties.regionId as string | undefined) ?? defaultRegionId();
  if (!regionId)
    throw new ExpectedFailure(
      `Cannot read invocation "${id}": its region must be known; pass regionId to Invocation.get, or set "alicloud:region" in the stack configuration`,
    );
  const record = await find(regionId, id);
  if (!record)
    throw new ExpectedFailure(
      `Cannot read invocation "${id}": there is none in region "${regionId}", or its record has expired (they are kept for 30 days); correct the id or the region`,
    );
  const inputs = { ...observeInputs(regionId, record), ...pickHidden(properties) };
  const results = formatResults(id, record.instances, maxOutputBytes({}));
  return { id, props: formatOutputs(inputs, { invokeId: id, status: record.invocationStatus, results }), inputs };
}

/**
 * The record of a run that is over never changes, so it is not asked for; one that has expired stays as it is. A live
 * schedule that is gone is gone.
 */
async function refresh(id: string, properties: Properties): Promise<ReadResult> {
  const state = parseState(properties);
  if (state.repeatMode === "Once" && areFinal(state.results)) return { id, props: properties };
  const ids = invokeIdsOf(id, state.results);
  const found = await Promise.all(ids.map((invokeId) => find(state.regionId, invokeId)));
  const records = found.filter((record) => record !== undefined);
  if (records.length === 0) {
    const gone = isLive(state.status) && state.repeatMode !== "Once";
    return gone ? { id: "", props: {} } : { id, props: properties };
  }
  const results = refreshResults(state, records);
  const inputs = state.repeatMode === "Once" ? {} : observeDrift(state, records);
  const status = combineStatus(
    results,
    records.map((record) => ({ invokeId: record.invokeId, status: record.invocationStatus })),
  );
  const props = formatOutputs({ ...properties, ...inputs }, { invokeId: id, status, results });
  // Without inputs the engine keeps those that it has: a one-shot is as it was declared.
  return { id, props, ...(state.repeatMode === "Once" ? {} : { inputs: formatInputs(props) }) };
}

/** What has ended says nothing of the present: its record shows what was when it ended. */
function observeDrift(state: InvocationState, records: readonly InvocationRecord[]): Partial<InvocationInputs> {
  const live = records.filter(({ invocationStatus }) => isLive(invocationStatus));
  return Object.assign({}, ...live.map((record) => observeLiveInputs(state, record)));
}

async function find(regionId: string, invokeId: string): Promise<InvocationRecord | undefined> {
  const { invocations } = await expected(`Cannot read invocation "${invokeId}"`, () =>
    describeInvocations(connect(regionId).calls, { invokeId, includeOutput: true }),
  );
  return invocations.find((record) => record.invokeId === invokeId);
}

/** Each machine as the invocation that ran there last shows it, and machines that somebody added. */
function refreshResults(state: InvocationState, records: readonly InvocationRecord[]): Results {
  const results: Results = { ...state.results };
  // The service chose the machines, and an update ended before it showed them.
  const isUnseen = Object.keys(state.results).length === 0;
  for (const record of records) {
    const seen = formatResults(record.invokeId, record.instances, maxOutputBytes(state));
    for (const [instanceId, result] of Object.entries(seen)) {
      const known = state.results[instanceId];
      const joined = known === undefined && (isUnseen || (isLive(result.status) && state.repeatMode !== "Once"));
      if (known?.invokeId === record.invokeId || joined) results[instanceId] = result;
    }
  }
  return results;
}

/** What the program declared, so that the next comparison is against live values. */
function formatInputs(props: Properties): Properties {
  const { invokeId, status, results, schemaVersion, __agentVersion, __provider, ...inputs } = props;
  // Where results are secret they are declared as well, without a value: the engine marks what it returns by name.
  return props.__secret === true ? { ...inputs, results: null } : inputs;
}

const pickHidden = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => name === "__urn" || name === "__secret"));
