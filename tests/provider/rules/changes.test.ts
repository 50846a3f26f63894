import fc from "fast-check";
import {
  type Changes,
  changedInputs,
  changesRuns,
  type InvocationState,
  isUnchanged,
  judgeChanges,
} from "../../../provider/rules/changes";
import { INPUT_NAMES, type InvocationInputs } from "../../../provider/rules/inputs";
import { type InstanceResult, JOINED, type Results } from "../../../provider/rules/results";
import { EXAMPLES, ONE, OTHER } from "./examples";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const result = (status: string): InstanceResult => ({ status, output: "", dropped: 0, repeats: 1, invokeId: "t-1" });
const results = (statuses: Record<string, string>): Results =>
  Object.fromEntries(Object.entries(statuses).map(([id, status]) => [id, result(status)]));

const OUTPUTS = { invokeId: "t-1", schemaVersion: 1 };

const SCHEDULE: InvocationState = {
  ...ONE,
  ...OUTPUTS,
  status: "Scheduled",
  results: results({ "i-1": "Scheduled", "i-2": "Scheduled" }),
  agentVersion: "2.2.3.541",
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

const inputsOf = ({ invokeId, schemaVersion, status, results, agentVersion, ...inputs }: InvocationState) => inputs;

const NOTHING: Changes = { replace: [], tags: false, resume: { again: [], waiting: [], joined: [] }, settings: [] };
const NO_MODIFICATION = { parameters: false, added: [], removed: [], unknownInstances: false };

const inPlaceOnly = (change: object): Changes => ({ ...NOTHING, inPlace: { ...NO_MODIFICATION, ...change } });
const replacedBy = (property: string, reason: string): Changes => ({ ...NOTHING, replace: [{ property, reason }] });
const notInPlace = (property: keyof InvocationInputs): Changes =>
  replacedBy(
    property,
    `${property} ${property.endsWith("s") ? "change" : "changes"}, which the service cannot do in place`,
  );

/** What cannot be told from the means alone. */
const SPECIAL: { [K in keyof InvocationInputs]?: Changes } = {
  instanceIds: inPlaceOnly({ added: ["i-3"], removed: ["i-1"] }),
  commandContent: inPlaceOnly({ script: { from: ONE.commandContent, to: OTHER.commandContent } }),
  frequency: inPlaceOnly({ frequency: { from: ONE.frequency, to: OTHER.frequency } }),
  parameters: inPlaceOnly({ parameters: true }),
  triggers: replacedBy("triggers", "triggers change: the command runs again on all its instances"),
};

function expectChanges(name: keyof InvocationInputs): Changes {
  const by = { replace: notInPlace(name), inPlace: NOTHING, tags: { ...NOTHING, tags: true }, none: NOTHING };
  return SPECIAL[name] ?? { ...by, settings: { ...NOTHING, settings: [name] } }[EXAMPLES[name].change];
}

describe.each(INPUT_NAMES)("a change of %s on a live schedule", (name) => {
  it("is made by the means that the service has", () => {
    const changes = judgeChanges(SCHEDULE, { ...inputsOf(SCHEDULE), [name]: OTHER[name] });
    expect(changes).toEqual(expectChanges(name));
    expect(isUnchanged(changes)).toBe(expectChanges(name) === NOTHING);
  });

  it("is noticed when the input vanishes or comes", () => {
    const { [name]: gone, ...without } = inputsOf(SCHEDULE);
    const isNoticed = EXAMPLES[name].change !== "none";
    expect(changedInputs(inputsOf(SCHEDULE), without)).toEqual(isNoticed ? [name] : []);
    expect(changedInputs(without, inputsOf(SCHEDULE))).toEqual(isNoticed ? [name] : []);
  });

  it("counts as a change while the value is not known yet", () => {
    const changes = judgeChanges(SCHEDULE, { ...inputsOf(SCHEDULE), [name]: UNKNOWN });
    const { replace, inPlace, tags, settings } = expectChanges(name);
    expect(changes.replace.map(({ property }) => property)).toEqual(replace.map(({ property }) => property));
    expect(changes.inPlace === undefined).toBe(inPlace === undefined);
    expect(changes.tags).toBe(tags);
    expect(changes.settings).toEqual(settings);
  });

  it("asks for a new look at the machines only when it runs or changes something there", () => {
    expect(changesRuns(inputsOf(SCHEDULE), { ...inputsOf(SCHEDULE), [name]: OTHER[name] })).toBe(
      ["replace", "inPlace"].includes(EXAMPLES[name].change),
    );
  });
});

describe("the same in other words", () => {
  it("is nothing to do", () => {
    expect(judgeChanges(SCHEDULE, inputsOf(SCHEDULE))).toEqual(NOTHING);
    expect(isUnchanged(judgeChanges(SCHEDULE, inputsOf(SCHEDULE)))).toBe(true);
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
      // It runs on those that join.
      [],
    ],
    [
      "instances of a one-shot that are not known yet",
      { ...finished, repeatMode: "Once" },
      { instanceIds: ["i-1", "i-2", UNKNOWN] },
      [],
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
    ["a machine that leaves a schedule that is over", finished, { instanceIds: ["i-1"] }, []],
    [
      "a machine that joins a schedule that is over",
      finished,
      { instanceIds: ["i-1", "i-9"] },
      [
        {
          property: "instanceIds",
          reason: 'instanceIds change, and invocation "t-1" is over (Success): a new one is started',
        },
      ],
    ],
    [
      "the frequency under an agent that is too old",
      { agentVersion: "2.2.3.540" },
      { frequency: "rate(5m)", instanceIds: ["i-1"] },
      [
        {
          property: "frequency",
          reason:
            "frequency changes, and the agent of at least one instance is version 2.2.3.540, which takes no change in place (it needs 2.2.3.541 on Linux, 2.1.3.541 on Windows)",
        },
      ],
    ],
    ["instances under an agent that is too old", { agentVersion: "2.2.3.540" }, { instanceIds: ["i-1"] }, []],
    [
      "the frequency under an agent that nobody asked",
      { agentVersion: undefined as never },
      { frequency: "rate(5m)" },
      [],
    ],
    [
      "a one-shot that becomes a schedule",
      { ...finished, repeatMode: "Once", frequency: undefined as never },
      { repeatMode: "Period", frequency: "rate(5m)" },
      [
        {
          property: "repeatMode",
          reason: "frequency is added, and repeatMode changes with it, which the service cannot do in place",
        },
      ],
    ],
    [
      "a schedule that becomes a one-shot",
      {},
      { repeatMode: "Once", frequency: undefined as never },
      [
        {
          property: "repeatMode",
          reason: "frequency is removed, and repeatMode changes with it, which the service cannot do in place",
        },
      ],
    ],
    [
      "a script in the place of a one-shot's command",
      { ...finished, repeatMode: "Once", commandContent: undefined as never, type: undefined as never },
      { commandId: undefined as never, commandContent: "echo", type: "RunShellScript" },
      [
        {
          property: "commandContent",
          reason: "commandContent takes the place of commandId, which the service cannot do in place",
        },
      ],
    ],
    [
      "a script that is not known yet in the place of a schedule's command",
      { commandContent: undefined as never, type: undefined as never },
      { commandId: undefined as never, commandContent: UNKNOWN, type: "RunShellScript" },
      [
        {
          property: "commandContent",
          reason: "commandContent takes the place of commandId, which the service cannot do in place",
        },
      ],
    ],
    [
      "a command in the place of a schedule's script, and something else",
      { commandId: undefined as never },
      { commandId: "c-2", commandContent: undefined as never, type: undefined as never, timeout: 77 },
      [
        {
          property: "commandId",
          reason: "commandId takes the place of commandContent, which the service cannot do in place",
        },
        { property: "timeout", reason: "timeout changes, which the service cannot do in place" },
      ],
    ],
    [
      "a command that is not known yet",
      {},
      { commandId: UNKNOWN },
      [
        {
          property: "commandId",
          reason: "commandId is not known before the update, and the service takes no other one in place",
          isOpen: true,
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
          isOpen: true,
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
        frequency: { from: ONE.frequency, to: "rate(5m)" },
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
    expect(changes).toEqual(inPlaceOnly({ frequency: { from: ONE.frequency, to: UNKNOWN } }));
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
    expect(changes).toEqual({ ...NOTHING, resume: { again, waiting, joined: [] } });
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
    expect(judgeChanges(state, inputsOf(state)).resume).toEqual({ again, waiting, joined: [] });
  });

  it("of a one-shot: a machine that a refresh found, and that has not run it", () => {
    const { resourceTags, instanceIds, ...rest } = once({ "i-1": "Success" });
    const state = { ...rest, resourceTags: { role: "web" }, results: { ...rest.results, "i-9": JOINED } };
    expect(judgeChanges(state, inputsOf(state)).resume).toEqual({ again: [], waiting: [], joined: ["i-9"] });
  });

  it("leaves a failure that the program accepts, and waits for the rest", () => {
    const state = once({ "i-1": "Success", "i-2": "Failed", "i-3": "Running" });
    const changes = judgeChanges({ ...state, onFailure: "warn" }, { ...inputsOf(state), onFailure: "warn" });
    expect(changes).toEqual({ ...NOTHING, resume: { again: [], waiting: ["i-3"], joined: [] } });
  });

  it("runs again where it failed once the program no longer accepts it", () => {
    const state: InvocationState = { ...once({ "i-1": "Success", "i-2": "Failed" }), onFailure: "warn" };
    const changes = judgeChanges(state, { ...inputsOf(state), onFailure: "fail" });
    expect(changes).toEqual({
      ...NOTHING,
      settings: ["onFailure"],
      resume: { again: ["i-2"], waiting: [], joined: [] },
    });
  });

  it("puts right a schedule that was stopped on a machine even where failures are accepted", () => {
    const state: InvocationState = {
      ...SCHEDULE,
      onFailure: "warn",
      results: results({ "i-1": "Aborted", "i-2": "Terminated" }),
    };
    expect(judgeChanges(state, inputsOf(state)).resume).toEqual({ again: ["i-2"], waiting: [], joined: [] });
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
    expect(judgeChanges(state, inputsOf(state))).toEqual({
      ...NOTHING,
      resume: { again: ["i-2"], waiting: [], joined: [] },
    });
  });

  it.each(["Success", "Failed", "PartialFailed"])("a schedule that came to its end (%s) is none", (status) => {
    const state: InvocationState = { ...SCHEDULE, status, results: results({ "i-1": "Success", "i-2": "Failed" }) };
    expect(isUnchanged(judgeChanges(state, inputsOf(state)))).toBe(true);
  });
});
