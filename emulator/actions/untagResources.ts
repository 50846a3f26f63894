import { defineAction } from "../gateway/action";
import { boolean, list, requiredList, requiredString } from "../gateway/parameters";
import { regionRefusals } from "../requests/region";
import { changeTags, resourceRefusals } from "../requests/resources";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-untagresources */
export const untagResources = defineAction({
  name: "UntagResources",
  takes: {
    All: boolean,
    RegionId: requiredString,
    ResourceId: requiredList,
    ResourceType: requiredString,
    TagKey: list,
  },
  refuses: [...regionRefusals, ...resourceRefusals],
  act({ All, ResourceType, ResourceId, TagKey }, store) {
    for (const id of ResourceId) {
      changeTags(store, ResourceType, id, (tags) => {
        // All counts only when no key is named.
        if (All === true && TagKey.length === 0) tags.clear();
        for (const key of TagKey) tags.delete(key);
      });
    }
    return {};
  },
});
