import fc from "fast-check";
import { findBar, findFirst, findTone, layBars, layFires, MAX_ROWS } from "../../../emulator/page/bars";
import { type Execution, findStart } from "../../../emulator/page/execution";

const SPAN = { from: 0, to: 1_000, isFollowing: false };
const NOW = 900;
let repeats = 0;
const run = (
  startTime: number,
  finishTime: number | undefined,
  status: Execution["status"] = "Success",
): Execution => ({
  ...{ invokeId: "t-1", instanceId: "i-a", repeats: ++repeats, status, startTime, finishTime },
});
/** A pixel for each millisecond. */
const lay = (...executions: Execution[]) => layBars(executions, 1_000, SPAN, 1_000, NOW);
const shape = (...executions: Execution[]) =>
  lay(...executions).map(({ x, width, row, tone, executions: all }) => [x, width, row, tone, all.length]);

test.each<[string, Execution[], unknown[][]]>([
  ["nothing", [], []],
  ["to scale", [run(100, 300)], [[100, 200, 0, "good", 1]]],
  ["never narrower than what can be hit", [run(100, 100)], [[100, 4, 0, "good", 1]]],
  ["what runs goes to now", [run(800, undefined, "Running")], [[800, 100, 0, "running", 1]]],
  [
    "what never began is a mark at its end",
    [{ ...run(0, 500, "Aborted"), startTime: undefined }],
    [[500, 4, 0, "bad", 1]],
  ],
  [
    "one after another in one row",
    [run(100, 200), run(200, 300)],
    [
      [100, 100, 0, "good", 1],
      [200, 100, 0, "good", 1],
    ],
  ],
  [
    "side by side",
    [run(100, 300), run(200, 400)],
    [
      [100, 200, 0, "good", 1],
      [200, 200, 1, "good", 1],
    ],
  ],
  [
    "a row is used again",
    [run(100, 300), run(200, 250), run(260, 280)],
    [
      [100, 200, 0, "good", 1],
      [200, 50, 1, "good", 1],
      [260, 20, 1, "good", 1],
    ],
  ],
  [
    "too narrow to tell are one, and the worst shows",
    [run(100, 100), run(102, 102, "Failed"), run(104, 104)],
    [[100, 8, 0, "bad", 3]],
  ],
  [
    "no more than so many rows",
    [run(1, 500), run(2, 500), run(3, 500), run(4, 600, "Timeout")],
    [
      [1, 499, 0, "good", 1],
      [2, 498, 1, "good", 1],
      [3, 597, 2, "late", 2],
    ],
  ],
  ["before and after what is seen", [run(-500, -400), run(1_500, 1_600)], []],
  ["what began before and is not over", [run(-500, 100)], [[-500, 600, 0, "good", 1]]],
])("%s", (_title, executions, expected) => {
  expect(shape(...executions)).toEqual(expected);
});

test("no run is lost, and no two bars of a row overlap", () => {
  const runs = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 300 }))
      .map(([start, ms]) => run(start, start + ms)),
  );
  fc.assert(
    fc.property(runs, (unsorted) => {
      const executions = unsorted.sort((a, b) => findStart(a) - findStart(b));
      const bars = layBars(executions, 300, SPAN, 1_000, NOW);
      expect(bars.flatMap((bar) => bar.executions)).toHaveLength(executions.length);
      for (let row = 0; row < MAX_ROWS; row++) {
        const own = bars.filter((bar) => bar.row === row);
        for (const [index, bar] of own.slice(1).entries()) {
          const before = own[index];
          if (before !== undefined && row < MAX_ROWS - 1)
            expect(bar.x).toBeGreaterThanOrEqual(before.x + before.width - 1e-9);
        }
      }
    }),
  );
});

test.each([
  [0, 0],
  [100, 0],
  [101, 1],
  [400, 3],
])("the first that began at %d or later is number %d", (from, index) => {
  expect(findFirst([run(100, 100), run(200, 200), run(300, 300)], from)).toBe(index);
});

test.each([
  [150, 0, 100],
  [96, 0, 100],
  [250, 1, 200],
  [700, 0, undefined],
])("at %d in row %d is the bar from %p", (x, row, from) => {
  expect(findBar(lay(run(100, 300), run(200, 400)), x, row)?.x).toBe(from);
});

test("next runs: those that lie ahead and are seen, no two at one place", () => {
  const fires = [100, 950, 952, 960, 2_000].map((at) => ({ at, invokeId: "t-1" }));
  expect(layFires(fires, SPAN, 1_000, NOW)).toEqual([950, 960]);
});

test.each([
  ["Success", "good"],
  ["Aborted", "bad"],
  ["Timeout", "late"],
  ["Terminated", "off"],
  ["Stopping", "running"],
] as const)("%s is %s", (status, tone) => {
  expect(findTone({ status })).toBe(tone);
});
