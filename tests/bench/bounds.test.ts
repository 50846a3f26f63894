import { availableParallelism } from "node:os";
import { boundDestroy, boundFronts, boundRollout, boundStack, boundStart, boundStorm } from "../../bench/bounds";
import type { StackFigures } from "../../bench/operations";

const PARALLEL = 4 * availableParallelism();

/** What a run of `count` one-shots of a second would cost if every bound were met to the digit. */
const atTheLimits = (count: number): StackFigures => ({
  operations: [
    { operation: "preview", floorMs: 1000, ms: 1250, calls: { DescribeInstances: 60 }, peakMemoryBytes: 0 },
    {
      operation: "up",
      floorMs: 1000,
      ms: 1.3 * ((count / PARALLEL) * 1000 + 1000),
      calls: { InvokeCommand: count, DescribeInvocations: 3 * count },
      peakMemoryBytes: 200e6,
    },
    { operation: "up again", floorMs: 1000, ms: 1000, calls: {}, peakMemoryBytes: 0 },
    {
      operation: "replace",
      floorMs: 2000,
      ms: 1.3 * ((count / PARALLEL) * 1000 + 2000),
      calls: { InvokeCommand: count, DescribeInvocations: 3 * count },
      peakMemoryBytes: 0,
    },
  ],
  floorStateBytes: 1600,
  stateBytes: 2400,
  notTwice: 0,
});

const verdicts = (figures: StackFigures, count: number) =>
  boundStack(figures, { parts: ["stack"], count, latencyMs: 50, commandSeconds: 1 }).map(({ verdict }) => verdict);

test("a stack holds at its limits", () => {
  expect(verdicts(atTheLimits(1000), 1000)).toEqual(Array(10).fill("holds"));
});

test("a stack misses each bound beyond its limit", () => {
  const { operations, ...figures } = atTheLimits(1000);
  const beyond = operations.map((operation) => ({
    ...operation,
    ms: operation.ms + 1,
    calls: { ...operation.calls, DescribeCommands: 1 },
    peakMemoryBytes: operation.peakMemoryBytes + 1,
  }));
  expect(verdicts({ ...figures, operations: beyond, stateBytes: 2401, notTwice: 1 }, 1000)).toEqual(
    Array(10).fill("MISSED"),
  );
});

test.each([
  [999, "not judged", "holds"],
  [200, "not judged", "holds"],
  [199, "not judged", "not judged"],
])("the times of %d resources: preview %s, up %s", (count, preview, up) => {
  expect(verdicts(atTheLimits(count), count)).toEqual([
    preview,
    "holds",
    up,
    up,
    "holds",
    up,
    up,
    "holds",
    "holds",
    "holds",
  ]);
});

test("a destroy misses with a call too many, and finished runs with a time too long", () => {
  const destroys = (more: number) => [
    { what: "finished runs" as const, floorMs: 1000, ms: 1300 + more, calls: { UntagResources: 5 + more } },
    {
      what: "schedules" as const,
      floorMs: 1000,
      ms: 9000,
      calls: { StopInvocation: 50, DescribeInvocations: 55 + more },
    },
  ];
  expect(boundDestroy(destroys(0)).map(({ verdict }) => verdict)).toEqual(Array(3).fill("holds"));
  expect(boundDestroy(destroys(1)).map(({ verdict }) => verdict)).toEqual(Array(3).fill("MISSED"));
});

test("a start holds at its limits and misses beyond", () => {
  expect(boundStart({ handlersMs: 250, packageMs: 60.1 }).map(({ verdict }) => verdict)).toEqual(["holds", "MISSED"]);
});

test("a storm misses with one resource that failed, and with one machine on which it ran twice", () => {
  const options = { parts: ["storm"] as const, count: 200, latencyMs: 50, commandSeconds: 1 };
  const storm = { storm: "rain", ms: 1, succeeded: 200, notOnce: 0, calls: {} };
  const judge = (figures: typeof storm) => boundStorm(figures, options).map(({ verdict }) => verdict);
  expect(judge(storm)).toEqual(["holds", "holds"]);
  expect(judge({ ...storm, succeeded: 199 })).toEqual(["MISSED", "holds"]);
  expect(judge({ ...storm, notOnce: 1 })).toEqual(["holds", "MISSED"]);
});

describe("the plugin beside the dynamic host", () => {
  const options = (count: number) => ({ parts: ["fronts"] as const, count, latencyMs: 50, commandSeconds: 1 });
  const figures = (stateBytes: number, memory: [dynamic: number, plugin: number]) =>
    (["dynamic", "plugin"] as const).map((front, i) => ({
      front,
      ms: 1000,
      stateBytes: front === "plugin" ? stateBytes : 2400,
      peakMemoryBytes: (memory[i] ?? 0) * 1e6,
    }));

  test.each<[number, number, [number, number], string[]]>([
    [300, 1350, [100, 80], ["holds", "holds"]],
    [300, 1351, [100, 81], ["MISSED", "MISSED"]],
    [299, 1350, [100, 81], ["holds", "not judged"]],
    // Where the memory cannot be told.
    [300, 1350, [0, 0], ["holds", "not judged"]],
  ])("%s resources, %s bytes each, memory %j: %j", (count, stateBytes, memory, verdicts) => {
    expect(boundFronts(figures(stateBytes, memory), options(count)).map(({ verdict }) => verdict)).toEqual(verdicts);
  });
});

test("a rollout misses with a call too many, a byte too many and a machine too few", () => {
  const options = { parts: ["rollout"] as const, count: 1000, latencyMs: 50, commandSeconds: 1 };
  const operation = { floorMs: 1_000, peakMemoryBytes: 3e8 };
  const judge = (more: number) =>
    boundRollout(
      {
        operations: [
          { ...operation, operation: "preview", ms: 1.25 * (1_000 + 20 * 75) + more, calls: { DescribeInstances: 20 } },
          { ...operation, operation: "up", ms: 0, calls: { InvokeCommand: 14 + more, DescribeInstances: 86 } },
          { ...operation, operation: "up again", ms: 0, calls: more > 0 ? { DescribeInstances: more } : {} },
        ],
        stateBytesPerMachine: 70 + more,
        succeeded: 1000 - more,
      },
      options,
    ).map(({ verdict }) => verdict);
  expect(judge(0)).toEqual(Array(7).fill("holds"));
  expect(judge(1)).toEqual([...Array(6).fill("MISSED"), "holds"]);
});
