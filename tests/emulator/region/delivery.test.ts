import { drivenClock } from "../../../emulator";
import { createCommand, invoke, look, lookAtRun, run, succeed } from "../calls";
import type { Changes } from "../cases";
import { openService } from "../client";

const MACHINE = "i-emulated0001";

const open = () =>
  openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    instances: 2,
    commands: [{ commandId: "c-plain", name: "plain", content: "echo 1" }],
  });

let machines: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  machines = await open();
});
afterEach(() => machines.close());

const outcome = async (ms: number) => {
  const invokeId = await invoke(machines, "c-plain", { "InstanceId.1": MACHINE });
  await machines.emulator.advance(ms);
  const { InvocationStatus, ErrorCode, ErrorInfo } = await lookAtRun(machines, invokeId);
  return [InvocationStatus, ErrorCode, ErrorInfo];
};

test("a stopped machine", async () => {
  machines.emulator.updateInstance(MACHINE, { status: "Stopped" });
  expect(await outcome(1_000)).toEqual([
    "Aborted",
    "InstanceNotRunning",
    "the instance is not running when create task",
  ]);
});

test("no agent", async () => {
  machines.emulator.updateInstance(MACHINE, { agent: { version: "" } });
  expect(await outcome(1_000)).toEqual([
    "Aborted",
    "ClientNotRunning",
    "the aliyun service is not running on the instance",
  ]);
});

const NOT_RUNNING = ["Aborted", "ClientNotRunning", "the aliyun service is not running on the instance"];

test("a silent agent is noticed after a minute", async () => {
  machines.emulator.updateInstance(MACHINE, { agent: { online: false } });
  expect(await outcome(59_000)).toEqual(["Pending", "", ""]);
  expect(await outcome(61_000)).toEqual(NOT_RUNNING);
});

test("an agent whose heartbeat is stale is as good as silent", async () => {
  machines.emulator.updateInstance(MACHINE, { agent: { lastHeartbeatTime: "2026-05-31T23:57:00Z" } });
  expect(await outcome(61_000)).toEqual(NOT_RUNNING);
});

// [Timeout of the call in seconds, the last millisecond at which it waits]
test.each([
  ["10", 9_900],
  ["30", 29_900],
  ["60", 59_900],
  ["3600", 59_900],
])("with a Timeout of %s s a silent agent has no more than the shorter of it and a minute", async (Timeout, waits) => {
  machines.emulator.updateInstance(MACHINE, { agent: { online: false } });
  const invokeId = await invoke(machines, "c-plain", { "InstanceId.1": MACHINE, Timeout });
  await machines.emulator.advance(waits);
  expect((await lookAtRun(machines, invokeId)).InvocationStatus).toBe("Pending");
  await machines.emulator.advance(200);
  expect((await lookAtRun(machines, invokeId)).ErrorCode).toBe("ClientNotRunning");
});

test("built-in parameters that are no more than text need no newer agent", async () => {
  machines.emulator.updateInstance(MACHINE, { agent: { version: "2.2.3.308" } });
  const invokeId = await run(machines, "echo {{ACS::InstanceId}}", { "InstanceId.1": MACHINE });
  await machines.emulator.advance(1_000);
  expect((await lookAtRun(machines, invokeId)).InvocationStatus).toBe("Success");
});

test("what was not delivered has no exit code", async () => {
  machines.emulator.updateInstance(MACHINE, { status: "Stopped" });
  const invokeId = await invoke(machines, "c-plain", { "InstanceId.1": MACHINE });
  await machines.emulator.advance(1_000);
  expect(await lookAtRun(machines, invokeId)).not.toHaveProperty("ExitCode");
});

test("a silent agent that speaks up within the minute gets its task", async () => {
  machines.emulator.updateInstance(MACHINE, { agent: { online: false } });
  const invokeId = await invoke(machines, "c-plain", { "InstanceId.1": MACHINE });
  await machines.emulator.advance(30_000);
  machines.emulator.updateInstance(MACHINE, { agent: { online: true } });
  await machines.emulator.advance(2_000);
  expect(await lookAtRun(machines, invokeId)).toMatchObject({ InvocationStatus: "Success", Output: "1\n" });
});

test.each([
  ["agentAbsent", "ClientNotRunning"],
  ["agentSilent", "ClientNotResponse"],
  ["agentOld", "ClientNeedUpgrade"],
  ["machineStopped", "InstanceNotRunning"],
] as const)("the fault %s strikes one delivery", async (kind, errorCode) => {
  machines.emulator.inject({ kind, times: 1 });
  expect((await outcome(1_000)).slice(0, 2)).toEqual(["Aborted", errorCode]);
  expect((await outcome(1_000)).slice(0, 2)).toEqual(["Success", ""]);
});

test.each<[string, Changes, string]>([
  ["built-in parameters", {}, "2.2.3.308"],
  ["a user name", { Username: "nobody" }, "2.2.0.105"],
  ["rate()", { Frequency: "rate(5m)" }, "2.2.3.281"],
  ["cron with a zone", { Frequency: "0 0 12 * * ? UTC" }, "2.2.3.281"],
  ["a reboot mode", { RepeatMode: "EveryReboot" }, "2.2.0.45"],
  ["a container", { ContainerName: "web" }, "2.2.3.343"],
])("an agent too old for %s", async (title, changes, version) => {
  machines.emulator.updateInstance(MACHINE, { agent: { version } });
  const content = title === "built-in parameters" ? "echo {{ACS::InstanceId}}" : "echo 1";
  const commandId = await createCommand(machines, content, { EnableParameter: "true" });
  const invokeId = await invoke(machines, commandId, { "InstanceId.1": MACHINE, ...changes });
  await machines.emulator.advance(1_000);
  expect(await lookAtRun(machines, invokeId)).toMatchObject({
    InvocationStatus: "Aborted",
    ErrorCode: "ClientNeedUpgrade",
    ErrorInfo: "the aliyun service in the instance need upgrade",
  });
});

test("a delivery that times out, on one machine of two", async () => {
  machines.emulator.inject({ kind: "deliveryTimeout", instanceId: "i-emulated0002" });
  const invokeId = await invoke(machines, "c-plain", { "InstanceId.1": MACHINE, "InstanceId.2": "i-emulated0002" });
  await machines.emulator.advance(30_000);
  expect((await look(machines, invokeId)).InvocationStatus).toBe("Pending");
  await machines.emulator.advance(31_000);
  expect((await look(machines, invokeId)).InvocationStatus).toBe("PartialFailed");
  expect(await lookAtRun(machines, invokeId, 1)).toMatchObject({
    InvocationStatus: "Aborted",
    ErrorCode: "DeliveryTimeout",
    ErrorInfo: "the command delivery has been timeout",
  });
});

test("a command that RunCommand did not keep is gone when no machine could take it", async () => {
  machines.emulator.updateInstance(MACHINE, { status: "Stopped" });
  const { CommandId } = await succeed(machines, "RunCommand", {
    Type: "RunShellScript",
    CommandContent: "echo 1",
    "InstanceId.1": MACHINE,
  });
  await machines.emulator.advance(1_000);
  const deleted = await machines.call("DeleteCommand", { CommandId });
  expect([deleted.status, deleted.body.Code]).toEqual([404, "InvalidCmdId.NotFound"]);
});
