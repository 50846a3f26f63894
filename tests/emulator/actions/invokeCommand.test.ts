import { drivenClock } from "../../../emulator";
import { createCommand, invoke, look, lookAtHistory, lookAtRun, run, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, type RefusalRow, TAGS, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const MACHINE = "i-emulated0001";

const open = (options: Parameters<typeof openService>[0] = {}) =>
  openService({
    clock: drivenClock(START),
    instances: [
      { tags: { role: "web" } },
      { tags: { role: "web", stage: "test" } },
      { instanceId: "i-windows", osType: "windows", outcomes: { "*": { output: "done\r\n" } } },
    ],
    commands: [
      { commandId: "c-shell", name: "shell", content: "echo {{name}}", timeoutSeconds: 60 },
      { commandId: "c-plain", name: "plain", content: "echo 1" },
      { commandId: "c-long", name: "long", content: `echo {{name}} ${"x".repeat(18_000)}` },
      { commandId: "c-windows", name: "windows", type: "RunPowerShellScript", content: "Get-Date" },
      {
        commandId: "c-public",
        name: "ACS-Install",
        content: "install {{package}} {{version}}",
        provider: "AlibabaCloud",
        parameterDefinitions: [
          { name: "package", required: true },
          { name: "version", required: true, defaultValue: "1" },
        ],
      },
    ],
    ...options,
  });

let service: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  service = await open();
});
afterAll(() => service.close());

const valid = () => ({ CommandId: "c-shell", "InstanceId.1": MACHINE, Parameters: '{"name":"Jack"}' });
const numbered = (name: string, values: readonly string[]): Changes =>
  Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
const object = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, ""])));
const untargeted = { "InstanceId.1": undefined };

const row = (title: string, changes: Changes, status: number, code: string, message: string): RefusalRow => [
  title,
  changes,
  status,
  code,
  message,
];
const badFrequency = (Frequency: string): RefusalRow =>
  row(`frequency ${Frequency}`, { Frequency }, 400, "InvalidParam.Frequency", "The specified frequency is invalid.");

describeShape(() => service, "InvokeCommand", valid);

describeRefusals(
  () => service,
  "InvokeCommand",
  valid,
  [
    UNKNOWN_REGION,
    row(
      "an unknown command",
      { CommandId: "c-0" },
      404,
      "InvalidCmdId.NotFound",
      "The specified command ID does not exist.",
    ),
    row(
      "a private command by its name",
      { CommandId: "shell" },
      404,
      "InvalidCmdId.NotFound",
      "The specified command ID does not exist.",
    ),
    row(
      "a repeat mode of its own",
      { RepeatMode: "Twice" },
      404,
      "InvalidRepeatMode.NotFound",
      "The specified repeat mode does not exist.",
    ),
    row(
      "a termination mode of its own",
      { TerminationMode: "Gently" },
      404,
      "InvalidTerminationMode.NotFound",
      "The specified termination mode does not exist.",
    ),
    row(
      "a user name of 256 characters",
      { Username: "u".repeat(256) },
      403,
      "Username.ExceedLimit",
      "The length of the username exceeds the upper limit.",
    ),
    row(
      "a password name of 256 characters",
      { WindowsPasswordName: "p".repeat(256) },
      403,
      "WindowsPasswordName.ExceedLimit",
      "The length of the Windows password name exceeds the upper limit.",
    ),
    row(
      "a working directory of 201 characters",
      { WorkingDir: `/${"w".repeat(200)}` },
      400,
      "InvalidParameter.WorkingDir",
      "The specified parameter WorkingDir is not valid.",
    ),
    row(
      "a launcher of 1025 bytes",
      { Launcher: "l".repeat(1025) },
      403,
      "InvalidLauncher.LengthLimitExceeded",
      "The length of the launcher exceeds the upper limit.",
    ),
    row(
      "a short container id",
      { ContainerId: "abc" },
      400,
      "InvalidContainerId.Malformed",
      "The specified parameter ContainerId is not valid.",
    ),
    row(
      "a container name that begins with a dot",
      { ContainerName: ".web" },
      400,
      "InvalidContainerName.Malformed",
      "The specified parameter ContainerName is not valid.",
    ),
    row(
      "a container name of 256 characters",
      { ContainerName: "w".repeat(256) },
      400,
      "InvalidContainerName.Malformed",
      "The specified parameter ContainerName is not valid.",
    ),
    ...TAGS,
    row(
      "machines by id and by tag",
      { "ResourceTag.1.Key": "role" },
      400,
      "InvalidResourceTag.ConflictWithInstanceIds",
      "The parameters ResourceTag and InstanceId cannot be specified at the same time.",
    ),
    row("no machine", untargeted, 400, "MissingParam.InstanceId", "The parameter instanceId is missing or empty."),
    row(
      "an empty id",
      { "InstanceId.2": "" },
      400,
      "MissingParam.InstanceId",
      "The parameter instanceId is missing or empty.",
    ),
    row(
      "11 resource tags",
      {
        ...untargeted,
        ...numbered("ResourceTag", []),
        ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`ResourceTag.${i + 1}.Key`, `k${i}`])),
      },
      400,
      "NumberExceed.ResourceTags",
      "The number of resource tags exceeds the upper limit.",
    ),
    row(
      "a resource tag without a key",
      { ...untargeted, "ResourceTag.1.Value": "web" },
      400,
      "MissingParameter.ResourceTagKey",
      "The specified ResourceTag.n.Key cannot be null.",
    ),
    row(
      "a resource tag key of Alibaba's",
      { ...untargeted, "ResourceTag.1.Key": "aliyun-x" },
      400,
      "InvalidResourceTagKey.Malformed",
      "The specified ResourceTag.n.Key is not valid.",
    ),
    row(
      "a resource tag value of 129 characters",
      { ...untargeted, "ResourceTag.1.Key": "k", "ResourceTag.1.Value": "v".repeat(129) },
      400,
      "InvalidResourceTagValue.Malformed",
      "The specified ResourceTag.n.Value is not valid.",
    ),
    row(
      "a resource tag key twice",
      { ...untargeted, "ResourceTag.1.Key": "k", "ResourceTag.2.Key": "k" },
      400,
      "Duplicate.ResourceTagKey",
      "The ResourceTag.N.Key contain duplicate key.",
    ),
    row(
      "resource tags that no machine has",
      { ...untargeted, "ResourceTag.1.Key": "role", "ResourceTag.1.Value": "db" },
      400,
      "InvalidResourceTag.InstanceNotFound",
      "No instance has the specified resource tags.",
    ),
    row(
      "101 machines",
      numbered(
        "InstanceId",
        Array.from({ length: 101 }, (_, i) => `i-${i}`),
      ),
      403,
      "InstanceIds.ExceedLimit",
      "The number of instance IDs exceeds the upper limit.",
    ),
    row(
      "an unknown machine",
      { "InstanceId.2": "i-0" },
      404,
      "InvalidInstance.NotFound",
      "The specified instance does not exist.",
    ),
    row(
      "a shell script for Windows",
      { "InstanceId.2": "i-windows" },
      400,
      "InvalidInstance.NotMatch",
      "The specified instance type does not match the command.",
    ),
    row(
      "PowerShell for Linux",
      { CommandId: "c-windows", Parameters: undefined },
      400,
      "InvalidInstance.NotMatch",
      "The specified instance type does not match the command.",
    ),
    row(
      "a user on Windows without a password",
      { CommandId: "c-windows", Parameters: undefined, "InstanceId.1": "i-windows", Username: "admin" },
      403,
      "WindowsPasswordName.Missed",
      "The WindowsPasswordName must be specified when you create a Windows task.",
    ),
    row(
      "parameters that are no object",
      { Parameters: "[]" },
      400,
      "InvalidParameter.Parameters",
      "The specified parameter Parameters is not valid.",
    ),
    row(
      "parameters that are no JSON",
      { Parameters: "name=Jack" },
      400,
      "InvalidParameter.Parameters",
      "The specified parameter Parameters is not valid.",
    ),
    row(
      "parameters for a command without",
      { CommandId: "c-plain" },
      400,
      "Parameter.Disabled",
      "Parameters cannot be passed in when the command customization function is disabled.",
    ),
    row(
      "11 parameters",
      { Parameters: object(11) },
      403,
      "ParameterCount.ExceedLimit",
      "The maximum number of parameters is exceeded.",
    ),
    row(
      "a parameter name of 65 characters",
      { Parameters: JSON.stringify({ ["n".repeat(65)]: "" }) },
      403,
      "ParameterKey.ExceedLimit",
      "The maximum length of a parameter name is exceeded.",
    ),
    row(
      "a parameter twice",
      { Parameters: '{"name":"1","name":"2"}' },
      403,
      "ParameterKey.Duplicate",
      "Parameter names cannot be duplicated.",
    ),
    row(
      "a parameter twice in another case",
      { Parameters: '{"name":"1","NAME":"2"}' },
      403,
      "ParameterKey.Duplicate",
      "Parameter names cannot be duplicated.",
    ),
    row(
      "a parameter that is a list",
      { Parameters: '{"name":["Jack"]}' },
      403,
      "ParameterType.NotSupported",
      "The type of the parameter value is not supported.",
    ),
    row(
      "a parameter that the command does not define",
      { Parameters: '{"nam":"Jack"}' },
      403,
      "Parameter.NotMatched",
      "The passed-in parameters do not match the parameters defined when you created the command.",
    ),
    row(
      "a required parameter of a public command left out",
      { CommandId: "ACS-Install", Parameters: '{"version":"2"}' },
      400,
      "Parameter.MissingValue",
      "The parameter value of this command is required.",
    ),
    row(
      "content and parameters of more than 24 KB",
      { CommandId: "c-long", Parameters: JSON.stringify({ name: "x".repeat(500) }) },
      403,
      "CmdContent.ExceedLimit",
      "The maximum length of a command is exceeded.",
    ),
    row(
      "Period without a frequency",
      { RepeatMode: "Period" },
      400,
      "MissingParam.Frequency",
      "The frequency must be specified when you create a timed task.",
    ),
    badFrequency("every day"),
    badFrequency("0 0 12 * *"),
    badFrequency("rate(59s)"),
    badFrequency("rate(60s)"),
    badFrequency("rate(8d)"),
    badFrequency("*/30 * * * * ?"),
    badFrequency("at(2026-05-31 23:59:59)"),
    badFrequency("0 0 0 30 2 ?"),
    row(
      "command before machine: the order is the service's",
      { CommandId: "c-0", "InstanceId.1": "i-0" },
      404,
      "InvalidCmdId.NotFound",
      "The specified command ID does not exist.",
    ),
    row(
      "machine before parameters",
      { "InstanceId.1": "i-0", Parameters: "[]" },
      404,
      "InvalidInstance.NotFound",
      "The specified instance does not exist.",
    ),
    row(
      "parameters before frequency",
      { Parameters: "[]", Frequency: "x" },
      400,
      "InvalidParameter.Parameters",
      "The specified parameter Parameters is not valid.",
    ),
  ],
  ["Invocation.ExceedQuota"],
);

describeEmulated("generations and choices", () => {
  test.each<[string, Changes, number, string]>([
    ["frequency", { Frequency: "x" }, 403, "InvalidParam.Frequency"],
    ["missing frequency", { RepeatMode: "Period" }, 403, "MissingParam.Frequency"],
    ["unfit machine", { "InstanceId.1": "i-windows" }, 403, "InvalidInstance.NotMatch"],
    ["disabled parameters", { CommandId: "c-plain" }, 404, "Parameter.Disabled"],
  ])("the status of 2021 for %s", async (_title, changes, status, code) => {
    const old = await open({ choices: { statuses: "2021" } });
    const { status: actual, body } = await old.call("InvokeCommand", { ...valid(), ...changes });
    expect([actual, body.Code]).toEqual([status, code]);
    await old.close();
  });

  test("unknown and unfit machines may be accepted, and fail on their own", async () => {
    const lax = await open({ choices: { unknownInstance: "accept", unfitInstance: "accept" } });
    const invokeId = await invoke(lax, "c-plain", {
      "InstanceId.1": "i-gone",
      "InstanceId.2": "i-windows",
      "InstanceId.3": MACHINE,
    });
    await lax.emulator.advance(1_000);
    const { InvocationStatus, InvokeInstances } = await look(lax, invokeId);
    expect(InvocationStatus).toBe("PartialFailed");
    expect(
      InvokeInstances.InvokeInstance.map((run: Changes) => [run.InvocationStatus, run.ErrorCode, run.ErrorInfo]),
    ).toEqual([
      ["Aborted", "InstanceNotExists", "the specified instance does not exists"],
      ["Invalid", "CommandNotApplicable", "the command is not applicable"],
      ["Success", "", ""],
    ]);
    await lax.close();
  });

  test("a stopped machine may be refused", async () => {
    const strict = await open({ choices: { stoppedInstance: "refuse" } });
    strict.emulator.updateInstance(MACHINE, { status: "Stopped" });
    const { status, body } = await strict.call("InvokeCommand", valid());
    expect([status, body.Code]).toEqual([400, "InvalidInstance.NotMatch"]);
    await strict.close();
  });

  test.each([
    ["0 0 12 * *", "BadCronExpression"],
    ["0 0 0 30 2 ?", "CronExpressionExpired"],
    ["rate(x)", "InvalidRateExpression"],
    ["at(2026-05-31 23:59:59)", "AtExpressionExpired"],
    ["0 0 12 * * ? GMT+08:00", "InvalidGMTOffsetForTimezone"],
  ])("a bad frequency %s may be accepted, and is then invalid on the machine with %s", async (Frequency, errorCode) => {
    const lax = await open({ choices: { badFrequency: "accept" } });
    const invokeId = await invoke(lax, "c-plain", { "InstanceId.1": MACHINE, Frequency });
    await lax.emulator.advance(1_000);
    expect(await lookAtRun(lax, invokeId)).toMatchObject({ InvocationStatus: "Invalid", ErrorCode: errorCode });
    expect((await look(lax, invokeId)).InvocationStatus).toBe("Failed");
    await lax.close();
  });

  test("a schedule that crashes the agent takes its machine offline until it is stopped", async () => {
    const lax = await open({ choices: { badFrequency: "accept" } });
    const alive = async () => {
      const body = await succeed(lax, "DescribeCloudAssistantStatus", { "InstanceId.1": MACHINE });
      return body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus[0].CloudAssistantStatus;
    };
    const InvokeId = await invoke(lax, "c-plain", { "InstanceId.1": MACHINE, Frequency: "0 0 22-2 * * ?" });
    await lax.emulator.advance(200_000);
    expect(await alive()).toBe("false");
    await succeed(lax, "StopInvocation", { InvokeId });
    await lax.emulator.advance(60_000);
    expect(await alive()).toBe("true");
    await lax.close();
  });

  test("a parameter left out may be refused", async () => {
    const strict = await open({ choices: { missingParameter: "refuse" } });
    const { status, body } = await strict.call("InvokeCommand", { ...valid(), Parameters: undefined });
    expect([status, body.Code]).toEqual([400, "Parameter.MissingValue"]);
    await strict.close();
  });

  test("a used-up day's quota is refused until the next day", async () => {
    const poor = await open({ quotas: { invocationsPerDay: 1 } });
    await invoke(poor, "c-plain", { "InstanceId.1": MACHINE });
    const { status, body } = await poor.call("InvokeCommand", valid());
    expect([status, body.Code, body.Message]).toEqual([
      403,
      "Invocation.ExceedQuota",
      "The invocation quota in the current region has been reached for today.",
    ]);
    await poor.emulator.advance(86_400_000);
    await invoke(poor, "c-plain", { "InstanceId.1": MACHINE });
    await poor.close();
  });
});

describe("behaviour", () => {
  const settle = (ms = 1_000) => service.emulator.advance(ms);

  test("Once: Pending, then what the script made of it", async () => {
    const invokeId = await invoke(service, "c-shell", { ...valid() });
    expect(await look(service, invokeId)).toMatchObject({
      InvokeId: invokeId,
      CommandId: "c-shell",
      CommandName: "shell",
      CommandType: "RunShellScript",
      RepeatMode: "Once",
      Timed: false,
      Frequency: "",
      Parameters: '{"name":"Jack"}',
      Timeout: 60,
      InvocationStatus: "Pending",
      InvokeStatus: "Running",
    });
    await settle();
    expect(await look(service, invokeId)).toMatchObject({ InvocationStatus: "Success", InvokeStatus: "Finished" });
    expect(await lookAtRun(service, invokeId)).toMatchObject({
      InstanceId: MACHINE,
      InvocationStatus: "Success",
      InstanceInvokeStatus: "Finished",
      Repeats: 1,
      ExitCode: 0,
      Output: "Jack\n",
      Dropped: 0,
      ErrorCode: "",
      ErrorInfo: "",
      StopTime: "",
    });
  });

  test.each<[string, string, Changes]>([
    [
      "exit 3",
      "exit 3",
      { InvocationStatus: "Failed", ExitCode: "3", ErrorCode: "ExitCodeNonzero", InstanceInvokeStatus: "Finished" },
    ],
    [
      "output of both streams in order",
      "echo a; echo b >&2; echo c",
      { Output: "a\nb\nc\n", InvocationStatus: "Success" },
    ],
    ["stdin is closed", "cat; echo end", { Output: "end\n" }],
    ["a shebang is honoured", "#!/usr/bin/env bash\necho $BASH_VERSION | cut -c1", { InvocationStatus: "Success" }],
    ["a home of its own", "cd; pwd | grep -c /i-emulated0001/root", { Output: "1\n" }],
    ["no secret in its environment", "env | grep -ci -e alibaba -e secret -e accesskey", { Output: "0\n" }],
  ])("%s", async (_title, content, expected) => {
    const invokeId = await run(service, content, { "InstanceId.1": MACHINE });
    await settle();
    const found = await lookAtRun(service, invokeId);
    const shown = Object.fromEntries(Object.keys(expected).map((name) => [name, String(found[name])]));
    expect(shown).toEqual(expected);
  });

  test("of a long output the tail is kept and the rest counted", async () => {
    const invokeId = await run(service, "head -c 30000 /dev/zero | tr '\\0' x; echo end", { "InstanceId.1": MACHINE });
    await settle();
    const { Output, Dropped } = await lookAtRun(service, invokeId);
    expect([Output.length, Output.endsWith("x\nend\n") || Output.endsWith("xend\n"), Dropped]).toEqual([
      24_576,
      true,
      30_004 - 24_576,
    ]);
  });

  test("beyond its Timeout a script is killed, and ends at start + Timeout", async () => {
    const invokeId = await run(service, "echo begun; sleep 600", { "InstanceId.1": MACHINE, Timeout: "10" });
    await settle(5_000);
    expect(await lookAtRun(service, invokeId)).toMatchObject({ InvocationStatus: "Running", ErrorCode: "" });
    await settle(10_000);
    const found = await lookAtRun(service, invokeId);
    expect(found).toMatchObject({ InvocationStatus: "Timeout", ErrorCode: "ExecutionTimeout", Output: "begun\n" });
    expect(Date.parse(found.FinishTime) - Date.parse(found.StartTime)).toBe(10_000);
    expect((await look(service, invokeId)).InvocationStatus).toBe("Failed");
  });

  test.each<[string, Changes, number]>([
    ["the command's Timeout", {}, 60],
    ["the call's own", { Timeout: "100" }, 100],
    ["never less than 10 s", { Timeout: "3" }, 10],
  ])("Timeout: %s", async (_title, changes, seconds) => {
    const invokeId = await invoke(service, "c-plain", { "InstanceId.1": MACHINE, ...changes });
    expect((await look(service, invokeId)).Timeout).toBe(seconds);
  });

  test.each<[Changes, string, boolean]>([
    [{}, "Once", false],
    [{ RepeatMode: "Once" }, "Once", false],
    [{ Timed: "true" }, "Once", false],
    [{ Frequency: "rate(5m)" }, "Period", true],
    [{ Frequency: "rate(5m)", RepeatMode: "Once" }, "Period", true],
    [{ Frequency: "rate(5m)", Timed: "false" }, "Period", true],
    [{ RepeatMode: "NextRebootOnly" }, "NextRebootOnly", false],
    [{ RepeatMode: "EveryReboot" }, "EveryReboot", false],
  ])("%j is %s", async (changes, mode, timed) => {
    const InvokeId = await invoke(service, "c-plain", { "InstanceId.1": MACHINE, ...changes });
    expect(await look(service, InvokeId)).toMatchObject({ RepeatMode: mode, Timed: timed });
    await succeed(service, "StopInvocation", { InvokeId });
  });

  test("machines by tag, each once", async () => {
    const byTag = await invoke(service, "c-plain", { "ResourceTag.1.Key": "role", "ResourceTag.1.Value": "web" });
    const ids = (await look(service, byTag)).InvokeInstances.InvokeInstance.map((found: Changes) => found.InstanceId);
    expect(ids).toEqual(["i-emulated0001", "i-emulated0002"]);
    const twice = await invoke(service, "c-plain", { "InstanceId.1": MACHINE, "InstanceId.2": MACHINE });
    expect((await look(service, twice)).InvokeInstances.InvokeInstance).toHaveLength(1);
  });

  test("a public command by its name, with its defaults", async () => {
    const invokeId = await invoke(service, "ACS-Install", {
      "InstanceId.1": MACHINE,
      Parameters: '{"package":"redis"}',
    });
    expect(await look(service, invokeId)).toMatchObject({ CommandId: "c-public", CommandName: "ACS-Install" });
  });

  test("built-in parameters have the run's own values", async () => {
    const content =
      "echo {{ACS::RegionId}} {{ACS::InstanceId}} {{ACS::InstanceName}} {{ACS::InvokeId}} {{ACS::CommandId}}";
    const commandId = await createCommand(service, content, { EnableParameter: "true" });
    const invokeId = await invoke(service, commandId, { "InstanceId.1": MACHINE });
    await settle();
    expect((await lookAtRun(service, invokeId)).Output).toBe(
      `cn-hangzhou ${MACHINE} ${MACHINE} ${invokeId} ${commandId}\n`,
    );
  });

  test("a parameter's value may ask for a built-in one", async () => {
    const commandId = await createCommand(service, "echo {{of}}", { EnableParameter: "true" });
    const Parameters = JSON.stringify({ of: "{{ ACS :: InstanceId }}" });
    const invokeId = await invoke(service, commandId, { "InstanceId.1": MACHINE, Parameters });
    await settle();
    expect((await lookAtRun(service, invokeId)).Output).toBe(`${MACHINE}\n`);
  });

  test("without the command's leave, built-in parameters are text", async () => {
    const invokeId = await run(service, "echo {{ACS::InstanceId}} {{ACS::Foo}}", { "InstanceId.1": MACHINE });
    await settle();
    expect((await lookAtRun(service, invokeId)).Output).toBe("{{ACS::InstanceId}} {{ACS::Foo}}\n");
  });

  test("a built-in parameter that there is not: nothing runs", async () => {
    const commandId = await createCommand(service, "echo {{ACS::instanceid}}", { EnableParameter: "true" });
    const invokeId = await invoke(service, commandId, { "InstanceId.1": MACHINE });
    await settle();
    const found = await lookAtRun(service, invokeId);
    expect(found).toMatchObject({
      InvocationStatus: "Invalid",
      InstanceInvokeStatus: "Failed",
      ErrorCode: "InvalidEnvironmentParameter",
      ErrorInfo: "The environment parameter instanceid is invalid",
      Output: "",
      StartTime: "",
    });
    expect(found).not.toHaveProperty("ExitCode");
  });

  test("of a script that is not UTF-8, every byte arrives, and comes back", async () => {
    // echo '你好' in GBK, and what no encoding can read.
    const content = Buffer.concat([Buffer.from("6563686f2027c4e3bac3270a65786974203030ff00fe", "hex")]);
    const CommandContent = content.toString("base64");
    const commandId = await createCommand(service, CommandContent, { ContentEncoding: "Base64" });
    const InvokeId = await invoke(service, commandId, { "InstanceId.1": MACHINE });
    await settle();
    const { Commands } = await succeed(service, "DescribeCommands", { CommandId: commandId });
    expect(Commands.Command[0].CommandContent).toBe(CommandContent);
    const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId, IncludeOutput: "true" });
    expect(Invocations.Invocation[0].CommandContent).toBe(CommandContent);
    const { Output } = Invocations.Invocation[0].InvokeInstances.InvokeInstance[0];
    expect(Buffer.from(Output, "base64").subarray(0, 5)).toEqual(Buffer.from("c4e3bac30a", "hex"));
  });

  test("Period: scheduled, run at its times, skipped while it runs, every run in the history", async () => {
    const InvokeId = await run(service, "date -u +%s; exit 4", { "InstanceId.1": MACHINE, Frequency: "rate(5m)" });
    await settle();
    expect(await look(service, InvokeId)).toMatchObject({ InvocationStatus: "Scheduled", InvokeStatus: "Running" });
    expect(await lookAtRun(service, InvokeId)).toMatchObject({ Repeats: 0, Output: "" });
    await settle(900_000);
    expect(await lookAtRun(service, InvokeId)).toMatchObject({
      InvocationStatus: "Scheduled",
      InstanceInvokeStatus: "Running",
      Repeats: 3,
      ExitCode: 4,
      ErrorCode: "ExitCodeNonzero",
    });
    const history = await lookAtHistory(service, InvokeId);
    expect(history.map(({ Repeats, InvocationStatus, ExitCode }) => [Repeats, InvocationStatus, ExitCode])).toEqual([
      [3, "Failed", 4],
      [2, "Failed", 4],
      [1, "Failed", 4],
    ]);
    await succeed(service, "StopInvocation", { InvokeId });
  });

  test("at(): one run, then it is over", async () => {
    const invokeId = await run(service, "echo 1", { "InstanceId.1": MACHINE, Frequency: "at(2026-07-01 00:00:00)" });
    await settle();
    expect((await look(service, invokeId)).InvocationStatus).toBe("Scheduled");
    await settle(31 * 86_400_000);
    expect(await look(service, invokeId)).toMatchObject({
      InvocationStatus: "Success",
      Frequency: "at(2026-07-01 00:00:00)",
    });
  });

  test("DryRun runs nothing and leaves no record", async () => {
    const { InvokeId } = await succeed(service, "InvokeCommand", { ...valid(), RepeatMode: "DryRun" });
    expect(InvokeId).toMatch(/^t-/);
    expect(await look(service, InvokeId)).toBeUndefined();
  });

  test("the same ClientToken never runs twice, whatever became of the first answer", async () => {
    const sent = { ...valid(), ClientToken: "once" };
    service.emulator.inject({ kind: "dropAfter", action: "InvokeCommand", times: 1 });
    await expect(service.call("InvokeCommand", sent)).rejects.toThrow("socket hang up");
    const { InvokeId } = await succeed(service, "InvokeCommand", sent);
    expect((await succeed(service, "InvokeCommand", sent)).InvokeId).toBe(InvokeId);
    const { Invocations } = await succeed(service, "DescribeInvocations", { MaxResults: "2" });
    expect(Invocations.Invocation.map((found: Changes) => found.InvokeId)[0]).toBe(InvokeId);
    expect(Invocations.Invocation.map((found: Changes) => found.InvokeId)[1]).not.toBe(InvokeId);
    const other = await service.call("InvokeCommand", { ...sent, Timeout: "70" });
    expect([other.status, other.body.Code, other.body.Message]).toEqual([
      403,
      "IdempotentParameterMismatch",
      "The specified parameter has changed while using an already used clientToken.",
    ]);
  });

  test.each(["x".repeat(65), "tökén"])("a ClientToken of %s is refused", async (ClientToken) => {
    const { status, body } = await service.call("InvokeCommand", { ...valid(), ClientToken });
    expect([status, body.Code, body.Message]).toEqual([
      400,
      "InvalidClientToken.Malformed",
      "The specified parameter clientToken is not valid.",
    ]);
  });

  test("a refused call does not use its token up", async () => {
    const refused = await service.call("InvokeCommand", { ...valid(), CommandId: "c-0", ClientToken: "again" });
    expect(refused.status).toBe(404);
    await succeed(service, "InvokeCommand", { ...valid(), ClientToken: "again" });
  });
});
