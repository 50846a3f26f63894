import { drivenClock } from "../../../emulator";
import { look, lookAtRun, succeed } from "../calls";
import {
  type Changes,
  COMMAND_LIMITS,
  describeRefusals,
  describeShape,
  type RefusalRow,
  TAGS,
  UNKNOWN_REGION,
} from "../cases";
import { describeEmulated, openService } from "../client";

const ONE = "i-emulated0001";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

let service: Awaited<ReturnType<typeof openService>>;
beforeAll(async () => {
  service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    instances: [{}, { instanceId: "i-windows", osType: "windows", outcomes: { "*": { output: "done" } } }],
  });
});
afterAll(() => service.close());

const valid = () => ({ Type: "RunShellScript", CommandContent: "echo 1", "InstanceId.1": ONE });
const enabled = (CommandContent: string, value: unknown = {}): Changes => ({
  CommandContent,
  EnableParameter: "true",
  Parameters: JSON.stringify(value),
});
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, ""]));
const untargeted = { "InstanceId.1": undefined };
const resourceTag = (changes: Changes): Changes => ({ ...untargeted, ...changes });

describeShape(() => service, "RunCommand", valid);

const rows: RefusalRow[] = [
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
    { CommandContent: "echo 1!", ContentEncoding: "Base64" },
    400,
    "CmdContent.DecodeError",
    "The CommandContent can not be base64 decoded.",
  ],
  [
    "content of 18433 bytes",
    { CommandContent: "x".repeat(18_433) },
    403,
    "CmdContent.ExceedLimit",
    "The maximum length of a command is exceeded.",
  ],
  ["a parameter without a name", enabled("{{}}"), 400, "CmdParam.EmptyKey", "You must specify the parameter names."],
  [
    "a parameter name with a blank",
    enabled("{{a b}}"),
    400,
    "CmdParam.InvalidParamName",
    "Invalid parameter name. The name can contain only lowercase letters (a to z), uppercase letters (A to Z), numbers (0 to 9), hyphens (-), and underscores (_).",
  ],
  [
    "a parameter name of 65 characters",
    enabled(`{{${"n".repeat(65)}}}`),
    403,
    "CmdParamName.ExceedLimit",
    "The maximum length of a parameter name is exceeded.",
  ],
  [
    "21 parameters defined",
    enabled(
      Object.keys(many(21))
        .map((name) => `{{${name}}}`)
        .join(""),
    ),
    403,
    "CmdParamCount.ExceedLimit",
    "The maximum number of parameters is exceeded.",
  ],
  [
    "a repeat mode of its own",
    { RepeatMode: "Twice" },
    404,
    "InvalidRepeatMode.NotFound",
    "The specified repeat mode does not exist.",
  ],
  [
    "a termination mode of its own",
    { TerminationMode: "Gently" },
    404,
    "InvalidTerminationMode.NotFound",
    "The specified termination mode does not exist.",
  ],
  [
    "a user name of 256 characters",
    { Username: "u".repeat(256) },
    403,
    "Username.ExceedLimit",
    "The length of the username exceeds the upper limit.",
  ],
  [
    "a password name of 256 characters",
    { WindowsPasswordName: "p".repeat(256) },
    403,
    "WindowsPasswordName.ExceedLimit",
    "The length of the Windows password name exceeds the upper limit.",
  ],
  [
    "a short container id",
    { ContainerId: "abc" },
    400,
    "InvalidContainerId.Malformed",
    "The specified parameter ContainerId is not valid.",
  ],
  [
    "a container name that begins with a dot",
    { ContainerName: ".web" },
    400,
    "InvalidContainerName.Malformed",
    "The specified parameter ContainerName is not valid.",
  ],
  ...TAGS,
  [
    "machines by id and by tag",
    { "ResourceTag.1.Key": "role" },
    400,
    "InvalidResourceTag.ConflictWithInstanceIds",
    "The parameters ResourceTag and InstanceId cannot be specified at the same time.",
  ],
  ["no machine", untargeted, 400, "MissingParam.InstanceId", "The parameter instanceId is missing or empty."],
  [
    "11 resource tags",
    resourceTag(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`ResourceTag.${i + 1}.Key`, `k${i}`]))),
    400,
    "NumberExceed.ResourceTags",
    "The number of resource tags exceeds the upper limit.",
  ],
  [
    "a resource tag without a key",
    resourceTag({ "ResourceTag.1.Value": "v" }),
    400,
    "MissingParameter.ResourceTagKey",
    "The specified ResourceTag.n.Key cannot be null.",
  ],
  [
    "a resource tag key of Alibaba's",
    resourceTag({ "ResourceTag.1.Key": "acs:x" }),
    400,
    "InvalidResourceTagKey.Malformed",
    "The specified ResourceTag.n.Key is not valid.",
  ],
  [
    "a resource tag value with an address",
    resourceTag({ "ResourceTag.1.Key": "k", "ResourceTag.1.Value": "http://x" }),
    400,
    "InvalidResourceTagValue.Malformed",
    "The specified ResourceTag.n.Value is not valid.",
  ],
  [
    "a resource tag key twice",
    resourceTag({ "ResourceTag.1.Key": "k", "ResourceTag.2.Key": "k" }),
    400,
    "Duplicate.ResourceTagKey",
    "The ResourceTag.N.Key contain duplicate key.",
  ],
  [
    "resource tags that no machine has",
    resourceTag({ "ResourceTag.1.Key": "k" }),
    400,
    "InvalidResourceTag.InstanceNotFound",
    "No instance has the specified resource tags.",
  ],
  [
    "101 machines",
    Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`InstanceId.${i + 1}`, `i-${i}`])),
    403,
    "InstanceIds.ExceedLimit",
    "The number of instance IDs exceeds the upper limit.",
  ],
  [
    "an unknown machine",
    { "InstanceId.1": "i-0" },
    404,
    "InvalidInstance.NotFound",
    "The specified instance does not exist.",
  ],
  [
    "a shell script for Windows",
    { "InstanceId.1": "i-windows" },
    400,
    "InvalidInstance.NotMatch",
    "The specified instance type does not match the command.",
  ],
  [
    "a user on Windows without a password",
    { "InstanceId.1": "i-windows", Type: "RunBatScript", Username: "admin" },
    403,
    "WindowsPasswordName.Missed",
    "The WindowsPasswordName must be specified when you create a Windows task.",
  ],
  [
    "parameters that are no object",
    { Parameters: "[]" },
    400,
    "InvalidParameter.Parameters",
    "The specified parameter Parameters is not valid.",
  ],
  [
    "parameters that are not enabled",
    { Parameters: '{"a":""}' },
    400,
    "Parameter.Disabled",
    "Parameters cannot be passed in when the command customization function is disabled.",
  ],
  [
    "11 parameters passed",
    enabled("{{a}}", many(11)),
    403,
    "ParameterCount.ExceedLimit",
    "The maximum number of parameters is exceeded.",
  ],
  [
    "a parameter name of 65 characters passed",
    enabled("{{a}}", { ["n".repeat(65)]: "" }),
    403,
    "ParameterKey.ExceedLimit",
    "The maximum length of a parameter name is exceeded.",
  ],
  [
    "a parameter passed twice",
    enabled("{{a}}", { a: "", A: "" }),
    403,
    "ParameterKey.Duplicate",
    "Parameter names cannot be duplicated.",
  ],
  [
    "a parameter that is null",
    enabled("{{a}}", { a: null }),
    403,
    "ParameterType.NotSupported",
    "The type of the parameter value is not supported.",
  ],
  [
    "a parameter that the content does not name",
    enabled("{{a}}", { b: "" }),
    403,
    "Parameter.NotMatched",
    "The passed-in parameters do not match the parameters defined when you created the command.",
  ],
  [
    "Period without a frequency",
    { RepeatMode: "Period" },
    400,
    "MissingParam.Frequency",
    "The frequency must be specified when you create a timed task.",
  ],
  ["a bad frequency", { Frequency: "rate(8d)" }, 400, "InvalidParam.Frequency", "The specified frequency is invalid."],
];
describeRefusals(() => service, "RunCommand", valid, rows, [
  "CmdCount.ExceedQuota",
  "Parameter.MissingValue",
  "Invocation.ExceedQuota",
]);

describeEmulated("quotas and choices", () => {
  test("a kept command beyond the quota is refused, one that is not kept does not count", async () => {
    const poor = await openService({ instances: 1, quotas: { commands: 0 } });
    const kept = await poor.call("RunCommand", { ...valid(), KeepCommand: "true" });
    expect([kept.status, kept.body.Code]).toEqual([403, "CmdCount.ExceedQuota"]);
    await succeed(poor, "RunCommand", valid());
    await poor.close();
  });

  test("the day's quota is shared with InvokeCommand", async () => {
    const poor = await openService({ instances: 1, quotas: { invocationsPerDay: 1 } });
    await succeed(poor, "RunCommand", valid());
    const second = await poor.call("RunCommand", valid());
    expect([second.status, second.body.Code]).toEqual([403, "Invocation.ExceedQuota"]);
    await poor.close();
  });

  test("a parameter left out may be refused", async () => {
    const strict = await openService({ instances: 1, choices: { missingParameter: "refuse" } });
    const answer = await strict.call("RunCommand", { ...valid(), ...enabled("echo {{a}}") });
    expect([answer.status, answer.body.Code]).toEqual([400, "Parameter.MissingValue"]);
    await strict.close();
  });
});

describe("behaviour", () => {
  const settle = (ms = 1_000) => service.emulator.advance(ms);
  const list = async (CommandId: string) => (await succeed(service, "DescribeCommands", { CommandId })).TotalCount;

  test("creates and invokes in one; the command is gone with its invocation", async () => {
    const { CommandId, InvokeId } = await succeed(service, "RunCommand", { ...valid(), Name: "n", Description: "d" });
    expect(await look(service, InvokeId)).toMatchObject({
      CommandId,
      CommandName: "n",
      CommandDescription: "d",
      Timeout: 60,
      InvocationStatus: "Pending",
    });
    await settle();
    expect((await lookAtRun(service, InvokeId)).Output).toBe("1\n");
    expect(await list(CommandId)).toBe(0);
    const deleted = await service.call("DeleteCommand", { CommandId });
    expect([deleted.status, deleted.body.Code]).toEqual([404, "InvalidCmdId.NotFound"]);
  });

  test("KeepCommand keeps it, to be invoked again", async () => {
    const { CommandId } = await succeed(service, "RunCommand", { ...valid(), Name: "kept", KeepCommand: "true" });
    await settle();
    expect(await list(CommandId)).toBe(1);
    await succeed(service, "InvokeCommand", { CommandId, "InstanceId.1": ONE });
  });

  test.each<[string, Changes]>([
    ["plain text by default", { CommandContent: "echo out" }],
    ["Base64 when it is said", { CommandContent: base64("echo out"), ContentEncoding: "Base64" }],
    ["plain text when it is said otherwise", { CommandContent: "echo out", ContentEncoding: "Rot13" }],
  ])("content: %s", async (_title, changes) => {
    const { InvokeId } = await succeed(service, "RunCommand", { ...valid(), ...changes });
    await settle();
    expect((await lookAtRun(service, InvokeId)).Output).toBe("out\n");
  });

  test("parameters and a schedule", async () => {
    const changes = { ...enabled("echo {{name}}", { name: "Jack" }), Frequency: "rate(10m)" };
    const { CommandId, InvokeId } = await succeed(service, "RunCommand", { ...valid(), ...changes });
    await settle(600_000);
    expect(await lookAtRun(service, InvokeId)).toMatchObject({ Output: "Jack\n", InvocationStatus: "Scheduled" });
    const used = await service.call("DeleteCommand", { CommandId });
    expect(used.body.Code).toBe("InvalidStatus.CmdIdInUse");
    await succeed(service, "StopInvocation", { InvokeId });
  });

  test("a Windows machine answers as it was told to", async () => {
    const { InvokeId } = await succeed(service, "RunCommand", {
      ...valid(),
      Type: "RunPowerShellScript",
      "InstanceId.1": "i-windows",
    });
    await settle();
    expect(await lookAtRun(service, InvokeId)).toMatchObject({ InvocationStatus: "Success", Output: "done" });
  });

  test("the same ClientToken gets the same ids", async () => {
    const first = await succeed(service, "RunCommand", { ...valid(), ClientToken: "run" });
    const again = await succeed(service, "RunCommand", { ...valid(), ClientToken: "run" });
    expect([again.CommandId, again.InvokeId]).toEqual([first.CommandId, first.InvokeId]);
  });

  test("DryRun makes nothing", async () => {
    const { CommandId, InvokeId } = await succeed(service, "RunCommand", { ...valid(), RepeatMode: "DryRun" });
    expect([await list(CommandId), await look(service, InvokeId)]).toEqual([0, undefined]);
  });
});
