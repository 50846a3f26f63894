import { succeed } from "../calls";
import { type Changes, describeRefusals, PAGES, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

let service: Awaited<ReturnType<typeof openService>>;
beforeAll(async () => {
  service = await openService({
    instances: [
      {
        instanceId: "i-a",
        instanceName: "web-1",
        tags: { role: "web", stage: "test" },
        startTime: "2026-05-01T08:09:10Z",
      },
      { instanceId: "i-b", instanceName: "web-2", tags: { role: "web" }, status: "Stopped", zoneId: "cn-hangzhou-h" },
      { instanceId: "i-c", instanceName: "db", networkType: "classic", osType: "windows", resourceGroupId: "rg-1" },
      { instanceId: "mi-managed" },
    ],
  });
});
afterAll(() => service.close());

const none = () => ({});
describe("shape", () => {
  test.each<[string, Changes, string, string]>([
    ["RegionId left out", { RegionId: undefined }, "MissingRegionId", "RegionId is mandatory for this action."],
    ["MaxResults=many", { MaxResults: "many" }, "InvalidMaxResults", "Specified parameter MaxResults is not valid."],
    ["DryRun=maybe", { DryRun: "maybe" }, "InvalidDryRun", "Specified parameter DryRun is not valid."],
  ])("%s", async (_title, changes, code, message) => {
    const { status, body } = await service.call("DescribeInstances", changes);
    expect([status, body.Code, body.Message]).toEqual([400, code, message]);
  });

  test.each(["ImageId", "Filter.1.Key", "Ipv6Address.1", "HttpPutResponseHopLimit"])(
    "%s, which is not emulated",
    async (name) => {
      const { status, body } = await service.call("DescribeInstances", { [name]: "x" });
      expect([status, body.Code, body.Message]).toEqual([
        400,
        "Emulator.NotSupported",
        `The emulator does not support the parameter ${name}.`,
      ]);
    },
  );
});

describeRefusals(() => service, "DescribeInstances", none, [
  UNKNOWN_REGION,
  [
    "ids that are no JSON",
    { InstanceIds: "i-a,i-b" },
    400,
    "InvalidInstanceIds.Malformed",
    "The specified parameter InstanceIds is not valid.",
  ],
  [
    "ids that are no list",
    { InstanceIds: '{"id":"i-a"}' },
    400,
    "InvalidInstanceIds.Malformed",
    "The specified parameter InstanceIds is not valid.",
  ],
  [
    "101 ids",
    { InstanceIds: JSON.stringify(Array.from({ length: 101 }, (_, i) => `i-${i}`)) },
    400,
    "InvalidInstanceIds.Malformed",
    "The specified parameter InstanceIds is not valid.",
  ],
  ["an unknown status", { Status: "Sleeping" }, 404, "InvalidStatus.NotFound", "The specified status does not exist."],
  [
    "an unknown network type",
    { InstanceNetworkType: "ring" },
    404,
    "InvalidNetworkType.NotFound",
    "The specified network type does not exist.",
  ],
  ...PAGES.filter(([, , , code]) => code === "InvalidParam.PageNumber" || code === "InvalidParameter.NextToken"),
  ["a page of 101", { PageSize: "101" }, 400, "InvalidParam.PageSize", "The specified parameter is invalid."],
  ["a dry run", { DryRun: "true" }, 400, "DryRunOperation", "Request validation has been passed with DryRun flag set."],
]);

describeEmulated("behaviour", () => {
  const list = async (parameters: Changes) =>
    (await succeed(service, "DescribeInstances", parameters)).Instances.Instance.map(
      (found: Changes) => found.InstanceId,
    );

  test.each<[string, Changes, string[]]>([
    ["all but managed ones", {}, ["i-a", "i-b", "i-c"]],
    [
      "by id; unknown and managed ones are silently missing",
      { InstanceIds: '["i-c","i-0","mi-managed","i-a"]' },
      ["i-a", "i-c"],
    ],
    ["none", { InstanceIds: "[]" }, []],
    ["by name", { InstanceName: "db" }, ["i-c"]],
    ["by the beginning of a name", { InstanceName: "web*" }, ["i-a", "i-b"]],
    ["by the middle of a name", { InstanceName: "*b*" }, ["i-a", "i-b", "i-c"]],
    ["by status", { Status: "Stopped" }, ["i-b"]],
    ["by network", { InstanceNetworkType: "classic" }, ["i-c"]],
    ["by zone", { ZoneId: "cn-hangzhou-h" }, ["i-b"]],
    ["by resource group", { ResourceGroupId: "rg-1" }, ["i-c"]],
    ["by another VPC: nothing", { VpcId: "vpc-0" }, []],
    ["by tag", { "Tag.1.Key": "role", "Tag.1.Value": "web" }, ["i-a", "i-b"]],
    ["by tags together", { "Tag.1.Key": "role", "Tag.2.Key": "stage" }, ["i-a"]],
    ["by tags as older clients spell them", { "Tag.1.key": "stage", "Tag.1.value": "test" }, ["i-a"]],
    ["a page", { PageSize: "2", PageNumber: "2" }, ["i-c"]],
  ])("%s", async (_title, parameters, ids) => {
    expect(await list(parameters)).toEqual(ids);
  });

  test("what a client needs of a machine", async () => {
    const { Instances } = await succeed(service, "DescribeInstances", { InstanceIds: '["i-a"]' });
    expect(Instances.Instance[0]).toMatchObject({
      InstanceId: "i-a",
      InstanceName: "web-1",
      Status: "Running",
      RegionId: "cn-hangzhou",
      ZoneId: "cn-hangzhou-b",
      InstanceNetworkType: "vpc",
      OSType: "linux",
      VpcAttributes: { VpcId: "vpc-emulated" },
      StartTime: "2026-05-01T08:09Z",
      Tags: {
        Tag: [
          { TagKey: "role", TagValue: "web" },
          { TagKey: "stage", TagValue: "test" },
        ],
      },
    });
  });

  test("a private address, in a VPC or in the classic network", async () => {
    const { Instances } = await succeed(service, "DescribeInstances", { InstanceIds: '["i-a","i-c"]' });
    const addresses = Instances.Instance.map(
      ({ InnerIpAddress, VpcAttributes }: Record<string, { IpAddress: string[]; PrivateIpAddress: object }>) => [
        InnerIpAddress?.IpAddress,
        VpcAttributes?.PrivateIpAddress,
      ],
    );
    expect(addresses).toEqual([
      [[], { IpAddress: ["10.0.0.1"] }],
      [["10.0.0.3"], { IpAddress: [] }],
    ]);
  });

  test("MaxResults is clamped to 10 and 100, ten without it", async () => {
    const crowd = await openService({ instances: 101 });
    const count = async (parameters: Changes) =>
      (await succeed(crowd, "DescribeInstances", parameters)).Instances.Instance.length;
    expect([
      await count({}),
      await count({ MaxResults: "1" }),
      await count({ MaxResults: "11" }),
      await count({ MaxResults: "500" }),
    ]).toEqual([10, 10, 11, 100]);
    await crowd.close();
  });
});
