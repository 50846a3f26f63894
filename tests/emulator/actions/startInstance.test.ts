import { drivenClock } from "../../../emulator";
import { isAgentAlive, lookAtMachine, lookAtRun, run, succeed } from "../calls";
import { describeRefusals, describeShape } from "../cases";
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

const valid = () => ({ InstanceId: "i-off" });

describeShape(() => service, "StartInstance", valid);

describeRefusals(() => service, "StartInstance", valid, [
  [
    "an unknown machine",
    { InstanceId: "i-0" },
    404,
    "InvalidInstanceId.NotFound",
    "The specified instance ID does not exist.",
  ],
  [
    "a machine that runs",
    { InstanceId: "i-on" },
    403,
    "IncorrectInstanceStatus",
    "The current status of the resource does not support this operation.",
  ],
  ["a dry run", { DryRun: "true" }, 400, "DryRunOperation", "Request validation has been passed with DryRun flag set."],
]);

describeEmulated("behaviour", () => {
  test("Starting, Running, and a moment later its agent", async () => {
    await succeed(service, "StartInstance", valid());
    expect([await lookAtMachine(service, "i-off"), await isAgentAlive(service, "i-off")]).toEqual(["Starting", false]);
    await settle(1_000);
    expect([await lookAtMachine(service, "i-off"), await isAgentAlive(service, "i-off")]).toEqual(["Running", false]);
    await settle(500);
    expect(await isAgentAlive(service, "i-off")).toBe(true);
    const invokeId = await run(service, "echo up", { "InstanceId.1": "i-off" });
    await settle();
    expect((await lookAtRun(service, invokeId)).Output).toBe("up\n");
  });

  test("a command for a machine whose agent is not up yet runs as soon as it is", async () => {
    await succeed(service, "StartInstance", valid());
    await settle(1_000);
    const invokeId = await run(service, "echo up", { "InstanceId.1": "i-off" });
    await settle(100);
    expect(await lookAtRun(service, invokeId)).toMatchObject({ InvocationStatus: "Pending" });
    await settle(2_000);
    expect(await lookAtRun(service, invokeId)).toMatchObject({ InvocationStatus: "Success", Output: "up\n" });
  });
});
