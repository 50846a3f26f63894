import { drivenClock } from "../../../emulator";
import { invoke, lookAtHistory, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, PAGES, TAGS, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const [ONE, TWO] = ["i-emulated0001", "i-emulated0002"] as const;

let service: Awaited<ReturnType<typeof openService>>;
let once: string;
let failing: string;
let periodic: string;
beforeAll(async () => {
  service = await openService({
    clock: drivenClock(START),
    instances: 2,
    commands: [
      { commandId: "c-echo", name: "echo", content: "echo out" },
      { commandId: "c-fail", name: "fail", content: "exit 1" },
      // Counts its own runs in a file; every second one fails.
      { commandId: "c-count", name: "count", content: "echo x >> runs; wc -l < runs; exit $(($(wc -l < runs) % 2))" },
    ],
  });
  once = await invoke(service, "c-echo", { "InstanceId.1": ONE, "InstanceId.2": TWO, "Tag.1.Key": "k" });
  failing = await invoke(service, "c-fail", { "InstanceId.1": TWO, ResourceGroupId: "rg-1" });
  periodic = await invoke(service, "c-count", { "InstanceId.1": ONE, Frequency: "rate(10m)" });
  await service.emulator.advance(4 * 600_000);
});
afterAll(() => service.close());

const none = () => ({});
describeShape(() => service, "DescribeInvocationResults", none);
describeRefusals(() => service, "DescribeInvocationResults", none, [UNKNOWN_REGION, ...PAGES, ...TAGS]);

describeEmulated("behaviour", () => {
  const list = async (parameters: Changes) => {
    const { Invocation } = await succeed(service, "DescribeInvocationResults", parameters);
    return Invocation.InvocationResults.InvocationResult;
  };

  test.each<[string, () => Changes, () => [string, string][]]>([
    [
      "the latest of every machine, newest invocation first",
      none,
      () => [
        [periodic, ONE],
        [failing, TWO],
        [once, ONE],
        [once, TWO],
      ],
    ],
    [
      "by invocation",
      () => ({ InvokeId: once }),
      () => [
        [once, ONE],
        [once, TWO],
      ],
    ],
    ["an unknown invocation: nothing", () => ({ InvokeId: "t-0" }), () => []],
    [
      "by machine",
      () => ({ InstanceId: TWO }),
      () => [
        [failing, TWO],
        [once, TWO],
      ],
    ],
    ["by invocation and machine", () => ({ InvokeId: once, InstanceId: TWO }), () => [[once, TWO]]],
    ["by command", () => ({ CommandId: "c-fail" }), () => [[failing, TWO]]],
    ["by record status", () => ({ InvokeRecordStatus: "Running" }), () => [[periodic, ONE]]],
    [
      "finished ones",
      () => ({ InvokeRecordStatus: "Finished" }),
      () => [
        [failing, TWO],
        [once, ONE],
        [once, TWO],
      ],
    ],
    ["by resource group", () => ({ ResourceGroupId: "rg-1" }), () => [[failing, TWO]]],
    [
      "by tag",
      () => ({ "Tag.1.Key": "k" }),
      () => [
        [once, ONE],
        [once, TWO],
      ],
    ],
    ["the second page of three", () => ({ PageNumber: "2", PageSize: "3" }), () => [[once, TWO]]],
    ["history needs an invocation", () => ({ CommandId: "c-count", IncludeHistory: "true" }), () => [[periodic, ONE]]],
  ])("%s", async (_title, parameters, expected) => {
    expect((await list(parameters())).map((found: Changes) => [found.InvokeId, found.InstanceId])).toEqual(expected());
  });

  test("the paging fields are inside Invocation", async () => {
    const body = await succeed(service, "DescribeInvocationResults", { InvokeId: once });
    expect(Object.keys(body).sort()).toEqual(["Invocation", "RequestId"]);
    expect(body.Invocation).toMatchObject({ PageNumber: 1, PageSize: 10, TotalCount: 2, NextToken: "" });
  });

  test("everything that is told of a record, and nothing more", async () => {
    expect(await list({ InvokeId: failing })).toEqual([
      {
        CommandId: "c-fail",
        InvokeId: failing,
        InstanceId: TWO,
        StartTime: "2026-06-01T00:00:00Z",
        StopTime: "",
        FinishedTime: "2026-06-01T00:00:00Z",
        Repeats: 1,
        Output: "",
        Dropped: 0,
        ExitCode: 1,
        InvocationStatus: "Failed",
        InvokeRecordStatus: "Finished",
        ErrorCode: "ExitCodeNonzero",
        ErrorInfo: "The command execution exit code is not zero.",
        Username: "",
        ContainerId: "",
        ContainerName: "",
        Launcher: "",
        TerminationMode: "",
        OssOutputDelivery: "",
        OssOutputStatus: "",
        OssOutputUri: "",
        OssOutputErrorCode: "",
        OssOutputErrorInfo: "",
        Tags: { Tag: [] },
      },
    ]);
  });

  test.each([
    [undefined, "b3V0Cg=="],
    ["Base64", "b3V0Cg=="],
    ["PlainText", "out\n"],
  ])("output encoded as %s", async (ContentEncoding, output) => {
    expect((await list({ InvokeId: once, InstanceId: ONE, ContentEncoding }))[0].Output).toBe(output);
  });

  test("the latest record of a schedule is Scheduled; its history tells how each run ended", async () => {
    expect(await list({ InvokeId: periodic })).toMatchObject([
      { InvocationStatus: "Scheduled", InvokeRecordStatus: "Running", Repeats: 4, ExitCode: 0 },
    ]);
    const history = await lookAtHistory(service, periodic);
    expect(
      history.map((found) => [found.Repeats, found.Output.trim(), found.InvocationStatus, found.StartTime]),
    ).toEqual([
      [4, "4", "Success", "2026-06-01T00:40:00Z"],
      [3, "3", "Failed", "2026-06-01T00:30:00Z"],
      [2, "2", "Success", "2026-06-01T00:20:00Z"],
      [1, "1", "Failed", "2026-06-01T00:10:00Z"],
    ]);
  });

  test("history pages by token", async () => {
    const repeats: number[] = [];
    let NextToken: string | undefined;
    do {
      const parameters = { InvokeId: periodic, IncludeHistory: "true", MaxResults: "3", NextToken };
      const { Invocation } = await succeed(service, "DescribeInvocationResults", parameters);
      repeats.push(...Invocation.InvocationResults.InvocationResult.map((found: { Repeats: number }) => found.Repeats));
      NextToken = Invocation.NextToken;
    } while (NextToken);
    expect(repeats).toEqual([4, 3, 2, 1]);
  });
});
