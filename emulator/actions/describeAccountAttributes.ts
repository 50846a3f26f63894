import { defineAction } from "../gateway/action";
import { list, requiredString, string } from "../gateway/parameters";
import { regionRefusals } from "../requests/region";

/**
 * The Cloud Assistant quotas; attributes that the emulator does not know are left out.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeaccountattributes
 */
export const describeAccountAttributes = defineAction({
  name: "DescribeAccountAttributes",
  takes: { AttributeName: list, RegionId: requiredString, ZoneId: string },
  refuses: [...regionRefusals],
  act({ AttributeName }, store) {
    const known: readonly (readonly [string, number])[] = [
      ["max-axt-command-count", store.quotas.commands],
      ["max-axt-invocation-daily", store.quotas.invocationsPerDay],
    ];
    const items = known
      .filter(([name]) => AttributeName.length === 0 || AttributeName.includes(name))
      .map(([name, value]) => ({
        AttributeName: name,
        AttributeValues: { ValueItem: [{ Value: String(value) }] },
      }));
    return { AccountAttributeItems: { AccountAttributeItem: items } };
  },
});
