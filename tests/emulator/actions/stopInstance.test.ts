import { drivenClock } from "../../../emulator";
import { lookAtRun, run, succeed } from "../calls";
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
const status = async (instanceId: string) => {
  const { Instances } = await succeed(service, "DescribeInstances", { InstanceIds: JSON.stringify([instanceId]) });
  return Instances.Instance[0].Status;
};
const isAgentAlive = async (instanceId: string) => {
  const body = await succeed(service, "DescribeCloudAssistantStatus", { "InstanceId.1": instanceId });
  return body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus[0].CloudAssistantStatus === "true";
};

const valid = () => ({ InstanceId: "i-on" });

describeShape(() => service, "StopInstance", valid);

describeRefusals(() => service, "StopInstance", valid, POWER_REFUSALS);

describeEmulated("behaviour", () => {
  test("Stopping, then Stopped; the agent is silent", async () => {
    await succeed(service, "StopInstance", valid());
    expect(await status("i-on")).toBe("Stopping");
    await settle();
    expect(await status("i-on")).toBe("Stopped");
    await settle(121_000);
    expect(await isAgentAlive("i-on")).toBe(false);
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
    expect(await status("i-on")).toBe("Stopped");
  });
});
