/** Holds the service's record of an invocation against the state: which inputs live on with other values. */
import { isSameInput } from "./changes";
import type { InvocationInputs } from "./inputs";
import type { ObservedInstance } from "./results";
import { isLive } from "./status";

/** The record of an invocation, as `DescribeInvocations` shows it; a text that the service leaves out is "". */
export interface ObservedInvocation {
  invokeId: string;
  commandId: string;
  commandName: string;
  repeatMode: string;
  frequency: string;
  parameters: Record<string, string>;
  username: string;
  workingDir: string;
  timeout: number;
  containerId: string;
  containerName: string;
  launcher: string;
  terminationMode: string;
  ossOutputDelivery: string;
  invocationStatus: string;
  instances: readonly ObservedInstance[];
}

/**
 * The inputs that can change on a live invocation, with their live values where these mean something else, so that
 * a difference in spelling alone is no drift.
 */
export function observeLiveInputs(known: InvocationInputs, record: ObservedInvocation): Partial<InvocationInputs> {
  const live: Partial<InvocationInputs> = {};
  if (record.frequency && !isSameInput("frequency", known.frequency, record.frequency))
    live.frequency = record.frequency;
  if (!isSameInput("parameters", known.parameters, record.parameters)) live.parameters = record.parameters;
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
  const told = {
    commandId: record.commandId || record.commandName,
    instanceIds: record.instances.map(({ instanceId }) => instanceId).sort(),
    regionId,
    repeatMode: record.repeatMode || "Once",
    frequency: record.frequency,
    parameters: Object.keys(record.parameters).length > 0 ? record.parameters : undefined,
    timeout: record.timeout || undefined,
    username: record.username,
    workingDir: record.workingDir,
    containerId: record.containerId,
    containerName: record.containerName,
    launcher: record.launcher,
    terminationMode: record.terminationMode,
    ossOutputDelivery: record.ossOutputDelivery,
  };
  const given = Object.entries(told).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given) as unknown as InvocationInputs;
}
