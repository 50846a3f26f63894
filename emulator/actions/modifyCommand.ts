import { defineAction } from "../gateway/action";
import { requiredString, seconds, string } from "../gateway/parameters";
import { descriptionRefusals } from "../requests/command";
import { regionRefusals } from "../requests/region";

/**
 * Changes what describes a command; CommandContent is taken and ignored.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifycommand
 */
export const modifyCommand = defineAction({
  name: "ModifyCommand",
  takes: {
    CommandContent: string,
    CommandId: requiredString,
    Description: string,
    Launcher: string,
    Name: string,
    RegionId: requiredString,
    Timeout: seconds,
    WorkingDir: string,
  },
  refuses: [
    ...regionRefusals,
    ["InvalidCmdId.NotFound", ({ CommandId }, store) => !store.commands.has(CommandId)],
    ["CmdName.Readonly", ({ CommandId }, store) => store.commands.get(CommandId)?.provider !== ""],
    ...descriptionRefusals,
  ],
  act({ CommandId, Name, Description, WorkingDir, Timeout, Launcher }, store) {
    const command = store.commands.get(CommandId);
    if (command === undefined) throw new Error(`Command "${CommandId}" is gone`);
    if (Name) command.name = Name;
    if (Description !== undefined) command.description = Description;
    if (WorkingDir !== undefined) command.workingDir = WorkingDir;
    if (Timeout !== undefined) command.timeoutSeconds = Timeout;
    if (Launcher !== undefined) command.launcher = Launcher;
    return {};
  },
});
