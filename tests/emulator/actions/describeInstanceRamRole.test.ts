import { succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, PAGES, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService, type Service, send, signV1 } from "../client";

let service: Service;
beforeAll(async () => {
  service = await openService({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b", status: "Stopped" }, { instanceId: "mi-managed" }],
  });
});
afterAll(() => service.close());

const none = () => ({});
const page = { PageSize: "51" };
describeShape(() => service, "DescribeInstanceRamRole", none);
describeRefusals(() => service, "DescribeInstanceRamRole", none, [
  UNKNOWN_REGION,
  [
    "ids that are no JSON",
    { InstanceIds: "i-a,i-b" },
    400,
    "InvalidInstanceIds.Malformed",
    "The specified parameter InstanceIds is not valid.",
  ],
  ...PAGES.filter(([, , , code]) => code === "InvalidParam.PageNumber"),
  ["a page of 51", page, 400, "InvalidParam.PageSize", "The specified parameter is invalid."],
]);

describeEmulated("behaviour", () => {
  const roles = async (parameters: Changes) => {
    const body = await succeed(service, "DescribeInstanceRamRole", parameters);
    expect(body.TotalCount).toBeGreaterThanOrEqual(body.InstanceRamRoleSets.InstanceRamRoleSet.length);
    return body.InstanceRamRoleSets.InstanceRamRoleSet;
  };
  const empty = (...ids: string[]) => ids.map((InstanceId) => ({ InstanceId, RamRoleName: "" }));

  test.each<[string, Changes, object[]]>([
    ["all but managed ones", {}, empty("i-a", "i-b")],
    ["by id; unknown ones are silently missing", { InstanceIds: '["i-b","i-0"]' }, empty("i-b")],
    ["a page", { PageSize: "1", PageNumber: "2" }, empty("i-b")],
    ["an empty role is looked for by nobody", { RamRoleName: "" }, empty("i-a", "i-b")],
    ["by a role: nobody has one", { RamRoleName: "admin" }, []],
  ])("%s", async (_title, parameters, expected) => {
    expect(await roles(parameters)).toEqual(expected);
  });

  // What getInstances of @pulumi/alicloud does without arguments, in its own form: V1, business parameters in the body.
  test("the alicloud provider lists every machine that has an entry, and its disks", async () => {
    const ask = async (Action: string, form: Record<string, string>) => {
      const signed = signV1(service.url, service, { Action, Format: "JSON" }, { RegionId: "cn-hangzhou", ...form });
      return (await send(service.url, signed)).body;
    };
    const { Instances } = await ask("DescribeInstances", { PageNumber: "1", PageSize: "100", Status: "" });
    const listed: string[] = Instances.Instance.map(({ InstanceId }: Changes) => InstanceId);
    const { InstanceRamRoleSets } = await ask("DescribeInstanceRamRole", {
      InstanceIds: JSON.stringify(listed),
      PageNumber: "1",
      PageSize: "50",
    });
    const { Disks } = await ask("DescribeDisks", { PageNumber: "1", PageSize: "100" });
    expect([listed, InstanceRamRoleSets.InstanceRamRoleSet, Disks.Disk]).toEqual([
      ["i-a", "i-b"],
      empty("i-a", "i-b"),
      [],
    ]);
  });
});
