/** Compares the state of an invocation with what the program now asks for: nothing, in place, on, or all over again. */

import { canBeModified, MODIFY_MIN_VERSIONS } from "./agents";
import { type Change, INPUT_NAMES, INPUTS, type InputName, type InvocationInputs } from "./inputs";
import { failedInstances, hasRun, type InstanceResult, type Results } from "./results";
import { isSame } from "./same";
import { isLive, isStopped, isTerminal, standingOf } from "./status";
import { containsUnknown, known } from "./unknown";
import { arePlural } from "./words";

/** What a resource's state holds beside its inputs. */
export interface InvocationState extends InvocationInputs {
  invokeId: string;
  status: string;
  results: Results;
  schemaVersion: number;
  /** Lowest agent version among the machines of a schedule, from preflight: whether it can be changed in place. */
  agentVersion?: string;
}

/** A change of a live schedule or reboot task that the service can make without a gap. */
export interface InPlaceChange {
  frequency?: { from: string; to: string };
  /** The script, where it is known; `to` is absent where it is not yet. */
  script?: { from: string; to?: string };
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
  /** Machines that carry the tags by now and have not run it. */
  joined: string[];
  /** Whether no machine has ever been seen: the service chose them, and an update ended before it showed them. */
  unseen?: true;
}

export interface Replacement {
  property: string;
  reason: string;
  /** Whether it may turn out that nothing differs: the value is not known yet. */
  isOpen?: true;
}

/** Everything that differs; all empty when nothing does. */
export interface Changes {
  /** Properties that demand a new invocation, each with the reason in a person's words. */
  replace: Replacement[];
  inPlace?: InPlaceChange;
  /** Whether the tags of the invocation differ; they are set without touching its runs. */
  tags: boolean;
  resume: Resumption;
  /** Properties that only steer this tool: a change of them runs nothing. */
  settings: string[];
}

/** The inputs that differ in meaning. */
export function changedInputs(before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): InputName[] {
  return INPUT_NAMES.filter((property) => {
    if (INPUTS[property].change === "none" || (property === "repeatMode" && isRepeatModeOpen(before, after)))
      return false;
    return !isSame(property, before[property], after[property]);
  });
}

/** A frequency that is not known yet leaves the repeat mode open: of a schedule, it will be that of a schedule again. */
const isRepeatModeOpen = (before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): boolean =>
  before.repeatMode === "Period" && after.repeatMode === undefined && containsUnknown(after.frequency);

/** Whether moving from one to the other would run or change something on a machine. */
export function changesRuns(before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): boolean {
  return changedInputs(before, after).some(
    (property) => INPUTS[property].change === "replace" || INPUTS[property].change === "inPlace",
  );
}

/**
 * Whether all that differs is made on a live schedule, or on a one-shot that others join: as far as inputs tell, since what is
 * over is replaced.
 */
export function isMadeInPlace(before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): boolean {
  const changed = changedInputs(before, after);
  if (changed.some((property) => INPUTS[property].change === "replace")) return false;
  return (
    after.repeatMode !== "Once" ||
    changed.every((property) => INPUTS[property].change !== "inPlace" || property === "instanceIds")
  );
}

/** What differs between the state and the inputs, and by which means it is put right. */
export function judgeChanges(state: InvocationState, inputs: Partial<InvocationInputs>): Changes {
  const exchange = findExchange(state, inputs);
  const changed = changedInputs(state, inputs).filter(
    (property) => exchange === undefined || !OF_WHAT_RUNS.includes(property),
  );
  const byMeans = (change: Change) => changed.filter((property) => INPUTS[property].change === change);
  const modified = byMeans("inPlace");
  const replace: Replacement[] = [
    ...(exchange ? [exchange] : []),
    ...byMeans("replace").map((property) => ({
      property,
      reason: describeReplacement(property, inputs, state),
      ...openness(property, inputs),
    })),
    // With another repeat mode everything starts anew anyway: what the old mode forbids is not the reason.
    ...(changed.includes("repeatMode") ? [] : modified.flatMap((property) => judgeObstacle(state, property, inputs))),
    ...judgeDrift(state),
  ];
  return {
    replace,
    ...(modified.length > 0 && replace.length === 0 ? { inPlace: describeModification(state, inputs, modified) } : {}),
    tags: changed.includes("tags"),
    resume: replace.length > 0 ? { again: [], waiting: [], joined: [] } : judgeResumption(state, inputs),
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
    changes.resume.waiting.length === 0 &&
    changes.resume.joined.length === 0 &&
    !changes.resume.unseen
  );
}

/** What says what runs: a script with its type, or a command. */
const OF_WHAT_RUNS: readonly InputName[] = ["commandContent", "type", "commandId"];

/** A script in the place of a command, or the other way round: one change, of which each of these inputs shows a part. */
function findExchange(before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): Replacement | undefined {
  const [gone, come] =
    before.commandId === undefined
      ? (["commandContent", "commandId"] as const)
      : (["commandId", "commandContent"] as const);
  if (
    before[gone] === undefined ||
    before[come] !== undefined ||
    after[gone] !== undefined ||
    after[come] === undefined
  )
    return undefined;
  return { property: come, reason: `${come} takes the place of ${gone}, which the service cannot do in place` };
}

function judgeObstacle(
  state: InvocationState,
  property: InputName,
  inputs: Partial<InvocationInputs>,
): Changes["replace"] {
  const obstacle = property === "instanceIds" && onlyLeave(state, inputs) ? undefined : findObstacle(state, property);
  if (obstacle === undefined) return [];
  return [{ property, reason: `${describeChange(property, inputs)}, and ${obstacle}`, ...openness(property, inputs) }];
}

const openness = (property: InputName, inputs: Partial<InvocationInputs>): { isOpen?: true } =>
  containsUnknown(inputs[property]) ? { isOpen: true } : {};

/** Whether machines leave and none joins: whatever it is, nothing has to run for that. */
const onlyLeave = (state: InvocationState, { instanceIds }: Partial<InvocationInputs>): boolean =>
  Array.isArray(instanceIds) && instanceIds.every((id) => state.instanceIds?.includes(id));

/** Why the property cannot be changed in place, if so. */
function findObstacle(state: InvocationState, property: InputName): string | undefined {
  // It runs on those that join, and nowhere again.
  if (state.repeatMode === "Once" && property === "instanceIds") return undefined;
  if (state.repeatMode === "Once")
    return "a command that runs once has no schedule to change: it runs again on all its instances";
  if (!isLive(state.status)) return `invocation "${state.invokeId}" is over (${state.status}): a new one is started`;
  // Machines join and leave whatever their agents are.
  const isTooOld = state.agentVersion !== undefined && !canBeModified(state.agentVersion);
  if (property !== "instanceIds" && isTooOld)
    return `the agent of at least one instance is version ${state.agentVersion}, which takes no change in place (it needs ${MODIFY_MIN_VERSIONS})`;
  return undefined;
}

/** A schedule that somebody ended from outside is started anew; a finished one-shot has no more to do. */
function judgeDrift(state: InvocationState): Replacement[] {
  if (state.repeatMode === "Once" || state.status !== "Stopped") return [];
  return [
    { property: "status", reason: `invocation "${state.invokeId}" was stopped from outside: a new one is started` },
  ];
}

/** "timeout changes", "parameters change", "parameters are not known before the update". */
function describeChange(property: InputName, inputs: Partial<InvocationInputs>): string {
  const isPlural = arePlural(property);
  if (containsUnknown(inputs[property])) return `${property} ${isPlural ? "are" : "is"} not known before the update`;
  return `${property} ${isPlural ? "change" : "changes"}`;
}

/** Who gives a frequency or takes it away wrote no repeatMode, perhaps: that follows from it. */
const describeMode = (before: Partial<InvocationInputs>, after: Partial<InvocationInputs>): string | undefined =>
  (before.frequency === undefined) === (after.frequency === undefined)
    ? undefined
    : `frequency is ${after.frequency === undefined ? "removed" : "added"}, and repeatMode changes with it`;

function describeReplacement(
  property: InputName,
  inputs: Partial<InvocationInputs>,
  before: Partial<InvocationInputs>,
): string {
  const mode = property === "repeatMode" ? describeMode(before, inputs) : undefined;
  const change = mode ?? describeChange(property, inputs);
  if (property === "triggers") return `${change}: the command runs again on all its instances`;
  return containsUnknown(inputs[property])
    ? `${change}, and the service takes no other one in place`
    : `${change}, which the service cannot do in place`;
}

function describeModification(
  state: InvocationState,
  inputs: Partial<InvocationInputs>,
  modified: InputName[],
): InPlaceChange {
  const before = state.instanceIds ?? [];
  const unknownInstances = containsUnknown(inputs.instanceIds);
  const after = unknownInstances || !Array.isArray(inputs.instanceIds) ? before : inputs.instanceIds;
  return {
    ...(modified.includes("frequency")
      ? { frequency: { from: state.frequency ?? "", to: inputs.frequency ?? "" } }
      : {}),
    ...(modified.includes("commandContent") ? { script: describeScriptChange(state, inputs) } : {}),
    parameters: modified.includes("parameters"),
    added: after.filter((id) => !before.includes(id)),
    removed: before.filter((id) => !after.includes(id)),
    unknownInstances,
  };
}

function describeScriptChange(
  state: InvocationState,
  inputs: Partial<InvocationInputs>,
): InPlaceChange["script"] & object {
  const to = known(inputs.commandContent);
  return { from: state.commandContent ?? "", ...(to === undefined ? {} : { to }) };
}

/**
 * A failure that the program accepts (`onFailure: "warn"`) is not run again until `triggers` change. A schedule that
 * somebody stopped on a machine is none.
 */
function judgeResumption(state: InvocationState, inputs: Partial<InvocationInputs>): Resumption {
  const wanted = (id: string) =>
    !Array.isArray(inputs.instanceIds) || containsUnknown(inputs.instanceIds) || inputs.instanceIds.includes(id);
  const accepted = ({ status }: InstanceResult) =>
    inputs.onFailure === "warn" && (state.repeatMode === "Once" || !isStopped(status));
  const results = Object.entries(state.results).filter(([id]) => wanted(id));
  const failed = new Set(failedInstances(state.results, state.repeatMode));
  return {
    again: listed(results.filter(([id, result]) => failed.has(id) && !accepted(result))),
    waiting: listed(results.filter(([, result]) => hasRun(result) && isWaiting(state, result))),
    joined: listed(results.filter(([, result]) => !hasRun(result))),
    ...(isLive(state.status) && Object.keys(state.results).length === 0 ? { unseen: true } : {}),
  };
}

const listed = (results: [id: string, result: InstanceResult][]): string[] => results.map(([id]) => id).sort();

/** A one-shot has not ended, or a machine has not taken its schedule. */
const isWaiting = ({ repeatMode }: InvocationState, result: InstanceResult): boolean => {
  const standing = standingOf(result, repeatMode);
  return repeatMode === "Once" ? !isTerminal(standing) : ["Pending", ""].includes(standing);
};
