import { declare, INPUT_NAMES, INPUTS, type InvocationInputs, pickInputs } from "../../../provider/rules/inputs";
import { EXAMPLES, ONE, OTHER } from "./examples";

it.each(INPUT_NAMES)("%s is changed by the means that the service has", (name) => {
  expect(INPUTS[name].change).toBe(EXAMPLES[name].change);
});

it.each(INPUT_NAMES)("%s takes its own values", (name) => {
  expect([INPUTS[name].rule(ONE[name]), INPUTS[name].rule(OTHER[name])]).toEqual([undefined, undefined]);
});

const recorded = INPUT_NAMES.filter((name) => EXAMPLES[name].record);

it.each(recorded)("%s is read from the service's record", (name) => {
  const record = { texts: EXAMPLES[name].record ?? {}, parameters: {}, instances: [] };
  expect(INPUTS[name].observe?.(record)).toBe(ONE[name]);
});

it("picks the inputs out of a state", () => {
  const inputs: InvocationInputs = { commandId: "c-1", regionId: "cn-hangzhou", repeatMode: "Once", timeout: 10 };
  expect(pickInputs({ ...inputs, username: undefined, invokeId: "t-1", __urn: "urn", results: {} })).toEqual(inputs);
});

describe("defaults", () => {
  const SMALLEST = { commandId: "c-1", regionId: "cn-hangzhou", repeatMode: "Once" };

  it("hold where the program says nothing", () => {
    expect(declare(SMALLEST)).toEqual({
      ...SMALLEST,
      preflight: true,
      dryRun: false,
      agentTimeout: 300,
      onFailure: "fail",
      maxOutputBytes: 4096,
    });
  });

  it.each(INPUT_NAMES)("%s stays as the program says", (name) => {
    expect(declare({ ...SMALLEST, [name]: OTHER[name] })[name]).toEqual(OTHER[name]);
  });
});
