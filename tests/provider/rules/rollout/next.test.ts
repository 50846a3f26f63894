import type { Facts, MachineFacts } from "../../../../provider/rules/rollout/facts";
import { next, type Step } from "../../../../provider/rules/rollout/next";
import type { Plan } from "../../../../provider/rules/rollout/plan";
import { each, factsOf, idsOf, planOf } from "./fleet";

type Machines = Record<string, Partial<MachineFacts>>;

const step = (plan: Plan, machines: Machines, nowMs = 0, facts: Partial<Facts> = {}): Step =>
  next(plan, factsOf(machines, facts), nowMs);

/** `run w2.1 a1: b c`. */
const starts = ({ start }: Step): string[] =>
  start.map(
    ({ shard: { kind, wave, shard, attempt }, instanceIds }) =>
      `${kind} w${wave}.${shard} a${attempt}: ${instanceIds.join(" ")}`,
  );

const run = (state: MachineFacts["run"]): Partial<MachineFacts> => ({ run: state });
const ok = run("succeeded");
const failed = run("failed");
const running = run("running");

const WAVES = [["a"], [], ["b", "c"], ["d", "e", "f"]];

// [what, policy, machines, attempt, what starts, what is waited for or comes out]
test.each<[string, Record<string, unknown>, Machines, number, string[], string]>([
  ["the first wave begins", {}, {}, 1, ["run w1.1 a1: a"], "machines 1"],
  ["and is waited for", {}, { a: running }, 1, [], "machines 1"],
  ["an empty wave is passed", {}, { a: ok }, 1, ["run w3.1 a1: b c"], "machines 3"],
  ["a wave that has begun is filled up", {}, { a: ok, b: running }, 1, ["run w3.1 a1: c"], "machines 3"],
  ["no wave begins before all of the one before has ended", {}, { a: ok, b: ok, c: running }, 1, [], "machines 3"],
  ["the last wave begins", {}, { a: ok, b: ok, c: ok }, 1, ["run w4.1 a1: d e f"], "machines 4"],
  ["when all have had their turn it has succeeded", {}, each(WAVES.flat(), ok), 1, [], "Succeeded"],
  ["a failure in the first wave stops it", {}, { a: failed }, 1, [], "Stopped"],
  ["whatever is borne in all", { maxFailures: 5 }, { a: failed }, 1, [], "Stopped"],
  [
    "unless it is borne there",
    { maxFailures: 5, canaryFailures: 1 },
    { a: failed },
    1,
    ["run w3.1 a1: b c"],
    "machines 3",
  ],
  ["after a stop what is under way is waited for", {}, { a: ok, b: failed, c: running }, 1, [], "stopping 3"],
  ["and nothing else starts", {}, { a: ok, b: failed }, 1, [], "Stopped"],
  [
    "as many as are borne stop nothing",
    { maxFailures: 2 },
    { a: ok, b: failed, c: failed },
    1,
    ["run w4.1 a1: d e f"],
    "machines 4",
  ],
  ["one more does", { maxFailures: 2 }, { a: ok, b: failed, c: failed, d: failed, e: running }, 1, [], "stopping 4"],
  [
    "failures that are borne are no stop at the end",
    { maxFailures: 2 },
    { ...each(WAVES.flat(), ok), d: failed },
    1,
    [],
    "Succeeded",
  ],
  ["a machine that is not ready has failed", {}, { a: run("notReady") }, 1, [], "Stopped"],
  ["or is passed", { unready: "skip" }, { a: run("notReady") }, 1, ["run w3.1 a1: b c"], "machines 3"],
  ["one that is gone is passed", {}, { a: run("gone") }, 1, ["run w3.1 a1: b c"], "machines 3"],
  ["a fleet that is gone has succeeded", {}, each(WAVES.flat(), run("gone")), 1, [], "Succeeded"],
  ["through a wave it goes", { through: 3 }, { a: ok, b: ok }, 1, ["run w3.1 a1: c"], "machines 3"],
  ["and pauses", { through: 3 }, { a: ok, b: ok, c: ok }, 1, [], "Paused 3 through"],
  ["an empty wave to stop after is as good as the one before", { through: 2 }, { a: ok }, 1, [], "Paused 2 through"],
  ["when no wave is left there is no pause", { through: 3 }, each(WAVES.flat(), ok), 1, [], "Succeeded"],
  [
    "what an earlier update let run beyond it is waited for",
    { through: 1 },
    { a: ok, b: running },
    1,
    [],
    "machines 3",
  ],
  // Attempts. In facts, the attempt of a machine is that of the update unless it says otherwise.
  [
    "what failed runs again first",
    {},
    { a: { ...ok, attempt: 1 }, b: { ...ok, attempt: 1 }, c: { ...failed, attempt: 1 } },
    2,
    ["run w3.1 a2: c"],
    "machines 3",
  ],
  [
    "wave by wave",
    { maxFailures: 9, canaryFailures: 1 },
    { a: { ...failed, attempt: 1 }, c: { ...failed, attempt: 1 } },
    2,
    ["run w1.1 a2: a"],
    "machines 1",
  ],
  [
    "each wave to its end",
    { maxFailures: 9, canaryFailures: 1 },
    { a: { ...running, again: true }, c: { ...failed, attempt: 1 } },
    2,
    [],
    "machines 1",
  ],
  [
    "before what was held, also of the same wave",
    {},
    { a: { ...ok, attempt: 1 }, b: { ...running, again: true } },
    2,
    [],
    "machines 3",
  ],
  [
    "then what was held goes on",
    {},
    { a: { ...ok, attempt: 1 }, b: { ...ok, again: true } },
    2,
    ["run w3.1 a2: c"],
    "machines 3",
  ],
  [
    "a success gives its budget back",
    { maxFailures: 1 },
    { a: ok, b: { ...ok, again: true }, c: { ...failed, again: true } },
    2,
    ["run w4.1 a2: d e f"],
    "machines 4",
  ],
  [
    "failing again stops it again",
    {},
    { a: ok, b: { ...failed, again: true }, c: { ...failed, attempt: 1 } },
    2,
    [],
    "Stopped",
  ],
  [
    "failures that have no turn up to the pause are too many still",
    { through: 1 },
    { a: ok, b: { ...failed, attempt: 1 } },
    2,
    [],
    "Stopped",
  ],
  ["or are borne", { through: 1, maxFailures: 1 }, { a: ok, b: { ...failed, attempt: 1 } }, 2, [], "Paused 1 through"],
])("%s", (_, policy, machines, attempt, expected, outcome) => {
  const taken = step(planOf(WAVES, policy), machines, 0, { attempt });
  expect(starts(taken)).toEqual(expected);
  expect(describeOutcome(taken)).toBe(outcome);
});

function describeOutcome({ wait, verdict }: Step): string {
  if (verdict) return verdict.status === "Paused" ? `Paused ${verdict.wave} ${verdict.because}` : verdict.status;
  if (wait?.for === "machines") return `${wait.isStopping ? "stopping" : "machines"} ${wait.wave}`;
  return `${wait?.for} ${wait?.wave} until ${wait?.untilMs}`;
}

describe("invocations", () => {
  const large = planOf([idsOf(250)]);

  it("name at most 100 machines each", () => {
    const { start } = step(large, {});
    expect(start.map(({ instanceIds, shard }) => [shard.shard, instanceIds.length])).toEqual([
      [1, 100],
      [2, 100],
      [3, 50],
    ]);
    expect(start.flatMap(({ instanceIds }) => instanceIds)).toEqual(idsOf(250));
  });

  it("are numbered on from those that there are", () => {
    const shards = new Map([
      ["run.w1.a1", 2],
      ["check.w1.a1", 7],
      ["run.w1.a2", 5],
    ]);
    expect(step(large, each(idsOf(200), running), 0, { shards }).start.map(({ shard }) => shard.shard)).toEqual([3]);
  });
});

// [concurrency, running, started]
test.each([
  [3, 0, 3],
  [3, 1, 2],
  [3, 3, 0],
  [3, 4, 0],
  ["25%", 0, 2],
  ["1%", 0, 1],
])("with a concurrency of %p and %i running, %i start", (concurrency, count, started) => {
  const ids = idsOf(10);
  const { start } = step(planOf([ids], { concurrency }), each(ids.slice(0, count), running));
  expect(start.flatMap(({ instanceIds }) => instanceIds)).toHaveLength(started);
});

// [borne, failed, running, run well, started]
test.each([
  [0, 0, 0, 0, 1],
  [0, 0, 1, 0, 0],
  [0, 0, 0, 5, 1],
  [2, 0, 0, 0, 3],
  [2, 1, 0, 0, 2],
  [2, 1, 1, 0, 1],
  [2, 2, 0, 0, 1],
  [2, 2, 1, 0, 0],
])(
  "strict, with %i borne, %i failed and %i running, after %i that ran well, %i more start",
  (borne, f, r, s, started) => {
    const ids = idsOf(20);
    const machines = {
      ...each(ids.slice(0, f), failed),
      ...each(ids.slice(f, f + r), running),
      ...each(ids.slice(f + r, f + r + s), ok),
    };
    const { start } = step(planOf([ids], { maxFailures: borne, strict: true }), machines);
    expect(start.flatMap(({ instanceIds }) => instanceIds)).toHaveLength(started);
  },
);

test("strict in the first wave keeps to what is borne there", () => {
  const plan = planOf([idsOf(5), ["x"]], { waves: [5, "100%"], maxFailures: 3, canaryFailures: 1, strict: true });
  expect(starts(step(plan, {}))).toEqual(["run w1.1 a1: i-1 i-2"]);
});

describe("a rest between waves", () => {
  const plan = planOf(WAVES, { pauseSeconds: 60, maxFailures: 5, canaryFailures: 1 });
  const ended = { ...ok, endedAtMs: 10_000 };

  test.each<[string, Machines, number, Partial<Facts>, string[], string]>([
    ["comes before a wave begins", { a: ended }, 69_999, {}, [], "rest 3 until 70000"],
    ["and is over then", { a: ended }, 70_000, {}, ["run w3.1 a1: b c"], "machines 3"],
    ["comes not in a wave", { a: ended, b: running }, 11_000, {}, ["run w3.1 a1: c"], "machines 3"],
    ["not before the first wave", {}, 0, {}, ["run w1.1 a1: a"], "machines 1"],
    [
      "counts from the last end",
      { a: ended, b: ended, c: { ...ok, endedAtMs: 20_000 } },
      75_000,
      {},
      [],
      "rest 4 until 80000",
    ],
    [
      "from that of a wave of which the state alone tells",
      { a: ok },
      11_000,
      { endedAtMs: 5_000 },
      [],
      "rest 3 until 65000",
    ],
    [
      "nothing has ended before a wave whose machines are gone",
      { a: run("gone") },
      0,
      {},
      ["run w3.1 a1: b c"],
      "machines 3",
    ],
    [
      "comes between waves that run again",
      { a: { ...ended, again: true }, b: { ...failed, attempt: 1 } },
      11_000,
      { attempt: 2 },
      [],
      "rest 3 until 70000",
    ],
    [
      "and before what was held",
      { a: ok, b: { ...ended, again: true } },
      11_000,
      { attempt: 2 },
      [],
      "rest 3 until 70000",
    ],
    [
      "not after a stop",
      { a: { ...ok, attempt: 1, endedAtMs: 1 }, b: { ...failed, attempt: 1, endedAtMs: 10_000 } },
      11_000,
      { attempt: 2 },
      ["run w3.1 a2: b"],
      "machines 3",
    ],
    ["not at the end", each(WAVES.flat(), ended), 11_000, {}, [], "Succeeded"],
  ])("%s", (_, machines, nowMs, facts, expected, outcome) => {
    const taken = step(plan, machines, nowMs, facts);
    expect(starts(taken)).toEqual(expected);
    expect(describeOutcome(taken)).toBe(outcome);
  });
});

describe("a check", () => {
  const policy = { check: { commandId: "c-1", timeout: 40 }, maxFailures: 1, canaryFailures: 1 };
  const healthy: Partial<MachineFacts> = { ...ok, check: "healthy" };
  const checking: Partial<MachineFacts> = { ...ok, check: "running" };
  const asked = (firstAskedAtMs: number, lastAskedAtMs: number): Partial<MachineFacts> => ({
    ...ok,
    check: "notYet",
    firstAskedAtMs,
    lastAskedAtMs,
  });
  const unhealthy: Partial<MachineFacts> = { ...ok, check: "failed" };

  test.each<[string, Machines, number, Partial<Facts>, string[], string]>([
    ["comes after the wave", { a: ok }, 0, {}, ["check w1.1 a1: a"], "machines 1"],
    ["not before all have run", { a: healthy, b: ok, c: running }, 0, {}, [], "machines 3"],
    ["not of a machine that failed", { a: healthy, b: ok, c: failed }, 0, {}, ["check w3.1 a1: b"], "machines 3"],
    ["is waited for", { a: checking }, 0, {}, [], "machines 1"],
    ["lets the next wave begin", { a: healthy }, 0, {}, ["run w3.1 a1: b c"], "machines 3"],
    ["that fails is a failure", { a: unhealthy, b: unhealthy, c: checking }, 0, {}, [], "stopping 3"],
    ["and stops the rollout", { a: unhealthy, b: unhealthy }, 0, {}, [], "Stopped"],
    ["or is borne", { a: unhealthy }, 0, {}, ["run w3.1 a1: b c"], "machines 3"],
    ["that says not yet is asked again after 15 s", { a: asked(0, 0) }, 14_999, {}, [], "check 1 until 15000"],
    [
      "and is",
      { a: asked(0, 0) },
      15_000,
      { shards: new Map([["check.w1.a1", 1]]) },
      ["check w1.2 a1: a"],
      "machines 1",
    ],
    ["alone", { a: healthy, b: asked(0, 0), c: healthy }, 15_000, {}, ["check w3.1 a1: b"], "machines 3"],
    [
      "when its time has come",
      { a: healthy, b: asked(0, 0), c: asked(0, 10_000) },
      15_000,
      {},
      ["check w3.1 a1: b"],
      "machines 3",
    ],
    ["the last time at the end of its timeout", { a: asked(0, 30_000) }, 39_999, {}, [], "check 1 until 40000"],
    ["and is, once", { a: asked(0, 30_000) }, 40_000, {}, ["check w1.1 a1: a"], "machines 1"],
    ["then the rollout pauses", { a: asked(0, 40_000) }, 40_000, {}, [], "Paused 1 check"],
    ["also when it was asked late", { a: asked(0, 30_000) }, 99_000, {}, ["check w1.1 a1: a"], "machines 1"],
    [
      "not before the others have answered",
      { a: healthy, b: asked(0, 40_000), c: checking },
      40_000,
      {},
      [],
      "machines 3",
    ],
    [
      "nor while others are to be asked again",
      { a: healthy, b: asked(0, 40_000), c: asked(5_000, 35_000) },
      41_000,
      {},
      [],
      "check 3 until 45000",
    ],
    [
      "too many failures stop it all the same",
      { a: unhealthy, b: asked(0, 40_000), c: unhealthy },
      40_000,
      {},
      [],
      "Stopped",
    ],
    [
      "so do those of an earlier attempt that have had no other turn",
      { a: { ...asked(0, 40_000), again: true }, b: { ...failed, attempt: 1 }, c: { ...failed, attempt: 1 } },
      40_000,
      { attempt: 2 },
      [],
      "Stopped",
    ],
    [
      "is what the update after a pause begins with",
      { a: { ...ok, attempt: 1 } },
      0,
      {},
      ["check w1.1 a1: a"],
      "machines 1",
    ],
    ["comes before the rest", { a: ok, b: ok, c: ok }, 0, { endedAtMs: 0 }, ["check w1.1 a1: a"], "machines 1"],
  ])("%s", (_, machines, nowMs, facts, expected, outcome) => {
    const taken = step(planOf(WAVES, policy), machines, nowMs, facts);
    expect(starts(taken)).toEqual(expected);
    expect(describeOutcome(taken)).toBe(outcome);
  });

  it("of many machines is asked in several invocations", () => {
    const plan = planOf([idsOf(150)], policy);
    expect(step(plan, each(idsOf(150), ok)).start.map(({ instanceIds }) => instanceIds.length)).toEqual([100, 50]);
  });

  it("comes after each part of a wave when strict, since an unchecked machine may still fail", () => {
    const plan = planOf([idsOf(9)], { ...policy, strict: true });
    const two = step(plan, {});
    expect(starts(two)).toEqual(["run w1.1 a1: i-1 i-2"]);
    expect(starts(step(plan, { "i-1": ok, "i-2": running }))).toEqual([]);
    expect(starts(step(plan, { "i-1": ok, "i-2": ok }))).toEqual(["check w1.1 a1: i-1 i-2"]);
    expect(starts(step(plan, { "i-1": healthy, "i-2": checking }))).toEqual(["run w1.1 a1: i-3"]);
    expect(starts(step(plan, { "i-1": healthy, "i-2": unhealthy }))).toEqual(["run w1.1 a1: i-3"]);
  });

  it("with a concurrency still comes after the whole wave", () => {
    const plan = planOf([idsOf(4)], { ...policy, concurrency: 2 });
    expect(starts(step(plan, each(idsOf(2), ok)))).toEqual(["run w1.1 a1: i-3 i-4"]);
  });
});

describe("the generation before", () => {
  const predecessors = new Map([
    ["a", "t-1"],
    ["b", "t-2"],
    ["c", "t-2"],
    ["d", "t-3"],
    ["f", "t-4"],
  ]);
  const plan = planOf(WAVES);

  it("is stopped on the machines of a wave before they start", () => {
    const { start } = step(plan, { a: ok, b: ok, c: ok }, 0, { predecessors });
    expect(start).toEqual([
      {
        shard: { kind: "run", wave: 4, shard: 1, attempt: 1 },
        instanceIds: ["d", "e", "f"],
        stopFirst: [
          { invokeId: "t-3", instanceIds: ["d"] },
          { invokeId: "t-4", instanceIds: ["f"] },
        ],
      },
    ]);
  });

  it("is changed in place, each invocation once and as a whole", () => {
    const { start } = step(plan, { a: ok, b: ok, c: ok }, 0, { predecessors, isInPlace: true });
    expect(start.map(({ instanceIds, change, stopFirst }) => [change, instanceIds, stopFirst])).toEqual([
      ["t-3", ["d"], []],
      [undefined, ["e"], []],
      ["t-4", ["f"], []],
    ]);
  });

  it("is changed as a whole although less is allowed at a time, but then alone", () => {
    const some = planOf([idsOf(5)], { concurrency: 2 });
    const both = new Map(idsOf(5).map((id, i) => [id, i < 3 ? "t-1" : "t-2"]));
    const facts = { predecessors: both, isInPlace: true };
    expect(step(some, {}, 0, facts).start.map(({ change }) => change)).toEqual(["t-1"]);
    expect(step(some, each(idsOf(3), running), 0, facts).start).toEqual([]);
    expect(step(some, each(idsOf(3), ok), 0, facts).start.map(({ change }) => change)).toEqual(["t-2"]);
  });

  it("is replaced where a change in place had failed", () => {
    const machines: Machines = { a: ok, b: { ...failed, attempt: 1 }, c: { ...ok, attempt: 1 } };
    const { start } = step(plan, machines, 0, { attempt: 2, predecessors, isInPlace: true });
    expect(start).toEqual([
      expect.objectContaining({ instanceIds: ["b"], stopFirst: [{ invokeId: "t-2", instanceIds: ["b"] }] }),
    ]);
    expect(start[0]).not.toHaveProperty("change");
  });
});

test("what runs on machines that have left is stopped, whatever else is to do", () => {
  const leaving = [{ invokeId: "t-9", instanceIds: ["x"] }];
  for (const machines of [{}, { a: running }, { a: failed }, each(WAVES.flat(), ok)])
    expect(step(planOf(WAVES), machines, 0, { leaving }).stop).toEqual(leaving);
});
