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
        { id: 1, action: "DescribeRegions", kind: "slow", ms: 0, times: 2, left: 1, struck: 1 },
        { id: 2, kind: "agentOld", instanceId: ONE, left: null, struck: 0 },
      ],
    },
  ]);
  expect(await control("DELETE", "/faults/1")).toEqual([200, {}]);
  expect((await control("GET", "/faults"))[1].faults).toMatchObject([{ id: 2 }]);
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

test("instances: one, and its restart, after which its agent is told to be back", async () => {
  expect((await control("GET", `/instances/${ONE}`))[1]).toMatchObject({ instanceId: ONE, status: "Running" });
  expect(await control("POST", "/reboot", { instanceId: ONE })).toEqual([200, {}]);
  expect((await control("GET", `/instances/${ONE}`))[1].status).toBe("Starting");
  await control("POST", "/advance", { ms: 2_000 });
  expect((await control("GET", `/instances/${ONE}`))[1]).toMatchObject({ status: "Running", agent: { online: true } });
  await service.emulator.stop();
  const told: string[] = [];
  for await (const event of service.emulator.events()) if (event.kind === "machine") told.push(event.status);
  expect(told).toEqual(["Running", "Starting", "Running", "Running"]);
});

test("quotas: changed, and kept to", async () => {
  expect(await control("PATCH", "/quotas", { invocationsPerDay: 0, callsPerMinute: 1 })).toEqual([200, {}]);
  expect((await control("GET", "/quotas"))[1]).toMatchObject({
    ...{ commands: { limit: 500 }, invocationsPerDay: { limit: 0 }, callsPerMinute: { limit: 1 } },
  });
  const { body } = await service.call("CreateCommand", {
    Name: "n",
    Type: "RunShellScript",
    CommandContent: "dHJ1ZQ==",
  });
  const refused = await service.call("InvokeCommand", { CommandId: body.CommandId, "InstanceId.1": ONE });
  expect(refused.body.Code).toBe("Invocation.ExceedQuota");
  expect((await service.call("CreateCommand", {})).body.Code).toBe("Throttling.User");
  await control("PATCH", "/quotas", { callsPerMinute: null });
  await succeed(service, "DescribeCommands", {});
  await succeed(service, "DescribeCommands", {});
});

test("journal: one request, with the invocation that it made", async () => {
  const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE });
  const [, entries] = await control("GET", "/journal");
  const made = entries.find(({ action }: { action: string }) => action === "InvokeCommand");
  expect(made.invokeId).toBe(invokeId);
  expect(await control("GET", `/journal/${made.requestId}`)).toEqual([200, made]);
});

test("advance: to an instant", async () => {
  expect(await control("POST", "/advance", { to: "2026-06-01T02:00:00Z" })).toEqual([
    200,
    { now: "2026-06-01T02:00:00.000Z" },
  ]);
});

test("about: the region, and what is answered", async () => {
  const [, { regionId, actions }] = await control("GET", "/about");
  expect([regionId, actions.length > 20, actions.includes("InvokeCommand")]).toEqual(["cn-hangzhou", true, true]);
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
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" or an instant that lies ahead as "to": current value is {"ms":-1}',
    ],
    [
      "POST",
      "/advance",
      {},
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" or an instant that lies ahead as "to": current value is {}',
    ],
    [
      "POST",
      "/advance",
      { ms: 1, to: "nextRun" },
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" or an instant that lies ahead as "to": current value is {"ms":1,"to":"nextRun"}',
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
    [
      "POST",
      "/reboot",
      { instanceId: "i-0" },
      400,
      'Cannot reboot instance "i-0": it must be Running and there is no such instance',
    ],
    [
      "POST",
      "/advance",
      { to: "2026-05-31T00:00:00Z" },
      400,
      'The body must have a number of milliseconds, 0 or more, as "ms", or "nextRun" or an instant that lies ahead as "to": current value is {"to":"2026-05-31T00:00:00Z"}',
    ],
    [
      "PATCH",
      "/quotas",
      { commands: -1 },
      400,
      'The body must have a whole number from 0 to 1000000 as "commands": current value is -1',
    ],
    [
      "PATCH",
      "/quotas",
      { moons: 1 },
      400,
      'The body must have no property "moons": known are commands, invocationsPerDay, callsPerMinute',
    ],
    ["DELETE", "/faults/7", undefined, 404, 'There is no fault "7"'],
    ["GET", "/instances/i-0", undefined, 404, 'There is no instance "i-0"'],
    ["GET", "/journal/R-0", undefined, 404, 'There is no request "R-0" in the journal'],
    ["GET", "/results/t-0", undefined, 404, 'There is no result 1 of invocation "t-0" on instance ""'],
    ["GET", "/schedules?until=soon", undefined, 400, '"until" must be an instant in ISO 8601: current value is "soon"'],
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
