import { succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, PAGES, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService, type Service } from "../client";

let service: Service;
beforeAll(async () => {
  service = await openService({ instances: 2 });
});
afterAll(() => service.close());

const none = () => ({});
describeShape(() => service, "DescribeDisks", none);
describeRefusals(() => service, "DescribeDisks", none, [
  UNKNOWN_REGION,
  ...PAGES.filter(([, , , code]) => code === "InvalidParam.PageNumber" || code === "InvalidParameter.NextToken"),
  ["a page of 101", { PageSize: "101" }, 400, "InvalidParam.PageSize", "The specified parameter is invalid."],
  ["a dry run", { DryRun: "true" }, 400, "DryRunOperation", "Request validation has been passed with DryRun flag set."],
]);

describeEmulated("behaviour", () => {
  test.each<[string, Changes, number]>([
    ["the disks of all machines", {}, 10],
    ["of one machine", { InstanceId: "i-emulated0001" }, 10],
    ["as the alicloud provider asks", { PageSize: "100", PageNumber: "1" }, 100],
    ["by what no disk is", { Status: "In_use", DiskIds: '["d-1"]', "Filter.1.Key": "CreationStartTime" }, 10],
  ])("%s: none", async (_title, parameters, PageSize) => {
    const body = await succeed(service, "DescribeDisks", parameters);
    expect(body).toMatchObject({ TotalCount: 0, PageNumber: 1, PageSize, NextToken: "", Disks: { Disk: [] } });
  });
});
