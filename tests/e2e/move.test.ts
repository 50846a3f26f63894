// A stack goes from one front to the other and back: by the alias of the type, without a call and without a run.
import { type CustomResourceOptions, secret } from "@pulumi/pulumi";
import {
  Invocation as Dynamic,
  Rollout as DynamicRollout,
  type InvocationArgs,
  type RolloutArgs,
} from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { Invocation as Plugin, Rollout as PluginRollout } from "../../tools/pulumi/plugin";
import { type Engine, onEngine, openEngine } from "./engine";

let emulator: Emulator;
let engine: Engine;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }],
    commands: [
      { commandId: "c-greet", name: "greet", content: "echo {{word}}" },
      { commandId: "c-count", name: "count", content: "echo run >> runs; wc -l < runs" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

type Declare = new (name: string, args: InvocationArgs, options?: CustomResourceOptions) => unknown;

const INSTANCES = { instanceIds: ["i-a", "i-b"] };
const NIGHTLY = { ...INSTANCES, commandId: "c-greet", frequency: "0 0 2 * * ? Asia/Shanghai" };

const program =
  (Invocation: Declare, options: CustomResourceOptions = {}, frequency = NIGHTLY.frequency) =>
  async () => {
    new Invocation("once", { ...INSTANCES, commandId: "c-count" }, options);
    new Invocation("nightly", { ...NIGHTLY, frequency, parameters: { word: secret("swordfish") } }, options);
  };

/** What the plugin's SDK does by itself. */
const BACK = { aliases: [{ type: "cloudassistant:index:Invocation" }] };

function takeCalls(): string[] {
  const calls = emulator.journal().map(({ action }) => action);
  emulator.clearJournal();
  return calls;
}

const types = async () => Object.values(await engine.resources()).map(({ type }) => type);

onEngine("a stack of the dynamic resource", () => {
  test("goes over to the plugin, lives there, goes back, and nothing is called or run because of it", async () => {
    await engine.up(program(Dynamic));
    const { once, nightly } = await engine.resources();
    takeCalls();

    expect((await engine.preview(program(Plugin))).steps.toSorted()).toEqual(["same nightly", "same once"]);
    expect((await engine.up(program(Plugin))).steps.toSorted()).toEqual(["same nightly", "same once"]);
    expect([takeCalls(), await types()]).toEqual([[], Array(2).fill("cloudassistant:index:Invocation")]);

    const later = "0 30 2 * * ? Asia/Shanghai";
    expect((await engine.up(program(Plugin, {}, later))).steps.toSorted()).toEqual(["same once", "update nightly"]);
    expect(takeCalls().filter((action) => !action.startsWith("Describe"))).toEqual(["ModifyInvocationAttribute"]);
    await engine.refresh();
    expect(engine.stored()).not.toContain("swordfish");
    takeCalls();

    const back = await engine.up(program(Dynamic, BACK, later));
    // Its states hold the shim, without which nothing could be deleted.
    expect(back.steps.toSorted()).toEqual(["update nightly", "update once"]);
    expect(takeCalls().filter((action) => !action.startsWith("Describe"))).toEqual([]);
    const after = await engine.resources();
    expect([after.once?.id, after.nightly?.id]).toEqual([once?.id, nightly?.id]);
    expect(after.nightly?.outputs).toMatchObject({ status: "Scheduled", frequency: later });

    expect((await engine.up(program(Dynamic, {}, later))).steps.toSorted()).toEqual(["same nightly", "same once"]);
    expect((await engine.destroy()).succeeded).toBe(true);
    expect(takeCalls()).toContain("StopInvocation");
  });
});

onEngine("an update that was cut off in one front", () => {
  test.each<[string, Declare, Declare, CustomResourceOptions]>([
    ["dynamic, is gone on with in the plugin", Dynamic, Plugin, {}],
    ["the plugin, is gone on with in the dynamic front", Plugin, Dynamic, BACK],
  ])("%s", async (_, First, Second, options) => {
    const once = (Invocation: Declare) => async () => {
      new Invocation("once", { ...INSTANCES, commandId: "c-count" }, options);
    };
    const state = await engine.save();
    await engine.up(once(First));
    // The state is as it was before: nobody has recorded the run.
    await engine.restore(state);
    const resumed = await engine.up(once(Second));
    expect(resumed.diagnostics).toContainEqual(
      expect.stringMatching(
        /goes on with invocation "t-\w+", which an earlier update had started and could not record$/,
      ),
    );
    expect(takeCalls().filter((action) => action === "InvokeCommand")).toHaveLength(1);
    const { outputs } = (await engine.resources()).once ?? {};
    expect(outputs?.results).toMatchObject({ "i-a": { output: "1\n" }, "i-b": { output: "1\n" } });
  });
});

onEngine("a rollout", () => {
  test("goes from one front to the other and back: nothing is called or run, and no machine of a stop is forgotten", async () => {
    type Declare = new (name: string, args: RolloutArgs) => unknown;
    const args = {
      commandContent: "[ {{word}} != bad ] || [ {{ACS::InstanceId}} != i-b ]",
      instanceIds: ["i-a", "i-b"],
    };
    const rollout =
      (Rollout: Declare, word = "good", more: object = {}) =>
      async () => {
        new Rollout("agent", { ...args, parameters: { word: secret(word) }, ...more });
      };
    const steps = (operation: string) => ["same agent", `${operation} agent-fleet`, `${operation} agent-verdict`];
    const kinds = ["Fleet", "Verdict"];
    const typesOf = (prefix: string) => [
      "cloudassistant:index:Rollout",
      ...kinds.map((kind) => `${prefix}Rollout${kind}`),
    ];

    await engine.up(rollout(PluginRollout));
    takeCalls();
    const back = await engine.up(rollout(DynamicRollout));
    expect(back.steps).toEqual(steps("update"));
    expect([takeCalls(), await types()]).toEqual([[], typesOf("pulumi-nodejs:dynamic/cloudassistant:")]);
    expect((await engine.up(rollout(DynamicRollout))).steps).toEqual(steps("same"));

    expect((await engine.preview(rollout(PluginRollout))).steps).toEqual(steps("same"));
    expect((await engine.up(rollout(PluginRollout))).steps).toEqual(steps("same"));
    expect([takeCalls(), await types()]).toEqual([[], typesOf("cloudassistant:index:")]);
    expect((await engine.up(rollout(DynamicRollout))).steps).toEqual(steps("same"));

    // One that stopped in one front is gone on with in the other.
    const stopped = await engine.up(rollout(DynamicRollout, "bad", { waves: ["100%"] }));
    expect([stopped.succeeded, stopped.text]).toEqual([false, expect.stringContaining('"i-b": exited with code 1')]);
    takeCalls();
    const again = await engine.up(rollout(PluginRollout, "bad", { waves: ["100%"], maxFailures: 1 }));
    expect(again.succeeded).toBe(true);
    const runs = emulator.journal().filter(({ action }) => action === "RunCommand");
    expect(runs.map(({ parameters }) => [parameters["InstanceId.1"], parameters["InstanceId.2"]])).toEqual([
      ["i-b", undefined],
    ]);
    expect((await engine.destroy()).succeeded).toBe(true);
  });
});
