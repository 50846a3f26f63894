import { formatRolloutOutputs } from "../../../../provider/rules/rollout/outputs";
import { factsOf, planOf } from "./fleet";

const failure = { cause: "run" as const, reason: "exited with code 1" };

test("counts, and the machines that failed in the order of the plan", () => {
  const plan = planOf([["a"], [], ["d", "c", "b", "x"], ["e", "f"], ["g"]], { unready: "skip" });
  const facts = factsOf(
    {
      a: {},
      b: { run: "failed", failure },
      c: { run: "notReady" },
      d: { run: "failed", attempt: 1, failure },
      x: { run: "gone" },
      e: { run: "running" },
    },
    { attempt: 2 },
  );
  expect(formatRolloutOutputs(plan, facts)).toEqual({
    waveResults: [
      { machines: 1, succeeded: 1, failed: 0, skipped: 0, state: "ended" },
      { machines: 0, succeeded: 0, failed: 0, skipped: 0, state: "ended" },
      { machines: 3, succeeded: 0, failed: 2, skipped: 1, state: "running" },
      { machines: 2, succeeded: 0, failed: 0, skipped: 0, state: "running" },
      { machines: 1, succeeded: 0, failed: 0, skipped: 0, state: "held" },
    ],
    succeeded: 1,
    total: 7,
    held: 2,
    failures: { d: failure, b: failure },
  });
  expect(Object.keys(formatRolloutOutputs(plan, facts).failures)).toEqual(["d", "b"]);
});

test("a fleet of none has succeeded", () => {
  expect(formatRolloutOutputs(planOf([[]]), factsOf({}))).toEqual({
    waveResults: [{ machines: 0, succeeded: 0, failed: 0, skipped: 0, state: "ended" }],
    succeeded: 0,
    total: 0,
    held: 0,
    failures: {},
  });
});
