import { drivenClock } from "../../../emulator";
import { createCommand, invoke, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, RESOURCE_REFUSALS, TAGS, tags } from "../cases";
import { describeEmulated, openService } from "../client";

const ONE = "i-emulated0001";
let service: Awaited<ReturnType<typeof openService>>;
let commandId: string;
let invokeId: string;
beforeAll(async () => {
  service = await openService({ clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")), instances: 1 });
  commandId = await createCommand(service, "echo 1");
  invokeId = await invoke(service, commandId, { "InstanceId.1": ONE });
});
afterAll(() => service.close());

const valid = () => ({ ResourceType: "command", "ResourceId.1": commandId, "Tag.1.Key": "k", "Tag.1.Value": "v" });

describeShape(() => service, "TagResources", valid);

describeRefusals(() => service, "TagResources", valid, [
  ...RESOURCE_REFUSALS,
  [
    "an id of another type",
    { ResourceType: "instance" },
    404,
    "InvalidResourceId.NotFound",
    "The specified ResourceIds are not found in our records",
  ],
  ...TAGS,
]);

describeEmulated("behaviour", () => {
  test.each<[string, () => string, string, (filter: Changes) => Promise<number>]>([
    [
      "command",
      () => commandId,
      "DescribeCommands",
      async (filter) => (await succeed(service, "DescribeCommands", filter)).TotalCount,
    ],
    [
      "invocation",
      () => invokeId,
      "DescribeInvocations",
      async (filter) => (await succeed(service, "DescribeInvocations", filter)).TotalCount,
    ],
    [
      "instance",
      () => ONE,
      "DescribeInstances",
      async (filter) => (await succeed(service, "DescribeInstances", filter)).TotalCount,
    ],
  ])("tags of a %s filter %s", async (ResourceType, id, _action, count) => {
    const filter = { "Tag.1.Key": "team", "Tag.1.Value": "a" };
    expect(await count(filter)).toBe(0);
    await succeed(service, "TagResources", { ResourceType, "ResourceId.1": id(), ...filter });
    expect(await count(filter)).toBe(1);
    await succeed(service, "TagResources", {
      ResourceType,
      "ResourceId.1": id(),
      "Tag.1.Key": "team",
      "Tag.1.Value": "b",
    });
    expect(await count(filter)).toBe(0);
  });

  test("no resource may come to more than 20 tags", async () => {
    const CommandId = await createCommand(service, "echo 1", tags(20));
    const more = { ResourceType: "command", "ResourceId.1": CommandId, "Tag.1.Key": "one more", "Tag.1.Value": "" };
    const { status, body } = await service.call("TagResources", more);
    expect([status, body.Code]).toEqual([400, "NumberExceed.Tags"]);
    await succeed(service, "TagResources", { ...more, "Tag.1.Key": "k1" });
  });
});
