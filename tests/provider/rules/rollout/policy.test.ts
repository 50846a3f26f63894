import { resolveTargets } from "../../../../provider/rules/rollout/budget";
import { DEFAULT_POLICY, DEFAULT_WAVES, POLICY_NAMES, parsePolicy } from "../../../../provider/rules/rollout/policy";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const DEFAULTS = {
  waves: [1, "10%", "50%", "100%"],
  maxFailures: 0,
  canaryFailures: 0,
  strict: false,
  pauseSeconds: 0,
  first: [],
  unready: "fail",
};

const reasons = (raw: Record<string, unknown>) => parsePolicy(raw).failures.map(({ reason }) => reason);

test("says what counts when the program says nothing", () => {
  expect(parsePolicy({ commandId: "c-1", maxFailures: null, through: undefined })).toEqual({
    properties: DEFAULTS,
    policy: DEFAULTS,
    failures: [],
  });
  expect(DEFAULT_WAVES).toEqual(DEFAULT_POLICY.waves);
});

test("gives each policy defaults of its own", () => {
  parsePolicy({}).policy?.waves.pop();
  expect(parsePolicy({}).policy?.waves).toEqual(DEFAULTS.waves);
});

test("keeps all that is right", () => {
  const all = {
    waves: [1, 10, "25%", "33.5%", "100%"],
    maxFailures: "0.5%",
    canaryFailures: 1,
    concurrency: "20%",
    strict: true,
    pauseSeconds: 600,
    check: { commandId: "c-health", parameters: { url: "http://localhost/health" }, timeout: 60 },
    through: 2,
    first: ["i-2", "i-1"],
    unready: "skip",
  };
  expect(parsePolicy({ ...all, instanceIds: ["i-1", "i-2", "i-3"] }).policy).toEqual(all);
  expect(POLICY_NAMES.slice().sort()).toEqual(Object.keys(all).sort());
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["a single wave bears as many in it as in all", { waves: ["100%"], maxFailures: "5%" }, { canaryFailures: "5%" }],
  ["but what is given counts", { waves: ["100%"], maxFailures: 5, canaryFailures: 0 }, { canaryFailures: 0 }],
  [
    "a check has five minutes",
    { check: { commandContent: "true" } },
    { check: { commandContent: "true", timeout: 300 } },
  ],
  ["an empty list is no list of waves to speak of", { first: [] }, { first: [] }],
])("%s", (_, raw, part) => {
  expect(parsePolicy(raw).policy).toMatchObject(part);
});

const SHAPE_FROM_1 = 'must be a whole number of machines, 1 or more, or a percentage such as "10%"';
const SHAPE_FROM_0 = 'must be a whole number of machines, 0 or more, or a percentage such as "10%"';

test.each<[Record<string, unknown>, string]>([
  [
    { waves: "100%" },
    "waves must be an array of numbers and percentages: current value is of type string; write it in brackets",
  ],
  [{ waves: [] }, "waves must hold 1 to 100 waves: current count is 0"],
  [
    { waves: [...Array.from({ length: 100 }, (_, i) => i + 1), "100%"] },
    "waves must hold 1 to 100 waves: current count is 101",
  ],
  [{ waves: [0, "100%"] }, `waves ${SHAPE_FROM_1}: current value is 0 (wave 1)`],
  [{ waves: [1.5, "100%"] }, `waves ${SHAPE_FROM_1}: current value is 1.5 (wave 1)`],
  [
    { waves: [1, "0%", "100%"] },
    `waves ${SHAPE_FROM_1}, above 0 to 100 with up to three decimals: current value is "0%" (wave 2)`,
  ],
  [
    { waves: [1, "120%"] },
    `waves ${SHAPE_FROM_1}, above 0 to 100 with up to three decimals: current value is "120%" (wave 2)`,
  ],
  [
    { waves: ["5", "100%"] },
    `waves ${SHAPE_FROM_1}, above 0 to 100 with up to three decimals: current value is "5"; write it without quotes, or with "%" after it (wave 1)`,
  ],
  [{ waves: [1, true] }, `waves ${SHAPE_FROM_1}: current value is of type boolean (wave 2)`],
  [
    { waves: [10, 5, "100%"] },
    "waves must rise, since each is the number of machines that have had their turn by then: 5 comes after 10",
  ],
  [
    { waves: [1, 1, "100%"] },
    "waves must rise, since each is the number of machines that have had their turn by then: 1 comes after 1",
  ],
  [
    { waves: ["50%", 10, "10%", "100%"] },
    'waves must rise, since each is the number of machines that have had their turn by then: "10%" comes after "50%"',
  ],
  [
    { waves: ["100%", "100.0%"] },
    'waves must rise, since each is the number of machines that have had their turn by then: "100.0%" comes after "100%"',
  ],
  [
    { waves: [1, "50%"] },
    'waves must end with "100%", the whole fleet: the last wave is "50%"; add "100%", and give through to stop before it',
  ],
  [
    { waves: [1, 10] },
    'waves must end with "100%", the whole fleet: the last wave is 10; add "100%", and give through to stop before it',
  ],
  [{ maxFailures: -1 }, `maxFailures ${SHAPE_FROM_0}: current value is -1`],
  [
    { maxFailures: "five" },
    `maxFailures ${SHAPE_FROM_0}, from 0 to 100 with up to three decimals: current value is "five"`,
  ],
  [
    { maxFailures: "5" },
    `maxFailures ${SHAPE_FROM_0}, from 0 to 100 with up to three decimals: current value is "5"; write it without quotes, or with "%" after it`,
  ],
  [{ maxFailures: 5, canaryFailures: Number.NaN }, `canaryFailures ${SHAPE_FROM_0}: current value is NaN`],
  [
    { canaryFailures: 1 },
    "canaryFailures must be at most maxFailures, which counts in the first wave as well: current values are 1 and 0; raise maxFailures",
  ],
  [{ concurrency: 0 }, `concurrency ${SHAPE_FROM_1}: current value is 0`],
  [
    { concurrency: "0%" },
    `concurrency ${SHAPE_FROM_1}, above 0 to 100 with up to three decimals: current value is "0%"`,
  ],
  [{ strict: "true" }, "strict must be true or false: current value is of type string; write it without quotes"],
  [{ strict: 1 }, "strict must be true or false: current value is of type number"],
  [{ pauseSeconds: "60" }, "pauseSeconds must be a number: current value is of type string; write it without quotes"],
  [{ pauseSeconds: -1 }, "pauseSeconds must be a whole number of seconds from 0 to 86400: current value is -1"],
  [{ pauseSeconds: 86_401 }, "pauseSeconds must be a whole number of seconds from 0 to 86400: current value is 86401"],
  [{ through: 0 }, "through must be a whole number of waves from 1 to 100: current value is 0"],
  [{ through: 5 }, "through must be one of the 4 waves: current value is 5; lower it, or remove it to go through all"],
  [{ first: "i-1" }, "first must be an array of instance ids: current value is of type string; write it in brackets"],
  [
    { first: ["i-1", 2] },
    "first must hold instance ids: one is of type number; pass the ids of instances, such as instance.id",
  ],
  [{ first: ["i-1", "i-1"] }, 'first must name a machine once: "i-1" is there twice; remove one'],
  [
    { first: ["i-1", "i-9"], instanceIds: ["i-1"] },
    'first must name machines of instanceIds: "i-9" is not among them; remove or correct it',
  ],
  [
    { first: ["i-8", "i-9"], instanceIds: ["i-1"] },
    'first must name machines of instanceIds: "i-8", "i-9" are not among them; remove or correct it',
  ],
  [{ unready: "wait" }, 'unready must be one of "fail", "skip": current value is "wait"'],
  [{ unready: true }, 'unready must be one of "fail", "skip": current value is of type boolean'],
  [{ check: "c-1" }, "check must be an object such as { commandId: command.id }: current value is of type string"],
  [{ check: {} }, "check must say what runs: give commandId or commandContent"],
  [
    { check: { commandId: "c-1", commandContent: "true" } },
    "check must not hold both commandId and commandContent: remove one",
  ],
  [
    { check: { commandId: "c-1", interval: 5 } },
    'check must hold no "interval": it takes commandId, commandContent, parameters, timeout; remove it',
  ],
  [{ check: { commandId: "" } }, "check is wrong: commandId must have 1 to 255 characters: current value has 0"],
  [{ check: { commandId: 1 } }, "check is wrong: commandId must be a string: current value is of type number"],
  [
    { check: { commandContent: "" } },
    "check is wrong: commandContent must not be empty: write the script, or remove check",
  ],
  [
    { check: { commandContent: 1 } },
    "check is wrong: commandContent must be a string: current value is of type number",
  ],
  [
    { check: { commandContent: "x".repeat(18_433) } },
    "check is wrong: commandContent must have at most 24576 bytes after Base64: current value has 24580; fetch the long part on the machine",
  ],
  [
    { check: { commandId: "c-1", timeout: 9 } },
    "check is wrong: timeout must be a whole number of seconds from 10 to 86400: current value is 9",
  ],
  [
    { check: { commandId: "c-1", parameters: [] } },
    "check is wrong: parameters must be an object of names and string values: current value is of type array",
  ],
  [
    { check: { commandId: "c-1", parameters: { password: 12345 } } },
    'check is wrong: parameters must have string values: the value of "password" is of type number; write it in quotes, or remove "password"',
  ],
  [
    { check: { commandId: "c-1", parameters: { "": "x" } } },
    'check is wrong: parameters must have names of 1 to 64 characters: "" has 0',
  ],
  [
    {
      check: { commandId: "c-1", parameters: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`p${i}`, ""])) },
    },
    "check is wrong: parameters must have at most 10 entries: current count is 11; put several values into one",
  ],
])("refuses %j", (raw, reason) => {
  expect(reasons(raw)).toEqual([reason]);
  expect(parsePolicy(raw).policy).toBeUndefined();
});

test("18,432 bytes are the most that a check may have", () => {
  expect(reasons({ check: { commandContent: "x".repeat(18_432) } })).toEqual([]);
});

test("says everything at once, each at its argument", () => {
  const { failures } = parsePolicy({ waves: [], maxFailures: -1, strict: 1, through: 9, check: {} });
  expect(failures.map(({ property }) => property)).toEqual(["waves", "maxFailures", "strict", "check"]);
});

test("never shows the value of a parameter", () => {
  const parameters = { password: 98_765, token: "hunter2" };
  expect(reasons({ check: { commandId: "c-1", parameters } }).join()).not.toMatch(/98765|hunter2/);
});

describe("what is not known yet", () => {
  test.each(POLICY_NAMES)("passes as %s", (name) => {
    const { properties, policy, failures } = parsePolicy({ [name]: UNKNOWN });
    expect({ failures, policy, value: properties[name] }).toEqual({ failures: [], policy: undefined, value: UNKNOWN });
  });

  test.each<[string, Record<string, unknown>]>([
    ["a wave", { waves: [1, UNKNOWN, "100%"] }],
    ["the last wave", { waves: [1, UNKNOWN] }],
    ["the waves that through is one of", { waves: UNKNOWN, through: 9 }],
    ["the failures of the canary", { canaryFailures: UNKNOWN, maxFailures: 0 }],
    ["the failures in all", { canaryFailures: 9, maxFailures: UNKNOWN }],
    ["a machine that comes first", { first: [UNKNOWN, UNKNOWN], instanceIds: ["i-1"] }],
    ["the command of a check", { check: { commandId: UNKNOWN } }],
    ["the parameters of a check", { check: { commandId: "c-1", parameters: UNKNOWN } }],
    ["a parameter of a check", { check: { commandId: "c-1", parameters: { a: UNKNOWN } } }],
    ["the timeout of a check", { check: { commandId: "c-1", timeout: UNKNOWN } }],
  ])("passes as %s", (_, raw) => {
    const { policy, failures } = parsePolicy(raw);
    expect({ failures, policy }).toEqual({ failures: [], policy: undefined });
  });

  it("leaves open who may come first", () => {
    expect(parsePolicy({ first: ["i-9"], instanceIds: ["i-1", UNKNOWN] }).policy?.first).toEqual(["i-9"]);
  });

  it("does not hide what is wrong beside it", () => {
    expect(reasons({ waves: [10, UNKNOWN, 5, "100%"], strict: UNKNOWN })).toEqual([
      "waves must rise, since each is the number of machines that have had their turn by then: 5 comes after 10",
    ]);
  });
});

// The examples of the documents.
test.each<[number, number[]]>([
  [1, [1, 0, 0, 0]],
  [7, [1, 0, 2, 4]],
  [100, [1, 9, 40, 50]],
  [1000, [1, 99, 400, 500]],
])("by default %i machines go in waves of %j", (fleet, sizes) => {
  const targets = resolveTargets(DEFAULT_WAVES, fleet);
  expect(targets.map((target, i) => target - (targets[i - 1] ?? 0))).toEqual(sizes);
});
