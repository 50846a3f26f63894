import { type Changes, type InvocationState, judgeChanges } from "../../../provider/rules/changes";
import type { InvocationInputs } from "../../../provider/rules/inputs";
import { describeChanges, formatInZone } from "../../../provider/rules/preview";
import { JOINED, type Results } from "../../../provider/rules/results";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const NOW = Date.parse("2026-11-30T00:00:00Z");

const results = (statuses: string[]): Results =>
  Object.fromEntries(
    statuses.map((status, i) => [`i-${i + 1}`, { status, output: "", dropped: 0, repeats: 1, invokeId: "t-1" }]),
  );

const NIGHTLY: InvocationState = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  regionId: "cn-hangzhou",
  repeatMode: "Period",
  frequency: "0 0 1 * * ? Asia/Shanghai",
  invokeId: "t-1",
  status: "Scheduled",
  results: results(["Scheduled", "Scheduled"]),
  schemaVersion: 1,
};

const { frequency, ...UNSCHEDULED } = NIGHTLY;
const REBOOT: InvocationState = { ...UNSCHEDULED, repeatMode: "EveryReboot" };
const ONCE: InvocationState = { ...UNSCHEDULED, repeatMode: "Once" };

const describeUpdate = (state: InvocationState, change: Partial<InvocationInputs>) => {
  const { invokeId, status, results, schemaVersion, ...before } = state;
  const inputs = { ...before, ...change };
  return describeChanges(judgeChanges(state, inputs), state, inputs, NOW);
};

it.each<[string, InvocationState, Partial<InvocationInputs>, string[]]>([
  ["nothing", NIGHTLY, {}, []],
  [
    "schedule and machines",
    { ...NIGHTLY, instanceIds: ["i-1", "i-2"] },
    { frequency: "0 0 2 * * ? Asia/Shanghai", instanceIds: ["i-2", "i-3", "i-4"] },
    [
      "schedule can change in place, next run 2026-12-01 02:00 Asia/Shanghai; 2 instances added, 1 removed, which stops it there",
    ],
  ],
  [
    "the lines of a script",
    { ...NIGHTLY, commandContent: "set -e\necho old\necho end" },
    { commandContent: "set -e\necho new\nsleep 1\necho end" },
    ["script can change in place\n    2 - echo old\n    2 + echo new\n    3 + sleep 1"],
  ],
  [
    "a script and its parameters",
    { ...REBOOT, commandContent: "echo {{a}}", parameters: { a: "1" } },
    { commandContent: "echo {{b}}", parameters: { b: "1" } },
    [
      "script can change in place; parameters can change in place; it does not run now\n    1 - echo {{a}}\n    1 + echo {{b}}",
    ],
  ],
  [
    "a script that is not known yet",
    { ...NIGHTLY, commandContent: "echo" },
    { commandContent: UNKNOWN },
    ["script not known before the update"],
  ],
  [
    "the script of a one-shot",
    { ...ONCE, commandContent: "echo" },
    { commandContent: "echo new" },
    [
      "replaced: commandContent changes, and a command that runs once has no schedule to change: it runs again on all its instances",
    ],
  ],
  [
    "a schedule with an offset and seconds",
    NIGHTLY,
    { frequency: "30 0 2 * * ? GMT-5:30" },
    ["schedule can change in place, next run 2026-11-30 02:00:30 GMT-5:30"],
  ],
  [
    "a schedule without a zone",
    NIGHTLY,
    { frequency: "0 0 2 * * ?" },
    ["schedule can change in place, next run 2026-11-30 02:00 UTC, if that is the zone of the instances"],
  ],
  [
    "a single time",
    NIGHTLY,
    { frequency: "at(2026-12-24 18:00:00)" },
    ["schedule can change in place, next run 2026-12-24 18:00 UTC"],
  ],
  [
    "a rate, which counts from the start of the invocation",
    NIGHTLY,
    { frequency: "rate(5m)" },
    ["schedule can change in place"],
  ],
  [
    "a schedule that never fires again",
    NIGHTLY,
    { frequency: "at(2020-01-01 00:00:00)" },
    ["schedule can change in place"],
  ],
  ["a schedule that is not known yet", NIGHTLY, { frequency: UNKNOWN }, ["schedule not known before the update"]],
  ["parameters", NIGHTLY, { parameters: { env: "s3cret" } }, ["parameters can change in place"]],
  [
    "parameters of a reboot task",
    REBOOT,
    { parameters: { env: "s3cret" } },
    ["parameters can change in place; it does not run now"],
  ],
  [
    "machines that are not known yet",
    NIGHTLY,
    { instanceIds: ["i-1", UNKNOWN] },
    ["instances not known before the update"],
  ],
  ["a machine more", NIGHTLY, { instanceIds: ["i-1", "i-2", "i-3"] }, ["1 instance added"]],
  ["a machine less", NIGHTLY, { instanceIds: ["i-1"] }, ["1 removed, which stops it there"]],
  [
    "a machine less of a schedule that is over",
    { ...NIGHTLY, status: "Success" },
    { instanceIds: ["i-1"] },
    ['1 instance left ("i-2"): nothing runs there any more'],
  ],
  [
    "machines that join a one-shot, and one that leaves",
    { ...ONCE, instanceIds: ["i-1", "i-2"], results: results(["Success", "Success"]) },
    { instanceIds: ["i-2", "i-3", "i-4"] },
    [
      'runs on 2 instances that joined ("i-3", "i-4"), and nowhere again; 1 instance left ("i-1"): nothing runs there any more',
    ],
  ],
  [
    "machines of a one-shot that are not known yet",
    { ...ONCE, instanceIds: ["i-1"], results: results(["Success"]) },
    { instanceIds: ["i-1", UNKNOWN] },
    ["runs on the instances that join, which are not known before the update"],
  ],
  [
    "a machine that a refresh found",
    {
      ...ONCE,
      instanceIds: undefined as never,
      resourceTags: { role: "web" },
      results: { ...results(["Success"]), "i-9": JOINED },
    },
    {},
    ['runs on 1 instance that joined ("i-9") since the last update, and nowhere again'],
  ],
  ["tags", NIGHTLY, { tags: { a: "b" } }, ["tags can change in place, which runs nothing"]],
  [
    "everything that changes in place",
    NIGHTLY,
    { frequency: "rate(5m)", parameters: { env: "s3cret" }, instanceIds: ["i-1"], tags: { a: "b" } },
    [
      "schedule can change in place; parameters can change in place; 1 removed, which stops it there",
      "tags can change in place, which runs nothing",
    ],
  ],
  [
    "what replaces it, tags or not",
    NIGHTLY,
    { timeout: 120, tags: { a: "b" }, triggers: [2] },
    [
      "replaced: timeout changes, which the service cannot do in place",
      "replaced: triggers change: the command runs again on all its instances",
    ],
  ],
  [
    "what onDelete does before, as the state holds it",
    { ...ONCE, onDelete: { commandContent: "echo" } },
    { triggers: [2], onDelete: { commandContent: "other" } },
    [
      "replaced: triggers change: the command runs again on all its instances",
      'before that, onDelete runs on 2 instances ("i-1", "i-2"), as the last update declared it',
    ],
  ],
  [
    "what onDelete may do",
    { ...ONCE, onDelete: { commandContent: "echo" } },
    { triggers: [UNKNOWN] },
    [
      "replaced if they differ: triggers are not known before the update: the command runs again on all its instances",
      'if it is replaced, onDelete runs on 2 instances ("i-1", "i-2"), as the last update declared it',
    ],
  ],
  [
    "what is only possible",
    ONCE,
    { commandId: UNKNOWN, triggers: [UNKNOWN], parameters: { word: UNKNOWN }, timeout: 30 },
    [
      "replaced if it differs: commandId is not known before the update, and the service takes no other one in place",
      "replaced: timeout changes, which the service cannot do in place",
      "replaced if they differ: triggers are not known before the update: the command runs again on all its instances",
      "replaced if they differ: parameters are not known before the update, and a command that runs once has no schedule to change: it runs again on all its instances",
    ],
  ],
  [
    "machines that failed, and others that still run",
    { ...ONCE, instanceIds: ["i-1", "i-2", "i-3"], results: results(["Failed", "Running", "Success"]) },
    {},
    ["runs again on 1 of 3 instances that failed; 1 still running"],
  ],
  [
    "the only machine, which failed",
    { ...ONCE, instanceIds: ["i-1"], results: results(["Timeout"]) },
    {},
    ["runs again on 1 of 1 instance that failed"],
  ],
  ["machines that still run", { ...ONCE, results: results(["Running", "Pending"]) }, {}, ["2 still running"]],
  [
    "machines without the schedule",
    { ...NIGHTLY, results: results(["Cancelled", "Pending"]) },
    {},
    ["starts anew on 1 of 2 instances where it is not in force; 1 not scheduled yet"],
  ],
  ["what only steers this tool", NIGHTLY, { waitTimeout: 5, onFailure: "warn" }, []],
])("says of an update: %s", (_, state, change, lines) => {
  expect(describeUpdate(state, change)).toEqual(lines);
});

it("says nothing of no change", () => {
  const changes: Changes = { replace: [], tags: false, resume: { again: [], waiting: [], joined: [] }, settings: [] };
  expect(describeChanges(changes, NIGHTLY, NIGHTLY, NOW)).toEqual([]);
});

it.each([
  ["Asia/Shanghai", "2026-11-30 08:00 Asia/Shanghai"],
  ["America/New_York", "2026-11-29 19:00 America/New_York"],
  ["UTC", "2026-11-30 00:00 UTC"],
  ["GMT+8:00", "2026-11-30 08:00 GMT+8:00"],
  ["GMT+14:00", "2026-11-30 14:00 GMT+14:00"],
  ["GMT-0:30", "2026-11-29 23:30 GMT-0:30"],
])("shows an instant in %s", (zone, text) => {
  expect(formatInZone(new Date(NOW), zone)).toBe(text);
});

it("shows no line of a script that is secret", () => {
  const state = { ...NIGHTLY, commandContent: "echo one" };
  const { invokeId, status, results, schemaVersion, ...before } = state;
  const inputs = { ...before, commandContent: "echo two" };
  expect(describeChanges(judgeChanges(state, inputs), state, inputs, NOW, true)).toEqual([
    "script can change in place\n    its lines are not shown, since it is secret",
  ]);
});
