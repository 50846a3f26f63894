import { defineAction } from "../gateway/action";
import { boolean, integer, list, requiredString, string, tagList } from "../gateway/parameters";
import { MAX_INSTANCES_PAGE_SIZE } from "../limits";
import { cutPage, nextTokenRefusal, pageNumberRefusal } from "../requests/paging";
import { regionRefusals } from "../requests/region";

/**
 * Machines have no disks here: whatever is looked for, nothing is found. The alicloud provider asks when it lists instances.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describedisks
 */
export const describeDisks = defineAction({
  name: "DescribeDisks",
  takes: {
    AdditionalAttributes: list,
    AutoSnapshotPolicyId: string,
    Category: string,
    DeleteAutoSnapshot: boolean,
    DeleteWithInstance: boolean,
    DiskChargeType: string,
    DiskIds: string,
    DiskName: string,
    DiskType: string,
    DryRun: boolean,
    EnableAutoSnapshot: boolean,
    EnableAutomatedSnapshotPolicy: boolean,
    EnableShared: boolean,
    Encrypted: boolean,
    "Filter.1.Key": string,
    "Filter.1.Value": string,
    "Filter.2.Key": string,
    "Filter.2.Value": string,
    InstanceId: string,
    KMSKeyId: string,
    LockReason: string,
    MaxResults: integer,
    MultiAttach: string,
    NextToken: string,
    PageNumber: integer,
    PageSize: integer,
    Portable: boolean,
    RegionId: requiredString,
    ResourceGroupId: string,
    SnapshotId: string,
    Status: string,
    Tag: tagList,
    ZoneId: string,
  },
  refuses: [
    ...regionRefusals,
    pageNumberRefusal,
    nextTokenRefusal,
    ["InvalidParam.PageSize", ({ PageSize = 1 }) => PageSize < 1 || PageSize > MAX_INSTANCES_PAGE_SIZE],
    ["DryRunOperation", ({ DryRun }) => DryRun === true],
  ],
  act(request, store) {
    const { fields } = cutPage([], request, store.choices);
    return { ...fields, Disks: { Disk: [] } };
  },
});
