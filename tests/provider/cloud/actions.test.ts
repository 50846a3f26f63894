import * as actions from "../../../provider/cloud/actions";
import type { Client } from "../../../provider/cloud/client";
import { type Call, failure, REQUEST_ID, type Service, startService } from "./service";

let service: Service;
let answer: (call: Call, count: number) => object = () => ({});
beforeAll(async () => {
  service = await startService((call, count) => ({ body: { RequestId: REQUEST_ID, ...answer(call, count) } }));
});
afterAll(() => service.stop());
beforeEach(() => {
  service.calls.length = 0;
  answer = () => ({});
});

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("what is asked", () => {
  // [action, call, parameters]
  test.each<[string, (client: Client) => Promise<unknown>, Record<string, string>]>([
    [
      "InvokeCommand",
      (client) =>
        actions.invokeCommand(client, {
          CommandId: "c-1",
          InstanceId: ["i-1", "i-2"],
          ResourceTag: { role: "web" },
          Parameters: '{"name":"world"}',
          Tag: { team: "ops", empty: "" },
          ClientToken: "token-1",
        }),
      {
        CommandId: "c-1",
        "InstanceId.1": "i-1",
        "InstanceId.2": "i-2",
        "ResourceTag.1.Key": "role",
        "ResourceTag.1.Value": "web",
        Parameters: '{"name":"world"}',
        "Tag.1.Key": "team",
        "Tag.1.Value": "ops",
        "Tag.2.Key": "empty",
        "Tag.2.Value": "",
        ClientToken: "token-1",
      },
    ],
    [
      "DescribeInvocations",
      (client) => actions.describeInvocations(client, { invokeId: "t-1", includeOutput: true }),
      { InvokeId: "t-1", IncludeOutput: "true", ContentEncoding: "Base64" },
    ],
    [
      "DescribeInvocations",
      (client) => actions.describeInvocations(client, { tags: { k: "v" }, timed: true, nextToken: "n" }),
      {
        "Tag.1.Key": "k",
        "Tag.1.Value": "v",
        Timed: "true",
        ContentEncoding: "Base64",
        MaxResults: "50",
        NextToken: "n",
      },
    ],
    [
      "DescribeInvocations",
      (client) => actions.describeInvocations(client, {}),
      { ContentEncoding: "Base64", MaxResults: "50" },
    ],
    ["StopInvocation", (client) => actions.stopInvocation(client, { invokeId: "t-1" }), { InvokeId: "t-1" }],
    [
      "StopInvocation",
      (client) => actions.stopInvocation(client, { invokeId: "t-1", instanceIds: ["i-1"] }),
      { InvokeId: "t-1", "InstanceId.1": "i-1" },
    ],
    [
      "ModifyInvocationAttribute",
      (client) =>
        actions.modifyInvocationAttribute(client, {
          invokeId: "t-1",
          instanceIds: ["i-3"],
          frequency: "rate(5m)",
          parameters: {},
          clientToken: "token-1",
        }),
      {
        InvokeId: "t-1",
        "InstanceId.1": "i-3",
        Frequency: "rate(5m)",
        EnableParameter: "true",
        Parameters: "{}",
        ClientToken: "token-1",
      },
    ],
    [
      "ModifyInvocationAttribute",
      (client) => actions.modifyInvocationAttribute(client, { invokeId: "t-1", clientToken: "token-1" }),
      { InvokeId: "t-1", ClientToken: "token-1" },
    ],
    [
      "TagResources",
      (client) => actions.tagInvocation(client, { invokeId: "t-1", tags: { k: "v" } }),
      { ResourceType: "invocation", "ResourceId.1": "t-1", "Tag.1.Key": "k", "Tag.1.Value": "v" },
    ],
    [
      "UntagResources",
      (client) => actions.untagInvocations(client, { invokeIds: ["t-1"], tagKeys: ["k", "l"] }),
      { ResourceType: "invocation", "ResourceId.1": "t-1", "TagKey.1": "k", "TagKey.2": "l" },
    ],
    [
      "DescribeInstances",
      (client) => actions.describeInstances(client, { instanceIds: ["i-1", "i-2"] }),
      { InstanceIds: '["i-1","i-2"]', MaxResults: "100" },
    ],
    [
      "DescribeInstances",
      (client) => actions.describeInstances(client, { nextToken: "n" }),
      { MaxResults: "100", NextToken: "n" },
    ],
    [
      "DescribeInstances",
      (client) => actions.describeInstances(client, { pageNumber: 2 }),
      { PageNumber: "2", PageSize: "100" },
    ],
    [
      "DescribeCloudAssistantStatus",
      (client) => actions.describeCloudAssistantStatus(client, { instanceIds: ["i-1"] }),
      { "InstanceId.1": "i-1" },
    ],
    [
      "DescribeCloudAssistantStatus",
      (client) => actions.describeCloudAssistantStatus(client, {}),
      { MaxResults: "50" },
    ],
    [
      "DescribeCommands",
      (client) => actions.describeCommands(client, { commandId: "c-1" }),
      { ContentEncoding: "Base64", CommandId: "c-1" },
    ],
    [
      "DescribeCommands",
      (client) => actions.describeCommands(client, { name: "ACS-Hello", provider: "AlibabaCloud" }),
      { ContentEncoding: "Base64", Name: "ACS-Hello", Provider: "AlibabaCloud", Latest: "true" },
    ],
    [
      "DescribeCommands",
      (client) => actions.describeCommands(client, {}),
      { ContentEncoding: "Base64", MaxResults: "50" },
    ],
  ])("%s", async (action, call, parameters) => {
    answer = () => ({ InvokeId: "t-1", TotalCount: 0 });
    await call(service.client);
    expect(service.calls).toMatchObject([{ action }]);
    expect(service.calls[0]?.parameters).toEqual({ RegionId: "cn-hangzhou", ...parameters });
  });

  test("StopInvocation in batches of 50 machines", async () => {
    const instanceIds = Array.from({ length: 101 }, (_, index) => `i-${index}`);
    await actions.stopInvocation(service.client, { invokeId: "t-1", instanceIds });
    expect(
      service.calls.map(({ parameters }) => Object.values(parameters).filter((value) => value.startsWith("i-"))),
    ).toEqual([instanceIds.slice(0, 50), instanceIds.slice(50, 100), instanceIds.slice(100)]);
  });
});

describe("what is read", () => {
  test("InvokeCommand", async () => {
    answer = () => ({ InvokeId: "t-1" });
    const invoked = await actions.invokeCommand(service.client, { CommandId: "c-1", ClientToken: "token-1" });
    expect(invoked).toEqual({ invokeId: "t-1", requestId: REQUEST_ID });
  });

  const INVOCATION = {
    InvokeId: "t-1",
    CommandId: "c-1",
    CommandName: "hello",
    CommandType: "RunShellScript",
    CommandContent: base64("echo grüß"),
    CreationTime: "2026-11-24T08:00:00Z",
    RepeatMode: "Period",
    Timed: true,
    Frequency: "0 0 3 * * ?",
    Parameters: '{"name":"world"}',
    Username: "root",
    WorkingDir: "/root",
    Timeout: "60",
    ContainerId: "",
    ContainerName: "",
    Launcher: "sh",
    TerminationMode: "Process",
    OssOutputDelivery: "",
    InvocationStatus: "Running",
    Tags: { Tag: [{ TagKey: "k", TagValue: "v" }] },
    InvokeInstances: {
      InvokeInstance: [
        {
          InstanceId: "i-1",
          CreationTime: "2026-11-24T08:00:00Z",
          StartTime: "2026-11-24T08:00:01Z",
          FinishTime: "2026-11-24T08:00:02Z",
          StopTime: "",
          InvocationStatus: "Failed",
          Repeats: 1,
          ExitCode: 3,
          Output: base64("no\n"),
          Dropped: 2,
          ErrorCode: "ExitCodeNonzero",
          ErrorInfo: "words",
          OssOutputUri: "oss://b/1",
          OssOutputStatus: "Failed",
          OssOutputErrorCode: "NoSuchBucket",
          OssOutputErrorInfo: "none",
        },
        { InstanceId: "i-2", InvocationStatus: "Pending" },
      ],
    },
  };

  test("DescribeInvocations", async () => {
    answer = () => ({ NextToken: "n", TotalCount: 1, Invocations: { Invocation: [INVOCATION] } });
    expect(await actions.describeInvocations(service.client, {})).toEqual({
      nextToken: "n",
      totalCount: 1,
      invocations: [
        {
          invokeId: "t-1",
          creationTime: "2026-11-24T08:00:00Z",
          invocationStatus: "Running",
          parameters: { name: "world" },
          tags: { k: "v" },
          texts: expect.objectContaining({ CommandId: "c-1", Timed: "true", Timeout: "60", ContainerId: "" }),
          instances: [
            {
              instanceId: "i-1",
              invocationStatus: "Failed",
              exitCode: 3,
              output: "no\n",
              dropped: 2,
              errorCode: "ExitCodeNonzero",
              errorInfo: "words",
              startTime: "2026-11-24T08:00:01Z",
              finishTime: "2026-11-24T08:00:02Z",
              repeats: 1,
              ossOutputUri: "oss://b/1",
              ossOutputStatus: "Failed",
              ossOutputErrorCode: "NoSuchBucket",
              ossOutputErrorInfo: "none",
            },
            {
              instanceId: "i-2",
              invocationStatus: "Pending",
              output: "",
              dropped: 0,
              errorCode: "",
              errorInfo: "",
              startTime: "",
              finishTime: "",
              repeats: 0,
              ossOutputUri: "",
              ossOutputStatus: "",
              ossOutputErrorCode: "",
              ossOutputErrorInfo: "",
            },
          ],
        },
      ],
    });
  });

  test("DescribeInvocations of an id that is gone", async () => {
    answer = () => ({ Invocations: { Invocation: [] }, TotalCount: 0 });
    const page = await actions.describeInvocations(service.client, { invokeId: "t-gone" });
    expect(page).toEqual({ invocations: [], nextToken: "", totalCount: 0 });
  });

  test("ModifyInvocationAttribute", async () => {
    answer = () => ({ CommandId: "c-2" });
    const modified = await actions.modifyInvocationAttribute(service.client, { invokeId: "t-1", clientToken: "x" });
    expect(modified).toEqual({ commandId: "c-2" });
  });

  test("DescribeInstances", async () => {
    const linux = {
      InstanceId: "i-1",
      InstanceName: "web",
      Status: "Running",
      OSType: "linux",
      InstanceNetworkType: "vpc",
      ZoneId: "cn-hangzhou-h",
      StartTime: "2026-11-24T07:00Z",
      Tags: { Tag: [{ TagKey: "role", TagValue: "web" }] },
    };
    const windows = { InstanceId: "i-2", Status: "Stopped", OSType: "windows", InstanceNetworkType: "classic" };
    answer = () => ({ NextToken: "", TotalCount: 2, Instances: { Instance: [linux, windows] } });
    expect(await actions.describeInstances(service.client, {})).toEqual({
      nextToken: "",
      totalCount: 2,
      instances: [
        {
          instanceId: "i-1",
          instanceName: "web",
          status: "Running",
          osType: "linux",
          networkType: "vpc",
          zoneId: "cn-hangzhou-h",
          startTime: "2026-11-24T07:00Z",
          tags: { role: "web" },
        },
        {
          instanceId: "i-2",
          instanceName: "",
          status: "Stopped",
          osType: "windows",
          networkType: "classic",
          zoneId: "",
          startTime: "",
          tags: {},
        },
      ],
    });
  });

  // [CloudAssistantStatus, online]
  test.each([
    ["true", true],
    [true, true],
    ["false", false],
    [false, false],
    ["", false],
  ])("DescribeCloudAssistantStatus of %j", async (status, online) => {
    const agent = {
      InstanceId: "i-1",
      CloudAssistantStatus: status,
      CloudAssistantVersion: "2.2.3.857",
      LastHeartbeatTime: "2026-11-24T08:00:00Z",
      OSType: "Linux",
    };
    answer = () => ({ InstanceCloudAssistantStatusSet: { InstanceCloudAssistantStatus: [agent] } });
    const { agents } = await actions.describeCloudAssistantStatus(service.client, { instanceIds: ["i-1"] });
    expect(agents).toEqual([
      {
        instanceId: "i-1",
        online,
        version: "2.2.3.857",
        lastHeartbeatTime: "2026-11-24T08:00:00Z",
        osType: "Linux",
      },
    ]);
  });

  test("DescribeCommands: a content in another encoding has the bytes that came", async () => {
    const gbk = Buffer.from([0x65, 0x63, 0x68, 0x6f, 0x20, 0xc4, 0xe3, 0xba, 0xc3]);
    answer = () => ({ Commands: { Command: [{ CommandId: "c-1", CommandContent: gbk.toString("base64") }] } });
    const { commands } = await actions.describeCommands(service.client, {});
    expect(commands).toMatchObject([{ content: expect.stringMatching(/^echo \ufffd/), contentBytes: 9 }]);
  });

  test("DescribeCommands", async () => {
    const command = {
      CommandId: "c-1",
      Name: "hello",
      Type: "RunShellScript",
      CommandContent: base64("echo {{name}}"),
      WorkingDir: "/root",
      Launcher: "bash -e",
      Timeout: 60,
      EnableParameter: true,
      ParameterNames: { ParameterName: ["name", "mode"] },
      ParameterDefinitions: {
        ParameterDefinition: [
          { ParameterName: "name", Required: true, PatternRegex: "", PossibleValues: { PossibleValue: [] } },
          {
            ParameterName: "mode",
            Required: false,
            DefaultValue: "",
            PatternRegex: "^[a-z]*$",
            PossibleValues: { PossibleValue: ["", "fast"] },
          },
        ],
      },
      Provider: "AlibabaCloud.ECS",
    };
    answer = () => ({ NextToken: "", Commands: { Command: [command, { CommandId: "c-2" }] } });
    const { commands } = await actions.describeCommands(service.client, {});
    expect(commands).toEqual([
      {
        commandId: "c-1",
        name: "hello",
        type: "RunShellScript",
        content: "echo {{name}}",
        contentBytes: 13,
        workingDir: "/root",
        launcher: "bash -e",
        timeout: 60,
        enableParameter: true,
        parameterNames: ["name", "mode"],
        parameterDefinitions: [
          { name: "name", required: true, possibleValues: [] },
          { name: "mode", required: false, defaultValue: "", patternRegex: "^[a-z]*$", possibleValues: ["", "fast"] },
        ],
        provider: "AlibabaCloud.ECS",
      },
      {
        commandId: "c-2",
        name: "",
        type: "",
        content: "",
        contentBytes: 0,
        workingDir: "",
        launcher: "",
        timeout: 0,
        enableParameter: false,
        parameterNames: [],
        parameterDefinitions: [],
        provider: "",
      },
    ]);
  });
});

test("a failure is the call's", async () => {
  const refusing = await startService(() =>
    failure(404, "InvalidInvokeId.NotFound", "The specified ID does not exist."),
  );
  const stopped = actions.stopInvocation(refusing.client, { invokeId: "t-1" });
  await expect(stopped).rejects.toThrow(
    `Cannot call StopInvocation at "${refusing.client.endpoint}": The specified ID does not exist (InvalidInvokeId.NotFound, HTTP 404, request id ${REQUEST_ID})`,
  );
  await refusing.stop();
});
