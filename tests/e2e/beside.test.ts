// One step beside the tested story: after a cut, back to what had run before, another name, fewer machines, one target; a region
// that is to come; what was retained and no update has seen.
import { dynamic, type Input, type Output } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { ENGINE, PROVIDER } from "../../tools/processes";
import { onEngine } from "./engine";
import { openStage, type Stage } from "./stage";

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const ON_A = { commandId: "c-count", instanceIds: ["i-a"] };
const BOTH = { commandId: "c-count", instanceIds: ["i-a", "i-b"] };
const says = (word: string) => ({ parameters: { word } });

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.stop());

const program = (resources: Record<string, InvocationArgs>) => async () => {
  for (const [name, args] of Object.entries(resources)) new Invocation(name, args);
};

const plain = (text: string) => text.replace(/\bt-\w+/g, "t-…");
const liveIds = async () => (await stage.live()).map(({ invokeId }) => invokeId).sort();

onEngine("after everything was cut off in InvokeCommand", () => {
  test("a rollback runs again, what has left its machine is stopped there, and another name is another resource", async () => {
    const { engine } = stage;
    const back = (word: string) => ({ ...ON_A, ...says(word) });
    // Nobody waits for what takes its time.
    const left = { ...BOTH, ...says("long"), waitTimeout: 5, onFailure: "warn" as const };
    const nightly = { ...ON_A, ...says("nightly"), frequency: NIGHTLY };
    stage.killDuring("InvokeCommand", [ENGINE, PROVIDER], 3);
    const cut = await engine.up(program({ back: back("v1"), left, before: nightly }), { parallel: 3 });
    expect(cut.succeeded).toBe(false);
    await engine.unlock();

    const next = { left: { ...left, instanceIds: ["i-a"] }, after: nightly };
    const forward = await engine.up(program({ ...next, back: back("v2") }));
    expect(forward.succeeded).toBe(true);
    expect(forward.diagnostics.map(plain)).toEqual(
      expect.arrayContaining([
        'info left: goes on with invocation "t-…", which an earlier update had started and could not record',
        'info left: invocation "t-…" was stopped on "i-b", which is no longer among instanceIds',
        expect.stringMatching(
          /^warning: invocation "t-…" of resource "story\/dev\/before" is Scheduled, .* --stop t-…`$/,
        ),
      ]),
    );
    const { after, left: kept } = await engine.resources();
    const [stray] = (await stage.live()).filter(({ tags }) => tags["pulumi-cloud-assistant"]?.endsWith("dev/before"));
    expect((await stage.live()).find(({ invokeId }) => invokeId === kept?.id)?.instanceIds).toEqual(["i-a"]);
    expect(await liveIds()).toEqual([stray?.invokeId, after?.id, kept?.id].sort());

    expect((await engine.up(program({ ...next, back: back("v1") }))).succeeded).toBe(true);
    expect([stage.count("v1"), stage.count("v2")]).toEqual([{ "i-a": 2 }, { "i-a": 1 }]);

    await stage.byHand("StopInvocation", { InvokeId: stray?.invokeId ?? "" });
    const destroyed = await engine.destroy();
    expect(destroyed.diagnostics.filter((line) => line.includes("--stop"))).toEqual([]);
    expect(await stage.live()).toEqual([]);
  });

  test("--target of another one names what lives on, and leaves it to the update that has it in view", async () => {
    const { engine } = stage;
    const one = (frequency: string) => ({ ...ON_A, ...says("one"), frequency });
    const two = { ...ON_A, ...says("two"), frequency: NIGHTLY };
    await engine.up(program({ one: one(NIGHTLY) }));
    stage.killDuring("InvokeCommand", [ENGINE, PROVIDER]);
    expect((await engine.up(program({ one: one(NIGHTLY), two }))).succeeded).toBe(false);
    await engine.unlock();

    const { one: held } = await engine.resources();
    const changed = program({ one: one("0 30 2 * * ? UTC"), two, three: { ...ON_A, ...says("three") } });
    const [stray] = (await stage.live()).filter(({ invokeId }) => invokeId !== held?.id);
    const urn = held?.urn ?? "";
    const targeted = await engine.up(changed, { target: [urn, urn.replace(/one$/, "three")] });
    expect(targeted.succeeded).toBe(true);
    expect(targeted.diagnostics.filter((line) => line.includes("--stop")).map((line) => line.split('"')[1])).toEqual([
      stray?.invokeId,
    ]);
    expect(await liveIds()).toEqual([stray?.invokeId, held?.id].sort());

    expect((await engine.up(changed)).succeeded).toBe(true);
    const resources = await engine.resources();
    expect([resources.one?.id, resources.two?.id]).toEqual([held?.id, stray?.invokeId]);
    expect(await stage.countInvocations()).toBe(3);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("a region that is known only once something else is there", () => {
  /** Any other resource, which tells a region after its create, and another time after each change. */
  class Network extends dynamic.Resource {
    declare readonly region: Output<string>;
    constructor(name: string, props: { version: Input<number> }) {
      const provider: dynamic.ResourceProvider = {
        create: async () => ({ id: "vpc", outs: { region: "cn-hangzhou" } }),
        update: async () => ({ outs: { region: "cn-hangzhou" } }),
      };
      super(provider, name, { ...props, region: undefined });
    }
  }

  const within = (version: number) => async () => {
    const { region: regionId } = new Network("network", { version });
    new Invocation("once", { ...BOTH, ...says("once"), regionId });
    new Invocation("nightly", { ...BOTH, ...says("nightly"), frequency: NIGHTLY, regionId });
  };

  test("is asked nothing at preview, and each runs once, whatever else changes", async () => {
    const { engine, emulator } = stage;
    const previewed = await engine.preview(within(1));
    expect([previewed.succeeded, emulator.journal()]).toEqual([true, []]);
    expect((await engine.up(within(1))).succeeded).toBe(true);
    const [id] = await liveIds();
    expect((await engine.preview(within(2))).succeeded).toBe(true);
    const changed = await engine.up(within(2));
    expect(changed.steps.toSorted()).toEqual(["same nightly", "same once", "update network"]);
    expect([await liveIds(), stage.count("once")]).toEqual([[id], { "i-a": 1, "i-b": 1 }]);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("what was retained on delete, before any update was shown its state", () => {
  test("counts when it is declared again, and says so; with triggers it runs", async () => {
    const { engine } = stage;
    const declare = (more: Partial<InvocationArgs>) => async () => {
      const options = { retainOnDelete: true };
      new Invocation("once", { ...ON_A, ...says("once"), ...more }, options);
      new Invocation("nightly", { ...ON_A, ...says("nightly"), frequency: NIGHTLY }, options);
    };
    await engine.up(declare({}));
    const ids = await liveIds();
    await engine.up(async () => {});
    expect(await engine.resources()).toEqual({});

    const again = await engine.up(declare({}));
    expect(
      again.diagnostics
        .filter((line) => line.includes("goes on"))
        .map(plain)
        .toSorted(),
    ).toEqual(
      ["nightly", "once"].map(
        (name) =>
          `info ${name}: goes on with invocation "t-…", which an earlier update had started and could not record`,
      ),
    );
    expect([await liveIds(), stage.count("once")]).toEqual([ids, { "i-a": 1 }]);
    await engine.up(declare({ triggers: [1] }));
    expect(stage.count("once")).toEqual({ "i-a": 2 });
    expect(await stage.countInvocations()).toBe(3);
    await engine.destroy();
    for (const InvokeId of await liveIds()) await stage.byHand("StopInvocation", { InvokeId });
  });
});
