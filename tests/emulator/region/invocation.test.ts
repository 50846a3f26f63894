import { drivenClock } from "../../../emulator";
import { look, run } from "../calls";
import { openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const ONE = "i-emulated0001";

test("a finished record is gone 30 days after its last change, a live one stays", async () => {
  const clock = drivenClock(START);
  const old = await openService({ clock, instances: 1 });
  const once = await run(old, "echo 1", { "InstanceId.1": ONE });
  const nightly = await run(old, "echo 1", { "InstanceId.1": ONE, Frequency: "0 0 2 * * ? 2027" });
  await old.emulator.advance(30 * 86_400_000 - 60_000);
  expect(await look(old, once)).toBeDefined();
  await old.emulator.advance(120_000);
  expect(await look(old, once)).toBeUndefined();
  expect((await look(old, nightly)).InvocationStatus).toBe("Scheduled");
  await old.close();
});

test("a record can be made to expire", async () => {
  const service = await openService({ clock: drivenClock(START), instances: 1 });
  const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE });
  await service.emulator.advance(1_000);
  service.emulator.expire(invokeId);
  expect(await look(service, invokeId)).toBeUndefined();
  expect(() => service.emulator.expire(invokeId)).toThrow(
    new RangeError(`Cannot expire invocation "${invokeId}": there is no such invocation`),
  );
  await service.close();
});
