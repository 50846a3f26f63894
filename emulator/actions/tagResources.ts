import { defineAction } from "../gateway/action";
import { requiredList, requiredString, requiredTagList } from "../gateway/parameters";
import { MAX_TAGS } from "../limits";
import { regionRefusals } from "../requests/region";
import { changeTags, findTags, resourceRefusals } from "../requests/resources";
import { tagRefusals } from "../requests/tags";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
export const tagResources = defineAction({
  name: "TagResources",
  takes: {
    RegionId: requiredString,
    ResourceId: requiredList,
    ResourceType: requiredString,
    Tag: requiredTagList,
  },
  refuses: [
    ...regionRefusals,
    ...resourceRefusals,
    ...tagRefusals,
    [
      "NumberExceed.Tags",
      ({ ResourceType, ResourceId, Tag }, store) =>
        ResourceId.some((id) => {
          const keys = new Set([...(findTags(store, ResourceType, id)?.keys() ?? []), ...Tag.map(({ Key }) => Key)]);
          return keys.size > MAX_TAGS;
        }),
    ],
  ],
  act({ ResourceType, ResourceId, Tag }, store) {
    for (const id of ResourceId) {
      changeTags(store, ResourceType, id, (tags) => {
        for (const { Key = "", Value = "" } of Tag) tags.set(Key, Value);
      });
    }
    return {};
  },
});
