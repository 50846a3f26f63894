import { createCommand, succeed } from "../calls";
import { describeRefusals, describeShape, UNKNOWN_REGION } from "../cases";
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
  [
    "a name of 129 characters",
    { Name: "n".repeat(129) },
    403,
    "CmdName.ExceedLimit",
    "The length of the command name exceeds the upper limit.",
  ],
  [
    "a name of two lines",
    { Name: "a\nb" },
    403,
    "InvalidParameterCharacter.CommandName",
    "The command name contains illegal characters.",
  ],
  [
    "a description of 513 characters",
    { Description: "d".repeat(513) },
    403,
    "CmdDesc.ExceedLimit",
    "The length of the command description exceeds the upper limit.",
  ],
  [
    "a description of two lines",
    { Description: "a\nb" },
    403,
    "InvalidParameterCharacter.CommandDescription",
    "The command description contains illegal characters.",
  ],
  [
    "a working directory of 201 characters",
    { WorkingDir: `/${"w".repeat(200)}` },
    400,
    "InvalidParameter.WorkingDir",
    "The specified parameter WorkingDir is not valid.",
  ],
  [
    "a working directory of two lines",
    { WorkingDir: "/a\n/b" },
    403,
    "InvalidParameterCharacter.CommandWorkingDir",
    "The working directory of the command contains illegal characters.",
  ],
  [
    "a timeout of more than a day",
    { Timeout: "86401" },
    403,
    "InvalidTimeout.ExceedLimit",
    "The specified timeout exceeds the upper limit.",
  ],
  [
    "a launcher of 1025 bytes",
    { Launcher: "l".repeat(1025) },
    403,
    "InvalidLauncher.LengthLimitExceeded",
    "The length of the launcher exceeds the upper limit.",
  ],
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
