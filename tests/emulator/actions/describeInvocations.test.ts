import { drivenClock } from "../../../emulator";
import { invoke, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, PAGES, TAGS, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const [ONE, TWO] = ["i-emulated0001", "i-emulated0002"] as const;

let service: Awaited<ReturnType<typeof openService>>;
let ids: Record<"once" | "failing" | "nightly" | "windows", string>;
beforeAll(async () => {
  service = await openService({
    clock: drivenClock(START),
    instances: [{}, {}, { instanceId: "i-windows", osType: "windows", outcomes: { "*": { output: "done" } } }],
    commands: [
      { commandId: "c-echo", name: "echo", content: "echo out" },
      { commandId: "c-fail", name: "fail", content: "exit 1" },
      { commandId: "c-bat", name: "bat", type: "RunBatScript", content: "ver" },
    ],
  });
  ids = {
    once: await invoke(service, "c-echo", {
      "InstanceId.1": ONE,
      "InstanceId.2": TWO,
      "Tag.1.Key": "k",
      "Tag.1.Value": "v",
    }),
    failing: await invoke(service, "c-fail", { "InstanceId.1": TWO, ResourceGroupId: "rg-1" }),
    nightly: await invoke(service, "c-echo", { "InstanceId.1": ONE, Frequency: "0 0 2 * * ?" }),
    windows: await invoke(service, "c-bat", { "InstanceId.1": "i-windows" }),
  };
  await service.emulator.advance(1_000);
});
afterAll(() => service.close());

describeShape(
  () => service,
  "DescribeInvocations",
  () => ({}),
);

describeRefusals(
  () => service,
  "DescribeInvocations",
  () => ({}),
  [UNKNOWN_REGION, ...PAGES, ...TAGS],
);

describeEmulated("behaviour", () => {
  type Name = keyof typeof ids;

  test.each<[string, Changes, Name[]]>([
    ["all, newest first", {}, ["windows", "nightly", "failing", "once"]],
    ["by command", { CommandId: "c-echo" }, ["nightly", "once"]],
    ["by command name", { CommandName: "fail" }, ["failing"]],
    ["by command name, which a machine makes ignored", { CommandName: "fail", InstanceId: ONE }, ["nightly", "once"]],
    ["by command type", { CommandType: "RunBatScript" }, ["windows"]],
    ["by machine", { InstanceId: TWO }, ["failing", "once"]],
    ["by repeat mode", { RepeatMode: "Period" }, ["nightly"]],
    ["scheduled ones", { Timed: "true" }, ["nightly"]],
    ["the others", { Timed: "false" }, ["windows", "failing", "once"]],
    ["running ones, which a schedule always is", { InvokeStatus: "Running" }, ["nightly"]],
    ["finished ones, whatever their exit code", { InvokeStatus: "Finished" }, ["windows", "failing", "once"]],
    ["scheduled by status", { InvokeStatus: "Scheduled" }, ["nightly"]],
    ["by resource group", { ResourceGroupId: "rg-1" }, ["failing"]],
    ["by tag", { "Tag.1.Key": "k", "Tag.1.Value": "v" }, ["once"]],
    ["the second page of three", { PageNumber: "2", PageSize: "3" }, ["once"]],
  ])("%s", async (_title, parameters, expected) => {
    const { Invocations } = await succeed(service, "DescribeInvocations", parameters);
    expect(Invocations.Invocation.map((found: Changes) => found.InvokeId)).toEqual(expected.map((name) => ids[name]));
  });

  test("an unknown InvokeId is an empty list", async () => {
    expect(await succeed(service, "DescribeInvocations", { InvokeId: "t-0" })).toMatchObject({
      TotalCount: 0,
      NextToken: "",
      Invocations: { Invocation: [] },
    });
  });

  test("a machine narrows what is shown of an invocation", async () => {
    const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId: ids.once, InstanceId: TWO });
    const [found] = Invocations.Invocation;
    expect(found.InvokeInstances.InvokeInstance.map((each: Changes) => each.InstanceId)).toEqual([TWO]);
  });

  test.each<[string, (found: typeof ids) => Changes, string, string]>([
    ["no output by default", ({ once }) => ({ InvokeId: once }), "", "ZWNobyBvdXQ="],
    ["output in Base64", ({ once }) => ({ InvokeId: once, IncludeOutput: "true" }), "b3V0Cg==", "ZWNobyBvdXQ="],
    [
      "output as plain text",
      ({ once }) => ({ InvokeId: once, IncludeOutput: "true", ContentEncoding: "PlainText" }),
      "out\n",
      "echo out",
    ],
    [
      "output by machine",
      () => ({ InstanceId: ONE, Timed: "false", IncludeOutput: "true" }),
      "b3V0Cg==",
      "ZWNobyBvdXQ=",
    ],
    [
      "no output without an id",
      () => ({ CommandId: "c-echo", Timed: "false", IncludeOutput: "true" }),
      "",
      "ZWNobyBvdXQ=",
    ],
  ])("%s", async (_title, parameters, output, content) => {
    const { Invocations } = await succeed(service, "DescribeInvocations", parameters(ids));
    const [found] = Invocations.Invocation;
    expect([found.InvokeInstances.InvokeInstance[0].Output, found.CommandContent]).toEqual([output, content]);
  });

  test("everything that is told, and nothing more", async () => {
    const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId: ids.failing });
    expect(Invocations.Invocation[0]).toEqual({
      InvokeId: ids.failing,
      CommandId: "c-fail",
      CommandName: "fail",
      CommandType: "RunShellScript",
      CommandDescription: "",
      CommandContent: "ZXhpdCAx",
      CreationTime: "2026-06-01T00:00:00Z",
      RepeatMode: "Once",
      Timed: false,
      Frequency: "",
      Parameters: "{}",
      Username: "",
      WorkingDir: "",
      Timeout: 60,
      ContainerId: "",
      ContainerName: "",
      Launcher: "",
      TerminationMode: "",
      OssOutputDelivery: "",
      InvocationStatus: "Failed",
      InvokeStatus: "Finished",
      Tags: { Tag: [] },
      InvokeInstances: {
        InvokeInstance: [
          {
            InstanceId: TWO,
            CreationTime: "2026-06-01T00:00:00Z",
            UpdateTime: "2026-06-01T00:00:00Z",
            StartTime: "2026-06-01T00:00:00Z",
            FinishTime: "2026-06-01T00:00:00Z",
            StopTime: "",
            InvocationStatus: "Failed",
            InstanceInvokeStatus: "Finished",
            Timed: false,
            Repeats: 1,
            ExitCode: 1,
            Output: "",
            Dropped: 0,
            ErrorCode: "ExitCodeNonzero",
            ErrorInfo: "The command execution exit code is not zero.",
            OssOutputStatus: "",
            OssOutputUri: "",
            OssOutputErrorCode: "",
            OssOutputErrorInfo: "",
          },
        ],
      },
    });
  });

  test("pages by token show each invocation once although new ones arrive", async () => {
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await succeed(service, "DescribeInvocations", { CommandId: "c-echo", MaxResults: "1", NextToken });
      seen.push(...page.Invocations.Invocation.map((found: Changes) => found.InvokeId));
      NextToken = page.NextToken;
      if (seen.length === 1) await invoke(service, "c-echo", { "InstanceId.1": ONE });
    } while (NextToken);
    expect(seen).toEqual([ids.nightly, ids.once]);
  });
});
