import { drivenClock } from "../../../emulator";
import { isAgentAlive, lookAtMachine, lookAtRun, run, succeed } from "../calls";
import { describeRefusals, describeShape, POWER_REFUSALS } from "../cases";
import { describeEmulated, openService } from "../client";

let service: Awaited<ReturnType<typeof openService>>;
beforeEach(async () => {
  service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    instances: [{ instanceId: "i-on" }, { instanceId: "i-off", status: "Stopped" }],
  });
});
afterEach(() => service.close());

const settle = (ms = 5_000) => service.emulator.advance(ms);

const valid = () => ({ InstanceId: "i-on" });

describeShape(() => service, "RebootInstance", valid);

describeRefusals(() => service, "RebootInstance", valid, POWER_REFUSALS);

describeEmulated("behaviour", () => {
  test("the machine comes back, and its agent after it", async () => {
    await succeed(service, "RebootInstance", valid());
    expect(await lookAtMachine(service, "i-on")).toBe("Starting");
    await settle();
    expect([await lookAtMachine(service, "i-on"), await isAgentAlive(service, "i-on")]).toEqual(["Running", true]);
  });

  test("NextRebootOnly runs once, EveryReboot at every boot", async () => {
    const next = await run(service, "echo next", { "InstanceId.1": "i-on", RepeatMode: "NextRebootOnly" });
    const every = await run(service, "echo every", { "InstanceId.1": "i-on", RepeatMode: "EveryReboot" });
    await settle();
    expect((await lookAtRun(service, next)).InvocationStatus).toBe("Scheduled");
    for (const reboots of [1, 2]) {
      await succeed(service, "RebootInstance", valid());
      await settle();
      expect(await lookAtRun(service, next)).toMatchObject({
        InvocationStatus: "Success",
        Repeats: 1,
        Output: "next\n",
      });
      expect(await lookAtRun(service, every)).toMatchObject({ InvocationStatus: "Scheduled", Repeats: reboots });
    }
  });

  test("a schedule goes on after it", async () => {
    const invokeId = await run(service, "echo 1", { "InstanceId.1": "i-on", Frequency: "rate(5m)" });
    await settle();
    await succeed(service, "RebootInstance", valid());
    await settle(600_000);
    expect(await lookAtRun(service, invokeId)).toMatchObject({ InvocationStatus: "Scheduled", Repeats: 2 });
  });

  test("exit code 194 reboots the machine", async () => {
    const every = await run(service, "echo booted", { "InstanceId.1": "i-on", RepeatMode: "EveryReboot" });
    await run(service, "exit 194", { "InstanceId.1": "i-on" });
    await settle();
    expect(await lookAtRun(service, every)).toMatchObject({ Repeats: 1, Output: "booted\n" });
    expect(await lookAtMachine(service, "i-on")).toBe("Running");
  });
});
