import { drivenClock } from "../../../emulator";
import { run, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, PAGES, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:30Z");
const ONE = "i-emulated0001";

const open = (options: Parameters<typeof openService>[0] = {}) =>
  openService({
    clock: drivenClock(START),
    instances: [
      {},
      { instanceId: "i-windows", osType: "windows" },
      { instanceId: "i-bare", agent: { version: "" } },
      { instanceId: "i-silent", agent: { online: false } },
      { instanceId: "i-late", agent: { lastHeartbeatTime: "2026-05-31T23:58:29Z" } },
      { instanceId: "i-stopped", status: "Stopped" },
      { instanceId: "mi-managed" },
    ],
    ...options,
  });

let service: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  service = await open();
});
afterEach(() => service.close());

const find = async (instanceId: string) => {
  const body = await succeed(service, "DescribeCloudAssistantStatus", { "InstanceId.1": instanceId });
  return body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus[0];
};
const valid = () => ({ "InstanceId.1": ONE });

describeShape(() => service, "DescribeCloudAssistantStatus", valid);

describeRefusals(() => service, "DescribeCloudAssistantStatus", valid, [
  UNKNOWN_REGION,
  [
    "an empty id",
    { "InstanceId.1": "" },
    400,
    "MissingParam.InstanceId",
    "The parameter instanceId is missing or empty.",
  ],
  [
    "101 machines",
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`InstanceId.${index + 1}`, ONE])),
    403,
    "InstanceIds.ExceedLimit",
    "The number of instance IDs exceeds the upper limit.",
  ],
  [
    "an unknown machine",
    { "InstanceId.1": "i-0" },
    404,
    "InvalidInstance.NotFound",
    "The specified instance does not exist.",
  ],
  ...PAGES,
]);

describeEmulated("behaviour", () => {
  test("everything that is told, and nothing more", async () => {
    expect(await find(ONE)).toEqual({
      InstanceId: ONE,
      CloudAssistantStatus: "true",
      CloudAssistantVersion: "2.2.3.857",
      LastHeartbeatTime: "2026-06-01T00:00:30Z",
      LastInvokedTime: "",
      ActiveTaskCount: 0,
      InvocationCount: 0,
      OSType: "Linux",
      SupportSessionManager: true,
    });
  });

  test.each<[string, Changes]>([
    ["i-windows", { CloudAssistantStatus: "true", CloudAssistantVersion: "2.1.3.857", OSType: "Windows" }],
    ["i-bare", { CloudAssistantStatus: "false", CloudAssistantVersion: "", LastHeartbeatTime: "" }],
    ["i-silent", { CloudAssistantStatus: "false", CloudAssistantVersion: "2.2.3.857" }],
    ["i-late", { CloudAssistantStatus: "false", LastHeartbeatTime: "2026-05-31T23:58:29Z" }],
    ["i-stopped", { CloudAssistantStatus: "false" }],
    ["mi-managed", { CloudAssistantStatus: "true" }],
  ])("%s", async (instanceId, expected) => {
    expect(await find(instanceId)).toMatchObject(expected);
  });

  test("a heartbeat a minute; without one for two minutes the agent counts as dead", async () => {
    await service.emulator.advance(150_000);
    expect(await find(ONE)).toMatchObject({ LastHeartbeatTime: "2026-06-01T00:02:30Z", CloudAssistantStatus: "true" });
    service.emulator.updateInstance(ONE, { agent: { online: false } });
    await service.emulator.advance(90_000);
    expect(await find(ONE)).toMatchObject({ LastHeartbeatTime: "2026-06-01T00:02:30Z", CloudAssistantStatus: "true" });
    await service.emulator.advance(1_000);
    expect(await find(ONE)).toMatchObject({ CloudAssistantStatus: "false" });
    service.emulator.updateInstance(ONE, { agent: { online: true } });
    expect(await find(ONE)).toMatchObject({ LastHeartbeatTime: "2026-06-01T00:04:31Z", CloudAssistantStatus: "true" });
  });

  test("tasks are counted while they run", async () => {
    await run(service, "sleep 600", { "InstanceId.1": ONE });
    await service.emulator.advance(1_000);
    expect(await find(ONE)).toMatchObject({
      ActiveTaskCount: 1,
      InvocationCount: 1,
      LastInvokedTime: "2026-06-01T00:00:30Z",
    });
    await service.emulator.advance(61_000);
    expect(await find(ONE)).toMatchObject({ ActiveTaskCount: 0, InvocationCount: 1 });
  });

  test.each<[string, Changes, string[]]>([
    ["all without ids", {}, [ONE, "i-windows", "i-bare", "i-silent", "i-late", "i-stopped", "mi-managed"]],
    ["by system", { OSType: "Windows" }, ["i-windows"]],
    ["a page of two", { PageSize: "2", PageNumber: "2" }, ["i-bare", "i-silent"]],
    ["ids make paging ignored", { "InstanceId.1": ONE, "InstanceId.2": "i-bare", PageSize: "1" }, [ONE, "i-bare"]],
  ])("lists %s", async (_title, parameters, ids) => {
    const body = await succeed(service, "DescribeCloudAssistantStatus", parameters);
    const listed = body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus;
    expect(listed.map((found: Changes) => found.InstanceId)).toEqual(ids);
  });

  test("the status may be a boolean", async () => {
    const sample = await open({ choices: { cloudAssistantStatus: "boolean" } });
    const body = await succeed(sample, "DescribeCloudAssistantStatus", { "InstanceId.1": ONE });
    expect(body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus[0].CloudAssistantStatus).toBe(true);
    await sample.close();
  });
});
