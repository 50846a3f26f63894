import { declareResource, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId })), ...options });
  resource = declareResource(service);
}

afterEach(() => service.stop());

const LOOK = "DescribeInvocations #1";
const UNMARK = "UntagResources #1 tagged run";
const STOP = "StopInvocation #1";
const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const LONG = { instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 600_000 } } }] };

test.each([
  [{ frequency: NIGHTLY }, [STOP, LOOK, UNMARK]],
  [{ repeatMode: "EveryReboot" as const }, [STOP, LOOK, UNMARK]],
  [{}, [UNMARK]],
])("of %j makes these calls and no more", async (more, calls) => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], ...more });
  service.calls();
  await resource.destroy();
  expect(service.calls()).toEqual(calls);
});

test("stops a one-shot that still runs, and waits until it has ended", async () => {
  await open(LONG);
  await resource.up({ commandId: service.addCommand("it"), instanceIds: ["i-a"], waitTimeout: 5 });
  service.calls();
  service.statuses();
  await resource.destroy();
  expect(service.calls()).toEqual([STOP, LOOK, UNMARK]);
  expect(service.statuses()).toEqual(["stopping", "stopped"]);
});

test("of a run that is older than an hour asks nothing", async () => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"] });
  await service.emulator.advance(3_700_000);
  service.calls();
  await resource.destroy();
  expect(service.calls()).toEqual([]);
});

test.each([
  ["deleted outside", async () => service.stopFromOutside("#1"), [STOP, LOOK, UNMARK]],
  [
    "forgotten by the service",
    async () => service.emulator.expire(resource.state?.id ?? ""),
    [`${STOP} InvalidInvokeId.NotFound`, `${UNMARK} InvalidResourceId.NotFound`],
  ],
])("of one that was %s is a success", async (_, happens, calls) => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY });
  service.calls();
  await happens();
  await resource.destroy();
  expect(service.calls()).toEqual(calls);
});

test("stops every invocation that the resource stands for", async () => {
  await open();
  service.emulator.inject({ kind: "agentAbsent", instanceId: "i-b", times: 1 });
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], frequency: NIGHTLY };
  await resource.up(declared);
  await resource.up(declared);
  service.calls();
  await resource.destroy();
  expect(service.calls().sort()).toEqual([
    LOOK,
    "DescribeInvocations #2",
    STOP,
    "StopInvocation #2",
    UNMARK,
    "UntagResources #2 tagged run",
  ]);
});

test.each(["throttle", "unavailable", "dropAfter", "errorAfter"] as const)("goes on after %s", async (kind) => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY });
  service.calls();
  service.emulator.inject({ action: "StopInvocation", kind, times: 1 });
  await resource.destroy();
  expect(service.calls().filter((call) => call.startsWith("Stop"))).toHaveLength(2);
});

test("says what may not be stopped, and keeps it", async () => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY });
  service.emulator.inject({ action: "StopInvocation", kind: "forbidden" });
  await expect(resource.destroy()).rejects.toMatchObject({
    name: "ExpectedFailure",
    message: expect.stringMatching(
      /^Cannot stop invocation "t-[0-9a-z]+": Cannot call StopInvocation at .* allow "ecs:StopInvocation" on "acs:ecs:\*:\*:instance\/\*" for this key in RAM$/,
    ),
  });
  expect(resource.state).toBeDefined();
});

test("says what does not stop", async () => {
  await open({ ...LONG, choices: { stopRunning: "finish" } });
  const commandId = service.addCommand("it", { timeoutSeconds: 3600 });
  await resource.up({ commandId, instanceIds: ["i-a"], waitTimeout: 5 });
  await expect(resource.destroy()).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Cannot stop invocation "t-[0-9a-z]+": it is still Stopping 120 s after it was told to stop; look at the agent of its instances, and run the update again$/,
    ),
  });
});

test("warns where the mark may not be taken off", async () => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"] });
  service.emulator.inject({ action: "UntagResources", kind: "forbidden" });
  await resource.destroy();
  expect(service.said()).toEqual([
    expect.stringMatching(
      /^warning: invocation "#1" keeps its tag "pulumi-cloud-assistant" \(Cannot call UntagResources .*\): if the same resource is created again within the hour, it takes this run for its own; change triggers then$/,
    ),
  ]);
});
