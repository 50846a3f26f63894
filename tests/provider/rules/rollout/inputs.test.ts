import { INPUT_NAMES } from "../../../../provider/rules/inputs";
import {
  changedRolloutInputs,
  checkSharedInput,
  isPolicyName,
  pickRolloutInputs,
  ROLLOUT_INPUT_NAMES,
  ROLLOUT_INPUTS,
  type RolloutInputName,
  whatRuns,
} from "../../../../provider/rules/rollout/inputs";
import { POLICY_NAMES } from "../../../../provider/rules/rollout/policy";

it("has every input of an Invocation but three, and every one of the policy", () => {
  const shared = INPUT_NAMES.filter((name) => !["adopt", "onFailure", "onDelete"].includes(name));
  expect([...ROLLOUT_INPUT_NAMES].sort()).toEqual([...shared, ...POLICY_NAMES].sort());
});

test.each<[RolloutInputName, string]>([
  ["commandId", "generation"],
  ["parameters", "generation"],
  ["frequency", "generation"],
  ["triggers", "generation"],
  ["username", "generation"],
  ["instanceIds", "machines"],
  ["resourceTags", "machines"],
  ["regionId", "replace"],
  ["tags", "later"],
  ["timed", "later"],
  ["agentTimeout", "later"],
  ["maxOutputBytes", "later"],
  ["waves", "how"],
  ["check", "how"],
  ["through", "how"],
])("a change of %s: %s", (name, change) => {
  expect(ROLLOUT_INPUTS[name].change).toBe(change);
});

test.each([
  ["a list in another order", { parameters: { a: "1", b: "2" } }, { parameters: { b: "2", a: "1" } }, []],
  ["a schedule in another spelling", { frequency: "0 0 2 * * ?" }, { frequency: "0 0 2 * * *" }, []],
  ["a default that is said", {}, { strict: false, waves: [1, "10%", "50%", "100%"], maxFailures: 0 }, []],
  ["another wave", { waves: [1, "100%"] }, { waves: [2, "100%"] }, ["waves"]],
  ["no more through", { through: 2 }, {}, ["through"]],
  ["another command", { commandId: "c-1" }, { commandId: "c-2" }, ["commandId"]],
  ["machines, which are compared with those of the state", { instanceIds: ["i-1"] }, { instanceIds: ["i-2"] }, []],
])("%s", (_, before, after, changed) => {
  expect(changedRolloutInputs(before as object, after as object)).toEqual(changed);
});

it("what runs holds neither machines nor how it goes", () => {
  const inputs = {
    commandId: "c-1",
    instanceIds: ["i-1"],
    regionId: "cn-hangzhou",
    repeatMode: "Once" as const,
    waves: [1, "100%"],
    agentTimeout: 5,
  };
  expect(whatRuns(inputs)).toEqual({ commandId: "c-1", repeatMode: "Once" });
  expect(pickRolloutInputs({ ...inputs, status: "Succeeded" })).toEqual(inputs);
});

test.each([
  ["instanceIds", Array.from({ length: 10_000 }, (_, i) => `i-${i}`), undefined],
  ["commandId", 3, "must be a string: current value is of type number"],
  ["onFailure", "warn", "is not an input of Rollout: give maxFailures, the failures that are borne"],
  ["wave", [1], 'is not an input of Rollout; write "waves"'],
  ["toString", 1, "is not an input of Rollout; remove it"],
])("%s is judged", (name, value, reason) => {
  expect(checkSharedInput(name, value)).toBe(reason);
});

it("knows the names of the policy", () => {
  expect([isPolicyName("waves"), isPolicyName("commandId"), isPolicyName("toString")]).toEqual([true, false, false]);
});
