import { drivenClock } from "../../../emulator";
import { createCommand, invoke, succeed } from "../calls";
import { openService } from "../client";
import { ask } from "./ask";

const START = Date.parse("2026-06-01T00:00:00Z");

test("when each schedule runs next, as often as one asks, and no more than it does", async () => {
  const service = await openService({ clock: drivenClock(START), control: true, instances: 1 });
  const commandId = await createCommand(service, "true");
  const schedule = (Frequency: string) => invoke(service, commandId, { Frequency, "InstanceId.1": "i-emulated0001" });
  const [hourly, once] = [await schedule("rate(1h)"), await schedule("at(2026-06-01 05:00:00)")];
  const next = async (query: string) =>
    Object.fromEntries(
      (await ask(service, "GET", `/schedules${query}`)).body.schedules.map(
        (each: { invokeId: string; next: string[] }) => [each.invokeId, each.next],
      ),
    );
  const hours = ["2026-06-01T01:00:00Z", "2026-06-01T02:00:00Z", "2026-06-01T03:00:00Z"];
  expect(await next("")).toEqual({ [hourly]: hours, [once]: ["2026-06-01T05:00:00Z"] });
  expect(await next("?count=1")).toEqual({ [hourly]: hours.slice(0, 1), [once]: ["2026-06-01T05:00:00Z"] });
  await succeed(service, "StopInvocation", { InvokeId: hourly });
  expect(await next("")).toEqual({ [once]: ["2026-06-01T05:00:00Z"] });
  await service.close();
});

test("machines that read it alike stand together, with the zone that it is read in", async () => {
  const service = await openService({
    clock: drivenClock(START),
    control: true,
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }, { instanceId: "i-c", timeZone: "Europe/London" }],
  });
  const commandId = await createCommand(service, "true");
  const machines = { "InstanceId.1": "i-a", "InstanceId.2": "i-b", "InstanceId.3": "i-c" };
  const invokeId = await invoke(service, commandId, { Frequency: "0 0 2 * * ?", ...machines });
  const { body } = await ask(service, "GET", "/schedules?count=1000&until=2026-06-02T12:00:00Z");
  const frequency = "0 0 2 * * ?";
  expect(body.schedules).toEqual([
    {
      ...{ invokeId, instanceIds: ["i-a", "i-b"], frequency, timeZone: "Asia/Shanghai" },
      next: ["2026-06-01T18:00:00Z"],
    },
    {
      ...{ invokeId, instanceIds: ["i-c"], frequency, timeZone: "Europe/London" },
      next: ["2026-06-01T01:00:00Z", "2026-06-02T01:00:00Z"],
    },
  ]);
  // The next one is told, however far away.
  const near = await ask(service, "GET", "/schedules?until=2026-06-01T00:30:00Z");
  expect(near.body.schedules.map(({ next }: { next: string[] }) => next)).toEqual([
    ["2026-06-01T18:00:00Z"],
    ["2026-06-01T01:00:00Z"],
  ]);
  await service.close();
});
