import { drivenClock, leapingClock, startEmulator } from "../../emulator";
import { createCommand, invoke, lookAtRun, succeed } from "./calls";
import { openService } from "./client";

const START = Date.parse("2026-06-01T00:00:00Z");
const ONE = "i-emulated0001";
const HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 3_650 * 24 * HOUR_MS;

const open = (outcomes = {}) =>
  openService({ clock: drivenClock(START), instances: [{ outcomes: { "*": {}, ...outcomes } }] });

let service: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  service = await open();
});
afterEach(() => service.close());

const now = async () => {
  const { CommandId } = await succeed(service, "CreateCommand", {
    Name: "n",
    Type: "RunShellScript",
    CommandContent: "ZQ==",
  });
  const { Commands } = await succeed(service, "DescribeCommands", { CommandId });
  return Commands.Command[0].CreationTime;
};
const schedule = async (Frequency: string) =>
  invoke(service, await createCommand(service, "true"), { Frequency, "InstanceId.1": ONE });
const refusal = (ms: number, most: number, runs: number): RangeError =>
  new RangeError(
    `Cannot advance the clock by ${ms} ms: it must start at most ${most} runs of schedules and it would start some ${runs}; nothing has happened: advance by less, stop a schedule, or raise maxRuns`,
  );

test("too many runs are refused with their number, before anything has happened", async () => {
  await schedule("rate(1h)");
  await expect(service.emulator.advance(TEN_YEARS_MS)).rejects.toThrow(refusal(TEN_YEARS_MS, 1_000, 87_600));
  expect(await now()).toBe("2026-06-01T00:00:00Z");
});

test("as many as one asks for are run, and no more", async () => {
  const invokeId = await schedule("rate(1h)");
  await expect(service.emulator.advance(25 * HOUR_MS, { maxRuns: 24 })).rejects.toThrow(refusal(25 * HOUR_MS, 24, 25));
  await service.emulator.advance(25 * HOUR_MS, { maxRuns: 25 });
  expect((await lookAtRun(service, invokeId)).Repeats).toBe(25);
});

test("ten years without a run are no matter", async () => {
  await schedule("0 0 2 1 1 ? 2099 UTC");
  await service.emulator.advance(TEN_YEARS_MS);
  expect(await now()).toBe("2036-05-29T00:00:00Z");
});

test("machines that reboot in a circle are stopped on their way", async () => {
  await service.close();
  service = await open({ again: { exitCode: 194 } });
  const commandId = await createCommand(service, "again", { Name: "again" });
  await invoke(service, commandId, { RepeatMode: "EveryReboot", "InstanceId.1": ONE });
  await service.emulator.advance(1_000);
  await succeed(service, "RebootInstance", { InstanceId: ONE });
  await expect(service.emulator.advance(TEN_YEARS_MS, { maxRuns: 50 })).rejects.toThrow(
    /^Cannot advance the clock by 315360000000 ms: it must start at most 50 runs and it started more, as machines do that reboot in a circle; it has stopped at 2026-06-01T00:0\d:\d\d\.\d{3}Z: stop what runs, or raise maxRuns$/,
  );
});

test("commands that run once are not counted, however many", async () => {
  const commandId = await createCommand(service, "true");
  const invokeIds = [];
  for (let count = 0; count < 20; count++) invokeIds.push(await invoke(service, commandId, { "InstanceId.1": ONE }));
  await service.emulator.advance(1_000, { maxRuns: 0 });
  expect((await lookAtRun(service, invokeIds.at(-1) ?? "")).InvocationStatus).toBe("Success");
});

test.each([-1, 1.5, Number.NaN])("at most %d runs make no sense", async (maxRuns) => {
  await expect(service.emulator.advance(1, { maxRuns })).rejects.toThrow(RangeError);
});

test.each([1e15, 1e300, Number.MAX_VALUE])("%d ms lead beyond the calendar", async (ms) => {
  await expect(service.emulator.advance(ms)).rejects.toThrow(
    new RangeError(
      `Cannot advance the clock by ${ms} ms: the year must stay below 10000: it is 2026-06-01T00:00:00.000Z`,
    ),
  );
  await service.emulator.advance(1_000);
});

test("to the next run, one after another", async () => {
  const invokeId = await schedule("0 30 4 * * ? UTC");
  const hourly = await schedule("rate(3h)");
  const runs = [];
  for (let times = 0; times < 3; times++)
    runs.push(new Date((await service.emulator.advanceToNextRun()) ?? 0).toISOString());
  expect(runs).toEqual(["2026-06-01T03:00:00.000Z", "2026-06-01T04:30:00.000Z", "2026-06-01T06:00:00.000Z"]);
  expect((await lookAtRun(service, invokeId)).Repeats).toBe(1);
  expect((await lookAtRun(service, hourly)).Repeats).toBe(2);
});

test("a clock that goes with the system's leaps to the next run as well", async () => {
  const leaping = await openService({ clock: leapingClock(), instances: [{ outcomes: { "*": {} } }] });
  const invokeId = await invoke(leaping, await createCommand(leaping, "true"), {
    Frequency: "rate(1h)",
    "InstanceId.1": ONE,
  });
  expect(await leaping.emulator.advanceToNextRun()).toBeGreaterThan(Date.now() + HOUR_MS / 2);
  expect((await lookAtRun(leaping, invokeId)).Repeats).toBe(1);
  await leaping.close();
});

test("the system's clock can be moved by nobody", async () => {
  const emulator = await startEmulator();
  const refused = new TypeError(
    "Cannot advance the clock: it must be a driven clock and it is the system's; pass drivenClock(start)",
  );
  await expect(emulator.advance(1)).rejects.toThrow(refused);
  await expect(emulator.advanceToNextRun()).rejects.toThrow(refused);
  await emulator.stop();
});
