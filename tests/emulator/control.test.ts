import { drivenClock } from "../../emulator";
import { lookAtRun, run, succeed } from "./calls";
import { openService, send } from "./client";

const ONE = "i-emulated0001";
let service: Awaited<ReturnType<typeof openService>>;
beforeEach(async () => {
  service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    instances: 1,
    control: true,
  });
});
afterEach(() => service.close());

const control = async (method: string, path: string, body?: unknown) => {
  const text = body === undefined ? "" : JSON.stringify(body);
  const answer = await send(service.url, { method, path: `/_emulator${path}`, headers: {}, body: text });
  return [answer.status, answer.body];
};

test("advance: the clock moves and what falls due happens", async () => {
  const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE });
  expect(await control("POST", "/advance", { ms: 1_000 })).toEqual([200, {}]);
  expect((await lookAtRun(service, invokeId)).Output).toBe("1\n");
});

test("faults: injected and cleared", async () => {
  await control("POST", "/faults", { action: "DescribeCommands", kind: "throttle" });
  expect((await service.call("DescribeCommands")).body.Code).toBe("Throttling.User");
  expect(await control("DELETE", "/faults")).toEqual([200, {}]);
  await succeed(service, "DescribeCommands", {});
});

test("journal: read and cleared; control calls are not in it", async () => {
  await service.call("DescribeRegions");
  const [status, entries] = await control("GET", "/journal");
  expect([status, entries.map(({ action }: { action: string }) => action)]).toEqual([200, ["DescribeRegions"]]);
  await control("DELETE", "/journal");
  expect(await control("GET", "/journal")).toEqual([200, []]);
});

test("instances: added, listed and changed", async () => {
  expect(await control("POST", "/instances", { osType: "windows" })).toEqual([200, { instanceId: "i-emulated0002" }]);
  expect(await control("GET", "/instances")).toEqual([200, { instanceIds: [ONE, "i-emulated0002"] }]);
  expect(await control("PATCH", `/instances/${ONE}`, { status: "Stopped", agent: { version: "1.0" } })).toEqual([
    200,
    {},
  ]);
  const { Instances } = await succeed(service, "DescribeInstances", { Status: "Stopped" });
  expect(Instances.Instance).toHaveLength(1);
});

test("commands: added", async () => {
  const [status, { commandId }] = await control("POST", "/commands", { name: "n", content: "echo 1" });
  expect([status, (await succeed(service, "DescribeCommands", { CommandId: commandId })).TotalCount]).toEqual([200, 1]);
});

test("expire: the record is gone", async () => {
  const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE });
  expect(await control("POST", "/expire", { invokeId })).toEqual([200, {}]);
  expect((await succeed(service, "DescribeInvocations", { InvokeId: invokeId })).TotalCount).toBe(0);
});

describe("refuses", () => {
  test.each<[string, string, unknown, number, string]>([
    [
      "POST",
      "/advance",
      { ms: -1 },
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms": current value is -1',
    ],
    [
      "POST",
      "/advance",
      {},
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms": current value is undefined',
    ],
    [
      "POST",
      "/faults",
      { kind: "slow", times: -1 },
      400,
      'Cannot inject fault "slow": "times" must be 1 or more: current value is -1',
    ],
    ["POST", "/expire", { invokeId: "t-0" }, 400, 'Cannot expire invocation "t-0": there is no such invocation'],
    ["PATCH", "/instances/i-0", {}, 400, 'Cannot update instance "i-0": there is no such instance'],
    [
      "POST",
      "/instances",
      { instanceId: ONE },
      400,
      `Cannot add instance "${ONE}": the id must be new and there is one already`,
    ],
    ["POST", "/instances", [], 400, "The body must be a JSON object"],
    ["GET", "/moon", undefined, 404, 'There is no control operation "GET /moon"'],
  ])("%s %s %j", async (method, path, body, status, error) => {
    expect(await control(method, path, body)).toEqual([status, { error }]);
  });

  test("a body that is no JSON", async () => {
    const answer = await send(service.url, { method: "POST", path: "/_emulator/faults", headers: {}, body: "{" });
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining("JSON")]);
  });

  test("everything when it is not switched on", async () => {
    const closed = await openService();
    const answer = await send(closed.url, {
      method: "GET",
      path: "/_emulator/journal?Format=JSON",
      headers: {},
      body: "",
    });
    expect([answer.status, answer.body.Code]).toEqual([400, "MissingAccessKeyId"]);
    await closed.close();
  });
});
