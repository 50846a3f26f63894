// `customTimeouts`, as the class passes them on in seconds: how long each operation waits, from its start.
import { declareResource, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: [{ instanceId: "i-a" }], ...options });
  resource = declareResource(service);
}

afterEach(() => service.stop());

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const LONG = { instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 30_000 } } }] };
const STARTING = { instances: [{ instanceId: "i-a", status: "Starting" as const }] };

const unfinished = (seconds: number, setting: string) =>
  `invocation "#1" did not finish within ${seconds} s: last seen 1 Running ("i-a"); it was not stopped; run \`pulumi up\` again to go on waiting, or raise ${setting}`;

/** It took so long, and the few seconds in which the engine ends its plugins. */
function expectEnd(startedAt: number, seconds: number): void {
  const took = (service.now() - startedAt) / 1000;
  expect(took).toBeGreaterThanOrEqual(seconds);
  expect(took).toBeLessThan(seconds + 5);
}

test.each([
  ["the shorter of both", { waitTimeout: 20, __customTimeouts: { create: 5 } }, 5, "customTimeouts.create"],
  ["the shorter of both", { waitTimeout: 5, __customTimeouts: { create: 20 } }, 5, "waitTimeout"],
  ["the limit of a create", { __customTimeouts: { create: 5, update: 1, delete: 1 } }, 5, "customTimeouts.create"],
  ["a fraction of a second", { __customTimeouts: { create: 0.5 } }, 0.5, "customTimeouts.create"],
])("a create waits for its run no longer than %s", async (_, settings, seconds, setting) => {
  await open(LONG);
  const startedAt = service.now();
  const { reasons } = await resource.up({ commandId: service.addCommand("it"), instanceIds: ["i-a"], ...settings });
  expect(reasons).toEqual([unfinished(seconds, setting)]);
  expectEnd(startedAt, seconds);
});

test("a limit that is longer than any wait changes none", async () => {
  await open(LONG);
  const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a"], __customTimeouts: { create: 86_400 } };
  expect((await resource.up(declared)).reasons).toEqual([]);
});

test("an update that goes on waiting has a limit of its own", async () => {
  await open(LONG);
  const commandId = service.addCommand("it");
  const declared = { commandId, instanceIds: ["i-a"], __customTimeouts: { create: 5, update: 7 } };
  await resource.up(declared);
  const startedAt = service.now();
  expect((await resource.up(declared)).reasons).toEqual([unfinished(7, "customTimeouts.update")]);
  expectEnd(startedAt, 7);
  const again = await resource.up({ ...declared, __customTimeouts: { create: 5 } });
  expect(again).toEqual({ did: "update", reasons: [] });
});

test("the wait for machines counts, and what is left is for the run", async () => {
  await open({ instances: [{ instanceId: "i-a", status: "Starting", outcomes: { "*": { durationMs: 30_000 } } }] });
  service.later(6_000, () => service.emulator.updateInstance("i-a", { status: "Running" }));
  const startedAt = service.now();
  const commandId = service.addCommand("it");
  const { reasons } = await resource.up({ commandId, instanceIds: ["i-a"], __customTimeouts: { create: 15 } });
  expect(reasons).toEqual([unfinished(15, "customTimeouts.create")]);
  expectEnd(startedAt, 15);
});

test("machines are waited for no longer, and nothing is run", async () => {
  await open(STARTING);
  const commandId = service.addCommand("it");
  expect((await resource.up({ commandId, instanceIds: ["i-a"], __customTimeouts: { create: 3 } })).reasons).toEqual([
    'Cannot invoke command "c": not every instance got ready within 3 s: "i-a" is Starting; nothing was run; look at the instance, or raise customTimeouts.create',
  ]);
  expect(resource.state).toBeUndefined();
});

test("what an adopted run still has to do is bounded as a create", async () => {
  await open(LONG);
  const commandId = service.addCommand("it");
  const adopt = await service.invokeByHand({ CommandId: commandId, "InstanceId.1": "i-a" });
  const declared = { commandId, instanceIds: ["i-a"], adopt, __customTimeouts: { create: 5, update: 1 } };
  expect((await resource.up(declared)).reasons).toEqual([unfinished(5, "customTimeouts.create")]);
});

describe("a delete", () => {
  const STUBBORN = {
    instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 600_000 } } }],
    choices: { stopRunning: "finish" as const },
  };
  const stubborn = () => ({
    commandId: service.addCommand("it", { timeoutSeconds: 3600 }),
    instanceIds: ["i-a"],
    waitTimeout: 5,
  });

  test.each([7, 300])("waits for the end of what it stops as long as its limit says, %d s", async (seconds) => {
    await open(STUBBORN);
    await resource.up({ ...stubborn(), __customTimeouts: { delete: seconds } });
    const startedAt = service.now();
    await expect(resource.destroy()).rejects.toMatchObject({
      name: "ExpectedFailure",
      message: expect.stringMatching(
        new RegExp(
          `is still Stopping ${seconds} s after it was told to stop; look at the agent of its instances, or raise customTimeouts\\.delete, and run the update again$`,
        ),
      ),
    });
    expect(service.now() - startedAt).toBe(seconds * 1000);
  });

  test("is told of a limit that changes, which takes an update that asks nothing", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(declared);
    service.calls();
    expect((await resource.up({ ...declared, __customTimeouts: { create: 5 } })).did).toBe("same");
    expect((await resource.up({ ...declared, __customTimeouts: { delete: 5 } })).did).toBe("update");
    expect(resource.state?.outputs.__customTimeouts).toEqual({ delete: 5 });
    expect((await resource.up({ ...declared, __customTimeouts: { delete: 5 } })).did).toBe("same");
    await resource.refresh();
    expect(resource.state?.outputs.__customTimeouts).toEqual({ delete: 5 });
    expect((await resource.up(declared)).did).toBe("update");
    expect(resource.state?.outputs).not.toHaveProperty("__customTimeouts");
    expect(service.calls()).toEqual(["DescribeInvocations #1"]);
  });

  test("of a run that is over has nothing to wait for, so its state holds no limit", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"] };
    await resource.up({ ...declared, __customTimeouts: { create: 60, delete: 5 } });
    expect(resource.state?.outputs).not.toHaveProperty("__customTimeouts");
    expect((await resource.up({ ...declared, __customTimeouts: { create: 60, delete: 7 } })).did).toBe("same");
  });
});
