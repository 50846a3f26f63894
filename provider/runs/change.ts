/** Changes a live invocation without a gap: schedule, parameters and machines, by the smallest means. */
import { randomUUID } from "node:crypto";
import {
  type InvocationRecord,
  modifyInvocationAttribute,
  stopInvocation,
  tagInvocation,
  untagInvocations,
} from "../cloud/actions";
import { findInvocation } from "../cloud/search";
import type { InPlaceChange, InvocationState } from "../rules/changes";
import type { Declaration, InvocationInputs } from "../rules/inputs";
import { invokeIdsOf, statusOf } from "../rules/results";
import { isSame } from "../rules/same";
import { isLive, isTerminal } from "../rules/status";
import type { Call } from "./call";
import { assertEngine } from "./engine";
import { expected } from "./failure";
import { waitUntilReady } from "./ready";
import type { Region } from "./session";

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
  const records = await findLive(region, invokeIdsOf(id, state.results));
  const [first] = records;
  if (!first) return { invokeId: id, apart: inputs.instanceIds ?? Object.keys(state.results) };
  const left = change.added.filter((instanceId) => hasLeft(first, instanceId));
  const joining = change.added.filter((instanceId) => !left.includes(instanceId));
  await assertEngine(call);
  for (const record of records) {
    await expected(`Cannot change invocation "${record.invokeId}" in place`, () =>
      modifyOne(region, record, inputs, record === first ? joining : []),
    );
    const leaving = change.removed.filter((instanceId) => isLive(statusOn(record, instanceId)));
    if (leaving.length > 0)
      await expected(`Cannot stop invocation "${record.invokeId}" on the removed instances`, () =>
        stopInvocation(region.calls, { invokeId: record.invokeId, instanceIds: leaving }),
      );
  }
  return { invokeId: first.invokeId, apart: left };
}

const hasLeft = (record: InvocationRecord, instanceId: string): boolean => isTerminal(statusOn(record, instanceId));

const statusOn = (record: InvocationRecord, instanceId: string): string =>
  record.instances.find((instance) => instance.instanceId === instanceId)?.invocationStatus ?? "";

async function findLive(region: Region, invokeIds: readonly string[]): Promise<InvocationRecord[]> {
  const records = await expected(
    `Cannot look at ${invokeIds.map((id) => `invocation "${id}"`).join(", ")} before changing it`,
    () => Promise.all(invokeIds.map((invokeId) => findInvocation(region.calls, invokeId))),
  );
  return records.filter((record) => record !== undefined && isLive(statusOf(record))) as InvocationRecord[];
}

/** Gives a live invocation schedule and parameters as they are asked for now, and more machines. */
export async function modifyOne(
  region: Region,
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
  if (added.length === 0 && frequency === undefined && parameters === undefined) return;
  await modifyInvocationAttribute(region.calls, {
    invokeId: record.invokeId,
    ...(added.length > 0 ? { instanceIds: added } : {}),
    ...(frequency !== undefined ? { frequency } : {}),
    ...(parameters !== undefined ? { parameters } : {}),
    clientToken: randomUUID(),
  });
}

/** Sets the tags that the program asks for and takes off those that it no longer does. */
export async function changeTags(
  region: Region,
  invokeIds: readonly string[],
  before: InvocationInputs,
  after: InvocationInputs,
): Promise<void> {
  const tags = after.tags ?? {};
  const gone = Object.keys(before.tags ?? {}).filter((key) => !(key in tags));
  for (const invokeId of invokeIds) {
    await expected(`Cannot change the tags of invocation "${invokeId}"`, async () => {
      if (Object.keys(tags).length > 0) await tagInvocation(region.calls, { invokeId, tags });
      if (gone.length > 0) await untagInvocations(region.calls, { invokeIds: [invokeId], tagKeys: gone });
    });
  }
}
