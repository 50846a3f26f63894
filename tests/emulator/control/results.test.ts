import { drivenClock } from "../../../emulator";
import { createCommand, invoke } from "../calls";
import { openService } from "../client";
import { ask } from "./ask";

const START = Date.parse("2026-06-01T00:00:00Z");
const HOUR_MS = 3_600_000;

let service: Awaited<ReturnType<typeof openService>>;
beforeEach(async () => {
  service = await openService({ clock: drivenClock(START), control: true, instances: [{ instanceId: "i-a" }] });
});
afterEach(() => service.close());

const results = async (query = "") => (await ask(service, "GET", `/results${query}`)).body.results;

test("each run of a schedule, and what it printed then", async () => {
  const commandId = await createCommand(service, "echo x >> runs; wc -l < runs");
  const invokeId = await invoke(service, commandId, { "InstanceId.1": "i-a", Frequency: "rate(1h)" });
  expect(await results()).toEqual([]);
  await service.emulator.advance(3 * HOUR_MS);
  const ran = (repeats: number) => ({
    ...{ invokeId, instanceId: "i-a", repeats, status: "Success", exitCode: 0 },
    ...{ startTime: START + repeats * HOUR_MS, finishTime: START + repeats * HOUR_MS },
  });
  expect(await results()).toEqual([ran(1), ran(2), ran(3)]);
  expect(await results("?limit=1")).toEqual([ran(3)]);
  const of = async (repeats: number) =>
    (await ask(service, "GET", `/results/${invokeId}?instanceId=i-a&repeats=${repeats}`)).body;
  expect(await of(2)).toEqual({ ...ran(2), errorInfo: "", output: "2\n", dropped: 0 });
  expect((await of(3)).output).toBe("3\n");
  // That it is cancelled later is not what the last run came to.
  await service.call("StopInvocation", { InvokeId: invokeId });
  await service.emulator.advance(1_000);
  expect(await results()).toEqual([ran(1), ran(2), ran(3)]);
});

test("what runs has no end, and what never began no start", async () => {
  const commandId = await createCommand(service, "sleep 600");
  const running = await invoke(service, commandId, { "InstanceId.1": "i-a" });
  await service.emulator.advance(1_000);
  service.emulator.inject({ kind: "agentOld", times: 1 });
  const aborted = await invoke(service, commandId, { "InstanceId.1": "i-a" });
  await service.emulator.advance(1_000);
  expect(await results()).toEqual([
    { invokeId: running, instanceId: "i-a", repeats: 1, status: "Running", startTime: START + 20 },
    {
      ...{ invokeId: aborted, instanceId: "i-a", repeats: 0, status: "Aborted" },
      ...{ finishTime: START + 1_020, errorCode: "ClientNeedUpgrade" },
    },
  ]);
});
