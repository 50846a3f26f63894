import { createCommand, succeed } from "../calls";
import { COMMAND_LIMITS, describeRefusals, describeShape, TAGS, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService, type Service } from "../client";

let service: Service;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const valid = () => ({ Name: "test", Type: "RunShellScript", CommandContent: base64("echo {{name}}") });
const content = (text: string, more = {}) => ({ CommandContent: base64(text), EnableParameter: "true", ...more });
const names = (count: number): string => Array.from({ length: count }, (_, index) => `{{p${index}}}`).join(" ");

async function describeCommand(commandId: string, encoding?: string) {
  const body = await succeed(service, "DescribeCommands", { CommandId: commandId, ContentEncoding: encoding });
  return body.Commands.Command[0];
}

describeShape(() => service, "CreateCommand", valid);

describeRefusals(
  () => service,
  "CreateCommand",
  valid,
  [
    UNKNOWN_REGION,
    [
      "an unknown type",
      { Type: "RunPython" },
      404,
      "InvalidCmdType.NotFound",
      "The specified command type does not exist.",
    ],
    ...COMMAND_LIMITS,
    [
      "content that is not Base64",
      { CommandContent: "echo 1!" },
      400,
      "CmdContent.DecodeError",
      "The CommandContent can not be base64 decoded.",
    ],
    [
      "content of 18433 bytes",
      { CommandContent: base64("x".repeat(18_433)) },
      403,
      "CmdContent.ExceedLimit",
      "The maximum length of a command is exceeded.",
    ],
    ["a parameter without a name", content("{{}}"), 400, "CmdParam.EmptyKey", "You must specify the parameter names."],
    [
      "a parameter name with a blank",
      content("{{a b}}"),
      400,
      "CmdParam.InvalidParamName",
      "Invalid parameter name. The name can contain only lowercase letters (a to z), uppercase letters (A to Z), numbers (0 to 9), hyphens (-), and underscores (_).",
    ],
    [
      "a parameter name of 65 characters",
      content(`{{${"n".repeat(65)}}}`),
      403,
      "CmdParamName.ExceedLimit",
      "The maximum length of a parameter name is exceeded.",
    ],
    [
      "21 parameters",
      content(names(21)),
      403,
      "CmdParamCount.ExceedLimit",
      "The maximum number of parameters is exceeded.",
    ],
    ...TAGS,
    [
      "content before a tag: the order is the service's",
      { CommandContent: "echo 1!", "Tag.1.Value": "v" },
      400,
      "CmdContent.DecodeError",
      "The CommandContent can not be base64 decoded.",
    ],
  ],
  ["CmdCount.ExceedQuota"],
);

describe("behaviour", () => {
  test("what was given is echoed, and nothing that was not", async () => {
    const commandId = await createCommand(service, "echo {{name}}", {
      Name: "n",
      Description: "d",
      WorkingDir: "/opt",
      Timeout: "120",
      EnableParameter: "true",
      Launcher: "sh -x",
      "Tag.1.Key": "k",
      "Tag.1.Value": "v",
    });
    expect(await describeCommand(commandId)).toMatchObject({
      CommandId: commandId,
      Name: "n",
      Type: "RunShellScript",
      Description: "d",
      CommandContent: base64("echo {{name}}"),
      WorkingDir: "/opt",
      Timeout: 120,
      EnableParameter: true,
      ParameterNames: { ParameterName: ["name"] },
      Launcher: "sh -x",
      Tags: { Tag: [{ TagKey: "k", TagValue: "v" }] },
    });
    const bare = await createCommand(service, "echo {{name}}");
    expect(await describeCommand(bare)).toMatchObject({
      WorkingDir: "",
      Timeout: 60,
      EnableParameter: false,
      ParameterNames: { ParameterName: [] },
    });
  });

  test.each([
    [undefined, base64("echo 1"), "echo 1"],
    ["Base64", base64("echo 1"), "echo 1"],
    ["PlainText", "echo 1", "echo 1"],
    ["plaintext", "echo 1", "echo 1"],
    ["Rot13", base64("echo 1"), "echo 1"],
  ])("content encoded as %s", async (ContentEncoding, CommandContent, expected) => {
    const { CommandId } = await succeed(service, "CreateCommand", { ...valid(), ContentEncoding, CommandContent });
    expect((await describeCommand(CommandId, "PlainText")).CommandContent).toBe(expected);
  });

  test.each([
    ["a name of 128 characters", { Name: "n".repeat(128) }],
    ["content of 18432 bytes", { CommandContent: base64("x".repeat(18_432)) }],
    ["20 parameters", content(names(20))],
    ["a timeout of a day", { Timeout: "86400" }],
    ["a bad parameter name when parameters are not enabled", content("{{a b}}", { EnableParameter: "false" })],
  ])("%s is taken", async (_title, changes) => {
    expect((await succeed(service, "CreateCommand", { ...valid(), ...changes })).CommandId).toMatch(/^c-/);
  });

  test("the same ClientToken gets the same command, other parameters are refused", async () => {
    const token = `create-${Date.now()}`;
    const first = await succeed(service, "CreateCommand", { ...valid(), ClientToken: token });
    const again = await succeed(service, "CreateCommand", { ...valid(), ClientToken: token });
    expect(again.CommandId).toBe(first.CommandId);
    expect(again.RequestId).not.toBe(first.RequestId);
    const other = await service.call("CreateCommand", { ...valid(), Name: "other", ClientToken: token });
    expect([other.status, other.body.Code]).toEqual([403, "IdempotentParameterMismatch"]);
  });
});

describeEmulated("quota", () => {
  test("one command more than the quota is refused, and taken after one was deleted", async () => {
    const small = await openService({ quotas: { commands: 2 } });
    const first = await createCommand(small, "echo 1");
    await createCommand(small, "echo 2");
    const third = await small.call("CreateCommand", valid());
    expect([third.status, third.body.Code, third.body.Message]).toEqual([
      403,
      "CmdCount.ExceedQuota",
      "The total number of commands in the current region exceeds the quota.",
    ]);
    await succeed(small, "DeleteCommand", { CommandId: first });
    await createCommand(small, "echo 3");
    await small.close();
  });
});
