import { defineAction } from "../gateway/action";
import { integer, requiredString, string } from "../gateway/parameters";
import { MAX_PAGE_SIZE } from "../limits";
import { instanceIdsRefusal, parseInstanceIds } from "../requests/instances";
import { cutPage } from "../requests/paging";
import { regionRefusals } from "../requests/region";

/**
 * Machines have no roles here: each is listed with an empty one, and none with a role that is looked for.
 * The alicloud provider asks when it lists instances, and leaves out those without an entry.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceramrole
 */
export const describeInstanceRamRole = defineAction({
  name: "DescribeInstanceRamRole",
  takes: {
    InstanceIds: string,
    PageNumber: integer,
    PageSize: integer,
    RamRoleName: string,
    RegionId: requiredString,
  },
  refuses: [
    ...regionRefusals,
    instanceIdsRefusal,
    ["InvalidParam.PageNumber", ({ PageNumber = 1 }) => PageNumber < 1],
    ["InvalidParam.PageSize", ({ PageSize = 1 }) => PageSize < 1 || PageSize > MAX_PAGE_SIZE],
  ],
  act(request, store) {
    const ids = request.InstanceIds ? parseInstanceIds(request.InstanceIds) : undefined;
    const found = [...store.machines.values()]
      .filter(({ instanceId }) => instanceId.startsWith("i-") && (ids === undefined || ids.includes(instanceId)))
      .filter(() => !request.RamRoleName);
    const page = cutPage(found, { ...request, MaxResults: undefined, NextToken: undefined }, store.choices);
    return {
      RegionId: store.regionId,
      TotalCount: found.length,
      InstanceRamRoleSets: {
        InstanceRamRoleSet: page.items.map(({ instanceId }) => ({ InstanceId: instanceId, RamRoleName: "" })),
      },
    };
  },
});
