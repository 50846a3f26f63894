import { succeed } from "../calls";
import { describeRefusals, describeShape } from "../cases";
import { describeEmulated, openService, type Service } from "../client";

let service: Service;
beforeAll(async () => {
  service = await openService({ region: "cn-shanghai", regions: ["cn-beijing"] });
});
afterAll(() => service.close());

const none = () => ({});
describeShape(() => service, "DescribeRegions", none);
describeRefusals(() => service, "DescribeRegions", none, [
  [
    "an unknown language",
    { AcceptLanguage: "tlh" },
    404,
    "InvalidAcceptLanguage.NotFound",
    "The specified AcceptLanguage does not exist.",
  ],
  [
    "an unknown resource type",
    { ResourceType: "moon" },
    404,
    "InvalidResourceType.NotFound",
    "The ResourceType provided does not exist in our records.",
  ],
]);

describeEmulated("behaviour", () => {
  test("the emulated region and those it was told of, without a RegionId", async () => {
    const body = await succeed(service, "DescribeRegions", { RegionId: undefined, ResourceType: "instance" });
    expect(body.Regions.Region).toEqual(
      ["cn-shanghai", "cn-beijing"].map((regionId) => ({
        RegionId: regionId,
        RegionEndpoint: `ecs.${regionId}.aliyuncs.com`,
        LocalName: regionId,
        Status: "available",
      })),
    );
  });
});
