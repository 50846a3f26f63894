/** Compares the state of an invocation with what the program now asks for: nothing, in place, on, or all over again. */
import { canBeModified, MODIFY_MIN_VERSIONS } from "./agents";
import type { InvocationInputs } from "./inputs";
import { failedInstances, type Results } from "./results";
import { sameSchedule } from "./schedule";
import { isFailure, isLive } from "./status";
import { containsUnknown } from "./unknown";

/** What a resource's state holds beside its inputs. */
export interface InvocationState extends InvocationInputs {
  invokeId: string;
  status: string;
  results: Results;
  schemaVersion: number;
  /** Lowest agent version among the machines of a schedule, from preflight: whether it can be changed in place. */
  __agentVersion?: string;
}

/** A change of a live schedule or reboot task that the service can make without a gap. */
export interface InPlaceChange {
  frequency?: { from: string; to: string };
  parameters: boolean;
  added: string[];
  removed: string[];
  /** Whether the machines to come are not known yet (preview). */
  unknownInstances: boolean;
}

/** What has still to be done for the inputs that the state already has. */
export interface Resumption {
  /** Machines on which it runs again, because it did not succeed there. */
  again: string[];
  /** Machines on which it has not ended, or which have not taken it yet. */
  waiting: string[];
}

/** Everything that differs; all empty when nothing does. */
export interface Changes {
  /** Properties that demand a new invocation, each with the reason in a person's words. */
  replace: { property: string; reason: string }[];
  inPlace?: InPlaceChange;
  /** Whether the tags of the invocation differ; they are set without touching its runs. */
  tags: boolean;
  resume: Resumption;
  /** Properties that only steer this tool: a change of them runs nothing. */
  settings: string[];
}

/** How a change of each input is made. `timed` and `adopt` say how an invocation came about, so a change of them is none. */
const MEANS: { [K in keyof Required<InvocationInputs>]: "replace" | "inPlace" | "tags" | "settings" | "none" } = {
  commandId: "replace",
  instanceIds: "inPlace",
  resourceTags: "replace",
  regionId: "replace",
  repeatMode: "replace",
  frequency: "inPlace",
  timed: "none",
  parameters: "inPlace",
  timeout: "replace",
  username: "replace",
  windowsPasswordName: "replace",
  workingDir: "replace",
  containerId: "replace",
  containerName: "replace",
  launcher: "replace",
  terminationMode: "replace",
  ossOutputDelivery: "replace",
  resourceGroupId: "replace",
  tags: "tags",
  triggers: "replace",
  preflight: "settings",
  dryRun: "settings",
  agentTimeout: "settings",
  waitTimeout: "settings",
  onFailure: "settings",
  maxOutputBytes: "settings",
  adopt: "none",
};

type Property = keyof InvocationInputs;
const PROPERTIES = Object.keys(MEANS) as Property[];

/** Canonical text of a plain value, key order aside; an empty map is as good as none. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    if (entries.length === 0) return "";
    return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)}}`;
  }
  return value === undefined ? "" : JSON.stringify(value);
}

/** Whether an input means the same before and after. A value that is not known yet counts as another. */
export function isSameInput(property: Property, before: unknown, after: unknown): boolean {
  if (containsUnknown(after)) return false;
  if (property === "frequency" && typeof before === "string" && typeof after === "string")
    return sameSchedule(before, after);
  return canonical(before) === canonical(after);
}

/** The inputs that differ in meaning. */
export function changedInputs(before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): Property[] {
  return PROPERTIES.filter(
    (property) => MEANS[property] !== "none" && !isSameInput(property, before[property], after[property]),
  );
}

/** Whether moving from one to the other would run or change something on a machine. */
export function changesRuns(before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): boolean {
  return changedInputs(before, after).some((property) => MEANS[property] !== "settings");
}

/** What differs between the state and the inputs, and by which means it is put right. */
export function judgeChanges(state: InvocationState, inputs: Partial<InvocationInputs>): Changes {
  const changed = changedInputs(state, inputs);
  const byMeans = (means: string) => changed.filter((property) => MEANS[property] === means);
  const modified = byMeans("inPlace");
  const obstacle = modified.length > 0 ? findObstacle(state, modified) : undefined;
  const replace = [
    ...byMeans("replace").map((property) => ({ property, reason: describeReplacement(property, inputs) })),
    ...(obstacle ? modified.map((property) => ({ property, reason: `${property} changes, and ${obstacle}` })) : []),
    ...judgeDrift(state),
  ];
  return {
    replace,
    ...(modified.length > 0 && !obstacle && replace.length === 0
      ? { inPlace: describeModification(state, inputs, modified) }
      : {}),
    tags: changed.includes("tags"),
    resume: replace.length > 0 ? { again: [], waiting: [] } : judgeResumption(state, inputs),
    settings: byMeans("settings"),
  };
}

/** Whether nothing differs. */
export function isUnchanged(changes: Changes): boolean {
  return (
    changes.replace.length === 0 &&
    !changes.inPlace &&
    !changes.tags &&
    changes.settings.length === 0 &&
    changes.resume.again.length === 0 &&
    changes.resume.waiting.length === 0
  );
}

/** Why a schedule cannot be changed in place, if so. */
function findObstacle(state: InvocationState, modified: Property[]): string | undefined {
  if (state.repeatMode === "Once")
    return "a command that runs once has no schedule to change: it runs again on all its instances";
  if (!isLive(state.status)) return `invocation "${state.invokeId}" is over (${state.status}), so a new one is started`;
  const needsAgent = modified.some((property) => property !== "instanceIds");
  if (needsAgent && state.__agentVersion !== undefined && !canBeModified(state.__agentVersion))
    return `the agent of at least one instance is version ${state.__agentVersion}, which takes no change in place (it needs ${MODIFY_MIN_VERSIONS})`;
  return undefined;
}

/** A schedule that somebody ended from outside is started anew; a finished one-shot has no more to do. */
function judgeDrift(state: InvocationState): { property: string; reason: string }[] {
  if (state.repeatMode === "Once" || state.status !== "Stopped") return [];
  return [
    { property: "status", reason: `invocation "${state.invokeId}" was stopped from outside, so a new one is started` },
  ];
}

function describeReplacement(property: Property, inputs: Partial<InvocationInputs>): string {
  if (property === "triggers") return "triggers change, so the command runs again on all its instances";
  if (containsUnknown(inputs[property])) return `${property} is not known before the update`;
  return `${property} changes, which the service cannot do in place`;
}

function describeModification(
  state: InvocationState,
  inputs: Partial<InvocationInputs>,
  modified: Property[],
): InPlaceChange {
  const before = state.instanceIds ?? [];
  const unknownInstances = containsUnknown(inputs.instanceIds);
  const after = unknownInstances || !Array.isArray(inputs.instanceIds) ? before : inputs.instanceIds;
  return {
    ...(modified.includes("frequency")
      ? { frequency: { from: state.frequency ?? "", to: inputs.frequency ?? "" } }
      : {}),
    parameters: modified.includes("parameters"),
    added: after.filter((id) => !before.includes(id)),
    removed: before.filter((id) => !after.includes(id)),
    unknownInstances,
  };
}

/** A failure that the program accepts (`onFailure: "warn"`) is not run again until `triggers` change. */
function judgeResumption(state: InvocationState, inputs: Partial<InvocationInputs>): Resumption {
  const wanted = (id: string) =>
    !Array.isArray(inputs.instanceIds) || containsUnknown(inputs.instanceIds) || inputs.instanceIds.includes(id);
  const accepted = inputs.onFailure === "warn";
  const again = accepted ? [] : failedInstances(state.results, state.repeatMode).filter(wanted);
  const waiting = Object.entries(state.results)
    .filter(([id, { status }]) => wanted(id) && isWaiting(state, status))
    .map(([id]) => id);
  return { again, waiting };
}

function isWaiting(state: InvocationState, status: string): boolean {
  if (isFailure(status)) return false;
  return state.repeatMode === "Once" ? isLive(status) : status === "Pending";
}
