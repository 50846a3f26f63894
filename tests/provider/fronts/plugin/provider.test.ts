// One provider of the engine's: what ends with its session, and what an interruption leaves.
import type { Resource } from "../../../../provider/fronts/plugin/resource";
import { UNSAVED_TAG_KEY } from "../../../../provider/rules/tags";
import { openService, type Service } from "./service";

const URN = "urn:pulumi:dev::story::cloudassistant:index:Invocation::run";

let service: Service;
let resource: Resource;

beforeEach(async () => {
  service = await openService({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-starting", status: "Starting" }],
    commands: [
      { commandId: "c-hello", name: "hello", content: "echo hello" },
      { commandId: "c-slow", name: "slow", content: "sleep 30" },
      { commandId: "c-fail", name: "fail", content: "exit 3" },
    ],
  });
  resource = service.provider.find("cloudassistant:index:Invocation") as Resource;
});

afterEach(() => service.emulator.stop());

const inputs = (more: object = {}) => ({
  value: { commandId: "c-hello", instanceIds: ["i-a"], regionId: "cn-hangzhou", repeatMode: "Once", ...more },
});
const step = { urn: URN };

const tagsTaken = () =>
  service.emulator
    .journal()
    .flatMap(({ action, parameters }) => (action === "UntagResources" ? [parameters["TagKey.1"]] : []));

describe("cancel", () => {
  test("where nothing is under way, takes off the mark of a run whose id was seen in a state", async () => {
    const { id, outputs } = await resource.create(step, inputs(), false);
    await service.provider.cancel();
    expect(tagsTaken()).toEqual([]);

    service.provider.configure({});
    await resource.diff(step, id, outputs, inputs());
    await resource.create({ urn: `${URN}-2` }, inputs(), false);
    await service.provider.cancel();
    expect(tagsTaken()).toEqual([UNSAVED_TAG_KEY]);
  });

  test("ends a wait: the run goes on, its id is kept, and the next session goes on waiting", async () => {
    service.after("InvokeCommand", () => void service.provider.cancel());
    const failure = await resource.create(step, inputs({ commandId: "c-slow" }), false).catch((error) => error);
    expect(failure.id).toMatch(/^t-/);
    expect(failure.reasons).toEqual([
      `interrupted while it waited for invocation "${failure.id}", which goes on and was not stopped; run \`pulumi up\` again to go on waiting`,
    ]);
    expect(failure.outputs.value.results).toMatchObject({ "i-a": { invokeId: failure.id } });
    // Nothing is under way any more, so this is the end.
    await service.provider.cancel();
    expect(service.emulator.journal().filter(({ action }) => action === "StopInvocation")).toEqual([]);

    service.provider.configure({});
    const difference = await resource.diff(step, failure.id, failure.outputs, inputs({ commandId: "c-slow" }));
    expect([difference.changes, service.said.at(-1)]).toEqual([true, "info run: run: 1 still running"]);
  });

  test("where the answer is an earlier life's run, keeps nothing of it: the next session runs it", async () => {
    const { id, outputs } = await resource.create(step, inputs(), false);
    service.provider.configure({});
    await resource.delete(step, id, outputs);
    await service.provider.cancel();
    service.provider.configure({});
    service.after("InvokeCommand", () => void service.provider.cancel());
    await expect(resource.create(step, inputs(), false)).rejects.toThrow(
      "interrupted, and nothing more was begun; run the same command again to go on",
    );
    await service.provider.cancel();
    service.provider.configure({});
    const again = await resource.create(step, inputs(), false);
    expect(again.id).not.toBe(id);
  });

  test("while a machine is waited for, ends before anything has run", async () => {
    service.after("DescribeInstances", () => void service.provider.cancel());
    const created = resource.create(step, inputs({ instanceIds: ["i-starting"] }), false);
    await expect(created).rejects.toThrow(
      "interrupted, and nothing more was begun; run the same command again to go on",
    );
    expect(service.emulator.journal().filter(({ action }) => action === "InvokeCommand")).toEqual([]);
  });

  test("while a schedule stops, says that the state does not show it, and how to have it back", async () => {
    const { id, outputs } = await resource.create(
      step,
      inputs({ commandId: "c-slow", waitTimeout: 2, onFailure: "warn" }),
      false,
    );
    service.provider.configure({});
    service.after("StopInvocation", () => void service.provider.cancel());
    await expect(resource.delete(step, id, outputs)).rejects.toThrow(
      `interrupted while invocation "${id}" stops, which the state does not show: run the same command again, or, to have it back, \`pulumi up --refresh\` with the program as it was`,
    );
  });

  test("in the middle of a destroy, takes off the mark of what was deleted: declared again, it runs", async () => {
    const once = { urn: `${URN}-once` };
    const { id, outputs } = await resource.create(once, inputs(), false);
    const slow = await resource.create(step, inputs({ commandId: "c-slow", waitTimeout: 2, onFailure: "warn" }), false);
    service.provider.configure({});
    await resource.delete(once, id, outputs);
    service.after("StopInvocation", () => void service.provider.cancel());
    await expect(resource.delete(step, slow.id, slow.outputs)).rejects.toThrow("interrupted while");
    await service.provider.cancel();
    service.provider.configure({});
    expect((await resource.create(once, inputs(), false)).id).not.toBe(id);
  });

  test("while the service throttles, does not wait for its turn", async () => {
    service.emulator.inject({ action: "DescribeCommands", kind: "throttle" });
    service.after("DescribeCommands", () => void service.provider.cancel());
    await expect(resource.check(step, { value: {} }, inputs())).rejects.toThrow(/the service throttles|interrupted/);
  });
});

test("an import names the resource that stands for what is live, and a look at it does not", async () => {
  const other = { urn: URN.replace("::run", "::other") };
  const { id } = await resource.create(step, inputs({ repeatMode: "Period", frequency: "rate(1h)" }), false);
  const nothing = { value: {} };
  for (const reader of [other, { ...step, isImport: true }, { ...other, isImport: true }])
    await resource.read(reader, id, nothing, nothing);
  expect(service.said.filter((text) => text.startsWith("warning"))).toEqual([
    `warning other: other: resource "story/dev/run" stands for invocation "${id}" so far: give that one retainOnDelete: true before it is taken out of its program, since its delete stops the invocation`,
  ]);
});

describe("an import runs nothing", () => {
  const takeIn = async (id: string) => {
    service.said.length = 0;
    return resource.read({ ...step, isImport: true }, id, { value: {} }, { value: {} });
  };

  test("where it failed: what a program must say for that is among its inputs", async () => {
    const { id } = await resource.create(step, inputs({ commandId: "c-fail" }), false).catch((failure) => failure);
    const read = await takeIn(id);
    expect(read?.inputs.value).toEqual(inputs({ commandId: "c-fail", onFailure: "warn" }).value);
    expect(service.said).toEqual([
      'warning run: run: it failed on "i-a", and is taken in as it is, with onFailure "warn": an update of a program that does not say so runs it there again',
    ]);
    const same = await resource.diff(step, id, read?.outputs ?? { value: {} }, read?.inputs ?? { value: {} });
    expect(same.changes).toBe(false);
    const looked = await resource.read(step, id, { value: {} }, { value: {} });
    expect(looked?.inputs.value).toEqual(inputs({ commandId: "c-fail" }).value);
  });

  test("where a schedule was stopped: an update is told of, which starts it", async () => {
    const nightly = inputs({ repeatMode: "Period", frequency: "0 0 2 * * ? UTC" });
    const { id, outputs } = await resource.create(step, nightly, false);
    service.provider.configure({});
    await resource.delete(step, id, outputs);
    await takeIn(id);
    expect(service.said).toEqual([
      'warning run: run: it is not in force on "i-a": an update of a program that has it starts it there anew',
    ]);
  });
});

test("a session says a thing once, and a new one says it again", async () => {
  const nightly = inputs({ repeatMode: "Period", frequency: "0 0 2 * * ? UTC" });
  for (const sessions of [1, 2]) {
    await resource.check(step, { value: {} }, nightly);
    await resource.check(step, { value: {} }, nightly);
    expect(service.said.filter((text) => text.startsWith("info run: run: next runs: "))).toHaveLength(sessions);
    service.provider.configure({});
  }
});

test("a function that the package does not have is refused by its name", async () => {
  await expect(service.provider.invoke("getMachines", { value: {} })).rejects.toThrow(
    'There is no function "getMachines" in this package',
  );
});
