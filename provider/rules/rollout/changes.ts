/** Compares the state of a rollout with what the program now asks for: another generation, the same one on, or nothing. */

import { INPUTS, isInputName, type RepeatMode } from "../inputs";
import { containsUnknown } from "../unknown";
import type { Failure } from "./facts";
import { changedRolloutInputs, ROLLOUT_INPUTS, type RolloutInputName, type RolloutInputs } from "./inputs";
import type { RolloutOutputs } from "./outputs";
import type { RolloutRecord } from "./record";

/** Invocations of earlier generations that are live on machines whose turn has not come. */
export interface Earlier {
  invokeIds: string[];
  /** Whether they can be changed in place to what is rolled out now. */
  isInPlace: boolean;
}

/** What the state of a fleet holds beside its inputs. */
export interface FleetState extends Partial<RolloutInputs>, Omit<RolloutOutputs, "failures"> {
  regionId: string;
  repeatMode: RepeatMode;
  record: RolloutRecord;
  /** The generation before this one. */
  predecessor?: string;
  failures: Record<string, Failure>;
  /** The invocations of this generation, in the order in which they started. */
  invokeIds: string[];
  earlier?: Earlier;
  /** Machines that the program names and that do not exist any more. */
  absent?: string[];
  /** Machines that carry `resourceTags` since the last update, and those that no longer do, as a refresh saw them. */
  joined?: string[];
  left?: string[];
}

export interface RolloutChanges {
  /** The inputs that mean something else. */
  changed: RolloutInputName[];
  /** Those for which a new generation begins; none where the same one goes on. */
  generation: RolloutInputName[];
  /** Whether a new generation changes the live schedules of the one before in place. */
  isInPlace: boolean;
  /** Machines of the program that the state does not have, and the reverse; of those that are known. */
  joined: string[];
  left: string[];
}

export function judgeRolloutChanges(state: FleetState, inputs: Partial<RolloutInputs>): RolloutChanges {
  const changed = changedRolloutInputs(state, inputs);
  const generation = changed.filter((name) => ROLLOUT_INPUTS[name].change === "generation");
  return {
    changed,
    generation,
    isInPlace: generation.length > 0 && canCarry(state, generation),
    ...compareMachines(state, inputs),
  };
}

/** What of a live invocation can be changed, as that of an `Invocation` is; anything else is another one. */
const canCarry = ({ repeatMode, earlier }: FleetState, names: readonly RolloutInputName[]): boolean =>
  repeatMode === "Period" &&
  names.every((name) => isInputName(name) && INPUTS[name].change === "inPlace") &&
  (earlier === undefined || earlier.isInPlace);

function compareMachines(
  state: FleetState,
  { instanceIds }: Partial<RolloutInputs>,
): { joined: string[]; left: string[] } {
  const { record, joined = [], left = [], absent = [] } = state;
  if (!Array.isArray(instanceIds) || containsUnknown(instanceIds)) return { joined, left };
  const [before, after] = [new Set([...record.machines, ...absent]), new Set(instanceIds)];
  return {
    joined: instanceIds.filter((id) => !before.has(id)),
    left: record.machines.filter((id) => !after.has(id)),
  };
}
