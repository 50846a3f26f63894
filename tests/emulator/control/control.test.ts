import { drivenClock } from "../../../emulator";
import { lookAtRun, run, succeed } from "../calls";
import { openService, send } from "../client";
import { ask } from "./ask";

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
  const answer = await ask(service, method, path, body);
  return [answer.status, answer.body];
};

test("advance: the clock moves and what falls due happens", async () => {
  const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE });
  expect(await control("POST", "/advance", { ms: 1_000 })).toEqual([200, { now: "2026-06-01T00:00:01.000Z" }]);
  expect((await lookAtRun(service, invokeId)).Output).toBe("1\n");
});

test("faults: injected and cleared", async () => {
  await control("POST", "/faults", { action: "DescribeCommands", kind: "throttle" });
  expect((await service.call("DescribeCommands")).body.Code).toBe("Throttling.User");
  expect(await control("DELETE", "/faults")).toEqual([200, {}]);
  await succeed(service, "DescribeCommands", {});
});

test("faults: those that are switched on", async () => {
  await control("POST", "/faults", { action: "DescribeRegions", kind: "slow", ms: 0, times: 2 });
  await control("POST", "/faults", { kind: "agentOld", instanceId: ONE });
  await succeed(service, "DescribeRegions", {});
  expect(await control("GET", "/faults")).toEqual([
    200,
    {
      faults: [
        { action: "DescribeRegions", kind: "slow", ms: 0, times: 2, left: 1, struck: 1 },
        { kind: "agentOld", instanceId: ONE, left: null, struck: 0 },
      ],
    },
  ]);
});

test("journal: values are shown to whoever asks for them, ids to all", async () => {
  const parameters = { CommandId: "c-0", "InstanceId.1": ONE, Parameters: '{"password":"hunter2"}', Username: "me" };
  await service.call("InvokeCommand", parameters);
  const [, [redacted]] = await control("GET", "/journal");
  const [, [whole]] = await control("GET", "/journal?values=all");
  expect(redacted.parameters).toEqual({
    RegionId: "cn-hangzhou",
    CommandId: "c-0",
    "InstanceId.1": ONE,
    Parameters: "…",
    Username: "…",
  });
  expect(whole).toEqual({ ...redacted, parameters: { RegionId: "cn-hangzhou", ...parameters } });
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
  expect((await control("GET", "/instances"))[1].instanceIds).toEqual([ONE, "i-emulated0002"]);
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
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" as "to": current value is {"ms":-1}',
    ],
    [
      "POST",
      "/advance",
      {},
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" as "to": current value is {}',
    ],
    [
      "POST",
      "/advance",
      { ms: 1, to: "nextRun" },
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" as "to": current value is {"ms":1,"to":"nextRun"}',
    ],
    [
      "POST",
      "/advance",
      { ms: 1, maxRuns: "many" },
      400,
      'Cannot advance the clock: maxRuns must be a whole number, 0 or more: current value is "many"',
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
    ["GET", "/constructor", undefined, 404, 'There is no control operation "GET /constructor"'],
    ["GET", "/invocations/t-0", undefined, 404, 'There is no invocation "t-0"'],
    ["GET", "/invocations/t-0/runs", undefined, 404, 'There is no control operation "GET /invocations/t-0/runs"'],
    [
      "GET",
      "/invocations?limit=0",
      undefined,
      400,
      '"limit" must be a whole number from 1 to 10000: current value is "0"',
    ],
    [
      "GET",
      "/events?since=-1",
      undefined,
      400,
      '"since" must be a whole number from 0 to 9007199254740991: current value is "-1"',
    ],
    ["GET", "/journal?values=some", undefined, 400, '"values" must be one of redacted, all: current value is "some"'],
  ])("%s %s %j", async (method, path, body, status, error) => {
    expect(await control(method, path, body)).toEqual([status, { error }]);
  });

  test("a body that is no JSON", async () => {
    const headers = {
      authorization: `Bearer ${service.emulator.controlToken}`,
      "content-type": "application/json",
    };
    const answer = await send(service.url, { method: "POST", path: "/_emulator/faults", headers, body: "{" });
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
