import { defineAction } from "../gateway/action";
import { string } from "../gateway/parameters";

const LANGUAGES = ["zh-CN", "en-US", "ja"];

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeregions */
export const describeRegions = defineAction({
  name: "DescribeRegions",
  takes: { AcceptLanguage: string, InstanceChargeType: string, ResourceType: string },
  refuses: [
    ["InvalidAcceptLanguage.NotFound", ({ AcceptLanguage }) => !!AcceptLanguage && !LANGUAGES.includes(AcceptLanguage)],
    [
      "InvalidResourceType.NotFound",
      ({ ResourceType }) =>
        !!ResourceType && !["instance", "disk", "reservedinstance", "scu"].includes(ResourceType.toLowerCase()),
    ],
  ],
  act(_request, store) {
    const regions = store.regionIds.map((regionId) => ({
      RegionId: regionId,
      RegionEndpoint: `ecs.${regionId}.aliyuncs.com`,
      // Not emulated: names in the reader's language.
      LocalName: regionId,
      Status: "available",
    }));
    return { Regions: { Region: regions } };
  },
});
