// What the seed makes: always the same, with every kind of cut in it, and never a machine that is wanted twice by one word.
import {
  applyEdit,
  type Boundary,
  type Cut,
  type Edit,
  INSTANCE_IDS,
  type Life,
  planLife,
  VICTIMS,
} from "../../../tools/chaos/plan";

const LIVES = Array.from({ length: 40 }, (_, number) => planLife(7, number));
const attemptsOf = ({ steps }: Life) => steps.flatMap(({ attempts }) => attempts);
const cuts = LIVES.flatMap((life) => [...attemptsOf(life).flatMap(({ cut }) => cut ?? []), ...life.destroyed]);

test("a life is made of seed and number alone", () => {
  expect(planLife(7, 3)).toEqual(planLife(7, 3));
  expect(planLife(7, 3)).not.toEqual(planLife(7, 4));
  expect(planLife(7, 3)).not.toEqual(planLife(8, 3));
});

test("every victim falls, at calls and saves, before and after them, a third of them without checkpoints", () => {
  const kinds = (of: (cut: Cut) => string) => [...new Set(cuts.map(of))].sort();
  expect(kinds(({ victim }) => victim)).toEqual([...VICTIMS].sort());
  expect(kinds(({ boundary: { of, side } }: { boundary: Boundary }) => `${side} ${of}`)).toEqual([
    "after call",
    "after save",
    "before call",
    "before save",
  ]);
  const share = cuts.filter(({ skipsCheckpoints }) => skipsCheckpoints).length / cuts.length;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.5);
});

test("a word never comes back, nor does a machine to the word that it has left", () => {
  for (const life of LIVES) {
    const goals = life.steps.flatMap(({ attempts, goal }) => [...attempts.map((attempt) => attempt.goal), goal]);
    const gone = new Set<string>();
    let before: string[] = [];
    for (const { once } of goals) {
      const now = (once?.instanceIds ?? []).map((instanceId) => `${once?.word} on ${instanceId}`);
      for (const run of before) if (!now.includes(run)) gone.add(run);
      expect(now.filter((run) => gone.has(run))).toEqual([]);
      before = now;
    }
  }
});

test("whatever may live on unseen is followed by an update that asks the service", () => {
  for (const { steps } of LIVES)
    steps.reduce((last, { goal }) => {
      if (goal.nightly === undefined || goal.once === undefined) expect(goal.beat.word).not.toBe(last);
      return goal.beat.word;
    }, "beat-0");
});

const DRAFT = ["rerun", "frequency"].reduce<Parameters<typeof applyEdit>[0]>(
  (draft, edit) => applyEdit(draft, edit as Edit),
  {
    goal: { beat: { word: "beat-0", instanceIds: ["i-a"] } },
    words: 0,
    used: [],
  },
);

test.each<[Edit, object]>([
  ["rerun", { once: { word: "run-3", instanceIds: ["i-a", "i-b"] } }],
  ["flaky", { once: { word: "flaky-3", instanceIds: ["i-a", "i-b"] } }],
  ["slow", { once: { word: "slow-3", instanceIds: ["i-a", "i-b"] } }],
  ["join", { once: { word: "run-1", instanceIds: ["i-a", "i-b", "i-c"] } }],
  ["leave", { once: { word: "run-1", instanceIds: ["i-b"] } }],
  ["frequency", { nightly: { frequency: "0 3 2 * * ? Asia/Shanghai" } }],
  ["respell", { nightly: { frequency: "0 2 2 ? * * Asia/Shanghai" } }],
  ["parameters", { nightly: { word: "every-3" } }],
  ["tags", { nightly: { tags: { version: "3" } } }],
  ["timeout", { nightly: { timeout: 63 } }],
  ["nightly join", { nightly: { instanceIds: ["i-a", "i-b", "i-c"] } }],
  ["nightly leave", { nightly: { instanceIds: ["i-a"] } }],
])("%s", (edit, expected) => {
  expect(applyEdit(DRAFT, edit).goal).toMatchObject(expected);
});

test("what is removed is gone, and the next edit declares it anew", () => {
  const without = applyEdit(applyEdit(DRAFT, "remove once"), "remove nightly");
  expect(Object.keys(without.goal)).toEqual(["beat"]);
  expect(applyEdit(without, "leave").goal.once).toEqual({ word: "run-5", instanceIds: ["i-a", "i-b"] });
  expect(applyEdit(without, "respell").goal.nightly).toMatchObject({ instanceIds: ["i-a", "i-b"] });
});

test("when no machine is left to join, it runs anew", () => {
  const joined = INSTANCE_IDS.slice(2).reduce((draft) => applyEdit(draft, "join"), DRAFT);
  expect(joined.goal.once?.instanceIds).toEqual(INSTANCE_IDS);
  expect(applyEdit(joined, "join").goal.once?.word).toBe("run-6");
});
