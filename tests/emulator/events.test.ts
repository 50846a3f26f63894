import { drivenClock, type EmulatorEvent } from "../../emulator";
import { createEvents, type EmulatorChange } from "../../emulator/events";
import { MAX_EVENTS } from "../../emulator/limits";
import { createCommand, invoke } from "./calls";
import { openService } from "./client";

const START = Date.parse("2026-06-01T00:00:00Z");
const ONE = "i-emulated0001";
const machine = (instanceId: string): EmulatorChange => ({ kind: "machine", instanceId, status: "Running" });

describe("a stream", () => {
  const open = () => createEvents(drivenClock(START));
  const numbers = async (stream: AsyncIterable<EmulatorEvent>, count: number) => {
    const seen: number[] = [];
    for await (const { sequence } of stream) {
      seen.push(sequence);
      if (seen.length === count) break;
    }
    return seen;
  };

  test("tells what was there, then what comes, numbered and dated", async () => {
    const events = open();
    events.add(machine("i-a"));
    const stream = events.read();
    expect(await stream.next()).toEqual({ done: false, value: { ...machine("i-a"), sequence: 1, at: START } });
    const next = stream.next();
    events.add(machine("i-b"));
    expect(await next).toEqual({ done: false, value: { ...machine("i-b"), sequence: 2, at: START } });
    expect(events.last).toBe(2);
  });

  test("begins after the event that was seen last", async () => {
    const events = open();
    for (const id of ["i-a", "i-b", "i-c"]) events.add(machine(id));
    expect(await numbers(events.read({ since: 1 }), 2)).toEqual([2, 3]);
  });

  test("begins anew when that event is an earlier emulator's", async () => {
    const events = open();
    events.add(machine("i-a"));
    expect(await numbers(events.read({ since: 99 }), 1)).toEqual([1]);
  });

  test("several read side by side, each at its own pace", async () => {
    const events = open();
    const [early, late] = [events.read(), events.read()];
    for (let number = 1; number <= 250; number++) events.add(machine("i-a"));
    expect((await numbers(early, 250)).at(-1)).toBe(250);
    expect((await late.next()).value?.sequence).toBe(1);
  });

  test("says how much it could not keep", async () => {
    const events = open();
    const count = 2 * MAX_EVENTS + 10;
    for (let number = 1; number <= count; number++) events.add(machine("i-a"));
    const stream = events.read({ since: 5 });
    const first = await stream.next();
    const missed = first.value?.sequence ?? 0;
    expect(first.value).toEqual({ kind: "missed", count: missed - 5, sequence: missed, at: START });
    expect(missed).toBeGreaterThan(count - 2 * MAX_EVENTS - 1);
    expect((await stream.next()).value?.sequence).toBe(missed + 1);
  });

  test("one that falls behind is told, and goes on with what there is", async () => {
    const events = open();
    const stream = events.read();
    events.add(machine("i-a"));
    await stream.next();
    for (let number = 1; number <= 3 * MAX_EVENTS; number++) events.add(machine("i-a"));
    expect((await stream.next()).value).toMatchObject({ kind: "missed" });
  });

  test("ends when it is told to, though nothing happens", async () => {
    const events = open();
    const stream = events.read();
    const waiting = stream.next();
    expect(await stream.return?.()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test("ends with its signal", async () => {
    const events = open();
    const stop = new AbortController();
    const waiting = events.read({ signal: stop.signal }).next();
    stop.abort();
    expect((await waiting).done).toBe(true);
    expect((await events.read({ signal: stop.signal }).next()).done).toBe(true);
  });

  test("ends with the emulator, when all is told", async () => {
    const events = open();
    events.add(machine("i-a"));
    events.close();
    const seen = [];
    for await (const { sequence } of events.read()) seen.push(sequence);
    expect(seen).toEqual([1]);
  });

  test("output counts by its length", async () => {
    const events = open();
    const output = "x".repeat(24 * 1024);
    const printed: EmulatorChange = {
      ...{ kind: "run", phase: "output", invokeId: "t-1", instanceId: "i-a", status: "Running" },
      ...{ repeats: 1, exitCode: undefined, runStatus: undefined, startTime: START, finishTime: undefined },
      ...{ errorCode: "", output },
    };
    for (let number = 1; number <= 2_000; number++) events.add(printed);
    expect((await events.read().next()).value).toMatchObject({ kind: "missed" });
  });
});

test("an emulator tells its life: machines, runs with their output, answers, time and faults", async () => {
  const service = await openService({ clock: drivenClock(START), instances: 1 });
  const { emulator } = service;
  emulator.inject({ kind: "slow", action: "DescribeRegions", times: 1, ms: 0 });
  await service.call("DescribeRegions");
  const commandId = await createCommand(service, "echo hello; exit 3");
  const invokeId = await invoke(service, commandId, { "InstanceId.1": ONE });
  await emulator.advance(1_000);
  emulator.updateInstance(ONE, { status: "Stopped" });
  await invoke(service, commandId, { "InstanceId.1": ONE });
  await emulator.advance(1_000);
  await emulator.stop();

  const told: object[] = [];
  for await (const event of emulator.events()) {
    const { sequence: _sequence, at: _at, ...change } = event;
    told.push(change);
  }
  const answer = (action: string, more = {}) => ({
    ...{ kind: "answer", action, status: 200, code: "", requestId: expect.any(String) },
    ...more,
  });
  const run = { kind: "run", invokeId, instanceId: ONE, repeats: 1 };
  expect(told.filter((change) => !("phase" in change && change.phase === "output"))).toEqual([
    { kind: "machine", instanceId: ONE, status: "Running" },
    { kind: "fault", isOn: true, fault: { kind: "slow", action: "DescribeRegions", times: 1, ms: 0 } },
    { kind: "fault", isOn: false, fault: { kind: "slow", action: "DescribeRegions", times: 1, ms: 0 } },
    answer("DescribeRegions"),
    answer("CreateCommand"),
    answer("InvokeCommand", { invokeId }),
    {
      ...run,
      ...{ phase: "started", status: "Running", runStatus: undefined, exitCode: undefined, errorCode: "", output: "" },
      ...{ startTime: START + 20, finishTime: undefined },
    },
    {
      ...run,
      ...{ phase: "ended", status: "Failed", runStatus: "Failed", exitCode: 3, errorCode: "ExitCodeNonzero" },
      ...{ output: "hello\n", startTime: START + 20, finishTime: START + 20 },
    },
    { kind: "time", from: START, to: START + 1_000 },
    { kind: "machine", instanceId: ONE, status: "Stopped" },
    answer("InvokeCommand", { invokeId: expect.stringMatching(/^t-/) }),
    expect.objectContaining({ kind: "run", phase: "ended", status: "Aborted", errorCode: "InstanceNotRunning" }),
    { kind: "time", from: START + 1_000, to: START + 2_000 },
  ]);
});

test("a schedule waits, runs, and is stopped", async () => {
  const service = await openService({ clock: drivenClock(START), instances: 1 });
  const commandId = await createCommand(service, "echo hello");
  const invokeId = await invoke(service, commandId, { "InstanceId.1": ONE, Frequency: "rate(1h)" });
  await service.emulator.advance(2 * 3_600_000);
  await service.call("StopInvocation", { InvokeId: invokeId });
  await service.close();
  const phases: string[] = [];
  for await (const event of service.emulator.events()) {
    if (event.kind === "run")
      phases.push(`${event.phase} ${event.status} ${event.repeats}${event.runStatus ? ` ${event.runStatus}` : ""}`);
  }
  expect(phases).toEqual([
    "waiting Scheduled 0",
    "started Running 1",
    "ended Scheduled 1 Success",
    "started Running 2",
    "ended Scheduled 2 Success",
    "ended Cancelled 2 Success",
  ]);
});

test("a run that is stopped is stopping first", async () => {
  const service = await openService({ clock: drivenClock(START), instances: 1 });
  const commandId = await createCommand(service, "sleep 600");
  const invokeId = await invoke(service, commandId, { "InstanceId.1": ONE });
  await service.emulator.advance(1_000);
  await service.call("StopInvocation", { InvokeId: invokeId });
  await service.emulator.advance(1_000);
  await service.close();
  const phases: string[] = [];
  for await (const event of service.emulator.events())
    if (event.kind === "run") phases.push(`${event.phase} ${event.status}`);
  expect(phases).toEqual(["started Running", "stopping Stopping", "ended Terminated"]);
});
