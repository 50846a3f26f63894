import type { RepeatMode } from "../../../../provider/rules/inputs";
import type { ObservedInstance } from "../../../../provider/rules/results";
import {
  type Beginning,
  gatherFacts,
  type MachineFacts,
  type Observed,
  type ObservedShard,
  settleUnseen,
} from "../../../../provider/rules/rollout/facts";
import type { Shard } from "../../../../provider/rules/rollout/tag";
import { planOf } from "./fleet";

const plan = planOf([["a"], ["b", "c"], ["d"]]);
const NOTHING: Beginning = { attempt: 1, machines: new Map() };

const END = "2026-11-02T03:04:05Z";
const END_MS = Date.parse(END);

const instance = (
  instanceId: string,
  invocationStatus: string,
  fields: Partial<ObservedInstance> = {},
): ObservedInstance => ({
  instanceId,
  invocationStatus,
  output: "",
  dropped: 0,
  errorCode: "",
  errorInfo: "",
  startTime: "",
  finishTime:
    invocationStatus === "Running" || invocationStatus === "Pending" || invocationStatus === "Scheduled" ? "" : END,
  repeats: 1,
  ...fields,
});

let count = 0;

function shardOf(
  shard: Partial<Shard>,
  instances: ObservedInstance[],
  fields: Partial<ObservedShard> = {},
): ObservedShard {
  return {
    invokeId: `t-${++count}`,
    shard: { kind: "run", wave: 2, shard: 1, attempt: 1, ...shard },
    instanceIds: instances.map(({ instanceId }) => instanceId),
    instances,
    ...fields,
  };
}

function factsOf(observed: Partial<Observed>, beginning = NOTHING, repeatMode: RepeatMode = "Once") {
  return gatherFacts(plan, beginning, { shards: [], ...observed }, repeatMode);
}

const machineOf = (observed: Partial<Observed>, beginning = NOTHING, repeatMode: RepeatMode = "Once") =>
  factsOf(observed, beginning, repeatMode).machines.get("b");

describe("a run", () => {
  // [status, fields, mode, run]
  test.each<[string, Partial<ObservedInstance>, RepeatMode, MachineFacts["run"]]>([
    ["Success", {}, "Once", "succeeded"],
    ["Failed", { exitCode: 1 }, "Once", "failed"],
    ["Timeout", {}, "Once", "failed"],
    ["Invalid", {}, "Once", "failed"],
    ["Cancelled", {}, "Once", "failed"],
    ["Terminated", {}, "Once", "failed"],
    ["Pending", {}, "Once", "running"],
    ["Running", {}, "Once", "running"],
    ["Scheduled", {}, "Once", "running"],
    ["Stopping", { finishTime: "" }, "Once", "running"],
    ["Surprise", { finishTime: "" }, "Once", "running"],
    ["Aborted", { errorCode: "InstanceNotRunning" }, "Once", "failed"],
    ["Aborted", { errorCode: "InstanceReleased" }, "Once", "gone"],
    ["Invalid", { errorCode: "InstanceNotExists" }, "Once", "gone"],
    ["Aborted", { errorCode: "InstanceDeregistered" }, "Once", "gone"],
    ["Pending", {}, "Period", "running"],
    ["Scheduled", {}, "Period", "succeeded"],
    ["Running", {}, "Period", "succeeded"],
    ["Failed", {}, "Period", "succeeded"],
    ["Invalid", {}, "Period", "failed"],
    ["Stopped", {}, "EveryReboot", "failed"],
    ["Scheduled", {}, "NextRebootOnly", "succeeded"],
  ])("%s with %j of %s has %s", (status, fields, mode, run) => {
    expect(machineOf({ shards: [shardOf({}, [instance("b", status, fields)])] }, NOTHING, mode)?.run).toBe(run);
  });

  it("runs where the service does not show it yet", () => {
    expect(machineOf({ shards: [shardOf({}, [], { instanceIds: ["b"] })] })).toEqual({ attempt: 1, run: "running" });
  });

  it("has its end, its reason and what was reported", () => {
    const shard = shardOf({}, [instance("b", "Failed", { exitCode: 3, output: "no disk" })]);
    expect(machineOf({ shards: [shard] })).toEqual({
      attempt: 1,
      run: "failed",
      endedAtMs: END_MS,
      failure: {
        cause: "run",
        reason: "exited with code 3",
        result: expect.objectContaining({ exitCode: 3, output: "no disk", invokeId: shard.invokeId }),
      },
    });
  });

  it("that has no end of its own has that of its invocation", () => {
    const shard = shardOf({}, [instance("b", "Scheduled")], { settledAtMs: 5 });
    expect(machineOf({ shards: [shard] }, NOTHING, "Period")?.endedAtMs).toBe(5);
  });
});

describe("attempts", () => {
  const failed = instance("b", "Failed", { exitCode: 1 });

  it("the last one counts, and is known to be one again", () => {
    const shards = [shardOf({ attempt: 2 }, [instance("b", "Success")]), shardOf({ attempt: 1 }, [failed])];
    const facts = factsOf({ shards });
    expect(facts.attempt).toBe(2);
    expect(facts.machines.get("b")).toEqual({ attempt: 2, run: "succeeded", endedAtMs: END_MS, again: true });
  });

  it("goes on with the one that the state says", () => {
    expect(factsOf({}, { attempt: 3, machines: new Map() }).attempt).toBe(3);
  });

  it("what the state says of the same attempt stands", () => {
    const machines = new Map<string, MachineFacts>([["b", { attempt: 1, run: "succeeded", check: "healthy" }]]);
    expect(machineOf({ shards: [shardOf({}, [instance("b", "Success")])] }, { attempt: 1, machines })).toEqual({
      attempt: 1,
      run: "succeeded",
      check: "healthy",
    });
  });

  test.each<MachineFacts["run"]>(["running", "notReady"])("unless it says %s", (run) => {
    const machines = new Map<string, MachineFacts>([["b", { attempt: 1, run }]]);
    const shards = [shardOf({}, [instance("b", "Success")])];
    expect(machineOf({ shards }, { attempt: 1, machines })?.run).toBe("succeeded");
  });

  it("counts the shards of each wave, kind and attempt", () => {
    const shards = [
      shardOf({ shard: 2 }, []),
      shardOf({ shard: 1 }, []),
      shardOf({ kind: "check", shard: 7 }, []),
      shardOf({ attempt: 2, shard: 1 }, []),
    ];
    expect(Object.fromEntries(factsOf({ shards }).shards)).toEqual({
      "run.w2.a1": 2,
      "check.w2.a1": 7,
      "run.w2.a2": 1,
    });
  });
});

describe("a start that is under way", () => {
  const start = (shard: Partial<Shard> = {}) => ({
    shard: { kind: "run" as const, wave: 2, shard: 3, attempt: 1, ...shard },
    instanceIds: ["b"],
    startedAtMs: 5,
  });

  it("counts as a run, and its number as taken", () => {
    const facts = factsOf({ pending: [start()] });
    expect(facts.machines.get("b")).toEqual({ attempt: 1, run: "running" });
    expect(facts.shards.get("run.w2.a1")).toBe(3);
  });

  it("of machines that have left cannot be stopped yet", () => {
    expect(factsOf({ pending: [{ ...start(), instanceIds: ["x"] }] }).leaving).toEqual([]);
  });

  it("of a check is a check", () => {
    const machines = new Map<string, MachineFacts>([["b", { attempt: 1, run: "succeeded" }]]);
    expect(machineOf({ pending: [start({ kind: "check", attempt: 2 })] }, { attempt: 2, machines })).toEqual({
      attempt: 1,
      run: "succeeded",
      check: "running",
      firstAskedAtMs: 5,
      lastAskedAtMs: 5,
    });
  });
});

describe("a machine that is not ready", () => {
  const notReady = new Map([["b", "the instance is Stopped"]]);
  const failedBefore = (failure: MachineFacts["failure"]): Beginning => ({
    attempt: 2,
    machines: new Map([["b", { attempt: 1, run: "failed", ...(failure ? { failure } : {}) }]]),
  });

  it("has its reason", () => {
    expect(machineOf({ notReady })).toEqual({
      attempt: 1,
      run: "notReady",
      failure: { cause: "notReady", reason: "the instance is Stopped" },
    });
  });

  it("has failed when it had failed before: the version may be why", () => {
    const facts = machineOf({ notReady }, failedBefore({ cause: "run", reason: "exited with code 1" }));
    expect(facts).toEqual({
      attempt: 2,
      again: true,
      run: "failed",
      failure: { cause: "run", reason: "exited with code 1, and was not ready to run again: the instance is Stopped" },
    });
    expect(machineOf({ notReady }, failedBefore(facts?.failure))?.failure?.reason).toBe(facts?.failure?.reason);
  });

  it("is not ready again when it was not before", () => {
    expect(machineOf({ notReady }, failedBefore({ cause: "notReady", reason: "x" }))).toMatchObject({
      run: "notReady",
      again: true,
    });
  });
});

describe("a check", () => {
  const ran = shardOf({}, [instance("b", "Success", { finishTime: "2026-11-02T03:00:00Z" })]);
  const checks = (
    ...answers: [status: string, exitCode: number | undefined, startedAtMs?: number, attempt?: number][]
  ) =>
    answers.map(([status, exitCode, startedAtMs, attempt = 1], i) =>
      shardOf(
        { kind: "check", shard: i + 1, attempt },
        [instance("b", status, exitCode === undefined ? {} : { exitCode })],
        startedAtMs === undefined ? {} : { startedAtMs },
      ),
    );
  const checkOf = (...answers: Parameters<typeof checks>) => machineOf({ shards: [ran, ...checks(...answers)] });

  test.each<[string, number | undefined, Partial<MachineFacts>]>([
    ["Success", 0, { check: "healthy", endedAtMs: END_MS }],
    ["Running", undefined, { check: "running" }],
    ["Failed", 75, { check: "notYet" }],
    ["Failed", 1, { check: "failed" }],
    ["Timeout", undefined, { check: "failed" }],
    // The code of a run that was ended is not the script's answer.
    ["Timeout", 75, { check: "failed" }],
    ["Terminated", undefined, { check: "failed" }],
  ])("that ends as %s with %p", (status, exitCode, expected) => {
    expect(checkOf([status, exitCode, 1_000])).toMatchObject(expected);
  });

  it("that fails says so, with what was reported", () => {
    expect(checkOf(["Failed", 2, 1_000])?.failure).toEqual({
      cause: "check",
      reason: "the check: exited with code 2",
      result: expect.objectContaining({ exitCode: 2 }),
    });
  });

  it("on a machine that was released lets it go", () => {
    const check = shardOf({ kind: "check" }, [instance("b", "Aborted", { errorCode: "InstanceReleased" })]);
    expect(machineOf({ shards: [ran, check] })?.run).toBe("gone");
  });

  it("is asked again, and the last answer counts", () => {
    expect(checkOf(["Failed", 75, 1_000], ["Failed", 75, 16_000])).toMatchObject({
      check: "notYet",
      firstAskedAtMs: 1_000,
      lastAskedAtMs: 16_000,
    });
    expect(checkOf(["Failed", 75, 1_000], ["Success", 0, 16_000])?.check).toBe("healthy");
  });

  it("that an earlier update asked does not count while it says not yet", () => {
    expect(checkOf(["Failed", 75])?.check).toBeUndefined();
    expect(checkOf(["Failed", 75], ["Failed", 75, 9_000])).toMatchObject({ firstAskedAtMs: 9_000 });
    expect(checkOf(["Success", 0])?.check).toBe("healthy");
    expect(checkOf(["Running", undefined])?.check).toBe("running");
  });

  it("of an earlier attempt than the run does not count", () => {
    const again = shardOf({ attempt: 2 }, [instance("b", "Success")]);
    expect(machineOf({ shards: [ran, ...checks(["Failed", 1, 1]), again] })).toEqual({
      attempt: 2,
      again: true,
      run: "succeeded",
      endedAtMs: END_MS,
    });
  });

  it("that fails in a later attempt than the run is a failure of that attempt", () => {
    const [check] = checks(["Failed", 1, 1, 2]);
    expect(machineOf({ shards: check ? [ran, check] : [] })).toMatchObject({
      attempt: 2,
      run: "succeeded",
      check: "failed",
    });
  });

  it("of a machine that did not run well says nothing", () => {
    const failed = shardOf({}, [instance("b", "Failed", { exitCode: 1 })]);
    expect(machineOf({ shards: [failed, ...checks(["Success", 0, 1])] })?.check).toBeUndefined();
  });
});

describe("a machine that no longer exists", () => {
  const gone = new Set(["b"]);

  it("leaves the plan", () => {
    expect(machineOf({ gone })?.run).toBe("gone");
    expect(machineOf({ gone, shards: [shardOf({}, [instance("b", "Running")])] })?.run).toBe("gone");
    expect(machineOf({ gone, shards: [shardOf({}, [instance("b", "Success")])] })?.run).toBe("gone");
  });

  it("still counts when it failed in this attempt: the version may be why", () => {
    expect(machineOf({ gone, shards: [shardOf({}, [instance("b", "Failed", { exitCode: 1 })])] })?.run).toBe("failed");
  });

  it("but not when it failed in an earlier one", () => {
    const machines = new Map<string, MachineFacts>([["b", { attempt: 1, run: "failed" }]]);
    expect(machineOf({ gone }, { attempt: 2, machines })?.run).toBe("gone");
  });
});

describe("machines that have left", () => {
  it("are stopped where something is live, once", () => {
    const shards = [
      shardOf(
        {},
        [instance("b", "Running"), instance("x", "Running"), instance("y", "Success"), instance("z", "Stopping")],
        {
          invokeId: "t-a",
          instanceIds: ["b", "x", "y", "z", "not-shown-yet"],
        },
      ),
      shardOf({ shard: 2 }, [instance("c", "Running")]),
    ];
    expect(factsOf({ shards }).leaving).toEqual([{ invokeId: "t-a", instanceIds: ["x", "not-shown-yet"] }]);
  });

  it("are stopped in the generation before as well", () => {
    const predecessors = [
      {
        invokeId: "t-old",
        instanceIds: ["b", "x"],
        instances: [instance("b", "Scheduled"), instance("x", "Scheduled")],
      },
    ];
    const facts = factsOf({ predecessors });
    expect(facts.leaving).toEqual([{ invokeId: "t-old", instanceIds: ["x"] }]);
    expect(facts.predecessors.get("b")).toBe("t-old");
  });
});

test("an invocation of the generation before that is over is no predecessor", () => {
  const predecessors = [{ invokeId: "t-old", instanceIds: ["b"], instances: [instance("b", "Stopped")] }];
  const facts = factsOf({ predecessors, isInPlace: true });
  expect([facts.predecessors.size, facts.isInPlace]).toEqual([0, true]);
});

describe("machines that were under way when the last update ended", () => {
  const running: MachineFacts = { attempt: 2, run: "running" };
  const done: MachineFacts = { attempt: 1, run: "succeeded" };
  const beginning = { attempt: 2, machines: new Map(Object.entries({ a: running, b: running, c: done })) };
  const settle = (hasForgotten: boolean) =>
    Object.fromEntries(settleUnseen(beginning, [{ instanceIds: ["a"] }], hasForgotten).machines);

  it("take their turn where no invocation has them: the call was lost with its answer", () => {
    expect(settle(false)).toEqual({ a: running, c: done });
  });

  it("have failed where the service has forgotten one: they may have run in it", () => {
    const reason = "was under way, and the service no longer knows what came of it";
    expect(settle(true)).toEqual({
      a: running,
      b: { attempt: 2, run: "failed", failure: { cause: "run", reason } },
      c: done,
    });
  });
});
