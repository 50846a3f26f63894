import { declareResource, type Resource } from "./resource";
import { LOOK_FOR_UNSAVED, openService, type Service } from "./service";

let service: Service;
let resource: Resource;

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId })), ...options });
  resource = declareResource(service);
}

afterEach(() => service.stop());

const LOOK = "DescribeInvocations #1";
/** When the session closes: which tags are on, and off with them. */
const UNMARK = [...LOOK_FOR_UNSAVED, "UntagResources #1 tagged unsaved"];
const STOP = "StopInvocation #1";
const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const LONG = { instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 600_000 } } }] };

test.each([
  [{ frequency: NIGHTLY }, [STOP, LOOK, ...UNMARK]],
  [{ repeatMode: "EveryReboot" as const }, [STOP, LOOK, ...UNMARK]],
  [{}, UNMARK],
])("of %j makes these calls and no more", async (more, calls) => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], ...more });
  service.calls();
  await resource.destroy();
  expect(service.calls()).toEqual(calls);
});

const UNKNOWN =
  'warning: invocation "#1" is live as the state says, and the service does not know it in region "cn-hangzhou": it has ended more than 30 days ago, or another account started it, and there it lives on unseen; if so, stop it with a key of that account: `npx cloud-assistant runs --region cn-hangzhou --stop #1`';

test("stops a one-shot that still runs, and waits until it has ended", async () => {
  await open(LONG);
  await resource.up({ commandId: service.addCommand("it"), instanceIds: ["i-a"], waitTimeout: 5 });
  service.calls();
  service.statuses();
  await resource.destroy();
  expect(service.calls()).toEqual([STOP, LOOK, ...UNMARK]);
  expect(service.statuses()).toEqual(["stopping", "stopped"]);
});

test.each([
  ["deleted outside", async () => service.stopFromOutside("#1"), [STOP, LOOK, ...UNMARK], []],
  [
    "forgotten by the service, or is another account's",
    async () => service.emulator.expire(resource.state?.id ?? ""),
    [`${STOP} InvalidInvokeId.NotFound`, ...LOOK_FOR_UNSAVED],
    [UNKNOWN],
  ],
])("of one that was %s is a success", async (_, happens, calls, said) => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY });
  service.calls();
  service.said();
  await happens();
  await resource.destroy();
  expect(service.calls()).toEqual(calls);
  expect(service.said()).toEqual(said);
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
    ...LOOK_FOR_UNSAVED,
    STOP,
    "StopInvocation #2",
    // The update that saw the first one took its tag off.
    "UntagResources #2 tagged unsaved",
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

test("warns where the tag may not be taken off", async () => {
  await open();
  await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"] });
  service.emulator.inject({ action: "UntagResources", kind: "forbidden" });
  await resource.destroy();
  expect(service.said()).toEqual([
    'warning: 1 invocation keeps its tag "pulumi-cloud-assistant-unsaved", since the account may not take it off: a resource that is replaced or declared again takes the earlier run for its own; grant "ecs:UntagResources", or change triggers then',
  ]);
});

test.each([
  [{}, 3],
  [{ frequency: NIGHTLY }, 103],
])("of fifty like %j takes their tags off together", async (more, most) => {
  await open();
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], ...more };
  const resources = Array.from({ length: 50 }, () => declareResource(service));
  for (const each of resources) await each.up(declared);
  await service.begin();
  service.calls();
  await Promise.all(
    resources.map(({ state }) =>
      service.handlers.delete(state?.id ?? "", (state?.outputs ?? {}) as Record<string, unknown>),
    ),
  );
  await service.end();
  expect(service.calls().length).toBeLessThanOrEqual(most);
});
