import { drivenClock } from "../../../emulator";
import { createCommand, invoke, look, lookAtRun, run, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, type RefusalRow, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const [ONE, TWO, OLD] = ["i-emulated0001", "i-emulated0002", "i-old"] as const;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const open = (options: Parameters<typeof openService>[0] = {}) =>
  openService({
    clock: drivenClock(START),
    instances: [
      {},
      {},
      { instanceId: OLD, agent: { version: "2.2.3.540" } },
      { instanceId: "i-windows", osType: "windows", outcomes: { "*": {} } },
    ],
    commands: [
      { commandId: "c-name", name: "name", content: "echo {{name}}" },
      { commandId: "c-public", name: "ACS-Public", content: "echo {{name}}", provider: "AlibabaCloud" },
    ],
    ...options,
  });

let service: Awaited<ReturnType<typeof open>>;
let live: string;
let ids: Record<"live" | "once" | "stopped" | "reboot" | "old" | "public", string>;
beforeAll(async () => {
  service = await open();
  const period = { Frequency: "rate(10m)", Parameters: '{"name":"Jack"}' };
  ids = {
    live: await invoke(service, "c-name", { "InstanceId.1": ONE, ...period }),
    once: await invoke(service, "c-name", { "InstanceId.1": ONE }),
    stopped: await invoke(service, "c-name", { "InstanceId.1": ONE, ...period }),
    reboot: await invoke(service, "c-name", { "InstanceId.1": ONE, RepeatMode: "EveryReboot" }),
    old: await invoke(service, "c-name", { "InstanceId.1": OLD, ...period }),
    public: await invoke(service, "c-public", { "InstanceId.1": ONE, ...period }),
  };
  live = ids.live;
  await service.emulator.advance(1_000);
  await succeed(service, "StopInvocation", { InvokeId: ids.stopped });
});
afterAll(() => service.close());

const valid = () => ({ InvokeId: live });
const settle = (ms = 1_000) => service.emulator.advance(ms);
const modify = (InvokeId: string, changes: Changes) =>
  succeed(service, "ModifyInvocationAttribute", { InvokeId, ...changes });
const parameters = (value: unknown): Changes => ({ Parameters: JSON.stringify(value), EnableParameter: "true" });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, ""]));

describeShape(() => service, "ModifyInvocationAttribute", valid);

const frequency = (Frequency: string): RefusalRow => [
  `frequency ${Frequency}`,
  { Frequency },
  400,
  "InvalidParameter.Frequency",
  "The specified parameter Frequency is not valid.",
];

describeRefusals(
  () => service,
  "ModifyInvocationAttribute",
  valid,
  [
    UNKNOWN_REGION,
    ["an unknown id", { InvokeId: "t-0" }, 404, "InvalidInvokeId.NotFound", "The specified invoke ID does not exist."],
    [
      "an unknown machine",
      { "InstanceId.1": "i-0" },
      404,
      "InvalidInstanceId.NotFound",
      "The specified instance ID does not exist.",
    ],
    [
      "a machine of another system",
      { "InstanceId.1": "i-windows" },
      403,
      "InvalidInstanceId.OSTypeUnsupported",
      "The operating system of the specified instance is not supported.",
    ],
    [
      "content that is not Base64",
      { CommandContent: "echo 1!", ContentEncoding: "Base64" },
      400,
      "InvalidCommandContent.DecodeError",
      "The CommandContent can not be base64 decoded.",
    ],
    [
      "content of 18433 bytes",
      { CommandContent: "x".repeat(18_433) },
      403,
      "InvalidCommandContent.LengthLimitExceeded",
      "The length of the command content exceeds the upper limit.",
    ],
    [
      "a parameter name with a blank",
      parameters({ "a b": "" }),
      400,
      "InvalidParameters.KeyMalformed",
      "The specified parameter name is not valid.",
    ],
    [
      "parameters that are no object",
      parameters([]),
      400,
      "InvalidParameters.KeyMalformed",
      "The specified parameter name is not valid.",
    ],
    [
      "an empty parameter name",
      parameters({ "": "" }),
      400,
      "InvalidParameters.KeyEmpty",
      "The parameter name cannot be empty.",
    ],
    [
      "a parameter name of 65 characters",
      parameters({ ["n".repeat(65)]: "" }),
      403,
      "InvalidParameters.KeyLengthLimitExceeded",
      "The length of the parameter name exceeds the upper limit.",
    ],
    [
      "11 parameters",
      parameters(many(11)),
      403,
      "InvalidParameters.CountLimitExceeded",
      "The number of parameters exceeds the upper limit.",
    ],
    [
      "a parameter twice",
      parameters({ name: "1", NAME: "2" }),
      400,
      "InvalidParameters.KeyDuplicate",
      "The parameter names cannot be duplicated.",
    ],
    [
      "a parameter that is an object",
      parameters({ name: {} }),
      403,
      "InvalidParameters.ValueTypeUnsupported",
      "The type of the parameter value is not supported.",
    ],
    [
      "a parameter that the command does not define",
      parameters({ nam: "" }),
      400,
      "InvalidParameters.KeyNotMatch",
      "The passed-in parameters do not match the parameters defined in the command.",
    ],
    [
      "parameters without EnableParameter",
      { Parameters: '{"name":"x"}' },
      400,
      "InvalidParameters.KeyNotMatch",
      "The passed-in parameters do not match the parameters defined in the command.",
    ],
    frequency("every day"),
    frequency("rate(59s)"),
    frequency("0/30 * * * * ?"),
    frequency("at(2026-05-31 00:00:00)"),
  ],
  [
    "InvalidOperation.RepeatModeUnsupported",
    "InvalidOperation.InvokeAlreadyFinished",
    "InvalidOperation.CloudAssistantVersionUnsupported",
    "InvalidOperation.ModifyPublicCommandUnsupported",
    "InvalidInstanceId.CountLimitExceeded",
    "CommandLimitExceeded",
  ],
);

describe("refusals by the state of the invocation", () => {
  test.each<[string, keyof typeof ids, Changes, number, string, string]>([
    [
      "Once",
      "once",
      { Frequency: "rate(10m)" },
      403,
      "InvalidOperation.RepeatModeUnsupported",
      "The operation is not supported for the repeat mode of the invocation.",
    ],
    [
      "a frequency for a reboot mode",
      "reboot",
      { Frequency: "rate(10m)" },
      403,
      "InvalidOperation.RepeatModeUnsupported",
      "The operation is not supported for the repeat mode of the invocation.",
    ],
    [
      "a stopped one",
      "stopped",
      { Frequency: "rate(10m)" },
      403,
      "InvalidOperation.InvokeAlreadyFinished",
      "The invocation has already finished.",
    ],
    [
      "an agent too old",
      "old",
      { Frequency: "rate(20m)" },
      403,
      "InvalidOperation.CloudAssistantVersionUnsupported",
      "The Cloud Assistant version of the instance does not support the operation.",
    ],
    [
      "content of a public command",
      "public",
      { CommandContent: "echo 1" },
      403,
      "InvalidOperation.ModifyPublicCommandUnsupported",
      "The content of a public command cannot be modified.",
    ],
  ])("%s", async (_title, name, changes, status, code, message) => {
    const { status: actual, body } = await service.call("ModifyInvocationAttribute", {
      InvokeId: ids[name],
      ...changes,
    });
    expect([actual, body.Code, body.Message]).toEqual([status, code, message]);
  });

  test("more than 100 machines", async () => {
    const crowd = await open({ instances: 102 });
    const names = (from: number, to: number) =>
      Object.fromEntries(
        Array.from({ length: to - from + 1 }, (_, index) => [
          `InstanceId.${index + 1}`,
          `i-emulated${String(from + index).padStart(4, "0")}`,
        ]),
      );
    const InvokeId = await invoke(crowd, "c-name", { ...names(1, 99), Frequency: "rate(10m)" });
    await succeed(crowd, "ModifyInvocationAttribute", { InvokeId, ...names(99, 100) });
    const { status, body } = await crowd.call("ModifyInvocationAttribute", { InvokeId, ...names(101, 101) });
    expect([status, body.Code, body.Message]).toEqual([
      403,
      "InvalidInstanceId.CountLimitExceeded",
      "The number of instances exceeds the upper limit.",
    ]);
    await crowd.close();
  });

  test("a new command beyond the quota", async () => {
    const poor = await open({ quotas: { commands: 2 }, commands: [] });
    await createCommand(poor, "echo 1");
    const InvokeId = await run(poor, "echo 2", { "InstanceId.1": ONE, Frequency: "rate(10m)" });
    const { status, body } = await poor.call("ModifyInvocationAttribute", { InvokeId, CommandContent: "echo 3" });
    expect([status, body.Code, body.Message]).toEqual([
      403,
      "CommandLimitExceeded",
      "The number of commands exceeds the upper limit.",
    ]);
    await poor.close();
  });
});

describe("behaviour", () => {
  const start = (changes: Changes = {}) =>
    invoke(service, "c-name", {
      "InstanceId.1": ONE,
      Frequency: "rate(10m)",
      Parameters: '{"name":"Jack"}',
      ...changes,
    });

  test("a new frequency takes over without a gap and without a second schedule", async () => {
    const invokeId = await start({ Frequency: "0 0 * * * ?" });
    await settle(3_600_000);
    expect((await lookAtRun(service, invokeId)).Repeats).toBe(1);
    expect((await modify(invokeId, { Frequency: "0 0/20 * * * ?" })).CommandId).toBe("c-name");
    await settle(3_600_000);
    expect((await lookAtRun(service, invokeId)).Repeats).toBe(4);
    expect((await look(service, invokeId)).Frequency).toBe("0 0/20 * * * ?");
    await succeed(service, "StopInvocation", { InvokeId: invokeId });
  });

  test("rate() still counts from the creation", async () => {
    const invokeId = await start({ Frequency: "rate(60m)" });
    await settle(25 * 60_000);
    await modify(invokeId, { Frequency: "rate(10m)" });
    await settle(4 * 60_000);
    expect((await lookAtRun(service, invokeId)).Repeats).toBe(0);
    await settle(60_000);
    expect((await lookAtRun(service, invokeId)).Repeats).toBe(1);
    await succeed(service, "StopInvocation", { InvokeId: invokeId });
  });

  test("new parameters are there with the next run", async () => {
    const invokeId = await start();
    await settle(600_000);
    await modify(invokeId, parameters({ name: "Jill" }));
    expect(await lookAtRun(service, invokeId)).toMatchObject({ Output: "Jack\n", Repeats: 1 });
    await settle(600_000);
    expect(await lookAtRun(service, invokeId)).toMatchObject({ Output: "Jill\n", Repeats: 2 });
    expect((await look(service, invokeId)).Parameters).toBe('{"name":"Jill"}');
    await succeed(service, "StopInvocation", { InvokeId: invokeId });
  });

  test.each<[string, Changes]>([
    ["plain text by default", { CommandContent: "echo new {{name}}" }],
    ["Base64 when it is said", { CommandContent: base64("echo new {{name}}"), ContentEncoding: "Base64" }],
  ])("new content is a new command: %s", async (_title, changes) => {
    const invokeId = await start();
    const { CommandId } = await modify(invokeId, changes);
    expect(CommandId).not.toBe("c-name");
    await settle(600_000);
    expect((await lookAtRun(service, invokeId)).Output).toBe("new Jack\n");
    expect(await look(service, invokeId)).toMatchObject({ CommandId, CommandContent: "echo new {{name}}" });
    const { Commands } = await succeed(service, "DescribeCommands", { CommandId, ContentEncoding: "PlainText" });
    expect(Commands.Command[0]).toMatchObject({ CommandContent: "echo new {{name}}", Name: "name" });
    await succeed(service, "StopInvocation", { InvokeId: invokeId });
  });

  test("the same content is the same command", async () => {
    expect((await modify(live, { CommandContent: "echo {{name}}" })).CommandId).toBe("c-name");
  });

  test("a machine is added and joins the schedule; adding it again changes nothing", async () => {
    const invokeId = await start();
    await settle(600_000);
    await modify(invokeId, { "InstanceId.1": TWO });
    await settle();
    await modify(invokeId, { "InstanceId.1": TWO, "InstanceId.2": ONE });
    await settle(600_000);
    expect([(await lookAtRun(service, invokeId, 0)).Repeats, (await lookAtRun(service, invokeId, 1)).Repeats]).toEqual([
      2, 1,
    ]);
    expect((await look(service, invokeId)).InvokeInstances.InvokeInstance).toHaveLength(2);
    await succeed(service, "StopInvocation", { InvokeId: invokeId });
  });

  test("adding a machine asks nothing of old agents", async () => {
    await modify(ids.old, { "InstanceId.1": TWO });
    expect((await look(service, ids.old)).InvokeInstances.InvokeInstance).toHaveLength(2);
  });

  test("the same ClientToken changes once", async () => {
    const invokeId = await start();
    const sent = { CommandContent: "echo once", ClientToken: `modify-${invokeId}` };
    const first = await modify(invokeId, sent);
    expect((await modify(invokeId, sent)).CommandId).toBe(first.CommandId);
    await succeed(service, "StopInvocation", { InvokeId: invokeId });
  });
});

describeEmulated("a command that is not kept", () => {
  test("is replaced by one that is not kept either", async () => {
    const { CommandId, InvokeId } = await succeed(service, "RunCommand", {
      Type: "RunShellScript",
      CommandContent: "echo 1",
      "InstanceId.1": ONE,
      Frequency: "rate(10m)",
    });
    const changed = await modify(InvokeId, { CommandContent: "echo 2" });
    expect(changed.CommandId).not.toBe(CommandId);
    for (const id of [CommandId, changed.CommandId]) {
      expect((await succeed(service, "DescribeCommands", { CommandId: id })).TotalCount).toBe(0);
    }
    await succeed(service, "StopInvocation", { InvokeId });
  });
});
