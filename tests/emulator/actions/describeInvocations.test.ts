import { type Choices, drivenClock } from "../../../emulator";
import { invoke, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, PAGES, TAGS, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const [ONE, TWO] = ["i-emulated0001", "i-emulated0002"] as const;

let service: Awaited<ReturnType<typeof openService>>;
let ids: Record<"once" | "failing" | "nightly" | "windows" | "reboots" | "ended", string>;
beforeAll(async () => {
  service = await openService({
    clock: drivenClock(START),
    instances: [
      {},
      {},
      { instanceId: "i-rebooting" },
      { instanceId: "i-windows", osType: "windows", outcomes: { "*": { output: "done" } } },
    ],
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
    reboots: await invoke(service, "c-fail", { "InstanceId.1": "i-rebooting", RepeatMode: "EveryReboot" }),
    ended: await invoke(service, "c-fail", { "InstanceId.1": "i-rebooting", Frequency: "rate(1h)" }),
  };
  await service.emulator.advance(500);
  await succeed(service, "StopInvocation", { InvokeId: ids.ended });
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
    ["all, newest first", {}, ["ended", "reboots", "windows", "nightly", "failing", "once"]],
    ["by command", { CommandId: "c-echo" }, ["nightly", "once"]],
    ["by command name", { CommandName: "fail" }, ["ended", "reboots", "failing"]],
    ["by command name, which a machine makes ignored", { CommandName: "fail", InstanceId: ONE }, ["nightly", "once"]],
    ["by command type", { CommandType: "RunBatScript" }, ["windows"]],
    ["by machine", { InstanceId: TWO }, ["failing", "once"]],
    ["by repeat mode", { RepeatMode: "Period" }, ["ended", "nightly"]],
    ["what runs again or later, and has not ended", { Timed: "true" }, ["reboots", "nightly"]],
    ["the others", { Timed: "false" }, ["ended", "windows", "failing", "once"]],
    ["running ones, which a schedule always is", { InvokeStatus: "Running" }, ["reboots", "nightly"]],
    ["finished ones, whatever their exit code", { InvokeStatus: "Finished" }, ["windows", "failing", "once"]],
    ["scheduled by status", { InvokeStatus: "Scheduled" }, ["reboots", "nightly"]],
    ["by resource group", { ResourceGroupId: "rg-1" }, ["failing"]],
    ["by tag", { "Tag.1.Key": "k", "Tag.1.Value": "v" }, ["once"]],
    ["the second page of four", { PageNumber: "2", PageSize: "4" }, ["failing", "once"]],
  ])("%s", async (_title, parameters, expected) => {
    const { Invocations } = await succeed(service, "DescribeInvocations", parameters);
    expect(Invocations.Invocation.map((found: Changes) => found.InvokeId)).toEqual(expected.map((name) => ids[name]));
  });

  test.each(["true", "false", undefined])("an InvokeId is found whatever Timed says: %s", async (Timed) => {
    for (const InvokeId of [ids.once, ids.nightly]) {
      expect((await succeed(service, "DescribeInvocations", { InvokeId, Timed })).TotalCount).toBe(1);
    }
  });

  test("a schedule at rest has no exit code", async () => {
    const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId: ids.nightly });
    expect(Invocations.Invocation[0]).toMatchObject({
      InvocationStatus: "Scheduled",
      InvokeStatus: "Running",
      Timed: true,
    });
    const [run] = Invocations.Invocation[0].InvokeInstances.InvokeInstance;
    expect(run).toMatchObject({ Repeats: 0, StartTime: "", FinishTime: "" });
    expect(run).not.toHaveProperty("ExitCode");
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

describeEmulated("choices", () => {
  const open = (choices: Partial<Choices>) =>
    openService({
      clock: drivenClock(START),
      instances: 1,
      commands: [{ commandId: "c-echo", name: "echo", content: "echo out" }],
      choices,
    });

  const list = async (opened: Awaited<ReturnType<typeof open>>, parameters: Changes = {}): Promise<string[]> => {
    const { Invocations } = await succeed(opened, "DescribeInvocations", parameters);
    return Invocations.Invocation.map((found: Changes) => found.InvokeId);
  };

  test("without Timed only what runs once, or has ended", async () => {
    const opened = await open({ untimedListing: "ended" });
    const once = await invoke(opened, "c-echo", { "InstanceId.1": ONE });
    const hourly = await invoke(opened, "c-echo", { "InstanceId.1": ONE, Frequency: "rate(1h)" });
    await opened.emulator.advance(1_000);
    expect([await list(opened), await list(opened, { Timed: "true" })]).toEqual([[once], [hourly]]);
    expect(await list(opened, { InvokeId: hourly })).toEqual([hourly]);
    await succeed(opened, "StopInvocation", { InvokeId: hourly });
    await opened.emulator.advance(1_000);
    expect([await list(opened), await list(opened, { Timed: "true" })]).toEqual([[hourly, once], []]);
    await opened.close();
  });

  test("an invocation is seen late, though it runs", async () => {
    const opened = await open({ invocationDelayMs: 3_000 });
    const InvokeId = await invoke(opened, "c-echo", { "InstanceId.1": ONE });
    await opened.emulator.advance(2_999);
    expect([await list(opened), await list(opened, { InvokeId })]).toEqual([[], []]);
    const { Invocation } = await succeed(opened, "DescribeInvocationResults", { InvokeId });
    expect(Invocation.InvocationResults.InvocationResult).toEqual([]);
    await opened.emulator.advance(1);
    expect([await list(opened), await list(opened, { InvokeId })]).toEqual([[InvokeId], [InvokeId]]);
    await opened.close();
  });

  test("its tags are seen late, those of the call and those that come after", async () => {
    const opened = await open({ tagDelayMs: 3_000 });
    const tag = (key: string) => ({ "Tag.1.Key": key, "Tag.1.Value": "v" });
    const invokeId = await invoke(opened, "c-echo", { "InstanceId.1": ONE, ...tag("first") });
    const resource = { ResourceType: "invocation", "ResourceId.1": invokeId };
    await succeed(opened, "TagResources", { ...resource, ...tag("second") });
    const seen = async () => [await list(opened, tag("first")), await list(opened, tag("second"))];
    await opened.emulator.advance(2_999);
    expect([await list(opened), ...(await seen())]).toEqual([[invokeId], [], []]);
    await opened.emulator.advance(1);
    expect(await seen()).toEqual([[invokeId], [invokeId]]);
    await succeed(opened, "UntagResources", { ...resource, "TagKey.1": "first" });
    expect(await seen()).toEqual([[invokeId], [invokeId]]);
    await opened.emulator.advance(3_000);
    expect(await seen()).toEqual([[], [invokeId]]);
    await opened.close();
  });
});
