/** The handlers of the two resources of a `Rollout` as the protocol calls them, over the plain ones. */
import * as lifecycle from "../../lifecycle/rollout";
import type { Properties } from "../../lifecycle/state";
import { SECRET_OUTPUT_NAMES } from "../../rules/rollout/outputs";
import { ExpectedFailure } from "../../runs/failure";
import { told } from "../failure";
import { putFleet, takeFleet, takeFleetInputs } from "../properties";
import type { Secrecy } from "../secrecy";
import { describeChanged } from "./detail";
import type { DescribeCall, Found, Resource } from "./resource";
import { keepArguments, keepMarked } from "./secrecy";
import { isMarked, joinMarks, type Marks, type Opened } from "./secrets";

/** The types, as states hold them. */
export const FLEET = "cloudassistant:index:RolloutFleet";
export const VERDICT = "cloudassistant:index:RolloutVerdict";

export function createFleet(describeCall: DescribeCall): Resource {
  return {
    check: async (step, olds, news) => {
      const { inputs } = takeFleetInputs(news.value);
      const secrecy = keepMarked(news, olds);
      const before = takeFleetInputs(olds.value).inputs;
      const checked = await told(secrecy, lifecycle.checkFleet(describeCall(step, secrecy), before, inputs));
      return {
        inputs: { value: checked.inputs, marks: news.marks },
        failures: secrecy.refuse(checked.failures, inputs),
      };
    },
    diff: async (step, id, olds, news) => {
      const { state } = takeFleet(olds.value);
      const { inputs } = takeFleetInputs(news.value);
      const secrecy = keepMarked(news, olds);
      const difference = await told(secrecy, lifecycle.diffFleet(describeCall(step, secrecy), id, state, inputs));
      const { replaces = [], deleteBeforeReplace = false, changed = [] } = difference;
      return {
        changes: difference.changes !== false,
        replaces,
        deleteBeforeReplace,
        // The state holds the machines in its record.
        changed: describeChanged(changed, replaces, { instanceIds: inputs.instanceIds && [], ...state }, inputs),
      };
    },
    create: async (step, inputs, isPreview) => {
      const { inputs: declared } = takeFleetInputs(inputs.value);
      const secrecy = keepMarked(inputs);
      const seal = sealWith(inputs.marks, secrecy.isSecret, secrecy);
      if (isPreview) return { id: "", outputs: seal(lifecycle.foreseeFleet(declared)) };
      const creating = lifecycle.createFleet(describeCall(step, secrecy, "create"), declared);
      const { id, outputs } = await told(secrecy, creating);
      return { id, outputs: seal(outputs) };
    },
    read: async (step, id, state, inputs) => {
      if (state.value.schemaVersion === undefined) return refuseStranger("fleet", id);
      const secrecy = keepMarked(inputs, state);
      const reading = lifecycle.readFleet(describeCall(step, secrecy), id, takeFleet(state.value).state);
      const { outputs } = await told(secrecy, reading);
      return { id, outputs: { value: putFleet(outputs, {}), marks: state.marks }, inputs };
    },
    update: async (step, _, olds, news, isPreview) => {
      const { state } = takeFleet(olds.value);
      const { inputs } = takeFleetInputs(news.value);
      const secrecy = keepMarked(news, olds);
      // What a machine said of a secret stays as secret as it was.
      const seal = sealWith(news.marks, news.marks !== undefined || isMarked(olds.marks, "failures"), secrecy);
      if (isPreview) return seal(lifecycle.foreseeFleet(inputs, state));
      return seal(await told(secrecy, lifecycle.updateFleet(describeCall(step, secrecy, "update"), state, inputs)));
    },
    delete: async (step, _, state) => {
      const secrecy = keepMarked(state);
      const call = describeCall(step, secrecy, "delete");
      await told(secrecy, lifecycle.destroyFleet(call, takeFleet(state.value).state));
    },
  };
}

const SECRET_OUTPUTS: Marks = Object.fromEntries(SECRET_OUTPUT_NAMES.map((name) => [name, true]));

/** The outputs as the state keeps them. What failed machines said may quote what is secret. */
const sealWith =
  (marks: Marks | undefined, areSecret: boolean, { say }: Secrecy) =>
  (outputs: Properties): Opened => {
    const { reasons } = outputs;
    const value = putFleet({ ...outputs, reasons: Array.isArray(reasons) ? reasons.map(say) : reasons }, {});
    return { value, marks: joinMarks(marks, areSecret ? SECRET_OUTPUTS : undefined) };
  };

/** The verdict fails by what its fleet says, which is fit to be shown. */
export function createVerdict(): Resource {
  return {
    check: async (_, __, { value, marks }) => {
      const { inputs, failures } = lifecycle.checkVerdict(value);
      return { inputs: { value: inputs, marks }, failures };
    },
    diff: async (_, __, olds, news) => {
      const { changes = true, changed = [] } = lifecycle.diffVerdict(olds.value, news.value);
      const detail = describeChanged(changed, [], olds.value, news.value);
      return { changes, replaces: [], deleteBeforeReplace: false, changed: detail };
    },
    create: async (_, inputs, isPreview) => {
      if (isPreview) return { id: "", outputs: inputs };
      const { id, outputs } = await judge(() => lifecycle.createVerdict(inputs.value));
      return { id, outputs: { value: outputs, marks: inputs.marks } };
    },
    read: async (_, id, state, inputs) =>
      state.value.generation === undefined ? refuseStranger("verdict", id) : { id, outputs: state, inputs },
    update: async (_, __, ___, news, isPreview) =>
      isPreview ? news : { value: await judge(() => lifecycle.updateVerdict(news.value)), marks: news.marks },
    delete: async () => {},
  };
}

const judge = <T>(verdict: () => T): Promise<T> => told(keepArguments({ value: {} }), Promise.resolve().then(verdict));

function refuseStranger(what: string, id: string): Found {
  throw new ExpectedFailure(
    `Cannot read the ${what} of a rollout by "${id}": only the update that rolled out knows it; declare the Rollout in a program`,
  );
}
