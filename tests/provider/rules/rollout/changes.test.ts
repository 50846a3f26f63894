import { type FleetState, judgeRolloutChanges } from "../../../../provider/rules/rollout/changes";
import type { RolloutInputs } from "../../../../provider/rules/rollout/inputs";

const record = {
  generation: "g",
  status: "Succeeded" as const,
  attempt: 1,
  fleet: 3,
  targets: ["100%"],
  machines: ["i-3", "i-1", "i-2"],
  sizes: [3],
  standings: "3s",
};

const stateOf = (more: Partial<FleetState>): FleetState => ({
  commandId: "c-1",
  regionId: "r",
  repeatMode: "Once",
  record,
  failures: {},
  invokeIds: ["t-1"],
  waveResults: [],
  succeeded: 3,
  total: 3,
  held: 0,
  ...more,
});

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SAME = { commandId: "c-1", regionId: "r", repeatMode: "Once", instanceIds: ["i-1", "i-2", "i-3"] } as const;
const NIGHTLY = { repeatMode: "Period", frequency: "0 0 2 * * ?" } as const;

// [what, state, inputs, generation, in place, joined, left]
test.each<[string, Partial<FleetState>, object, string[], boolean, string[], string[]]>([
  ["nothing", {}, {}, [], false, [], []],
  ["how", {}, { through: 1, waves: [1, "100%"] }, [], false, [], []],
  ["another command", {}, { commandId: "c-2" }, ["commandId"], false, [], []],
  ["other parameters of a one-shot", {}, { parameters: { a: "1" } }, ["parameters"], false, [], []],
  ["a schedule", NIGHTLY, { ...NIGHTLY, frequency: "0 0 3 * * ?" }, ["frequency"], true, [], []],
  ["its parameters", NIGHTLY, { ...NIGHTLY, parameters: { a: "1" } }, ["parameters"], true, [], []],
  [
    "a schedule and its command",
    NIGHTLY,
    { ...NIGHTLY, frequency: "0 0 3 * * ?", commandId: "c-2" },
    ["commandId", "frequency"],
    false,
    [],
    [],
  ],
  [
    "a schedule while another command is live where its turn has not come",
    { ...NIGHTLY, earlier: { invokeIds: ["t-0"], isInPlace: false } },
    { ...NIGHTLY, frequency: "0 0 3 * * ?" },
    ["frequency"],
    false,
    [],
    [],
  ],
  ["machines", {}, { instanceIds: ["i-2", "i-3", "i-4"] }, [], false, ["i-4"], ["i-1"]],
  [
    "a machine that does not exist",
    { absent: ["i-9"] },
    { instanceIds: [...SAME.instanceIds, "i-9"] },
    [],
    false,
    [],
    [],
  ],
  ["machines that are not known yet", {}, { instanceIds: ["i-1", UNKNOWN] }, [], false, [], []],
  [
    "machines that carry the tags, as a refresh saw",
    { joined: ["i-4"], left: ["i-1"] },
    { instanceIds: undefined },
    [],
    false,
    ["i-4"],
    ["i-1"],
  ],
])("%s", (_, state, inputs, generation, isInPlace, joined, left) => {
  expect(judgeRolloutChanges(stateOf(state), { ...SAME, ...inputs } as object as Partial<RolloutInputs>)).toMatchObject(
    {
      generation,
      isInPlace,
      joined,
      left,
    },
  );
});
