/** Takes over an invocation that somebody else started: nothing runs, and what differs is changed in place or refused. */
import type { InvocationRecord } from "../cloud/actions";
import { findInvocation } from "../cloud/search";
import { type Changes, type InvocationState, judgeChanges } from "../rules/changes";
import type { Declaration, InvocationInputs } from "../rules/inputs";
import { INPUT_NAMES, INPUTS, type InputName, isInputName } from "../rules/inputs";
import { observeInputs } from "../rules/observed";
import { cutResults, formatResults, statusOf } from "../rules/results";
import { isScript } from "../rules/run";
import { isLive } from "../rules/status";
import { OWN_TAG_KEYS } from "../rules/tags";
import { containsUnknown, isUnknown, known } from "../rules/unknown";
import { agree, listIds } from "../rules/words";
import type { Call } from "../runs/call";
import { ExpectedFailure, expected } from "../runs/failure";
import type { OwnRun } from "../runs/ours";
import { describeUnsaved } from "../runs/own";
import { warnOfHolder } from "./hold";
import { type Created, type Properties, parseState, SCHEMA_VERSION } from "./state";
import { update } from "./update";

/** What taking an invocation over would mean. */
export type Adoption =
  | { refusal: string; state?: never }
  | { refusal?: never; record: InvocationRecord; state: Properties; changes: Changes };

/**
 * Looks at the invocation and holds it against what the program declares; it changes nothing.
 *
 * @param inputs values that are not known yet as the engine's sentinels
 */
export async function judgeAdoption(call: Call, invokeId: string, inputs: Declaration): Promise<Adoption> {
  const cannot = `Cannot adopt invocation "${invokeId}"`;
  const region = call.session.connect(inputs.regionId);
  const record = await expected(cannot, () => findInvocation(region.calls, invokeId, { includeOutput: true }));
  if (!record)
    return {
      refusal: `${cannot}: there is none in region "${inputs.regionId}", or its record has expired; correct the id or the region, or remove adopt`,
    };
  const observed = observeInputs(inputs.regionId, record, isScript(inputs));
  // What the program leaves to the service, and what the service does not tell, is as the program has it.
  const comparable = Object.entries(inputs).map(([name, value]) => [
    name,
    observed[name as keyof InvocationInputs] ?? value,
  ]);
  const state: InvocationState = {
    ...(Object.fromEntries(comparable) as InvocationInputs),
    // Without a frequency that is known the program tells none.
    repeatMode: observed.repeatMode,
    ...(observed.parameters ? { parameters: observed.parameters } : {}),
    ...(inputs.tags ? { tags: withoutOwn(record.tags) } : {}),
    invokeId,
    status: statusOf(record),
    results: cutResults(formatResults(record), inputs.maxOutputBytes),
    schemaVersion: SCHEMA_VERSION,
  };
  const unmet = (reason: string): Adoption => ({ refusal: `${cannot}: ${reason}` });
  const foreign = isOnce(state) && isOnce(inputs) ? listForeign(state, inputs) : [];
  if (foreign.length > 0)
    return unmet(
      `it runs once, and not on ${listIds(foreign)}, and taking it over runs nothing; leave ${agree(foreign.length, "it", "them")} out of instanceIds until it is taken over, or remove adopt to run the command anew`,
    );
  const changes = judgeSettled(state, inputs);
  const differing = changes.replace.map(({ property }) => property);
  const isTooLate = !isLive(state.status) && differing.some((name) => isInputName(name) && isInPlace(name));
  if (differing.includes("status"))
    return unmet("it was stopped from outside, and taking it over starts nothing; remove adopt to start it anew");
  if (differing.length > 0)
    return unmet(
      `it differs in what cannot be changed in place${isTooLate ? `, since it is over (${state.status})` : ""}: ${differing.join(", ")}; make the program say what it does now, or remove adopt`,
    );
  const { again } = changes.resume;
  if (again.length > 0)
    return unmet(
      isOnce(state)
        ? `it did not come to what was asked on ${listIds(again)}, and taking it over runs nothing again; set onFailure to "warn" to take it over as it is, or remove adopt to run the command anew`
        : `it is not in force on ${listIds(again)}, and taking it over starts nothing anew; leave ${agree(again.length, "it", "them")} out of instanceIds until it is taken over, or remove adopt to start another`,
    );
  return { record, state: state as unknown as Properties, changes };
}

const isInPlace = (name: InputName): boolean => INPUTS[name].change === "inPlace";

const isOnce = ({ repeatMode }: InvocationInputs): boolean => repeatMode === "Once";

/** Machines that the program names and the invocation does not. */
const listForeign = (state: InvocationInputs, { instanceIds }: Declaration): string[] =>
  (known(instanceIds) ?? []).filter((id) => !isUnknown(id) && !state.instanceIds?.includes(id));

/** What differs for sure: what is not known yet may turn out to be the same. */
function judgeSettled(state: InvocationState, inputs: Declaration): Changes {
  const open = judgeChanges(state, inputs).replace.flatMap(({ property, isOpen }) => (isOpen ? [property] : []));
  // Such a run takes no other machine.
  if (isOnce(state) && containsUnknown(inputs.instanceIds)) open.push("instanceIds");
  const settled = (of: object) => Object.fromEntries(Object.entries(of).filter(([name]) => !open.includes(name)));
  return judgeChanges(settled(state) as unknown as InvocationState, settled(inputs));
}

export async function adoptInvocation(
  call: Call,
  invokeId: string,
  inputs: Declaration,
  properties: Properties,
): Promise<Created> {
  const adoption = await judgeAdoption(call, invokeId, inputs);
  if (adoption.refusal !== undefined) throw new ExpectedFailure(adoption.refusal);
  const { record, state } = adoption;
  await warnOfHolder(call, record);
  // With `--replace` the predecessor may stand for the very same invocation, and must not stop it.
  call.session.held.set(invokeId, call.urn);
  await call.progress.note(`took over invocation "${invokeId}" (${parseState(state).status}), nothing was run`);
  return { id: invokeId, outputs: await update(call, invokeId, state, properties) };
}

/**
 * Takes over a live schedule of this very resource that no state holds: its owner tag says that all is the same that cannot be
 * changed in place, and what can be is changed.
 */
export async function takeOver(
  call: Call,
  { record, isUnsaved }: OwnRun,
  inputs: Declaration,
  properties: Properties,
): Promise<Created> {
  const { invokeId, invocationStatus } = record;
  const live = record.instances.filter((instance) => isLive(instance.invocationStatus));
  const observed = observeInputs(inputs.regionId, { ...record, instances: live }, isScript(inputs));
  const changeable = INPUT_NAMES.filter(isInPlace);
  const { resourceTags, tags: _, ...declared } = inputs;
  const state = {
    ...declared,
    ...Object.fromEntries(changeable.map((name) => [name, observed[name]])),
    ...(resourceTags ? { resourceTags, instanceIds: undefined } : {}),
    tags: withoutOwn(record.tags),
    invokeId,
    status: invocationStatus,
    results: cutResults(formatResults({ ...record, instances: live }), inputs.maxOutputBytes),
    schemaVersion: SCHEMA_VERSION,
  };
  call.session.held.set(invokeId, call.urn);
  await call.progress.note(
    isUnsaved
      ? describeUnsaved(invokeId)
      : `took over invocation "${invokeId}" (${invocationStatus}), which was live and in no state that this update was shown; nothing was run`,
  );
  return { id: invokeId, outputs: await update(call, invokeId, state as unknown as Properties, properties) };
}

const withoutOwn = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !OWN_TAG_KEYS.includes(key)));
