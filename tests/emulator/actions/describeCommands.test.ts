import { createCommand, succeed } from "../calls";
import { describeRefusals, describeShape, PAGES, TAGS, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService, type Service } from "../client";

let service: Service;
beforeAll(async () => {
  service = await openService({
    commands: [
      { commandId: "c-1", name: "backup", content: "echo 1", tags: { team: "a" } },
      { commandId: "c-2", name: "backup-daily", content: "echo 2", description: "every day", tags: { team: "b" } },
      { commandId: "c-3", name: "clean", type: "RunPowerShellScript", content: "Get-Date", resourceGroupId: "rg-1" },
      {
        commandId: "c-public",
        name: "ACS-ECS-Install",
        content: "echo {{package}}",
        provider: "AlibabaCloud.ECS",
        category: "ecs-tools",
        parameterDefinitions: [{ name: "package", required: true, possibleValues: ["nginx", "redis"] }],
      },
    ],
  });
});
afterAll(() => service.close());

const valid = () => ({});

describeShape(() => service, "DescribeCommands", valid);

describeRefusals(() => service, "DescribeCommands", valid, [
  UNKNOWN_REGION,
  [
    "an unknown type",
    { Type: "RunPython" },
    404,
    "InvalidCommandType.NotFound",
    "The specified command type does not exist.",
  ],
  [
    "a name of 129 characters",
    { Name: "n".repeat(129) },
    403,
    "InvalidName.LengthLimitExceeded",
    "The length of the command name exceeds the upper limit.",
  ],
  [
    "a description of 513 characters",
    { Description: "d".repeat(513) },
    403,
    "InvalidDescription.LengthLimitExceeded",
    "The length of the command description exceeds the upper limit.",
  ],
  ...PAGES,
  ...TAGS,
]);

describeEmulated("behaviour", () => {
  test.each<[string, Record<string, string>, string[]]>([
    ["the account's own, newest first", {}, ["c-3", "c-2", "c-1"]],
    ["by id", { CommandId: "c-2" }, ["c-2"]],
    ["an unknown id: nothing", { CommandId: "c-0" }, []],
    ["by name", { Name: "backup" }, ["c-1"]],
    ["by the beginning of a name", { Name: "backup*" }, ["c-2", "c-1"]],
    ["by the end of a name", { Name: "*daily" }, ["c-2"]],
    ["by the middle of a name", { Name: "*up*" }, ["c-2", "c-1"]],
    ["by description", { Description: "every*" }, ["c-2"]],
    ["by type", { Type: "RunPowerShellScript" }, ["c-3"]],
    ["by resource group", { ResourceGroupId: "rg-1" }, ["c-3"]],
    ["by tag", { "Tag.1.Key": "team", "Tag.1.Value": "a" }, ["c-1"]],
    ["by tag key", { "Tag.1.Key": "team" }, ["c-2", "c-1"]],
    ["by two tags that nothing has", { "Tag.1.Key": "team", "Tag.2.Key": "stage" }, []],
    ["public ones by their provider", { Provider: "AlibabaCloud" }, ["c-public"]],
    ["public ones by their whole provider", { Provider: "AlibabaCloud.ECS" }, ["c-public"]],
    ["a public one by its name as id", { CommandId: "ACS-ECS-Install" }, ["c-public"]],
    ["the second page of one", { PageNumber: "2", PageSize: "1" }, ["c-2"]],
  ])("%s", async (_title, parameters, ids) => {
    const body = await succeed(service, "DescribeCommands", parameters);
    expect(body.Commands.Command.map((command: { CommandId: string }) => command.CommandId)).toEqual(ids);
  });

  test("a public command tells where it comes from and what it needs", async () => {
    const body = await succeed(service, "DescribeCommands", { CommandId: "c-public", ContentEncoding: "PlainText" });
    expect(body.Commands.Command[0]).toMatchObject({
      CommandContent: "echo {{package}}",
      Provider: "AlibabaCloud.ECS",
      Category: "ecs-tools",
      Latest: true,
      EnableParameter: true,
      ParameterDefinitions: {
        ParameterDefinition: [
          { ParameterName: "package", Required: true, PossibleValues: { PossibleValue: ["nginx", "redis"] } },
        ],
      },
    });
  });

  test("pages by token until it is empty", async () => {
    const first = await succeed(service, "DescribeCommands", { MaxResults: "2" });
    expect(first.Commands.Command).toHaveLength(2);
    const second = await succeed(service, "DescribeCommands", { MaxResults: "2", NextToken: first.NextToken });
    expect(second.Commands.Command.map((command: { CommandId: string }) => command.CommandId)).toEqual(["c-1"]);
    expect(second.NextToken).toBe("");
  });

  test("a region that does not know MaxResults can be had", async () => {
    const old = await openService({ choices: { maxResultsOfCommands: "refuse" } });
    await createCommand(old, "echo 1");
    const refused = await old.call("DescribeCommands", { MaxResults: "10" });
    expect([refused.status, refused.body.Code]).toEqual([400, "InvalidParameter.MaxResults"]);
    expect((await succeed(old, "DescribeCommands", { PageNumber: "1" })).TotalCount).toBe(1);
    await old.close();
  });
});
