import { succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService, type Service } from "../client";

let service: Service;
beforeAll(async () => {
  service = await openService({ quotas: { commands: 7 } });
});
afterAll(() => service.close());

const none = () => ({});
describeShape(() => service, "DescribeAccountAttributes", none);
describeRefusals(() => service, "DescribeAccountAttributes", none, [UNKNOWN_REGION]);

describeEmulated("behaviour", () => {
  const commands = { AttributeName: "max-axt-command-count", AttributeValues: { ValueItem: [{ Value: "7" }] } };
  const daily = { AttributeName: "max-axt-invocation-daily", AttributeValues: { ValueItem: [{ Value: "5000" }] } };

  test.each<[string, Changes, object[]]>([
    ["all", {}, [commands, daily]],
    ["one", { "AttributeName.1": "max-axt-command-count" }, [commands]],
    ["an unknown one: nothing", { "AttributeName.1": "max-moons" }, []],
  ])("%s", async (_title, parameters, items) => {
    const { AccountAttributeItems } = await succeed(service, "DescribeAccountAttributes", parameters);
    expect(AccountAttributeItems.AccountAttributeItem).toEqual(items);
  });
});
