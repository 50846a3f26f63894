import { createCommand, succeed } from "../calls";
import { COMMAND_LIMITS, describeRefusals, describeShape, UNKNOWN_REGION } from "../cases";
import { openService, type Service } from "../client";

let service: Service;
let commandId: string;
beforeAll(async () => {
  service = await openService({
    commands: [{ commandId: "c-public", name: "ACS-Public", content: "echo 1", provider: "AlibabaCloud" }],
  });
  commandId = await createCommand(service, "echo 1");
});
afterAll(() => service.close());

const valid = () => ({ CommandId: commandId });

describeShape(() => service, "ModifyCommand", valid);

describeRefusals(() => service, "ModifyCommand", valid, [
  UNKNOWN_REGION,
  ["an unknown id", { CommandId: "c-0" }, 404, "InvalidCmdId.NotFound", "The specified command ID does not exist."],
  [
    "a public command",
    { CommandId: "c-public", Name: "mine" },
    403,
    "CmdName.Readonly",
    "The name of a public command cannot be modified.",
  ],
  ...COMMAND_LIMITS,
]);

describe("behaviour", () => {
  const describeIt = async (CommandId: string) =>
    (await succeed(service, "DescribeCommands", { CommandId, ContentEncoding: "PlainText" })).Commands.Command[0];

  test("what is given changes, the rest stays", async () => {
    const CommandId = await createCommand(service, "echo 1", { Description: "d", WorkingDir: "/opt" });
    await succeed(service, "ModifyCommand", {
      CommandId,
      Name: "new",
      Timeout: "90",
      WorkingDir: "",
      Launcher: "sh -x",
    });
    expect(await describeIt(CommandId)).toMatchObject({
      Name: "new",
      Description: "d",
      WorkingDir: "",
      Timeout: 90,
      Launcher: "sh -x",
    });
  });

  test("content is taken and ignored", async () => {
    const CommandId = await createCommand(service, "echo 1");
    await succeed(service, "ModifyCommand", { CommandId, CommandContent: "ZWNobyAy" });
    expect((await describeIt(CommandId)).CommandContent).toBe("echo 1");
  });
});
