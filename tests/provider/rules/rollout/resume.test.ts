import type { Failure } from "../../../../provider/rules/rollout/facts";
import { next } from "../../../../provider/rules/rollout/next";
import type { Plan } from "../../../../provider/rules/rollout/plan";
import type { RolloutRecord, RolloutStatus } from "../../../../provider/rules/rollout/record";
import { resumeRollout, STATUSES } from "../../../../provider/rules/rollout/resume";
import { factsOf, planOf } from "./fleet";

const WAVES = [["a"], ["b", "c"], ["d", "e", "f"]];

const recordOf = (standings: string, status: RolloutStatus, attempt = 1): RolloutRecord => ({
  generation: "g",
  status,
  attempt,
  fleet: 6,
  targets: [1, 2, "100%"],
  machines: WAVES.flat(),
  sizes: [1, 2, 3],
  standings,
  endedAtMs: 1_000,
});

const ran: Failure = { cause: "run", reason: "exited with code 1" };
const unhealthy: Failure = { cause: "check", reason: "the check: exited with code 1" };
const notReady: Failure = { cause: "notReady", reason: "the instance is not running" };

const known = (plan: Plan, record: RolloutRecord, failures?: Record<string, Failure>) => {
  const { attempt, machines, endedAtMs } = resumeRollout(plan, record, failures);
  return { attempt, endedAtMs, machines: Object.fromEntries(machines) };
};

test("nothing saved is the first attempt, of which nothing is known", () => {
  expect(resumeRollout(planOf(WAVES), undefined)).toEqual({ attempt: 1, machines: new Map() });
});

test("every standing is remembered as it was", () => {
  const failures = { b: ran, c: unhealthy };
  expect(known(planOf(WAVES, { maxFailures: 5 }), recordOf("1s2f1c1r1h", "Paused"), failures)).toEqual({
    attempt: 1,
    endedAtMs: 1_000,
    machines: {
      a: { attempt: 1, run: "succeeded", check: "healthy" },
      b: { attempt: 1, run: "failed", failure: ran },
      c: { attempt: 1, run: "succeeded", check: "failed", failure: unhealthy },
      d: { attempt: 1, run: "succeeded" },
      e: { attempt: 1, run: "running" },
    },
  });
});

test("a failure without a reason has failed all the same", () => {
  const { machines } = known(planOf(WAVES, { maxFailures: 5 }), recordOf("2s1f3h", "Paused"));
  expect(machines.c).toEqual({
    attempt: 1,
    run: "failed",
    failure: { cause: "run", reason: "failed in an earlier update" },
  });
});

// [what, policy, standings, status, attempt before, attempt now]
test.each<[string, Record<string, unknown>, string, RolloutStatus, number, number]>([
  ["after a stop another attempt begins", {}, "1s1f4h", "Stopped", 1, 2],
  ["and another", {}, "1s1f4h", "Stopped", 2, 3],
  ["also when more is borne now", { maxFailures: 5 }, "1s1f4h", "Stopped", 1, 2],
  ["a pause goes on in the same", {}, "3s3h", "Paused", 1, 1],
  ["with failures that are borne as well", { maxFailures: 1 }, "1s1f1s3h", "Paused", 2, 2],
  ["success stays success", { maxFailures: 1 }, "5s1f", "Succeeded", 1, 1],
  ["failures that are borne no more have another attempt", { maxFailures: 0 }, "5s1f", "Succeeded", 1, 2],
  ["in the first wave too", { maxFailures: 2, canaryFailures: 0 }, "1f5s", "Succeeded", 1, 2],
  ["machines that were skipped are no failures", { unready: "skip" }, "5s1k", "Succeeded", 1, 1],
  ["nor where they would be now, since they are tried", { unready: "fail" }, "5s1k", "Succeeded", 1, 1],
])("%s", (_, policy, standings, status, before, now) => {
  expect(resumeRollout(planOf(WAVES, policy), recordOf(standings, status, before)).attempt).toBe(now);
});

test("machines that failed run again after a stop, those that had no turn in the last attempt as well, and none else", () => {
  const plan = planOf(WAVES);
  const beginning = resumeRollout(plan, recordOf("1s1f1a3h", "Stopped", 2), { b: ran, c: ran });
  const step = next(plan, { ...factsOf({}), ...beginning }, 0);
  expect(beginning.attempt).toBe(3);
  expect(step.start.map(({ instanceIds }) => instanceIds)).toEqual([["b", "c"]]);
});

test("a machine that had no other turn before a pause has it after, in the same attempt", () => {
  const plan = planOf(WAVES, { maxFailures: 2, canaryFailures: 2 });
  const beginning = resumeRollout(plan, recordOf("1s1f1a3h", "Paused", 2), { b: ran, c: ran });
  expect(beginning.attempt).toBe(2);
  const step = next(plan, { ...factsOf({}), ...beginning }, 0);
  expect(step.start.map(({ instanceIds }) => instanceIds)).toEqual([["c"]]);
});

test("after a stop there is no rest before it goes on", () => {
  const record = recordOf("1s1f4h", "Stopped");
  expect(known(planOf(WAVES), record, { b: ran }).endedAtMs).toBeUndefined();
});

describe("machines that were skipped", () => {
  // [what, policy, standings, status, are they tried]
  test.each<[string, Record<string, unknown>, string, RolloutStatus, boolean]>([
    ["are tried when held ones go on", {}, "1s1k1s3h", "Paused", true],
    ["are tried when failed ones run again", {}, "1s1k1f3s", "Stopped", true],
    ["stay when nothing runs", {}, "1s1k4s", "Succeeded", false],
    ["stay when nothing runs up to the wave", { through: 2 }, "1s1k1s3h", "Paused", false],
    ["stay when failures are borne", { maxFailures: 1 }, "1s1k1f3s", "Succeeded", false],
  ])("%s", (_, policy, standings, status, isTried) => {
    const { machines } = known(planOf(WAVES, { unready: "skip", ...policy }), recordOf(standings, status), { c: ran });
    expect("b" in machines).toBe(!isTried);
  });

  it("are tried when a machine has joined", () => {
    const plan = planOf([...WAVES, ["x"]], { unready: "skip", waves: [1, 3, "100%"] });
    expect(known(plan, recordOf("1s1k4s", "Succeeded")).machines).not.toHaveProperty("b");
  });

  it("are tried where the program takes them for failures now", () => {
    const plan = planOf(WAVES);
    const step = next(plan, { ...factsOf({}), ...resumeRollout(plan, recordOf("5s1k", "Succeeded")) }, 0);
    expect(step.start.map(({ instanceIds }) => instanceIds)).toEqual([["f"]]);
  });
});

test("machines that were not ready are let go where the program skips them now", () => {
  const plan = planOf(WAVES, { unready: "skip" });
  const beginning = resumeRollout(plan, recordOf("1s1f1s3h", "Stopped"), { b: notReady });
  expect([...beginning.machines.keys()]).toEqual(["a", "c"]);
});

test("one that has left is remembered no more", () => {
  const plan = planOf([["a"], ["c"], ["d", "e", "f"]]);
  expect(Object.keys(known(plan, recordOf("1s1f1s3h", "Stopped")).machines)).toEqual(["a", "c"]);
});

test("each status says what it means, and what comes next", () => {
  expect(Object.keys(STATUSES)).toEqual(["Succeeded", "Paused", "Stopped"]);
});
