import { type Emulator, startEmulator } from "../../../../emulator";
import { FUNCTIONS, markRead } from "../../../../provider/fronts/plugin/functions";
import { type Connection, secret, startPlugin } from "./client";

let emulator: Emulator;
let provider: Connection;

beforeAll(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }],
    commands: [{ commandId: "c-greet", name: "greet", content: "echo {{word}}" }],
  });
});

afterAll(() => emulator.stop());

beforeEach(async () => {
  provider = (await startPlugin({ environment: emulator.environment }))();
});

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const AFTER = "2030-01-31T00:00:00Z";

// [function, arguments, result]
test.each<[string, object, object]>([
  ["nextRuns", { frequency: NIGHTLY, after: AFTER, count: 1 }, { runs: ["2030-01-31T18:00:00Z"] }],
  [
    "nextRuns",
    { frequency: "0 0 2 * * ?", after: AFTER, count: 1, zone: "GMT+8:00" },
    { runs: ["2030-01-31T18:00:00Z"] },
  ],
  ["nextRuns", { frequency: "0 0 2 * * ?", after: AFTER, count: 1 }, { runs: ["2030-01-31T02:00:00Z"] }],
  [
    "nextRuns",
    { frequency: "rate(1h)", after: AFTER, count: 1, createdAt: "2030-01-30T23:30:00+00:00" },
    { runs: ["2030-01-31T00:30:00Z"] },
  ],
  ["nextRuns", { frequency: "at(2029-01-31 13:15:30)", after: AFTER }, { runs: [] }],
  [
    "describeSchedule",
    { frequency: "00 00 02 * * ? asia/shanghai".replace("asia/shanghai", "Asia/Shanghai"), now: AFTER },
    {
      description: "every day at 02:00:00 Asia/Shanghai",
      canonical: "0 0 2 * * ? Asia/Shanghai",
      failures: [],
      warnings: [],
    },
  ],
])("%s of %j", async (name, args, result) => {
  expect(await provider.invoke(name, { ...args })).toEqual({ result, reasons: [] });
});

test("what comes of a secret argument is a secret, and so is what is wrong with it", async () => {
  const args = { frequency: secret(NIGHTLY), after: AFTER, count: 1 };
  expect(await provider.invoke("nextRuns", args)).toEqual({
    result: { runs: secret(["2030-01-31T18:00:00Z"]) },
    reasons: [],
  });
  const { reasons } = await provider.invoke("nextRuns", { frequency: secret("59 59 2 * *") });
  expect(reasons).toEqual([
    expect.stringMatching(/^frequency must be a schedule .* is not shown, since it is secret: /),
  ]);
});

test("describeSchedule tells what is wrong with a schedule that can be read", async () => {
  const { result } = await provider.invoke("describeSchedule", { frequency: "rate(60s)", timeout: 600, now: AFTER });
  expect(result.failures).toEqual([expect.stringContaining("600 s")]);
});

// [function, arguments, reasons]
test.each<[string, object, string[]]>([
  ["nextRuns", {}, ["frequency must be given"]],
  [
    "nextRuns",
    { frequency: NIGHTLY, count: 0 },
    ["count must be a whole number of runs from 1 to 1000: current value is 0"],
  ],
  [
    "nextRuns",
    { frequency: 5, after: "tomorrow", zone: "Moon" },
    [
      "frequency must be a string: current value is of type number",
      'after must be an instant such as "2030-01-31T00:00:00Z"',
      'zone must be a zone such as "Asia/Shanghai", "UTC" or "GMT+8:00"',
    ],
  ],
  [
    "getInvocation",
    { invokeId: "i-a" },
    ['invokeId must be the id of an invocation, such as "t-hz0jdfwd9f": current value is "i-a"'],
  ],
  [
    "getInvocations",
    { tags: { team: 1 }, state: "Running" },
    ["tags must be a map of texts", "state is no argument of this function; remove it"],
  ],
  [
    "getInvocations",
    { tags: ["team"], status: "running" },
    [
      "tags must be a map of texts",
      'status must be one of "Pending", "Scheduled", "Running", "Stopping", "Success", "Failed", "PartialFailed", "Stopped": current value is "running"',
    ],
  ],
])("%s of %j is refused", async (name, args, reasons) => {
  expect(await provider.invoke(name, { ...args })).toEqual({ result: {}, reasons });
});

test("a frequency that cannot be read is refused with what to write", async () => {
  const { reasons } = await provider.invoke("describeSchedule", { frequency: "0 2 * * *" });
  expect(reasons).toEqual([
    expect.stringMatching(/^Cannot parse frequency "0 2 \* \* \*": .*; write "0 0 2 \* \* \*"/),
  ]);
});

test("getInvocation tells inputs and results, and takes them for secret where there are parameters", async () => {
  const inputs = { commandId: "c-greet", instanceIds: ["i-a"], regionId: "cn-hangzhou", repeatMode: "Once" };
  const { id } = await provider.create({ ...inputs, parameters: { word: "hunter2" } });
  const { result } = await provider.invoke("getInvocation", { invokeId: id });
  expect(result).toMatchObject({
    ...inputs,
    invokeId: id,
    status: "Success",
    parameters: secret({ word: "hunter2" }),
    results: secret({ "i-a": expect.objectContaining({ output: "hunter2\n" }) }),
  });
  expect(result).not.toHaveProperty("schemaVersion");
  await expect(provider.invoke("getInvocation", { invokeId: "t-0" })).rejects.toMatchObject({
    details: expect.stringContaining('Cannot read invocation "t-0": there is none in region "cn-hangzhou"'),
  });
});

test.each([
  ["nothing", {}, {}],
  ["parameters", { parameters: {} }, { marks: { parameters: true, results: true } }],
  ["a script", { commandContent: "echo" }, { marks: { commandContent: true, results: true } }],
])("of what was read, with %s, it is told what may be secret", (_, read, marked) => {
  expect(markRead(read)).toEqual(marked);
});

test("every function says what it answers", () => {
  expect(Object.entries(FUNCTIONS).filter(([, { summary }]) => summary === "")).toEqual([]);
});
