/** What the outputs of a fleet will be, as far as a preview can know: it may do nothing, and what depends on them wants to be told. */
import { judgeRolloutChanges, pickRolloutInputs } from "../../rules/rollout";
import { ROLLOUT_INPUTS } from "../../rules/rollout/inputs";
import { OUTPUT_NAMES } from "../../rules/rollout/outputs";
import { containsUnknown, UNKNOWN } from "../../rules/unknown";
import { type Properties, SCHEMA_VERSION } from "../state";
import { declareRun, findGeneration } from "./plan";
import { parseFleet } from "./state";

/**
 * The generation has its name from what runs. All else is known where nothing runs.
 *
 * @param properties the checked inputs, what is not known yet as the engine's sentinels
 * @param olds the state's outputs; absent for a new resource
 */
export function foreseeFleet(properties: Properties, olds?: Properties): Properties {
  const { instanceIds, ...declared } = properties;
  const state = olds && parseFleet(olds);
  const inputs = pickRolloutInputs(properties);
  if (state !== undefined) {
    const { changed, joined, left } = judgeRolloutChanges(state, inputs);
    const isSettled =
      state.record.status === "Succeeded" &&
      state.succeeded === state.total &&
      joined.length + left.length === 0 &&
      changed.every((name) => ROLLOUT_INPUTS[name].change === "later");
    if (isSettled && !containsUnknown(instanceIds)) return { ...olds, ...declared };
  }
  const generation = containsUnknown(declared) ? UNKNOWN : findGeneration(declareRun(inputs), state).name;
  const untold = [...OUTPUT_NAMES, "reasons"].map((name) => [name, UNKNOWN]);
  return { ...declared, ...Object.fromEntries(untold), generation, schemaVersion: SCHEMA_VERSION };
}
