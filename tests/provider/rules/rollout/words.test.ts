import type { InstanceResult } from "../../../../provider/rules/results";
import type { Failure, MachineFacts } from "../../../../provider/rules/rollout/facts";
import type { Wait } from "../../../../provider/rules/rollout/next";
import { planRollout } from "../../../../provider/rules/rollout/waves";
import {
  describePause,
  describePlan,
  describeProgress,
  describeReasons,
  describeResumption,
  describeStop,
  describeUnknown,
  describeWarnings,
  describeWaveEnd,
  listEndedWaves,
} from "../../../../provider/rules/rollout/words";
import { each, factsOf, fleetOf, idsOf, planOf, policyOf } from "./fleet";

const result = (fields: Partial<InstanceResult> = {}): InstanceResult => ({
  status: "Failed",
  exitCode: 1,
  output: "",
  dropped: 0,
  repeats: 1,
  invokeId: "t-1",
  ...fields,
});

const failedRun = (fields: Partial<InstanceResult> = {}, reason = "exited with code 1"): Partial<MachineFacts> => ({
  run: "failed",
  failure: { cause: "run", reason, result: result(fields) },
});
const timedOut = failedRun({ status: "Timeout" }, "Timeout: it ran longer");
const failedCheck = (output: string): Partial<MachineFacts> => ({
  check: "failed",
  failure: { cause: "check", reason: "the check: exited with code 1", result: result({ output }) },
});
const notReady = (reason = "the instance is Stopped"): Partial<MachineFacts> => ({
  run: "notReady",
  failure: { cause: "notReady", reason },
});

describe("the plan", () => {
  // [policy, machines, words]
  test.each<[Record<string, unknown>, number, string]>([
    [
      { maxFailures: 5 },
      1000,
      "wave 1: 1 machine; wave 2: 99; wave 3: 400; wave 4: 500; stops when more than 5 of 1000 fail, or one in wave 1; at worst 99 machines have failed by the end of wave 2, 405 of wave 3, 505 of wave 4",
    ],
    [
      {},
      7,
      "wave 1: 1 machine; wave 3: 2; wave 4: 4; stops when one of 7 fails; at worst 2 machines have failed by the end of wave 3, 4 of wave 4",
    ],
    [{}, 1, "wave 1: 1 machine; stops when it fails"],
    [
      { waves: ["100%"], maxFailures: "10%", concurrency: 2 },
      20,
      "wave 1: 20 machines; stops when more than 2 of 20 fail; at worst 4 machines have failed by the end of wave 1",
    ],
    [
      { waves: [5, "100%"], maxFailures: 3, canaryFailures: 1, strict: true, pauseSeconds: 300, through: 1 },
      20,
      "wave 1: 5 machines; wave 2: 15; stops when more than 3 of 20 fail, or more than 1 in wave 1; at worst 2 machines have failed by the end of wave 1; rests 300 s between waves; pauses after wave 1",
    ],
    [{}, 0, "no machines"],
    // What can never be exceeded is not said.
    [
      { waves: [2, "100%"], maxFailures: "100%" },
      5,
      "wave 1: 2 machines; wave 2: 3; stops when one in wave 1 fails; at worst 2 machines have failed by the end of wave 1, 3 of wave 2",
    ],
    [
      { waves: [3, "100%"], maxFailures: 9, canaryFailures: 1 },
      5,
      "wave 1: 3 machines; wave 2: 2; stops when more than 1 in wave 1 fail; at worst 3 machines have failed by the end of wave 1, 3 of wave 2",
    ],
    [
      { waves: [2, "100%"], maxFailures: "100%", canaryFailures: "100%" },
      5,
      "wave 1: 2 machines; wave 2: 3; no failure stops it; at worst 2 machines have failed by the end of wave 1, 5 of wave 2",
    ],
    [
      { waves: [2, "100%"], maxFailures: 4, canaryFailures: 3 },
      9,
      "wave 1: 2 machines; wave 2: 7; stops when more than 4 of 9 fail; at worst 2 machines have failed by the end of wave 1, 9 of wave 2",
    ],
  ])("%j of %i machines", (raw, machines, words) => {
    expect(describePlan(planRollout({ machines: fleetOf(machines), seed: "urn", policy: policyOf(raw) }))).toBe(words);
  });

  it("of many waves names the first ones and the last", () => {
    const plan = planOf(idsOf(30).map((id) => [id]));
    expect(describePlan(plan)).toBe(
      `${Array.from({ length: 11 }, (_, i) => `wave ${i + 1}: 1${i === 0 ? " machine" : ""}`).join("; ")}; … wave 30: 1; stops when one of 30 fails`,
    );
  });
});

test.each([
  [["first"], "first is not known before the update, and the plan with it: the update says it before anything runs"],
  [
    ["parameters"],
    "parameters are not known before the update, and the plan with them: the update says it before anything runs",
  ],
  [
    ["instanceIds", "waves"],
    "instanceIds, waves are not known before the update, and the plan with them: the update says it before anything runs",
  ],
])("what is not known: %j", (names, words) => {
  expect(describeUnknown(names)).toBe(words);
});

const WAVES = [["a"], [], ["b", "c", "d"], ["e", "f", "g", "h"]];

describe("what an update goes on with", () => {
  test.each<[string, Record<string, unknown>, Record<string, Partial<MachineFacts>>, number, string[]]>([
    ["nothing", {}, each(WAVES.flat(), {}), 1, []],
    ["a pause that stays", { through: 3 }, each(["a", "b", "c", "d"], {}), 1, []],
    [
      "the wave after a pause, and its machines",
      {},
      each(["a", "b", "c", "d"], {}),
      1,
      [
        'goes on with wave 4: 4 machines ("e", "f", "g", "h")',
        "stops when one of 8 fails",
        "at worst 3 machines have failed by the end of wave 3, 4 of wave 4",
      ],
    ],
    [
      "machines that failed, then those that were held",
      { maxFailures: 1, canaryFailures: 1 },
      { a: { attempt: 1 }, b: { run: "failed", attempt: 1 }, c: { run: "failed", attempt: 1 } },
      2,
      [
        'runs again on 2 machines that failed ("b", "c")',
        'goes on with wave 3: 1 machine ("d")',
        "wave 4: 4 machines",
        "stops when more than 1 of 8 fail",
        "at worst 4 machines have failed by the end of wave 3, 5 of wave 4",
      ],
    ],
    [
      "schedules that somebody has stopped, and one that failed",
      { maxFailures: 1 },
      {
        ...each(WAVES.flat(), { attempt: 2 }),
        b: { ...failedRun(), attempt: 1 },
        c: { run: "failed", attempt: 1, failure: { cause: "stopped", reason: "somebody has stopped its schedule" } },
      },
      2,
      [
        'runs again on 1 machine that failed ("b")',
        'starts again on 1 machine where somebody has stopped it ("c")',
        "stops when more than 1 of 8 fail, or one in wave 1",
        "at worst 3 machines have failed by the end of wave 3, 5 of wave 4",
      ],
    ],
    [
      "what was cut off",
      { check: { commandId: "c-1" } },
      {
        a: { check: "healthy" },
        b: {},
        c: { check: "running" },
        d: { run: "running" },
        ...each(["e", "f", "g", "h"], notReady()),
      },
      1,
      ["waits for 2 machines under way", 'checks 1 machine ("b")'],
    ],
  ])("%s", (_, policy, machines, attempt, words) => {
    expect(describeResumption(planOf(WAVES, policy), factsOf(machines, { attempt }))).toEqual(words);
  });

  it("machines that have left", () => {
    const leaving = [
      { invokeId: "t-1", instanceIds: ["x", "y"] },
      { invokeId: "t-2", instanceIds: ["y"] },
    ];
    expect(describeResumption(planOf(WAVES), factsOf(each(WAVES.flat(), {}), { leaving }))).toEqual([
      "stops what runs on 2 machines no longer of the fleet",
    ]);
  });
});

describe("the row", () => {
  const ids = idsOf(10);
  const plan = planOf([["a"], ids], { maxFailures: 3, check: { commandId: "c-1" } });
  const machines = (wave: number, isStopping = false): Wait => ({ for: "machines", wave, isStopping });
  const atMs = Date.UTC(2026, 10, 2, 3, 4, 5);

  test.each<[Record<string, Partial<MachineFacts>>, Wait, string]>([
    [{ a: { run: "running" } }, machines(1), "wave 1 of 2: 0 of 1 finished"],
    [{ a: { run: "failed" } }, machines(1, true), "stopping: waits for 0 machines, 1 failed (0 borne)"],
    [each(ids.slice(0, 4), {}), machines(2), "wave 2 of 2: 4 of 10 finished"],
    [
      { ...each(ids.slice(0, 4), {}), "i-5": { run: "failed" }, "i-6": { run: "running" } },
      machines(2),
      "wave 2 of 2: 5 of 10 finished, 1 failed (3 borne)",
    ],
    [
      { ...each(ids, { run: "failed" }), "i-1": { run: "gone" }, "i-2": { run: "running" } },
      machines(2, true),
      "stopping: waits for 1 machine, 8 failed (3 borne)",
    ],
    [
      { ...each(ids, { check: "healthy" }), "i-1": { check: "running" }, "i-2": { check: "failed" } },
      machines(2),
      "wave 2 of 2: 8 of 10 healthy, 1 being checked, 1 failed (3 borne)",
    ],
    [
      { ...each(ids, { check: "healthy" }), "i-1": { check: "notYet" } },
      { for: "check", wave: 2, untilMs: atMs },
      "wave 2 of 2: 1 of 10 not healthy yet, asks again at 03:04:05 UTC",
    ],
    [{ a: { check: "healthy" } }, { for: "rest", wave: 2, untilMs: atMs }, "wave 2 of 2 begins at 03:04:05 UTC"],
  ])("%# of a rollout", (facts, wait, words) => {
    expect(describeProgress(plan, factsOf(facts), wait, "Once")).toBe(words);
  });

  it("reads as the documents say", () => {
    const many = planOf([["a"], [], idsOf(400), ["z"]], { maxFailures: 5 });
    const facts = factsOf({
      ...each(idsOf(312), {}),
      ...each(idsOf(3), { run: "failed" }),
      ...each(["i-400"], { run: "running" }),
    });
    expect(describeProgress(many, facts, machines(3), "Once")).toBe(
      "wave 3 of 4: 312 of 400 finished, 3 failed (5 borne)",
    );
  });
});

test("a schedule does not finish", () => {
  const facts = factsOf({ a: {} });
  const wait: Wait = { for: "machines", wave: 1, isStopping: false };
  expect(describeProgress(planOf(WAVES), facts, wait, "Period")).toBe("wave 1 of 4: 1 of 1 scheduled");
});

describe("the end of a wave", () => {
  const plan = planOf(WAVES, { unready: "skip", maxFailures: 5 });

  test.each<[Record<string, Partial<MachineFacts>>, number, string]>([
    [{ a: {} }, 1, "wave 1 of 4 ended: 1 of 1 succeeded"],
    [{ b: {}, c: { run: "failed" }, d: {} }, 3, "wave 3 of 4 ended: 2 of 3 succeeded, 1 failed"],
    [
      { b: {}, c: { run: "failed" }, d: notReady() },
      3,
      "wave 3 of 4 ended: 1 of 3 succeeded, 1 failed, 1 skipped, since not ready",
    ],
    [{ b: {}, c: { run: "gone" }, d: {} }, 3, "wave 3 of 4 ended: 2 of 2 succeeded"],
  ])("%j", (machines, wave, words) => {
    const facts = factsOf(machines);
    expect(describeWaveEnd(plan, facts, wave)).toBe(words);
    expect(listEndedWaves(plan, facts)).toContain(wave);
  });

  it("is not there before its last machine", () => {
    expect(listEndedWaves(plan, factsOf({ a: {}, b: {}, c: {}, d: { run: "running" } }))).toEqual([1]);
  });
});

describe("reasons", () => {
  it("come by machines, the most frequent first, with the last lines of one", () => {
    const machines = {
      a: timedOut,
      ...each(["b", "c", "d"], failedRun({ output: "no space left\n" })),
      ...each(["e", "f"], failedCheck("502\n")),
      g: notReady(),
    };
    expect(describeReasons(["a", "b", "c", "d", "e", "f", "g"], factsOf(machines), false)).toEqual([
      '3 machines: "b", "c", "d": exited with code 1; last lines of "b":\n    no space left',
      '2 machines: at the check, "e", "f": exited with code 1; last lines of "e":\n    502',
      '"a": Timeout: it ran longer than its timeout and was ended; raise timeout, or look at why it takes so long',
      '"g": the instance is Stopped',
    ]);
  });

  it("name twelve machines each", () => {
    const [line] = describeReasons(idsOf(300), factsOf(each(idsOf(300), failedRun())), false);
    expect(line).toMatch(/^300 machines: "i-1", .*"i-12" and 288 more: exited with code 1$/);
  });

  it("are twelve at most", () => {
    const ids = idsOf(20);
    const facts = factsOf(Object.fromEntries(ids.map((id, i) => [id, notReady(`reason ${i}`)])));
    const lines = describeReasons(ids, facts, false);
    expect(lines).toHaveLength(13);
    expect(lines.at(-1)).toBe("and 8 more reasons, on 8 machines; failures in the state holds all of them");
  });

  it("show no output where an input is a secret", () => {
    const facts = factsOf({ a: failedRun({ output: "hunter2" }) });
    expect(describeReasons(["a"], facts, true)).toEqual([
      '"a": exited with code 1; the output is not shown, since an input is secret',
    ]);
  });
});

describe("a stop", () => {
  test.each<[string, Record<string, unknown>, Record<string, Partial<MachineFacts>>, number, string[]]>([
    [
      "in the first wave",
      { maxFailures: 2 },
      { a: failedRun() },
      1,
      [
        "stopped in wave 1 of 4: 1 of 1 machine of wave 1 has failed, and none is borne",
        '"a": exited with code 1',
        "held: 7 machines have not been started (3 of wave 3, 4 of wave 4)",
        "the next `pulumi up` runs again on the machine that failed, then goes on with the 7 that were held",
      ],
    ],
    [
      "when more failed than is borne",
      { maxFailures: 1 },
      { a: {}, b: failedRun(), c: failedRun(), d: {} },
      1,
      [
        "stopped in wave 3 of 4: 2 of 8 machines have failed, and at most 1 is borne",
        '2 machines: "b", "c": exited with code 1',
        "held: 4 machines have not been started (4 of wave 4)",
        "the next `pulumi up` runs again on the 2 machines that failed, wave by wave, then goes on with the 4 that were held",
      ],
    ],
    [
      "at the very end",
      { maxFailures: 1 },
      { ...each(WAVES.flat(), {}), g: failedRun(), h: notReady() },
      1,
      [
        "stopped in wave 4 of 4: 2 of 8 machines have failed, and at most 1 is borne",
        '"g": exited with code 1',
        '"h": the instance is Stopped',
        "the next `pulumi up` runs again on the 2 machines that failed",
      ],
    ],
    [
      "again, with failures that had no other turn",
      { unready: "skip" },
      { a: { ...notReady(), attempt: 2 }, b: { ...failedRun(), again: true }, c: { ...timedOut, attempt: 1 } },
      2,
      [
        "stopped in wave 3 of 4: 2 of 8 machines have failed, and none is borne",
        '"b": exited with code 1',
        '"c": Timeout: it ran longer than its timeout and was ended; raise timeout, or look at why it takes so long',
        'skipped: "a": the instance is Stopped; the next update that runs anything tries again',
        "held: 5 machines have not been started (1 of wave 3, 4 of wave 4)",
        "the next `pulumi up` runs again on the 2 machines that failed, wave by wave, then goes on with the 5 that were held",
      ],
    ],
    [
      "with failures beyond the pause alone",
      { through: 1 },
      { a: {}, b: { ...failedRun(), attempt: 1 } },
      2,
      [
        "stopped: 1 of 8 machines has failed, and none is borne",
        '"b": exited with code 1',
        "held: 6 machines have not been started (2 of wave 3, 4 of wave 4)",
        "raise through to 3: the next `pulumi up` runs again on the machine that failed, then goes on with the 2 held up to wave 3",
      ],
    ],
    [
      "with machines that are not healthy yet",
      { check: { commandId: "c-1", timeout: 60 } },
      { a: { ...failedCheck(""), check: "failed" }, b: { check: "notYet" } },
      1,
      [
        "stopped in wave 1 of 4: 1 of 8 machines has failed, and none is borne",
        'at the check, "a": exited with code 1',
        '1 machine is not healthy after 60 s: "b"; look at it, or raise the timeout of check; the next `pulumi up` asks again',
        "held: 6 machines have not been started (2 of wave 3, 4 of wave 4)",
        "the next `pulumi up` runs again on the machine that failed, then goes on with the 6 that were held",
      ],
    ],
  ])("%s", (_, policy, machines, attempt, lines) => {
    const said = describeStop(planOf(WAVES, policy), factsOf(machines, { attempt }), false);
    expect(said).toEqual(lines);
  });
});

describe("what did not stop it", () => {
  const plan = planOf(WAVES, { maxFailures: 2, unready: "skip", check: { commandId: "c-1", timeout: 60 } });

  it("is nothing where all is well", () => {
    expect(describeWarnings(plan, factsOf(each(WAVES.flat(), { check: "healthy" })), false)).toEqual([]);
  });

  it("is a warning with all of it", () => {
    const machines = {
      ...each(WAVES.flat(), { check: "healthy" as const }),
      b: failedRun({ output: "x\n" }),
      c: { check: "notYet" as const },
      d: { check: "notYet" as const },
      e: notReady(),
      f: notReady(),
    };
    expect(describeWarnings(plan, factsOf(machines), false)).toEqual([
      "1 of 8 machines has failed, and 2 are borne: nothing runs there again until something changes",
      '"b": exited with code 1; last lines of "b":\n    x',
      '2 machines are not healthy after 60 s: "c", "d"; look at them, or raise the timeout of check; the next `pulumi up` asks again',
      'skipped: "e", "f": the instance is Stopped; the next update that runs anything tries again',
    ]);
  });
});

test("a pause says where, and how to go on", () => {
  const facts = factsOf(each(["a", "b", "c", "d"], {}));
  expect(describePause(planOf(WAVES), facts, { status: "Paused", wave: 3, because: "through" })).toBe(
    "paused after wave 3 of 4: 4 machines are held; raise through to go on",
  );
  expect(describePause(planOf(WAVES), facts, { status: "Paused", wave: 3, because: "check" })).toBe(
    "paused in wave 3 of 4, since not all are healthy: 4 machines are held; the next `pulumi up` begins with the check",
  );
});

test("a failure that says no more has failed", () => {
  const failure: Failure = { cause: "run", reason: "failed in an earlier update" };
  expect(describeReasons(["a", "b"], factsOf({ a: { run: "failed", failure }, b: { run: "failed" } }), false)).toEqual([
    '"a": failed in an earlier update',
    '"b": failed',
  ]);
});
