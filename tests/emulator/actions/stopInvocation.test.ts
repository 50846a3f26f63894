import { drivenClock } from "../../../emulator";
import { invoke, look, lookAtRun, run, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, UNKNOWN_REGION } from "../cases";
import { describeEmulated, openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const [ONE, TWO] = ["i-emulated0001", "i-emulated0002"] as const;
const BOTH = { "InstanceId.1": ONE, "InstanceId.2": TWO };

let service: Awaited<ReturnType<typeof openService>>;
let finished: string;
beforeAll(async () => {
  service = await openService({ clock: drivenClock(START), instances: 2 });
  finished = await run(service, "echo 1", { "InstanceId.1": ONE });
  await service.emulator.advance(1_000);
});
afterAll(() => service.close());

const settle = (ms = 1_000) => service.emulator.advance(ms);
const valid = () => ({ InvokeId: finished });
const stop = (InvokeId: string, more: Changes = {}) => succeed(service, "StopInvocation", { InvokeId, ...more });
const statuses = async (invokeId: string) => {
  const { InvocationStatus, InvokeStatus, InvokeInstances } = await look(service, invokeId);
  const runs = InvokeInstances.InvokeInstance;
  return [InvocationStatus, InvokeStatus, ...runs.map((found: Changes) => found.InvocationStatus)];
};

describeShape(() => service, "StopInvocation", valid);

describeRefusals(() => service, "StopInvocation", valid, [
  UNKNOWN_REGION,
  [
    "51 machines",
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`InstanceId.${index + 1}`, ONE])),
    403,
    "InstanceIds.ExceedLimit",
    "The number of instance IDs exceeds the upper limit.",
  ],
  ["an unknown id", { InvokeId: "t-0" }, 404, "InvalidInvokeId.NotFound", "The specified invoke ID does not exist."],
  [
    "a machine that is not part of it",
    { "InstanceId.1": TWO },
    404,
    "InvalidInstanceId.NotFound",
    "The specified instance ID does not exist.",
  ],
]);

describe("behaviour", () => {
  test("what has finished stays as it is", async () => {
    await stop(finished);
    expect(await statuses(finished)).toEqual(["Success", "Finished", "Success"]);
    expect((await lookAtRun(service, finished)).StopTime).toBe("");
  });

  test("what is not delivered yet is cancelled and never runs", async () => {
    const invokeId = await run(service, "echo 1", BOTH);
    await stop(invokeId);
    await settle();
    expect(await statuses(invokeId)).toEqual(["Stopped", "Stopped", "Cancelled", "Cancelled"]);
    expect((await lookAtRun(service, invokeId)).Repeats).toBe(0);
  });

  test("what runs is Stopping, then Terminated, with the output so far and without an exit code", async () => {
    const invokeId = await run(service, "echo begun; sleep 600", { "InstanceId.1": ONE });
    await settle(3_100);
    await stop(invokeId);
    expect(await statuses(invokeId)).toEqual(["Stopping", "Stopping", "Stopping"]);
    await settle();
    expect(await statuses(invokeId)).toEqual(["Stopped", "Stopped", "Terminated"]);
    const found = await lookAtRun(service, invokeId);
    expect(found).toMatchObject({ Output: "begun\n", InstanceInvokeStatus: "Stopped" });
    expect(found).not.toHaveProperty("ExitCode");
    expect(Date.parse(found.StopTime)).toBeGreaterThanOrEqual(Date.parse(found.StartTime));
  });

  test("a schedule ends for good", async () => {
    const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE, Frequency: "rate(5m)" });
    await settle(300_000);
    await stop(invokeId);
    await settle(600_000);
    expect(await statuses(invokeId)).toEqual(["Stopped", "Stopped", "Cancelled"]);
    expect(await lookAtRun(service, invokeId)).toMatchObject({ Repeats: 1, Output: "1\n" });
  });

  test("on one machine only, the others go on", async () => {
    const invokeId = await run(service, "echo 1", { ...BOTH, Frequency: "rate(5m)" });
    await settle();
    await stop(invokeId, { "InstanceId.1": TWO });
    await settle(300_000);
    expect(await statuses(invokeId)).toEqual(["Scheduled", "Running", "Scheduled", "Cancelled"]);
    expect([(await lookAtRun(service, invokeId, 0)).Repeats, (await lookAtRun(service, invokeId, 1)).Repeats]).toEqual([
      1, 0,
    ]);
    await stop(invokeId);
    expect((await statuses(invokeId))[0]).toBe("Stopped");
  });

  test("twice is as good as once", async () => {
    const invokeId = await run(service, "sleep 600", { "InstanceId.1": ONE });
    await settle();
    await stop(invokeId);
    await stop(invokeId);
    await settle();
    expect(await statuses(invokeId)).toEqual(["Stopped", "Stopped", "Terminated"]);
  });

  test("a reboot task that waits is cancelled", async () => {
    const invokeId = await run(service, "echo 1", { "InstanceId.1": ONE, RepeatMode: "EveryReboot" });
    await settle();
    expect(await statuses(invokeId)).toEqual(["Scheduled", "Running", "Scheduled"]);
    await stop(invokeId);
    expect(await statuses(invokeId)).toEqual(["Stopped", "Stopped", "Cancelled"]);
  });
});

describeEmulated("choices", () => {
  test("what runs may be left to its own end", async () => {
    const lenient = await openService({
      clock: drivenClock(START),
      instances: [{ outcomes: { "*": { output: "all of it", durationMs: 5_000 } } }],
      choices: { stopRunning: "finish" },
      commands: [{ commandId: "c-1", name: "n", content: "long" }],
    });
    const InvokeId = await invoke(lenient, "c-1", { "InstanceId.1": ONE });
    await lenient.emulator.advance(1_000);
    await succeed(lenient, "StopInvocation", { InvokeId });
    expect((await look(lenient, InvokeId)).InvocationStatus).toBe("Stopping");
    await lenient.emulator.advance(5_000);
    expect(await lookAtRun(lenient, InvokeId)).toMatchObject({ InvocationStatus: "Success", Output: "all of it" });
    await lenient.close();
  });

  test("a schedule that is left to the end of its run does not run again", async () => {
    const lenient = await openService({
      clock: drivenClock(START),
      instances: [{ outcomes: { "*": { durationMs: 5_000 } } }],
      choices: { stopRunning: "finish" },
      commands: [{ commandId: "c-1", name: "n", content: "long" }],
    });
    const InvokeId = await invoke(lenient, "c-1", { "InstanceId.1": ONE, Frequency: "rate(5m)" });
    await lenient.emulator.advance(302_000);
    await succeed(lenient, "StopInvocation", { InvokeId });
    await lenient.emulator.advance(900_000);
    expect(await lookAtRun(lenient, InvokeId)).toMatchObject({ InvocationStatus: "Cancelled", Repeats: 1 });
    await lenient.close();
  });
});
