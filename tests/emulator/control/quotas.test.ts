import { drivenClock } from "../../../emulator";
import { createCommand, invoke, succeed } from "../calls";
import { openService } from "../client";
import { ask } from "./ask";

const START = Date.parse("2026-06-01T00:00:00Z");

test("what is used up, and how much there is", async () => {
  const service = await openService({
    clock: drivenClock(START),
    control: true,
    instances: 1,
    quotas: { commands: 7, invocationsPerDay: 9 },
    callsPerMinute: 1_000,
    commands: [{ name: "public", content: "true", provider: "AlibabaCloud" }],
  });
  const used = async () => (await ask(service, "GET", "/quotas")).body;
  await invoke(service, await createCommand(service, "true"), { "InstanceId.1": "i-emulated0001" });
  expect(await used()).toEqual({
    commands: { used: 1, limit: 7 },
    invocationsPerDay: { used: 1, limit: 9 },
    callsPerMinute: { limit: 1_000 },
  });
  await service.emulator.advance(86_400_000);
  expect((await used()).invocationsPerDay).toEqual({ used: 0, limit: 9 });
  await succeed(service, "DescribeRegions", {});
  await service.close();
});

test("no limit of calls is none", async () => {
  const service = await openService({ control: true });
  expect((await ask(service, "GET", "/quotas")).body.callsPerMinute).toEqual({ limit: null });
  await service.close();
});
