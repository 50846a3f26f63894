import { drivenClock } from "../../../emulator";
import { succeed } from "../calls";
import { describeRefusals, describeShape, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

let service: Awaited<ReturnType<typeof openService>>;
beforeAll(async () => {
  service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    instances: [{ instanceId: "i-bare", agent: { version: "" } }],
  });
});
afterAll(() => service.close());

const valid = () => ({ "InstanceId.1": "i-bare" });

describeShape(() => service, "InstallCloudAssistant", valid);

describeRefusals(() => service, "InstallCloudAssistant", valid, [
  UNKNOWN_REGION,
  [
    "an empty id",
    { "InstanceId.1": "" },
    400,
    "MissingParam.InstanceId",
    "The parameter instanceId is missing or empty.",
  ],
  [
    "51 machines",
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`InstanceId.${index + 1}`, "i-bare"])),
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
]);

describeEmulated("behaviour", () => {
  test("the agent is there after the next reboot", async () => {
    const version = async () => {
      const body = await succeed(service, "DescribeCloudAssistantStatus", { "InstanceId.1": "i-bare" });
      const [found] = body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus;
      return [found.CloudAssistantVersion, found.CloudAssistantStatus];
    };
    await succeed(service, "InstallCloudAssistant", valid());
    expect(await version()).toEqual(["", "false"]);
    await succeed(service, "RebootInstance", { InstanceId: "i-bare" });
    await service.emulator.advance(10_000);
    expect(await version()).toEqual(["2.2.3.857", "true"]);
  });
});
