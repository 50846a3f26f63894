import type { EmulatorEvent, RunChange } from "../../../emulator";
import {
  createLife,
  findLane,
  findNextFire,
  findNow,
  listRunsWithin,
  take,
  takeInstance,
  takeInstances,
  takeInvocation,
  takeSchedules,
  type Whole,
} from "../../../emulator/page/life";

const START = Date.parse("2030-01-31T00:00:00Z");
const machine = (instanceId: string): Whole["instances"][number] => ({
  ...{ instanceId, instanceName: instanceId, status: "Running", osType: "linux", networkType: "vpc", zoneId: "z" },
  ...{
    timeZone: "UTC",
    tags: {},
    startTime: "",
    agent: { version: "2", online: true, lastHeartbeatTime: "", activeTaskCount: 0 },
  },
});
const invocation = (invokeId: string): Whole["invocations"][number] => ({
  ...{ invokeId, commandId: "c-1", commandName: "one", repeatMode: "Once", frequency: "", timeoutSeconds: 60 },
  ...{ parameterNames: [], tags: {}, creationTime: "", status: "Running", runs: [] },
});
const WHOLE: Whole = {
  time: { now: new Date(START).toISOString(), standsStill: false, canAdvance: true, sequence: 7, emulatorId: "e" },
  about: { regionId: "cn-hangzhou", actions: [] },
  instances: [machine("i-a"), machine("i-b")],
  invocations: [invocation("t-1")],
  results: [
    { invokeId: "t-1", instanceId: "i-a", repeats: 1, status: "Success", startTime: START - 10, finishTime: START - 5 },
  ],
  schedules: [],
  faults: [],
  quotas: {
    commands: { used: 0, limit: 1 },
    invocationsPerDay: { used: 0, limit: 1 },
    callsPerMinute: { limit: null },
  },
  journal: [{ action: "InvokeCommand", code: "", status: 200, at: START, requestId: "R1", invokeId: "t-1" }],
};
const open = (change: Partial<Whole> = {}) => createLife({ ...WHOLE, ...change }, 1_000);

let sequence = 7;
const event = (change: object): EmulatorEvent => ({ sequence: ++sequence, at: START, ...change }) as EmulatorEvent;
const ran = (change: Partial<RunChange>): EmulatorEvent =>
  event({
    ...{ kind: "run", phase: "started", invokeId: "t-1", instanceId: "i-b", status: "Running", repeats: 1 },
    ...{
      exitCode: undefined,
      runStatus: undefined,
      startTime: START,
      finishTime: undefined,
      errorCode: "",
      output: "",
    },
    ...change,
  });
const statuses = (life: ReturnType<typeof open>, instanceId: string) =>
  findLane(life, instanceId).executions.map(({ status, repeats }) => `${repeats} ${status}`);

test("time goes on from when it was heard of, and leaps with what happens later", () => {
  const life = open();
  expect(findNow(life, 1_250)).toBe(START + 250);
  take(life, event({ kind: "machine", instanceId: "i-a", status: "Running", at: START + 3_600_000 }), 2_000);
  expect(findNow(life, 2_500)).toBe(START + 3_600_500);
  take(life, event({ kind: "time", from: START, to: START + 7_200_000, at: START + 7_200_000 }), 3_000);
  expect(findNow(life, 3_000)).toBe(START + 7_200_000);
});

test("a clock that stands still does", () => {
  expect(findNow(open({ time: { ...WHOLE.time, standsStill: true } }), 99_000)).toBe(START);
});

test("a run begins, prints, ends", () => {
  const life = open();
  expect(take(life, ran({}), 0)).toEqual([]);
  take(life, ran({ phase: "output", output: "half" }), 0);
  expect(findLane(life, "i-b").executions).toMatchObject([{ status: "Running", output: "half", startTime: START }]);
  take(life, ran({ phase: "ended", status: "Failed", runStatus: "Failed", exitCode: 3, finishTime: START + 5 }), 0);
  expect(findLane(life, "i-b")).toMatchObject({
    executions: [{ status: "Failed", exitCode: 3, finishTime: START + 5 }],
    longestMs: 5,
  });
});

test("each run of a schedule is one, and its cancelling changes none", () => {
  const life = open();
  for (const repeats of [1, 2]) {
    take(life, ran({ repeats, startTime: START + repeats }), 0);
    const over = { status: "Scheduled", runStatus: "Success", finishTime: START + repeats } as const;
    take(life, ran({ phase: "ended", repeats, startTime: START + repeats, ...over }), 0);
  }
  const end = {
    phase: "ended",
    status: "Cancelled",
    runStatus: "Cancelled",
    repeats: 2,
    finishTime: START + 99,
  } as const;
  expect(take(life, ran(end), 0)).toEqual([{ what: "schedules" }]);
  expect(statuses(life, "i-b")).toEqual(["1 Success", "2 Success"]);
});

test("what never began is kept, what waits is not", () => {
  const life = open();
  take(life, ran({ phase: "waiting", status: "Scheduled", repeats: 0, startTime: undefined }), 0);
  expect(statuses(life, "i-b")).toEqual([]);
  const end = { phase: "ended", status: "Aborted", repeats: 0, startTime: undefined, finishTime: START } as const;
  take(life, ran(end), 0);
  expect(statuses(life, "i-b")).toEqual(["0 Aborted"]);
});

test("what is told twice is one", () => {
  const life = open();
  const same = { instanceId: "i-a", startTime: START - 10, finishTime: START - 5, runStatus: "Success" } as const;
  take(life, ran({ ...same, phase: "ended", status: "Success" }), 0);
  take(life, event({ kind: "answer", action: "InvokeCommand", status: 200, code: "", requestId: "R1" }), 0);
  expect([statuses(life, "i-a"), life.journal.length]).toEqual([["1 Success"], 1]);
});

test.each<[string, EmulatorEvent, object[]]>([
  ["an invocation that is not known", ran({ invokeId: "t-2" }), [{ what: "invocation", invokeId: "t-2" }]],
  [
    "a machine",
    event({ kind: "machine", instanceId: "i-c", status: "Running" }),
    [{ what: "instance", instanceId: "i-c" }, { what: "schedules" }],
  ],
  ["a fault", event({ kind: "fault", isOn: true, fault: { kind: "slow" } }), [{ what: "faults" }]],
  ["a question", event({ kind: "answer", action: "DescribeRegions", status: 200, code: "", requestId: "R2" }), []],
  [
    "a change that was refused",
    event({ kind: "answer", action: "StopInvocation", status: 403, code: "X", requestId: "R3" }),
    [],
  ],
  [
    "a change",
    event({ kind: "answer", action: "StopInvocation", status: 200, code: "", requestId: "R4" }),
    [{ what: "schedules" }, { what: "quotas" }],
  ],
  [
    "a tag",
    event({ kind: "answer", action: "TagResources", status: 200, code: "", requestId: "R5" }),
    [{ what: "instances" }, { what: "schedules" }, { what: "quotas" }],
  ],
])("%s has asked for what is not told", (_title, what, stale) => {
  const life = open();
  expect(take(life, what, 0)).toEqual(stale);
  expect(life.sequence).toBe(what.sequence);
});

test("machines, invocations and schedules are taken in", () => {
  const life = open();
  takeInstance(life, { ...machine("i-b"), status: "Stopped" });
  expect(life.machines.get("i-b")?.status).toBe("Stopped");
  takeInstances(life, [machine("i-c")]);
  expect([...life.machines.keys()]).toEqual(["i-c"]);
  takeInvocation(life, invocation("t-9"));
  expect(life.invocations.get("t-9")).toMatchObject({ commandName: "one" });
  const shared = { instanceIds: ["i-a", "i-b"], frequency: "", timeZone: "" };
  takeSchedules(life, [
    { ...shared, invokeId: "t-1", next: ["2030-01-31T02:00:00Z", "2030-01-31T04:00:00Z"] },
    { ...shared, instanceIds: ["i-b"], invokeId: "t-2", next: ["2030-01-31T03:00:00Z"] },
  ]);
  expect(life.fires.get("i-b")?.map(({ invokeId }) => invokeId)).toEqual(["t-1", "t-2", "t-1"]);
  expect(findNextFire(life, START + 2 * 3_600_000)?.invokeId).toBe("t-2");
  expect(findNextFire(life, START + 9 * 3_600_000)).toBeUndefined();
});

test("what ran within a time", () => {
  const life = open();
  expect(listRunsWithin(life, START - 20, START).map(({ instanceId }) => instanceId)).toEqual(["i-a"]);
  expect(listRunsWithin(life, START, START + 20)).toEqual([]);
});
