import { defineAction } from "../gateway/action";
import { boolean, integer, list, notEmulated, requiredString, string, tagList } from "../gateway/parameters";
import { MAX_INSTANCES_PAGE_SIZE, MIN_INSTANCES_PAGE_SIZE } from "../limits";
import type { Machine } from "../region/records";
import { formatMinute } from "../region/store";
import { instanceIdsRefusal, parseInstanceIds } from "../requests/instances";
import { cutPage, nextTokenRefusal, pageNumberRefusal } from "../requests/paging";
import { regionRefusals } from "../requests/region";
import { formatTags, matchesTags } from "../requests/tags";

const STATUSES = ["Pending", "Running", "Starting", "Stopping", "Stopped"];
const NETWORK_TYPES = ["classic", "vpc"];
const VPC_ID = "vpc-emulated";

/**
 * The part of it that a Cloud Assistant client needs. Ids that do not exist are silently missing, managed `mi-` ones too.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export const describeInstances = defineAction({
  name: "DescribeInstances",
  takes: {
    AdditionalAttributes: list,
    DeviceAvailable: notEmulated("Boolean"),
    DryRun: boolean,
    EipAddresses: notEmulated("String"),
    "Filter.1.Key": notEmulated("String"),
    "Filter.1.Value": notEmulated("String"),
    "Filter.2.Key": notEmulated("String"),
    "Filter.2.Value": notEmulated("String"),
    "Filter.3.Key": notEmulated("String"),
    "Filter.3.Value": notEmulated("String"),
    "Filter.4.Key": notEmulated("String"),
    "Filter.4.Value": notEmulated("String"),
    HpcClusterId: notEmulated("String"),
    HttpEndpoint: notEmulated("String"),
    HttpPutResponseHopLimit: notEmulated("Integer"),
    HttpTokens: notEmulated("String"),
    ImageId: notEmulated("String"),
    InnerIpAddresses: notEmulated("String"),
    InstanceChargeType: notEmulated("String"),
    InstanceIds: string,
    InstanceName: string,
    InstanceNetworkType: string,
    InstanceType: notEmulated("String"),
    InstanceTypeFamily: notEmulated("String"),
    InternetChargeType: notEmulated("String"),
    IoOptimized: notEmulated("Boolean"),
    Ipv6Address: notEmulated("RepeatList"),
    KeyPairName: notEmulated("String"),
    LockReason: notEmulated("String"),
    MaxResults: integer,
    NeedSaleCycle: boolean,
    NextToken: string,
    PageNumber: integer,
    PageSize: integer,
    PrivateIpAddresses: notEmulated("String"),
    PublicIpAddresses: notEmulated("String"),
    RdmaIpAddresses: notEmulated("String"),
    RegionId: requiredString,
    ResourceGroupId: string,
    SecurityGroupId: notEmulated("String"),
    Status: string,
    Tag: tagList,
    VSwitchId: notEmulated("String"),
    VpcId: string,
    ZoneId: string,
  },
  refuses: [
    ...regionRefusals,
    instanceIdsRefusal,
    ["InvalidStatus.NotFound", ({ Status }) => !!Status && !STATUSES.includes(Status)],
    [
      "InvalidNetworkType.NotFound",
      ({ InstanceNetworkType }) => !!InstanceNetworkType && !NETWORK_TYPES.includes(InstanceNetworkType),
    ],
    pageNumberRefusal,
    nextTokenRefusal,
    ["InvalidParam.PageSize", ({ PageSize = 1 }) => PageSize < 1 || PageSize > MAX_INSTANCES_PAGE_SIZE],
    ["DryRunOperation", ({ DryRun }) => DryRun === true],
  ],
  act(request, store) {
    const { InstanceName, InstanceNetworkType, ResourceGroupId, Status, Tag, VpcId, ZoneId } = request;
    const ids = request.InstanceIds ? parseInstanceIds(request.InstanceIds) : undefined;
    const found = [...store.machines.values()]
      .filter(({ instanceId }) => instanceId.startsWith("i-") && (ids === undefined || ids.includes(instanceId)))
      .filter(({ instanceName }) => !InstanceName || matchesName(instanceName, InstanceName))
      .filter(({ networkType }) => !InstanceNetworkType || networkType === InstanceNetworkType)
      .filter(({ networkType }) => !VpcId || (networkType === "vpc" && VpcId === VPC_ID))
      .filter(({ resourceGroupId }) => !ResourceGroupId || resourceGroupId === ResourceGroupId)
      .filter(({ status }) => !Status || status === Status)
      .filter(({ zoneId }) => !ZoneId || zoneId === ZoneId)
      .filter(({ tags }) => matchesTags(tags, Tag));
    const { items, fields } = cutPage(found, { ...request, MaxResults: clamp(request.MaxResults) }, store.choices);
    return {
      ...fields,
      Instances: { Instance: items.map((machine) => formatMachine(machine, store.regionId)) },
    };
  },
});

/** Unlike the Cloud Assistant listings, values out of bounds act as the bound. */
function clamp(maxResults: number | undefined): number | undefined {
  if (maxResults === undefined) return undefined;
  return Math.min(MAX_INSTANCES_PAGE_SIZE, Math.max(MIN_INSTANCES_PAGE_SIZE, maxResults));
}

/** `*` at either end stands for any text. */
function matchesName(name: string, pattern: string): boolean {
  const text = pattern.replace(/^\*|\*$/g, "");
  const isOpenLeft = pattern.startsWith("*");
  const isOpenRight = pattern.endsWith("*");
  if (isOpenLeft && isOpenRight) return name.includes(text);
  if (isOpenLeft) return name.endsWith(text);
  return isOpenRight ? name.startsWith(text) : name === text;
}

function formatMachine(machine: Machine, regionId: string): object {
  const { osType, networkType, sequence } = machine;
  const address = `10.${(sequence >> 16) & 255}.${(sequence >> 8) & 255}.${sequence & 255}`;
  const osName = osType === "linux" ? "Alibaba Cloud Linux  3.2104 LTS 64" : "Windows Server  2022 64";
  return {
    InstanceId: machine.instanceId,
    InstanceName: machine.instanceName,
    HostName: machine.instanceName,
    Status: machine.status,
    RegionId: regionId,
    ZoneId: machine.zoneId,
    InstanceNetworkType: networkType,
    OSType: osType,
    OSName: osName,
    OSNameEn: osName,
    VpcAttributes: {
      VpcId: networkType === "vpc" ? VPC_ID : "",
      VSwitchId: networkType === "vpc" ? "vsw-emulated" : "",
      NatIpAddress: "",
      PrivateIpAddress: { IpAddress: networkType === "vpc" ? [address] : [] },
    },
    // The alicloud provider fails on a machine that has neither this address nor the one above.
    InnerIpAddress: { IpAddress: networkType === "classic" ? [address] : [] },
    ResourceGroupId: machine.resourceGroupId,
    Tags: formatTags(machine.tags),
    CreationTime: formatMinute(machine.creationTime),
    StartTime: formatMinute(machine.startTime),
  };
}
