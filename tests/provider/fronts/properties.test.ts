import { putOutputs, takeInputs, takeState } from "../../../provider/fronts/properties";

const HIDDEN = { __urn: "urn", __secret: true as const, __provider: "text" };

test("inputs are parted from what is hidden among them, and from what the constructor seeds", () => {
  const seeded = { invokeId: 1, status: 1, results: "", schemaVersion: 1 };
  expect(takeInputs({ commandId: "c-1", ...HIDDEN, ...seeded })).toEqual({
    inputs: { commandId: "c-1" },
    hidden: HIDDEN,
    seeded,
  });
});

test("a state is parted from what is hidden in it", () => {
  const outputs = { commandId: "c-1", status: "Scheduled", results: {} };
  expect(takeState({ ...outputs, ...HIDDEN, __agentVersion: "2.2.3.857" })).toEqual({
    state: { ...outputs, agentVersion: "2.2.3.857" },
    hidden: HIDDEN,
  });
  expect(takeState(outputs)).toEqual({ state: outputs, hidden: {} });
});

test.each([
  ["a live schedule", { repeatMode: "Period", status: "Scheduled" }, true],
  ["a schedule that is over", { repeatMode: "Period", status: "Stopped" }, true],
  ["a run that goes on", { repeatMode: "Once", status: "Running" }, true],
  ["a run that is over", { repeatMode: "Once", status: "Success" }, false],
])("the state of %s: has it something to say on its row: %#", (_, outputs, speaks) => {
  const { __urn, __customTimeouts, ...rest } = { ...HIDDEN, __customTimeouts: { delete: 5 } };
  expect(putOutputs({ ...outputs, agentVersion: "2.2.3.857" }, { ...HIDDEN, __customTimeouts })).toEqual({
    ...outputs,
    ...rest,
    ...(speaks ? { __urn, __customTimeouts } : {}),
    __agentVersion: "2.2.3.857",
  });
});
