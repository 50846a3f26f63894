import { drivenClock } from "../../emulator";
import { createCommand, invoke } from "./calls";
import { openService } from "./client";
import { ask } from "./control/ask";

const START = Date.parse("2026-06-01T00:00:00Z");
const [ONE, TWO] = ["i-emulated0001", "i-emulated0002"];

let service: Awaited<ReturnType<typeof openService>>;
let commandId: string;
beforeEach(async () => {
  service = await openService({
    clock: drivenClock(START),
    control: true,
    instances: [{ outcomes: { "*": {} } }, { timeZone: "Europe/London", outcomes: { "*": {} } }],
  });
  commandId = await createCommand(service, "echo 1");
});
afterEach(() => service.close());

const schedule = (Frequency: string, ...ids: string[]) =>
  invoke(service, commandId, {
    Frequency,
    ...Object.fromEntries(ids.map((id, index) => [`InstanceId.${index + 1}`, id])),
  });
const listed = async (count = 2) => (await ask(service, "GET", `/schedules?count=${count}`)).body.schedules;

test("nothing is scheduled", async () => {
  await invoke(service, commandId, { "InstanceId.1": ONE });
  expect(await listed()).toEqual([]);
  expect(await service.emulator.advanceToNextRun()).toBeUndefined();
});

test("each machine reads a schedule in its own zone", async () => {
  const frequency = "0 0 2 * * ?";
  const invokeId = await schedule(frequency, ONE, TWO);
  expect(await listed()).toEqual([
    {
      ...{ invokeId, instanceIds: [ONE], frequency, timeZone: "Asia/Shanghai" },
      next: ["2026-06-01T18:00:00Z", "2026-06-02T18:00:00Z"],
    },
    {
      ...{ invokeId, instanceIds: [TWO], frequency, timeZone: expect.any(String) },
      next: ["2026-06-01T01:00:00Z", "2026-06-02T01:00:00Z"],
    },
  ]);
});

test("a rate counts from its creation, whenever one asks, and a time comes once", async () => {
  await schedule("rate(1h)", ONE);
  await schedule("at(2026-06-01 12:30:00)", ONE);
  await service.emulator.advance(90 * 60_000);
  expect((await listed()).map(({ next }: { next: string[] }) => next)).toEqual([
    ["2026-06-01T02:00:00Z", "2026-06-01T03:00:00Z"],
    ["2026-06-01T12:30:00Z"],
  ]);
});

test("a schedule that is over, stopped, or whose machine is off runs no more", async () => {
  await schedule("at(2026-06-01 00:10:00)", ONE);
  const stopped = await schedule("rate(1h)", ONE);
  await schedule("rate(2h)", TWO);
  await service.emulator.advance(15 * 60_000);
  await service.call("StopInvocation", { InvokeId: stopped });
  service.emulator.updateInstance(TWO, { status: "Stopped" });
  expect(await listed()).toEqual([]);
});

test("the forecast is what happens", async () => {
  await schedule("0 */20 * * * ? UTC", ONE);
  await schedule("rate(7m)", ONE, TWO);
  const forecast: string[] = (await listed(20)).flatMap(({ next }: { next: string[] }) => next);
  await service.emulator.advance(3_600_000);
  const started: string[] = [];
  await service.emulator.stop();
  for await (const event of service.emulator.events()) {
    if (event.kind === "run" && event.phase === "started")
      started.push(`${new Date(event.at).toISOString().slice(0, 19)}Z`);
  }
  expect(started.sort()).toEqual(forecast.filter((at) => at <= "2026-06-01T01:00:00Z").sort());
  expect(started).toHaveLength(3 + 2 * 8);
});
