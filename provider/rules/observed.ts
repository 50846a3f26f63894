/** Holds the service's record of an invocation against the state: which inputs live on with other values. */
import { INPUT_NAMES, INPUTS, type InvocationInputs, type RecordedInputs } from "./inputs";
import type { ObservedInstance } from "./results";
import { isSame } from "./same";
import { isLive } from "./status";

/** The record of an invocation, as `DescribeInvocations` shows it. */
export interface ObservedInvocation extends RecordedInputs {
  instances: readonly ObservedInstance[];
}

/**
 * The inputs that can change on a live invocation, with their live values where these mean something else, so that
 * a difference in spelling alone is no drift.
 */
export function observeLiveInputs(known: InvocationInputs, record: ObservedInvocation): Partial<InvocationInputs> {
  const live: Partial<InvocationInputs> = {};
  const { Frequency: frequency } = record.texts;
  if (frequency && !isSame("frequency", known.frequency, frequency)) live.frequency = frequency;
  if (!isSame("parameters", known.parameters, record.parameters)) live.parameters = record.parameters;
  const joined = record.instances.filter(
    ({ instanceId, invocationStatus }) =>
      isLive(invocationStatus) && known.instanceIds && !known.instanceIds.includes(instanceId),
  );
  if (known.instanceIds && joined.length > 0)
    live.instanceIds = [...known.instanceIds, ...joined.map(({ instanceId }) => instanceId)].sort();
  return live;
}

/** Every input that a record tells, for an invocation of which nothing is known yet. */
export function observeInputs(regionId: string, record: ObservedInvocation): InvocationInputs {
  const told = INPUT_NAMES.map((name) => [name, INPUTS[name].observe?.(record)] as const);
  const given = Object.fromEntries(told.filter(([, value]) => value !== undefined));
  return { ...given, regionId } as InvocationInputs;
}
