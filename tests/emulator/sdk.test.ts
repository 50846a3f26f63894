/** The unmodified SDK against the emulator, every action once, and the failures it turns into errors of its own. */
import Ecs, * as models from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import { drivenClock, type Emulator, startEmulator } from "../../emulator";
import * as actions from "../../emulator/actions";

const ONE = "i-emulated0001";
const regionId = "cn-hangzhou";

let emulator: Emulator;
let client: Ecs;
beforeAll(async () => {
  emulator = await startEmulator({ clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")), instances: 2 });
  client = createClient();
});
afterAll(() => emulator.stop());

const createClient = (more: object = {}): Ecs =>
  new Ecs(
    new $OpenApiUtil.Config({
      accessKeyId: emulator.accessKeyId,
      accessKeySecret: emulator.accessKeySecret,
      endpoint: new URL(emulator.url).host,
      protocol: "http",
      regionId,
      ...more,
    }),
  );

const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function createCommand(content: string): Promise<string> {
  const request = new models.CreateCommandRequest({
    regionId,
    name: "a name with !'()* and 中文",
    type: "RunShellScript",
    commandContent: base64(content),
    enableParameter: true,
    tag: [new models.CreateCommandRequestTag({ key: "made", value: "by SDK" })],
  });
  return (await client.createCommand(request)).body?.commandId ?? "";
}

async function invoke(commandId: string, more: object = {}): Promise<string> {
  const request = new models.InvokeCommandRequest({ regionId, commandId, instanceId: [ONE], ...more });
  return (await client.invokeCommand(request)).body?.invokeId ?? "";
}

test("CreateCommand, DescribeCommands, ModifyCommand, DeleteCommand", async () => {
  const commandId = await createCommand("echo {{name}}");
  await client.modifyCommand(new models.ModifyCommandRequest({ regionId, commandId, timeout: 90 }));
  const { body } = await client.describeCommands(new models.DescribeCommandsRequest({ regionId, commandId }));
  expect(body?.commands?.command?.[0]).toMatchObject({
    commandId,
    name: "a name with !'()* and 中文",
    commandContent: base64("echo {{name}}"),
    timeout: 90,
    enableParameter: true,
    parameterNames: { parameterName: ["name"] },
    tags: { tag: [{ tagKey: "made", tagValue: "by SDK" }] },
  });
  await client.deleteCommand(new models.DeleteCommandRequest({ regionId, commandId }));
  const gone = await client.describeCommands(new models.DescribeCommandsRequest({ regionId, commandId }));
  expect(gone.body?.totalCount).toBe(0);
});

test("InvokeCommand, DescribeInvocations, DescribeInvocationResults", async () => {
  const commandId = await createCommand("echo '{{name}}'; exit 3");
  const invokeId = await invoke(commandId, { parameters: { name: "Jack & Jill" }, clientToken: "sdk" });
  expect(await invoke(commandId, { parameters: { name: "Jack & Jill" }, clientToken: "sdk" })).toBe(invokeId);
  await emulator.advance(1_000);
  const described = await client.describeInvocations(
    new models.DescribeInvocationsRequest({ regionId, invokeId, includeOutput: true, contentEncoding: "PlainText" }),
  );
  expect(described.body?.invocations?.invocation?.[0]).toMatchObject({
    invocationStatus: "Failed",
    invokeStatus: "Finished",
    parameters: '{"name":"Jack & Jill"}',
    invokeInstances: { invokeInstance: [{ exitCode: 3, output: "Jack & Jill\n", errorCode: "ExitCodeNonzero" }] },
  });
  const results = await client.describeInvocationResults(
    new models.DescribeInvocationResultsRequest({ regionId, invokeId }),
  );
  expect(results.body?.invocation?.invocationResults?.invocationResult).toMatchObject([
    { invokeId, instanceId: ONE, exitCode: 3, output: base64("Jack & Jill\n"), finishedTime: "2026-06-01T00:00:00Z" },
  ]);
});

test("ModifyInvocationAttribute and StopInvocation", async () => {
  const invokeId = await invoke(await createCommand("echo 1"), { frequency: "rate(10m)" });
  await emulator.advance(1_000);
  await client.modifyInvocationAttribute(
    new models.ModifyInvocationAttributeRequest({ regionId, invokeId, frequency: "rate(20m)" }),
  );
  await client.stopInvocation(new models.StopInvocationRequest({ regionId, invokeId, instanceId: [ONE] }));
  const { body } = await client.describeInvocations(new models.DescribeInvocationsRequest({ regionId, invokeId }));
  expect(body?.invocations?.invocation?.[0]).toMatchObject({ invocationStatus: "Stopped", frequency: "rate(20m)" });
});

test("RunCommand", async () => {
  const { body } = await client.runCommand(
    new models.RunCommandRequest({ regionId, type: "RunShellScript", commandContent: "echo 1", instanceId: [ONE] }),
  );
  expect([body?.commandId, body?.invokeId]).toEqual([expect.stringMatching(/^c-/), expect.stringMatching(/^t-/)]);
});

test("TagResources and UntagResources", async () => {
  const invokeId = await invoke(await createCommand("echo 1"));
  const find = async () => {
    const tag = [new models.DescribeInvocationsRequestTag({ key: "k", value: "v" })];
    const { body } = await client.describeInvocations(new models.DescribeInvocationsRequest({ regionId, tag }));
    return body?.totalCount;
  };
  await client.tagResources(
    new models.TagResourcesRequest({
      regionId,
      resourceType: "invocation",
      resourceId: [invokeId],
      tag: [new models.TagResourcesRequestTag({ key: "k", value: "v" })],
    }),
  );
  expect(await find()).toBe(1);
  await client.untagResources(
    new models.UntagResourcesRequest({ regionId, resourceType: "invocation", resourceId: [invokeId], tagKey: ["k"] }),
  );
  expect(await find()).toBe(0);
});

test("DescribeInstances, DescribeCloudAssistantStatus, InstallCloudAssistant", async () => {
  const instances = await client.describeInstances(
    new models.DescribeInstancesRequest({ regionId, instanceIds: JSON.stringify([ONE]) }),
  );
  expect(instances.body?.instances?.instance).toMatchObject([{ instanceId: ONE, status: "Running", OSType: "linux" }]);
  const statuses = await client.describeCloudAssistantStatus(
    new models.DescribeCloudAssistantStatusRequest({ regionId, instanceId: [ONE] }),
  );
  expect(statuses.body?.instanceCloudAssistantStatusSet?.instanceCloudAssistantStatus).toMatchObject([
    { instanceId: ONE, cloudAssistantStatus: "true", cloudAssistantVersion: "2.2.3.857", OSType: "Linux" },
  ]);
  await client.installCloudAssistant(new models.InstallCloudAssistantRequest({ regionId, instanceId: [ONE] }));
});

test("DescribeInstanceRamRole, DescribeDisks", async () => {
  const roles = await client.describeInstanceRamRole(
    new models.DescribeInstanceRamRoleRequest({ regionId, instanceIds: JSON.stringify([ONE]) }),
  );
  expect(roles.body?.instanceRamRoleSets?.instanceRamRoleSet).toMatchObject([{ instanceId: ONE, ramRoleName: "" }]);
  const disks = await client.describeDisks(new models.DescribeDisksRequest({ regionId, instanceId: ONE }));
  expect(disks.body).toMatchObject({ totalCount: 0, disks: { disk: [] } });
});

test("StopInstance, StartInstance, RebootInstance", async () => {
  const instanceId = "i-emulated0002";
  const status = async () => {
    const { body } = await client.describeInstances(
      new models.DescribeInstancesRequest({ regionId, instanceIds: JSON.stringify([instanceId]) }),
    );
    return body?.instances?.instance?.[0]?.status;
  };
  await client.stopInstance(new models.StopInstanceRequest({ instanceId }));
  await emulator.advance(5_000);
  expect(await status()).toBe("Stopped");
  await client.startInstance(new models.StartInstanceRequest({ instanceId }));
  await emulator.advance(5_000);
  expect(await status()).toBe("Running");
  await client.rebootInstance(new models.RebootInstanceRequest({ instanceId }));
  await emulator.advance(5_000);
  expect(await status()).toBe("Running");
});

test("DescribeRegions and DescribeAccountAttributes", async () => {
  const regions = await client.describeRegions(new models.DescribeRegionsRequest({}));
  expect(regions.body?.regions?.region).toMatchObject([{ regionId }]);
  const attributes = await client.describeAccountAttributes(
    new models.DescribeAccountAttributesRequest({ regionId, attributeName: ["max-axt-command-count"] }),
  );
  expect(attributes.body?.accountAttributeItems?.accountAttributeItem).toMatchObject([
    { attributeName: "max-axt-command-count", attributeValues: { valueItem: [{ value: "500" }] } },
  ]);
});

describe("failures", () => {
  const list = (using = client) => using.describeCommands(new models.DescribeCommandsRequest({ regionId }));
  afterEach(() => emulator.clearFaults());

  test("a refusal has code, status and request id", async () => {
    await expect(invoke("c-0")).rejects.toThrow(
      expect.objectContaining({
        code: "InvalidCmdId.NotFound",
        statusCode: 404,
        requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      }),
    );
  });

  test("throttling is the SDK's own error and tells when to come again", async () => {
    emulator.inject({ kind: "throttleRetryAfter", ms: 700, times: 1 });
    await expect(list()).rejects.toThrow(
      expect.objectContaining({ name: "ThrottlingError", code: "Throttling.User", retryAfter: 700 }),
    );
  });

  test("a server's error", async () => {
    emulator.inject({ kind: "errorBefore", times: 1 });
    await expect(list()).rejects.toThrow(
      expect.objectContaining({ name: "ServerError", code: "InternalError.Dispatch", statusCode: 500 }),
    );
  });

  test("a proxy's page is no JSON", async () => {
    emulator.inject({ kind: "html502", times: 1 });
    await expect(list()).rejects.toThrow(SyntaxError);
  });

  test("an answer slower than the client waits", async () => {
    emulator.inject({ kind: "slow", ms: 5_000, times: 1 });
    await expect(list(createClient({ readTimeout: 100, connectTimeout: 100 }))).rejects.toThrow(
      expect.objectContaining({ name: "RequestTimeoutError" }),
    );
  });

  test("a wrong secret", async () => {
    await expect(list(createClient({ accessKeySecret: "wrong" }))).rejects.toThrow(
      expect.objectContaining({ code: "SignatureDoesNotMatch", statusCode: 400 }),
    );
  });
});

describe("the older signature", () => {
  test("everything in the query, signed with HMAC-SHA1", async () => {
    const older = createClient({ signatureAlgorithm: "v2" });
    const { body } = await older.describeRegions(new models.DescribeRegionsRequest({}));
    expect(body?.regions?.region).toMatchObject([{ regionId }]);
  });
});

test("every action was called", () => {
  const called = new Set(emulator.journal().map(({ action }) => action));
  const all = Object.values(actions).map(({ name }) => name);
  expect([...called].sort()).toEqual(all.sort());
});
