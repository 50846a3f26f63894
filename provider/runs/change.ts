/** Changes a live invocation without a gap: schedule, script, parameters and machines, by the smallest means. */
import { randomUUID } from "node:crypto";
import { type InvocationRecord, modifyInvocationAttribute, tagInvocation, untagInvocations } from "../cloud/actions";
import type { Client } from "../cloud/client";
import { findInvocation } from "../cloud/search";
import type { InPlaceChange, InvocationState } from "../rules/changes";
import { type Declaration, INPUTS, type InvocationInputs } from "../rules/inputs";
import { invokeIdsOf, statusOf } from "../rules/results";
import { isSame } from "../rules/same";
import { enablesParameters } from "../rules/script";
import { isLive, isTerminal } from "../rules/status";
import type { Call } from "./call";
import { claimRun } from "./claim";
import { act } from "./engine";
import { expected } from "./failure";
import { isLiveIn } from "./predecessor";
import { waitUntilReady } from "./ready";
import type { Region } from "./session";
import { describeUnknown, stopOn } from "./stop";

/** What became of a change in place. */
export interface Modification {
  /** The invocation that the added machines have joined. */
  invokeId: string;
  /** Machines that no live invocation can take: it is over, or they have left it and it takes none back. */
  apart: string[];
}

/**
 * Looks at each invocation of the resource before it changes it, since an earlier update may have been cut off halfway,
 * and somebody else may have ended it. Machines that are added join the first one that is live.
 */
export async function modifyInPlace(
  call: Call,
  region: Region,
  id: string,
  state: InvocationState,
  inputs: Declaration,
  change: InPlaceChange,
): Promise<Modification> {
  if (change.added.length > 0 && inputs.preflight)
    await waitUntilReady(call, region, { ...inputs, instanceIds: change.added });
  call.progress.status("changing in place");
  const records = await findLive(call, region, invokeIdsOf(id, state.results), state);
  const [first] = records;
  if (!first) return { invokeId: id, apart: inputs.instanceIds ?? Object.keys(state.results) };
  const left = change.added.filter((instanceId) => hasLeft(first, instanceId));
  const joining = change.added.filter((instanceId) => !left.includes(instanceId));
  const client = act(call, region);
  for (const record of records) {
    await expected(`Cannot change invocation "${record.invokeId}" in place`, () =>
      modifyOne(client, record, inputs, record === first ? joining : []),
    );
    const leaving = change.removed.filter((instanceId) => isLive(statusOn(record, instanceId)));
    if (leaving.length > 0) await stopOn(call, region, record.invokeId, leaving);
    await claimRun(client, call.urn, call.session.backend, record);
  }
  return { invokeId: first.invokeId, apart: left };
}

const hasLeft = (record: InvocationRecord, instanceId: string): boolean => isTerminal(statusOn(record, instanceId));

const statusOn = (record: InvocationRecord, instanceId: string): string =>
  record.instances.find((instance) => instance.instanceId === instanceId)?.invocationStatus ?? "";

async function findLive(
  { progress }: Call,
  region: Region,
  invokeIds: readonly string[],
  state: InvocationState,
): Promise<InvocationRecord[]> {
  const records = await expected(
    `Cannot look at ${invokeIds.map((id) => `invocation "${id}"`).join(", ")} before changing it`,
    () => Promise.all(invokeIds.map((invokeId) => findInvocation(region.calls, invokeId))),
  );
  for (const [i, invokeId] of invokeIds.entries())
    if (records[i] === undefined && isLiveIn(state, invokeId))
      await progress.warn(describeUnknown(invokeId, region.regionId));
  return records.filter((record) => record !== undefined && isLive(statusOf(record))) as InvocationRecord[];
}

/** Gives a live invocation schedule and parameters as they are asked for now, and more machines. */
export async function modifyOne(
  client: Client,
  record: InvocationRecord,
  inputs: InvocationInputs,
  joining: readonly string[],
): Promise<void> {
  const added = joining.filter((instanceId) => !isLive(statusOn(record, instanceId)));
  const frequency =
    inputs.frequency !== undefined && !isSame("frequency", record.texts.Frequency, inputs.frequency)
      ? inputs.frequency
      : undefined;
  const parameters = isSame("parameters", record.parameters, inputs.parameters) ? undefined : (inputs.parameters ?? {});
  const script = formatScript(record, inputs, parameters !== undefined);
  if (added.length === 0 && frequency === undefined && parameters === undefined && script === undefined) return;
  await modifyInvocationAttribute(client, {
    invokeId: record.invokeId,
    ...(added.length > 0 ? { instanceIds: added } : {}),
    ...(frequency !== undefined ? { frequency } : {}),
    ...(parameters !== undefined ? { parameters } : {}),
    ...script,
    clientToken: randomUUID(),
  });
}

/** A script's parameters are enabled with its content, so both go together. */
function formatScript(
  record: InvocationRecord,
  inputs: InvocationInputs,
  changesParameters: boolean,
): { commandContent: string; enableParameter: boolean } | undefined {
  const { commandContent } = inputs;
  if (commandContent === undefined) return undefined;
  const isChanged = !isSame("commandContent", INPUTS.commandContent.observe?.(record), commandContent);
  return isChanged || changesParameters ? { commandContent, enableParameter: enablesParameters(inputs) } : undefined;
}

/** Sets the tags that the program asks for and takes off those that it no longer does. */
export async function changeTags(
  call: Call,
  region: Region,
  invokeIds: readonly string[],
  before: InvocationInputs,
  after: InvocationInputs,
): Promise<void> {
  const client = act(call, region);
  const tags = after.tags ?? {};
  const gone = Object.keys(before.tags ?? {}).filter((key) => !(key in tags));
  for (const invokeId of invokeIds) {
    await expected(`Cannot change the tags of invocation "${invokeId}"`, async () => {
      if (Object.keys(tags).length > 0) await tagInvocation(client, { invokeId, tags });
      if (gone.length > 0) await untagInvocations(client, { invokeIds: [invokeId], tagKeys: gone });
    });
  }
}
