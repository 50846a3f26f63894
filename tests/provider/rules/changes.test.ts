import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import {
  type Changes,
  changedInputs,
  changesRuns,
  type InvocationState,
  isSameInput,
  isUnchanged,
  judgeChanges,
} from "../../../provider/rules/changes";
import { INPUT_NAMES, type InvocationInputs } from "../../../provider/rules/inputs";
import type { InstanceResult, Results } from "../../../provider/rules/results";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const result = (status: string): InstanceResult => ({ status, output: "", dropped: 0, repeats: 1, invokeId: "t-1" });
const results = (statuses: Record<string, string>): Results =>
  Object.fromEntries(Object.entries(statuses).map(([id, status]) => [id, result(status)]));

/** Everything given, so that each input can change and vanish. `adopt` and `resourceTags` stand beside the rest here only. */
const FULL: Required<InvocationInputs> = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  resourceTags: { role: "web" },
  regionId: "cn-hangzhou",
  repeatMode: "Period",
  frequency: "0 0 2 * * ? Asia/Shanghai",
  timed: true,
  parameters: { env: "blue" },
  timeout: 60,
  username: "admin",
  windowsPasswordName: "password",
  workingDir: "/srv",
  containerId: "docker://1",
  containerName: "web",
  launcher: "sh",
  terminationMode: "Process",
  ossOutputDelivery: "oss://bucket",
  resourceGroupId: "rg-1",
  tags: { owner: "ops" },
  triggers: [1],
  preflight: true,
  dryRun: false,
  agentTimeout: 300,
  waitTimeout: 100,
  onFailure: "fail",
  maxOutputBytes: 4096,
  adopt: "t-1",
};

const OTHER: Required<InvocationInputs> = {
  commandId: "c-2",
  instanceIds: ["i-2", "i-3"],
  resourceTags: { role: "db" },
  regionId: "cn-beijing",
  repeatMode: "EveryReboot",
  frequency: "0 0 3 * * ? Asia/Shanghai",
  timed: false,
  parameters: { env: "green" },
  timeout: 61,
  username: "deploy",
  windowsPasswordName: "other",
  workingDir: "/tmp",
  containerId: "docker://2",
  containerName: "db",
  launcher: "bash",
  terminationMode: "ProcessTree",
  ossOutputDelivery: "oss://other",
  resourceGroupId: "rg-2",
  tags: { owner: "dev" },
  triggers: [2],
  preflight: false,
  dryRun: true,
  agentTimeout: 301,
  waitTimeout: 101,
  onFailure: "warn",
  maxOutputBytes: 0,
  adopt: "t-2",
};

const OUTPUTS = { invokeId: "t-1", schemaVersion: 1 };

const SCHEDULE: InvocationState = {
  ...FULL,
  ...OUTPUTS,
  status: "Scheduled",
  results: results({ "i-1": "Scheduled", "i-2": "Scheduled" }),
  __agentVersion: "2.2.3.541",
};

const BASE: InvocationInputs = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2", "i-3"],
  regionId: "cn-hangzhou",
  repeatMode: "Once",
};

const once = (statuses: Record<string, string>, status = "PartialFailed"): InvocationState => ({
  ...BASE,
  ...OUTPUTS,
  status,
  results: results(statuses),
});

const inputsOf = ({ invokeId, schemaVersion, status, results, __agentVersion, ...inputs }: InvocationState) => inputs;

const NOTHING: Changes = { replace: [], tags: false, resume: { again: [], waiting: [] }, settings: [] };
const NO_MODIFICATION = { parameters: false, added: [], removed: [], unknownInstances: false };

const inPlaceOnly = (change: object): Changes => ({ ...NOTHING, inPlace: { ...NO_MODIFICATION, ...change } });
const replacedBy = (property: string, reason: string): Changes => ({ ...NOTHING, replace: [{ property, reason }] });
const notInPlace = (property: keyof InvocationInputs): Changes =>
  replacedBy(
    property,
    `${property} ${property.endsWith("s") ? "change" : "changes"}, which the service cannot do in place`,
  );

/** The change of every input of a live schedule; the compiler holds the list complete. */
const EXPECTED: { [K in keyof Required<InvocationInputs>]: Changes } = {
  commandId: notInPlace("commandId"),
  instanceIds: inPlaceOnly({ added: ["i-3"], removed: ["i-1"] }),
  resourceTags: notInPlace("resourceTags"),
  regionId: notInPlace("regionId"),
  repeatMode: notInPlace("repeatMode"),
  frequency: inPlaceOnly({ frequency: { from: FULL.frequency, to: OTHER.frequency } }),
  timed: NOTHING,
  parameters: inPlaceOnly({ parameters: true }),
  timeout: notInPlace("timeout"),
  username: notInPlace("username"),
  windowsPasswordName: notInPlace("windowsPasswordName"),
  workingDir: notInPlace("workingDir"),
  containerId: notInPlace("containerId"),
  containerName: notInPlace("containerName"),
  launcher: notInPlace("launcher"),
  terminationMode: notInPlace("terminationMode"),
  ossOutputDelivery: notInPlace("ossOutputDelivery"),
  resourceGroupId: notInPlace("resourceGroupId"),
  tags: { ...NOTHING, tags: true },
  triggers: replacedBy("triggers", "triggers change: the command runs again on all its instances"),
  preflight: { ...NOTHING, settings: ["preflight"] },
  dryRun: { ...NOTHING, settings: ["dryRun"] },
  agentTimeout: { ...NOTHING, settings: ["agentTimeout"] },
  waitTimeout: { ...NOTHING, settings: ["waitTimeout"] },
  onFailure: { ...NOTHING, settings: ["onFailure"] },
  maxOutputBytes: { ...NOTHING, settings: ["maxOutputBytes"] },
  adopt: NOTHING,
};

const RUNS_NOTHING = [
  "timed",
  "tags",
  "preflight",
  "dryRun",
  "agentTimeout",
  "waitTimeout",
  "onFailure",
  "maxOutputBytes",
  "adopt",
];

describe.each(INPUT_NAMES)("a change of %s on a live schedule", (name) => {
  it("is made by the means that the service has", () => {
    const changes = judgeChanges(SCHEDULE, { ...inputsOf(SCHEDULE), [name]: OTHER[name] });
    expect(changes).toEqual(EXPECTED[name]);
    expect(isUnchanged(changes)).toBe(EXPECTED[name] === NOTHING);
  });

  it("is noticed when the input vanishes or comes", () => {
    const { [name]: gone, ...without } = inputsOf(SCHEDULE);
    const isNoticed = name !== "timed" && name !== "adopt";
    expect(changedInputs(inputsOf(SCHEDULE), without)).toEqual(isNoticed ? [name] : []);
    expect(changedInputs(without, inputsOf(SCHEDULE))).toEqual(isNoticed ? [name] : []);
  });

  it("counts as a change while the value is not known yet", () => {
    const changes = judgeChanges(SCHEDULE, { ...inputsOf(SCHEDULE), [name]: UNKNOWN });
    const { replace, inPlace, tags, settings } = EXPECTED[name];
    expect(changes.replace.map(({ property }) => property)).toEqual(replace.map(({ property }) => property));
    expect(changes.inPlace === undefined).toBe(inPlace === undefined);
    expect(changes.tags).toBe(tags);
    expect(changes.settings).toEqual(settings);
  });

  it("asks for a new look at the machines only when it runs or changes something there", () => {
    expect(changesRuns(inputsOf(SCHEDULE), { ...inputsOf(SCHEDULE), [name]: OTHER[name] })).toBe(
      !RUNS_NOTHING.includes(name),
    );
  });
});

describe("the same in other words", () => {
  it.each<[keyof InvocationInputs, unknown, unknown, boolean]>([
    ["frequency", "0 0 2 * * ?", "0  0 2 * * *", true],
    ["frequency", "0 0 2 * * MON", "0 0 2 ? * 1", true],
    ["frequency", "rate(60m)", "rate(1h)", true],
    ["frequency", "0 0 2 * * ?", "0 0 2 * * ? UTC", false],
    ["frequency", "no schedule", "no schedule", true],
    ["frequency", "no schedule", "no schedule at all", false],
    ["parameters", { a: "1", b: "2" }, { b: "2", a: "1" }, true],
    ["parameters", {}, undefined, true],
    ["parameters", undefined, {}, true],
    ["parameters", { a: "" }, undefined, false],
    ["parameters", { a: "1" }, { a: "1", b: "" }, false],
    ["tags", {}, undefined, true],
    ["triggers", undefined, [], true],
    ["triggers", [], [{}], false],
    ["triggers", [""], [], false],
    ["triggers", [1], ["1"], false],
    ["triggers", [1, 2], [2, 1], false],
    ["triggers", [{ a: 1, b: [2] }], [{ b: [2], a: 1 }], true],
    ["timeout", 60, 60, true],
    ["username", undefined, "", false],
    ["triggers", [1], [UNKNOWN], false],
    ["parameters", { a: UNKNOWN }, { a: UNKNOWN }, false],
  ])("%s: %j and %j: %j", (property, before, after, expected) => {
    expect(isSameInput(property, before, after)).toBe(expected);
  });

  it("is nothing to do", () => {
    expect(judgeChanges(SCHEDULE, inputsOf(SCHEDULE))).toEqual(NOTHING);
    expect(isUnchanged(judgeChanges(SCHEDULE, inputsOf(SCHEDULE)))).toBe(true);
  });

  it("always notices another value, and only that", () => {
    const plain = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        expect(isSameInput("triggers", [before], [structuredClone(before)])).toBe(true);
        expect(isSameInput("triggers", [before], [after])).toBe(isDeepStrictEqual(before, after));
      }),
    );
  });
});

describe("what cannot be changed in place", () => {
  const change = (state: Partial<InvocationState>, inputs: Partial<InvocationInputs>) => {
    const whole = { ...SCHEDULE, ...state };
    return judgeChanges(whole, { ...inputsOf(whole), ...inputs }).replace;
  };
  const RUNS_AGAIN = "a command that runs once has no schedule to change: it runs again on all its instances";
  const finished: Partial<InvocationState> = {
    status: "Success",
    results: results({ "i-1": "Success", "i-2": "Success" }),
  };

  it.each<[string, Partial<InvocationState>, Partial<InvocationInputs>, Changes["replace"]]>([
    [
      "parameters of a one-shot",
      { ...finished, repeatMode: "Once" },
      { parameters: {} },
      [{ property: "parameters", reason: `parameters change, and ${RUNS_AGAIN}` }],
    ],
    [
      "instances of a one-shot",
      { ...finished, repeatMode: "Once" },
      { instanceIds: ["i-1"] },
      [{ property: "instanceIds", reason: `instanceIds change, and ${RUNS_AGAIN}` }],
    ],
    [
      "instances of a one-shot that are not known yet",
      { ...finished, repeatMode: "Once" },
      { instanceIds: ["i-1", "i-2", UNKNOWN] },
      [{ property: "instanceIds", reason: `instanceIds are not known before the update, and ${RUNS_AGAIN}` }],
    ],
    [
      "the frequency of a schedule that is over",
      finished,
      { frequency: "rate(5m)" },
      [
        {
          property: "frequency",
          reason: 'frequency changes, and invocation "t-1" is over (Success): a new one is started',
        },
      ],
    ],
    [
      "the frequency under an agent that is too old",
      { __agentVersion: "2.2.3.540" },
      { frequency: "rate(5m)", instanceIds: ["i-1"] },
      [
        {
          property: "frequency",
          reason:
            "frequency changes, and the agent of at least one instance is version 2.2.3.540, which takes no change in place (it needs 2.2.3.541 on Linux, 2.1.3.541 on Windows)",
        },
      ],
    ],
    ["instances under an agent that is too old", { __agentVersion: "2.2.3.540" }, { instanceIds: ["i-1"] }, []],
    [
      "the frequency under an agent that nobody asked",
      { __agentVersion: undefined as never },
      { frequency: "rate(5m)" },
      [],
    ],
    [
      "a one-shot that becomes a schedule",
      { ...finished, repeatMode: "Once", frequency: undefined as never },
      { repeatMode: "Period", frequency: "rate(5m)" },
      [{ property: "repeatMode", reason: "repeatMode changes, which the service cannot do in place" }],
    ],
    [
      "a schedule that becomes a one-shot",
      {},
      { repeatMode: "Once", frequency: undefined as never },
      [{ property: "repeatMode", reason: "repeatMode changes, which the service cannot do in place" }],
    ],
    [
      "a command that is not known yet",
      {},
      { commandId: UNKNOWN },
      [
        {
          property: "commandId",
          reason: "commandId is not known before the update, and the service takes no other one in place",
        },
      ],
    ],
    [
      "triggers that are not known yet",
      {},
      { triggers: [UNKNOWN] },
      [
        {
          property: "triggers",
          reason: "triggers are not known before the update: the command runs again on all its instances",
        },
      ],
    ],
  ])("%s", (_, state, inputs, replace) => {
    expect(change(state, inputs)).toEqual(replace);
  });

  it("takes everything with it: nothing is changed in place or run again beside a replacement", () => {
    const changes = judgeChanges(
      { ...SCHEDULE, results: results({ "i-1": "Aborted", "i-2": "Pending" }) },
      { ...inputsOf(SCHEDULE), timeout: 61, frequency: "rate(5m)" },
    );
    expect(changes).toEqual(notInPlace("timeout"));
  });
});

describe("in place", () => {
  it("says everything that changes at once", () => {
    const changes = judgeChanges(SCHEDULE, {
      ...inputsOf(SCHEDULE),
      frequency: "rate(5m)",
      parameters: {},
      instanceIds: ["i-2", "i-3", "i-4"],
      tags: {},
    });
    expect(changes).toEqual({
      ...NOTHING,
      inPlace: {
        frequency: { from: FULL.frequency, to: "rate(5m)" },
        parameters: true,
        added: ["i-3", "i-4"],
        removed: ["i-1"],
        unknownInstances: false,
      },
      tags: true,
    });
  });

  it.each([[["i-1", UNKNOWN]], [UNKNOWN]])("does not guess at machines that are not known yet: %j", (instanceIds) => {
    const changes = judgeChanges(SCHEDULE, { ...inputsOf(SCHEDULE), instanceIds: instanceIds as string[] });
    expect(changes).toEqual(inPlaceOnly({ unknownInstances: true }));
  });

  it("stays in place while the frequency, and so the repeat mode, is not known yet", () => {
    const { repeatMode, ...open } = inputsOf(SCHEDULE);
    const changes = judgeChanges(SCHEDULE, { ...open, frequency: UNKNOWN });
    expect(changes).toEqual(inPlaceOnly({ frequency: { from: FULL.frequency, to: UNKNOWN } }));
  });
});

describe("resume", () => {
  it.each<[string, Record<string, string>, string[], string[]]>([
    ["one failed", { "i-1": "Success", "i-2": "Failed", "i-3": "Success" }, ["i-2"], []],
    ["one still runs", { "i-1": "Success", "i-2": "Failed", "i-3": "Running" }, ["i-2"], ["i-3"]],
    ["nothing started", { "i-1": "Pending", "i-2": "Pending", "i-3": "Pending" }, [], ["i-1", "i-2", "i-3"]],
    ["every way to fail", { "i-3": "Timeout", "i-2": "Aborted", "i-1": "Terminated" }, ["i-1", "i-2", "i-3"], []],
    ["a status that nobody knows", { "i-1": "Hibernating" }, [], ["i-1"]],
    ["a machine that the program no longer names", { "i-1": "Success", "i-9": "Failed" }, [], []],
    ["all succeeded", { "i-1": "Success", "i-2": "Success", "i-3": "Success" }, [], []],
  ])("of a one-shot: %s", (_, statuses, again, waiting) => {
    const state = once(statuses);
    const changes = judgeChanges(state, inputsOf(state));
    expect(changes).toEqual({ ...NOTHING, resume: { again, waiting } });
    expect(isUnchanged(changes)).toBe(again.length + waiting.length === 0);
  });

  it.each<[string, Record<string, string>, string[], string[]]>([
    ["not taken yet", { "i-1": "Scheduled", "i-2": "Pending" }, [], ["i-2"]],
    ["refused by a machine", { "i-1": "Scheduled", "i-2": "Invalid" }, ["i-2"], []],
    ["stopped on a machine from outside", { "i-1": "Cancelled", "i-2": "Scheduled" }, ["i-1"], []],
    ["a run of it failed", { "i-1": "Scheduled", "i-2": "Failed" }, [], []],
    ["a run of it is on its way", { "i-1": "Running", "i-2": "Scheduled" }, [], []],
    ["over on a machine", { "i-1": "Success", "i-2": "Scheduled" }, [], []],
  ])("of a schedule: %s", (_, statuses, again, waiting) => {
    const state = { ...SCHEDULE, results: results(statuses) };
    expect(judgeChanges(state, inputsOf(state)).resume).toEqual({ again, waiting });
  });

  it("leaves a failure that the program accepts, and waits for the rest", () => {
    const state = once({ "i-1": "Success", "i-2": "Failed", "i-3": "Running" });
    const changes = judgeChanges({ ...state, onFailure: "warn" }, { ...inputsOf(state), onFailure: "warn" });
    expect(changes).toEqual({ ...NOTHING, resume: { again: [], waiting: ["i-3"] } });
  });

  it("runs again where it failed once the program no longer accepts it", () => {
    const state: InvocationState = { ...once({ "i-1": "Success", "i-2": "Failed" }), onFailure: "warn" };
    const changes = judgeChanges(state, { ...inputsOf(state), onFailure: "fail" });
    expect(changes).toEqual({ ...NOTHING, settings: ["onFailure"], resume: { again: ["i-2"], waiting: [] } });
  });

  it("puts right a schedule that was stopped on a machine even where failures are accepted", () => {
    const state: InvocationState = {
      ...SCHEDULE,
      onFailure: "warn",
      results: results({ "i-1": "Aborted", "i-2": "Terminated" }),
    };
    expect(judgeChanges(state, inputsOf(state)).resume).toEqual({ again: ["i-2"], waiting: [] });
  });

  it("never runs again where it succeeded, nor where it is not known to have ended", () => {
    const status = fc.constantFrom("Pending", "Running", "Stopping", "Success", "Failed", "Timeout", "Hibernating");
    fc.assert(
      fc.property(status, status, status, (a, b, c) => {
        const state = once({ "i-1": a, "i-2": b, "i-3": c });
        const { again, waiting } = judgeChanges(state, inputsOf(state)).resume;
        const statuses = (ids: string[]) => ids.map((id) => state.results[id]?.status);
        expect(statuses(again).every((seen) => seen === "Failed" || seen === "Timeout")).toBe(true);
        expect(again.filter((id) => waiting.includes(id))).toEqual([]);
        expect(statuses(waiting)).not.toContain("Success");
      }),
    );
  });
});

describe("drift", () => {
  it.each(["Period", "NextRebootOnly", "EveryReboot"] as const)(
    "a %s that was stopped from outside is started anew",
    (repeatMode) => {
      const state: InvocationState = {
        ...SCHEDULE,
        repeatMode,
        status: "Stopped",
        results: results({ "i-1": "Cancelled", "i-2": "Terminated" }),
      };
      expect(judgeChanges(state, inputsOf(state))).toEqual(
        replacedBy("status", 'invocation "t-1" was stopped from outside: a new one is started'),
      );
    },
  );

  it("a one-shot that was stopped from outside runs again where it did not end", () => {
    const state = once({ "i-1": "Success", "i-2": "Terminated" }, "Stopped");
    expect(judgeChanges(state, inputsOf(state))).toEqual({ ...NOTHING, resume: { again: ["i-2"], waiting: [] } });
  });

  it.each(["Success", "Failed", "PartialFailed"])("a schedule that came to its end (%s) is none", (status) => {
    const state: InvocationState = { ...SCHEDULE, status, results: results({ "i-1": "Success", "i-2": "Failed" }) };
    expect(isUnchanged(judgeChanges(state, inputsOf(state)))).toBe(true);
  });
});
