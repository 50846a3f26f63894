import type { MachineFacts } from "../../../../provider/rules/rollout/facts";
import {
  isAgain,
  isOpen,
  judgeMachine,
  membersOf,
  STANDINGS,
  type Standing,
  surveyPlan,
} from "../../../../provider/rules/rollout/standing";
import { factsOf, planOf } from "./fleet";

const checked = { check: { commandId: "c-1" } };

// [machine, policy, standing in attempt 2]
test.each<[Partial<MachineFacts> | undefined, Record<string, unknown>, Standing]>([
  [undefined, {}, "held"],
  [{ run: "running" }, {}, "running"],
  [{ run: "running", attempt: 1 }, {}, "running"],
  [{ run: "gone" }, {}, "gone"],
  [{ run: "succeeded" }, {}, "succeeded"],
  [{ run: "succeeded", attempt: 1 }, {}, "succeeded"],
  [{ run: "succeeded", check: "failed" }, {}, "failed"],
  [{ run: "succeeded" }, checked, "unchecked"],
  [{ run: "succeeded", check: "running" }, checked, "checking"],
  [{ run: "succeeded", check: "notYet" }, checked, "notYet"],
  [{ run: "succeeded", check: "healthy" }, checked, "succeeded"],
  [{ run: "succeeded", check: "failed" }, checked, "failed"],
  [{ run: "succeeded", check: "failed", attempt: 1 }, checked, "again"],
  [{ run: "failed" }, {}, "failed"],
  [{ run: "failed", attempt: 1 }, {}, "again"],
  [{ run: "notReady" }, {}, "failed"],
  [{ run: "notReady", attempt: 1 }, {}, "again"],
  [{ run: "notReady" }, { unready: "skip" }, "skipped"],
  [{ run: "notReady", attempt: 1 }, { unready: "skip" }, "skipped"],
])("%j with %j is %s", (machine, policy, standing) => {
  const facts = machine && ({ attempt: 2, run: "running", ...machine } as MachineFacts);
  expect(judgeMachine(facts, planOf([["a"]], policy), 2)).toBe(standing);
});

test("what is open has something before it", () => {
  expect((Object.keys(STANDINGS) as Standing[]).filter(isOpen)).toEqual([
    "held",
    "again",
    "running",
    "unchecked",
    "checking",
    "notYet",
  ]);
});

test("a machine that failed before stays one of those that run again while it does", () => {
  expect(isAgain({ attempt: 1, run: "failed" }, "again")).toBe(true);
  expect(isAgain({ attempt: 2, run: "running", again: true }, "running")).toBe(true);
  expect(isAgain({ attempt: 2, run: "running" }, "running")).toBe(false);
  expect(isAgain(undefined, "held")).toBe(false);
});

test("a survey counts each wave and all", () => {
  const plan = planOf([["a"], ["b", "c", "d"], ["e", "f"]], { maxFailures: 1 });
  const facts = factsOf(
    {
      a: { endedAtMs: 1_000 },
      b: { run: "failed", endedAtMs: 3_000 },
      c: { run: "running", again: true },
      d: { run: "failed", attempt: 1, endedAtMs: 9_000 },
      e: { run: "gone" },
    },
    { attempt: 2, endedAtMs: 2_000 },
  );
  const survey = surveyPlan(plan, facts);
  expect(survey.waves.map(({ open, openAgain }) => [open, openAgain])).toEqual([
    [0, 0],
    [0, 2],
    [1, 0],
  ]);
  expect(survey.total).toMatchObject({ succeeded: 1, failed: 1, running: 1, again: 1, gone: 1, held: 1 });
  expect(membersOf(survey.total)).toBe(5);
  // Of an earlier attempt nothing is rested from.
  expect(survey.endedAtMs).toBe(3_000);
});

// [failed in wave 1, in wave 2, exceeded]
test.each([
  [0, 2, false],
  [0, 3, true],
  [1, 0, false],
  [1, 1, false],
  [2, 0, true],
])("%i failures in the first wave and %i after it", (first, second, exceeded) => {
  const plan = planOf(
    [
      ["a", "b"],
      ["c", "d", "e"],
    ],
    { waves: [2, "100%"], maxFailures: 2, canaryFailures: 1 },
  );
  const failed = [...["a", "b"].slice(0, first), ...["c", "d", "e"].slice(0, second)];
  const facts = factsOf(Object.fromEntries(failed.map((id) => [id, { run: "failed" as const }])));
  expect(surveyPlan(plan, facts).isExceeded).toBe(exceeded);
});

test("a failure of an earlier attempt is none that counts: it has another turn", () => {
  const plan = planOf([["a"], ["b"]]);
  expect(surveyPlan(plan, factsOf({ a: { run: "failed", attempt: 1 } }, { attempt: 2 })).isExceeded).toBe(false);
});
