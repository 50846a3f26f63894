import { foreseeCreate, foreseeUpdate } from "../../../provider/lifecycle";
import { UNKNOWN } from "../../../provider/rules/unknown";

const RESULT = { status: "Success", exitCode: 0, output: "hello", dropped: 0, repeats: 1, invokeId: "t-1" };
const ONCE = { commandId: "c-1", instanceIds: ["i-a", "i-b"], regionId: "cn-hangzhou", repeatMode: "Once" };
const RAN = { ...ONCE, status: "Success", results: { "i-a": RESULT, "i-b": RESULT }, schemaVersion: 1 };
const NIGHTLY = { ...ONCE, repeatMode: "Period", frequency: "rate(1h)" };
const LIVE = { status: "Scheduled", results: { "i-a": { ...RESULT, status: "Scheduled" } }, schemaVersion: 1 };

const OPEN = { invokeId: "t-1", status: UNKNOWN, results: UNKNOWN, schemaVersion: 1 };

test("of a create, its inputs are known", () => {
  expect(foreseeCreate(ONCE)).toEqual({ ...ONCE, ...OPEN, invokeId: UNKNOWN });
});

// [what changes, the state, the inputs, the outputs that are foreseen beside them]
test.each<[string, object, object, object]>([
  ["tags", RAN, { ...ONCE, tags: { team: "web" } }, { invokeId: "t-1", status: "Success", results: RAN.results }],
  [
    "a setting, which cuts what is kept",
    RAN,
    { ...ONCE, maxOutputBytes: 2 },
    {
      invokeId: "t-1",
      status: "Success",
      results: { "i-a": { ...RESULT, output: "lo", dropped: 3 }, "i-b": { ...RESULT, output: "lo", dropped: 3 } },
    },
  ],
  ["a setting that is not known yet", RAN, { ...ONCE, maxOutputBytes: UNKNOWN }, OPEN],
  ["a schedule", { ...NIGHTLY, ...LIVE }, { ...NIGHTLY, frequency: "rate(2h)" }, OPEN],
  ["machines", RAN, { ...ONCE, instanceIds: ["i-a", "i-b", "i-c"] }, OPEN],
  [
    "nothing, but it failed on a machine",
    { ...RAN, results: { ...RAN.results, "i-b": { ...RESULT, status: "Failed" } } },
    ONCE,
    OPEN,
  ],
])("of an update that changes %s, what stays is known", (_, olds, news, foreseen) => {
  expect(foreseeUpdate("t-1", { ...olds }, { ...news })).toEqual({ ...news, schemaVersion: 1, ...foreseen });
});
