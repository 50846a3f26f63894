import { defineAction } from "../gateway/action";
import { requiredString } from "../gateway/parameters";
import { isFinished } from "../region/status";
import { regionRefusals } from "../requests/region";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-deletecommand */
export const deleteCommand = defineAction({
  name: "DeleteCommand",
  takes: { CommandId: requiredString, RegionId: requiredString },
  refuses: [
    ...regionRefusals,
    ["InvalidCmdId.NotFound", ({ CommandId }, store) => !store.commands.has(CommandId)],
    ["Operation.Forbidden", ({ CommandId }, store) => store.commands.get(CommandId)?.provider !== ""],
    [
      "InvalidStatus.CmdIdInUse",
      ({ CommandId }, store) =>
        [...store.invocations.values()].some(
          (invocation) => invocation.command.commandId === CommandId && !isFinished(invocation),
        ),
    ],
  ],
  act({ CommandId }, store) {
    store.commands.delete(CommandId);
    return {};
  },
});
