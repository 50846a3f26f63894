import { drivenClock } from "../../../emulator";
import { createCommand, invoke, succeed } from "../calls";
import { describeRefusals, describeShape, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

let service: Awaited<ReturnType<typeof openService>>;
let commandId: string;
beforeAll(async () => {
  service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    instances: 1,
    commands: [{ commandId: "c-public", name: "ACS-Public", content: "echo 1", provider: "AlibabaCloud" }],
  });
  commandId = await createCommand(service, "echo 1");
});
afterAll(() => service.close());

const valid = () => ({ CommandId: commandId });

describeShape(() => service, "DeleteCommand", valid);

describeRefusals(
  () => service,
  "DeleteCommand",
  valid,
  [
    UNKNOWN_REGION,
    ["an unknown id", { CommandId: "c-0" }, 404, "InvalidCmdId.NotFound", "The specified command ID does not exist."],
    ["a public command", { CommandId: "c-public" }, 403, "Operation.Forbidden", "The operation is not permitted."],
  ],
  ["InvalidStatus.CmdIdInUse"],
);

describe("behaviour", () => {
  test("a deleted command is gone", async () => {
    const CommandId = await createCommand(service, "echo 1");
    await succeed(service, "DeleteCommand", { CommandId });
    const again = await service.call("DeleteCommand", { CommandId });
    expect([again.status, again.body.Code]).toEqual([404, "InvalidCmdId.NotFound"]);
  });
});

describeEmulated("in use", () => {
  test("is refused while an invocation lives, and taken when it is over", async () => {
    const CommandId = await createCommand(service, "echo 1");
    const InvokeId = await invoke(service, CommandId, { "InstanceId.1": "i-emulated0001", Frequency: "rate(5m)" });
    await service.emulator.advance(1_000);
    const refused = await service.call("DeleteCommand", { CommandId });
    expect([refused.status, refused.body.Code, refused.body.Message]).toEqual([
      403,
      "InvalidStatus.CmdIdInUse",
      "The specified command is in use by some runing Invocation.",
    ]);
    await succeed(service, "StopInvocation", { InvokeId });
    await service.emulator.advance(1_000);
    await succeed(service, "DeleteCommand", { CommandId });
  });
});
