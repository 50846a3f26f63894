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

describeShape(() => service, "StopInstance", valid);

describeRefusals(() => service, "StopInstance", valid, POWER_REFUSALS);

describeEmulated("behaviour", () => {
  test("Stopping, then Stopped; the agent is silent", async () => {
    await succeed(service, "StopInstance", valid());
    expect(await lookAtMachine(service, "i-on")).toBe("Stopping");
    await settle();
    expect(await lookAtMachine(service, "i-on")).toBe("Stopped");
    await settle(121_000);
    expect(await isAgentAlive(service, "i-on")).toBe(false);
  });

  test("what runs there is interrupted", async () => {
    const invokeId = await run(service, "echo begun; sleep 600", { "InstanceId.1": "i-on" });
    await settle();
    await succeed(service, "StopInstance", valid());
    await settle();
    expect(await lookAtRun(service, invokeId)).toMatchObject({
      InvocationStatus: "Error",
      ErrorCode: "ExecutionInterrupted",
      Output: "begun\n",
    });
  });

  test("exit code 193 stops the machine", async () => {
    const invokeId = await run(service, "exit 193", { "InstanceId.1": "i-on" });
    await settle();
    expect(await lookAtRun(service, invokeId)).toMatchObject({ InvocationStatus: "Failed", ExitCode: 193 });
    expect(await lookAtMachine(service, "i-on")).toBe("Stopped");
  });
});
