import { findSideBySide, judgeRuns, judgeSchedules, type LiveSchedule } from "../../../tools/chaos/judge";
import type { Goal, Schedule } from "../../../tools/chaos/plan";

const goal = (word: string, ...instanceIds: string[]): Goal => ({
  once: { word, instanceIds },
  beat: { word: "beat-0", instanceIds: ["i-a"] },
});
const BEAT = { "beat-0": { "i-a": 1 } };

describe("runs", () => {
  test("each once where an update succeeded; none or one where it was cut off", () => {
    const tried = [goal("run-1", "i-a"), goal("run-2", "i-a", "i-b")];
    const settled = [goal("run-2", "i-a", "i-b")];
    for (const first of [{}, { "run-1": { "i-a": 1 } }])
      expect(judgeRuns(tried, settled, { ...BEAT, ...first, "run-2": { "i-a": 1, "i-b": 1 } })).toEqual([]);
  });

  test("a machine on which it fails runs it a second time", () => {
    const flaky = [goal("flaky-1", "i-a", "i-b")];
    expect(judgeRuns(flaky, flaky, { ...BEAT, "flaky-1": { "i-a": 1, "i-b": 2 } })).toEqual([]);
    expect(judgeRuns(flaky, flaky, { ...BEAT, "flaky-1": { "i-a": 2, "i-b": 1 } })).toEqual([
      '"flaky-1" ran 2 times on i-a, at most 1 wanted: too many',
      '"flaky-1" ran 1 times on i-b, 2 wanted: too few',
    ]);
  });

  test("a machine that joined counts from then on", () => {
    const tried = [goal("run-1", "i-a"), goal("run-1", "i-a", "i-b")];
    expect(judgeRuns(tried, tried, { ...BEAT, "run-1": { "i-a": 1 } })).toEqual([
      '"run-1" ran 0 times on i-b, 1 wanted: too few',
    ]);
  });

  test("a word that nobody asked for, or a machine that nobody named, is too many", () => {
    const tried = [goal("run-1", "i-a")];
    expect(judgeRuns(tried, tried, { ...BEAT, "run-1": { "i-a": 1, "i-c": 1 }, other: { "i-a": 1 } })).toEqual([
      '"other" ran 1 times on i-a, at most 0 wanted: too many',
      '"run-1" ran 1 times on i-c, at most 0 wanted: too many',
    ]);
  });
});

const NIGHTLY: Schedule = {
  frequency: "0 1 2 * * ? Asia/Shanghai",
  word: "every",
  timeout: 60,
  tags: {},
  instanceIds: ["i-a", "i-b"],
};
const LIVE: LiveSchedule = { ...NIGHTLY, invokeId: "t-1", frequency: "0 1 2 ? * * Asia/Shanghai" };

describe("schedules", () => {
  test("one, as it is declared by its meaning, or several that share the machines", () => {
    expect(judgeSchedules(NIGHTLY, [LIVE], ["t-1"])).toEqual([]);
    const shared = [
      { ...LIVE, instanceIds: ["i-a"] },
      { ...LIVE, invokeId: "t-2", instanceIds: ["i-b"] },
    ];
    expect(judgeSchedules(NIGHTLY, shared, ["t-1", "t-2"])).toEqual([]);
    expect(judgeSchedules(undefined, [], [])).toEqual([]);
  });

  test.each<[string, Schedule | undefined, LiveSchedule[], string[]]>([
    ["in no state", NIGHTLY, [{ ...LIVE, invokeId: "t-9" }], ["schedule t-9 is in no state"]],
    ["gone", NIGHTLY, [], ["schedules are live on nothing, wanted on i-a,i-b"]],
    ["removed, and live", undefined, [LIVE], ["schedules are live on i-a,i-b, wanted on nothing"]],
    ["twice", NIGHTLY, [LIVE, LIVE], ["schedules are live on i-a,i-a,i-b,i-b, wanted on i-a,i-b"]],
    [
      "at another time",
      NIGHTLY,
      [{ ...LIVE, frequency: "0 2 2 * * ? Asia/Shanghai" }],
      ["schedule t-1 has frequency 0 2 2 * * ? Asia/Shanghai, wanted 0 1 2 * * ? Asia/Shanghai"],
    ],
    ["with another word", NIGHTLY, [{ ...LIVE, word: "never" }], ["schedule t-1 has word never, wanted every"]],
    [
      "with another tag",
      { ...NIGHTLY, tags: { version: "2" } },
      [{ ...LIVE, tags: { version: "1" } }],
      ["schedule t-1 has tag 1, wanted 2"],
    ],
  ])("%s", (_, nightly, live, complaints) => {
    expect(judgeSchedules(nightly, live, ["t-1"])).toEqual(complaints);
  });

  test("two on one machine run side by side", () => {
    const other = { ...LIVE, invokeId: "t-2", instanceIds: ["i-b", "i-c"] };
    expect(findSideBySide([LIVE, other])).toEqual(["schedule t-2 runs beside another one on i-b"]);
    expect(findSideBySide([{ ...LIVE, instanceIds: ["i-a"] }, other])).toEqual([]);
  });
});
