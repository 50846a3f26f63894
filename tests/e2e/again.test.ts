// Whoever decides to replace, and however often: what is over runs as often as it was asked for, what is live never runs twice.
import { setTimeout as pause } from "node:timers/promises";
import type { CustomResourceOptions, ResourceTransform } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { ENGINE } from "../../tools/processes";
import { onEngine, type Report } from "./engine";
import { front } from "./front";
import { openStage, type Stage } from "./stage";

const ON_A = { commandId: "c-count", instanceIds: ["i-a"] };
const BOTH = { commandId: "c-count", instanceIds: ["i-a", "i-b"] };
const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.stop());

const program =
  (args: InvocationArgs, options: CustomResourceOptions = {}, name = "run") =>
  async () => {
    new Invocation(name, args, options);
  };

const says = (word: string) => ({ parameters: { word } });
const idOf = async (name = "run") => (await stage.engine.resources())[name]?.id;

onEngine("a schedule of every ten seconds that is replaced while it runs", () => {
  const OFTEN = { ...ON_A, frequency: "*/10 * * * * ? UTC", timeout: 10 };
  /** What the update that replaces does about each, and whether another schedule takes its place. */
  interface Way {
    /** In the program that replaces. */
    args?: InvocationArgs;
    options?: CustomResourceOptions;
    /** In the program before it. */
    optionsBefore?: CustomResourceOptions;
    isDemanded?: boolean;
    isTainted?: boolean;
    /** Whether the schedule that was there goes on. */
    isKept: boolean;
  }
  const returnsOptions: ResourceTransform = ({ props, opts }) => ({ props, opts: { ...opts } });
  const WAYS: Record<string, Way> = {
    "--replace": { isDemanded: true, isKept: true },
    taint: { isTainted: true, isKept: true },
    replacementTrigger: { optionsBefore: { replacementTrigger: 1 }, options: { replacementTrigger: 2 }, isKept: true },
    replaceWith: { isKept: true },
    "deleteBeforeReplace: false": { args: { workingDir: "/" }, options: { deleteBeforeReplace: false }, isKept: false },
    "a transform that returns options": {
      args: { workingDir: "/" },
      options: { transforms: [returnsOptions] },
      optionsBefore: { transforms: [returnsOptions] },
      isKept: false,
    },
  };

  const declare = (isAfter: boolean) => async () => {
    const trigger = new Invocation("trigger", { ...ON_A, ...says("trigger"), triggers: [isAfter] });
    for (const [name, { args, options, optionsBefore }] of Object.entries(WAYS)) {
      const more = isAfter ? args : {};
      const opts = (isAfter ? options : optionsBefore) ?? {};
      const replaceWith = name === "replaceWith" ? { replaceWith: [trigger] } : {};
      new Invocation(name, { ...OFTEN, ...says(slug(name)), ...more }, { ...opts, ...replaceWith });
    }
  };
  /** Without blanks, which stand between words of a line. */
  const slug = (name: string) => name.replace(/\W+/g, "-");

  test("never runs twice in the same ten seconds", async () => {
    const { engine } = stage;
    expect((await engine.up(declare(false))).succeeded).toBe(true);
    const before = await engine.resources();
    for (const [name, { isTainted }] of Object.entries(WAYS))
      if (isTainted) await engine.command("state", "taint", before[name]?.urn ?? "", "--yes");
    const replace = Object.entries(WAYS).flatMap(([name, { isDemanded }]) =>
      isDemanded ? (before[name]?.urn ?? "") : [],
    );
    // Some runs before, during and after.
    const replaced = await engine.up(declare(true), { replace });
    await pause(25_000);
    expect(replaced.succeeded).toBe(true);
    expect(replaced.steps.filter((step) => step.startsWith("create-replacement")).sort()).toEqual(
      ["trigger", ...Object.keys(WAYS)].map((name) => `create-replacement ${name}`).sort(),
    );
    const after = await engine.resources();
    for (const [name, { isKept }] of Object.entries(WAYS)) {
      const slots = stage.runs().flatMap(({ word, at }) => (word === slug(name) ? Math.floor(at / 10) : []));
      expect([name, slots.length]).toEqual([name, new Set(slots).size]);
      expect(slots.length).toBeGreaterThanOrEqual(2);
      expect([name, after[name]?.id === before[name]?.id]).toEqual([name, isKept]);
    }
    expect((await stage.live()).map(({ invokeId }) => invokeId).sort()).toEqual(
      Object.keys(WAYS)
        .map((name) => after[name]?.id)
        .sort(),
    );
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("a one-shot that is to run again after a cut", () => {
  const two = async () => {
    const first = new Invocation("first", { ...ON_A, ...says("first") });
    new Invocation("second", { ...ON_A, ...says("long") }, { dependsOn: first });
  };

  test("up --replace never runs it twice where nothing shows that it was saved, and says how to; with --refresh it runs", async () => {
    const { engine } = stage;
    stage.react("InvokeCommand", () => stage.kill(ENGINE, front.process), 2);
    expect((await engine.up(two)).succeeded).toBe(false);
    await engine.unlock();
    const { first } = await engine.resources();
    const replace = [first?.urn ?? ""];

    const kept = await engine.up(two, { replace });
    expect(kept.succeeded).toBe(true);
    expect(kept.diagnostics).toContain(
      `${front.warnOfDeleted("first")} invocation "${first?.id}" did not run again: resource "first" goes on with it, since adopt names it or nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace <urn>\`, change triggers, or remove adopt`,
    );
    expect([stage.count("first"), stage.count("long")]).toEqual([{ "i-a": 1 }, { "i-a": 1 }]);

    expect((await engine.up(two, { replace, refresh: true })).succeeded).toBe(true);
    expect([stage.count("first"), stage.count("long")]).toEqual([{ "i-a": 2 }, { "i-a": 1 }]);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("the same again", () => {
  test("v1, v2 and v1 again are three runs", async () => {
    const { engine } = stage;
    for (const word of ["v1", "v2", "v1"]) await engine.up(program({ ...BOTH, ...says(word) }));
    expect([stage.count("v1"), stage.count("v2")]).toEqual([
      { "i-a": 2, "i-b": 2 },
      { "i-a": 1, "i-b": 1 },
    ]);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });

  test("destroyed and declared again is two runs, and one schedule at a time", async () => {
    const { engine } = stage;
    const both = async () => {
      new Invocation("once", { ...BOTH, ...says("once") });
      new Invocation("nightly", { ...BOTH, ...says("nightly"), frequency: NIGHTLY });
    };
    for (const runs of [1, 2]) {
      expect((await engine.up(both)).succeeded).toBe(true);
      expect(stage.count("once")).toEqual({ "i-a": runs, "i-b": runs });
      expect((await stage.live()).map(({ invokeId }) => invokeId)).toEqual([await idOf("nightly")]);
      await engine.destroy();
      expect(await stage.live()).toEqual([]);
    }
    expect(await stage.countInvocations()).toBe(4);
  });
});

onEngine("what its resource has let go", () => {
  const NIGHTLY_ON_A = { ...ON_A, ...says("nightly"), frequency: NIGHTLY };

  /** An update that is shown what the state holds, and asks the service anyway. */
  const withAnother = (rest: () => void) => async () => {
    rest();
    new Invocation("another", { ...ON_A, ...says("another") });
  };

  test("retained on delete, taken out and added again: a one-shot runs, a live schedule is taken over", async () => {
    const { engine } = stage;
    const retained = () => {
      const options = { retainOnDelete: true };
      new Invocation("once", { ...ON_A, ...says("once") }, options);
      new Invocation("nightly", NIGHTLY_ON_A, options);
    };
    await engine.up(async () => retained());
    await engine.up(withAnother(retained));
    const id = await idOf("nightly");
    await engine.up(withAnother(() => {}));
    expect(Object.keys(await engine.resources())).toEqual(["another"]);
    expect((await stage.live()).map(({ invokeId }) => invokeId)).toEqual([id]);

    const again = await engine.up(withAnother(retained));
    expect(again.diagnostics).toContain(
      `info nightly: took over invocation "${id}" (Scheduled), which was live and in no state that this update was shown; nothing was run`,
    );
    expect(stage.count("once")).toEqual({ "i-a": 2 });
    expect(await idOf("nightly")).toBe(id);
    expect(await stage.countInvocations()).toBe(4);
    await engine.up(
      withAnother(() => {
        new Invocation("once", { ...ON_A, ...says("once") });
        new Invocation("nightly", NIGHTLY_ON_A);
      }),
    );
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });

  test("deleted from the state: a live schedule is taken over as it was changed, and said; with an edit it is refused, with the ways out", async () => {
    const { engine } = stage;
    const declare = (args: InvocationArgs) => () => void new Invocation("nightly", args);
    await engine.up(async () => declare(NIGHTLY_ON_A)());
    const other = "0 30 2 * * ? Asia/Shanghai";
    const changed = { ...NIGHTLY_ON_A, frequency: other };
    await engine.up(async () => declare(changed)());
    await engine.up(withAnother(declare(changed)));
    const { nightly } = await engine.resources();
    const forget = () => engine.command("state", "delete", nightly?.urn ?? "", "--yes");

    await forget();
    const refused = await engine.up(withAnother(declare({ ...changed, timeout: 30 })));
    expect(refused.succeeded).toBe(false);
    const [error] = refused.diagnostics.filter((line) => line.startsWith("error nightly"));
    expect(error).toContain(
      `invocation "${nightly?.id}" of this very resource is live (Scheduled) with other inputs, and is in no state that this update was shown: a second one would run beside it; run \`pulumi up --refresh\` where the state holds it, set adopt to its id to take it over, or stop it with \`npx cloud-assistant runs --region cn-hangzhou --stop ${nightly?.id}\``,
    );
    expect(await stage.countInvocations()).toBe(2);

    const taken = await engine.up(withAnother(declare(changed)));
    expect(taken.diagnostics).toContain(
      `info nightly: took over invocation "${nightly?.id}" (Scheduled), which was live and in no state that this update was shown; nothing was run`,
    );
    expect(await stage.countInvocations()).toBe(2);
    expect(await idOf("nightly")).toBe(nightly?.id);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("what has another name by now", () => {
  const nightly = (frequency: string) => ({ ...ON_A, ...says("nightly"), frequency });
  const [FIRST, SECOND, THIRD] = ["0 10 2 * * ? UTC", "0 20 2 * * ? UTC", "0 30 2 * * ? UTC"];

  test("a stack: a later change is one of its own run", async () => {
    const { engine } = stage;
    await engine.up(program(nightly(FIRST)));
    await engine.up(program(nightly(SECOND)));
    const id = await idOf();
    await engine.rename("prod");
    await engine.up(program(nightly(THIRD)));
    expect((await stage.live()).map(({ invokeId, frequency }) => [invokeId, frequency])).toEqual([[id, THIRD]]);
    await engine.up(program({ ...nightly(THIRD), timeout: 30 }));
    expect((await stage.live()).map(({ invokeId }) => invokeId)).toEqual([await idOf()]);
    expect(await stage.countInvocations()).toBe(2);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });

  test("a resource: another one takes the old name, and each changes its own run alone", async () => {
    const { engine } = stage;
    const renamed = { aliases: [{ name: "run" }] };
    await engine.up(program(nightly(FIRST)));
    await engine.up(program(nightly(SECOND)));
    const id = await idOf();
    const both = (moved: string, run: string) => async () => {
      new Invocation("moved", nightly(moved), renamed);
      new Invocation("run", nightly(run));
    };
    expect((await engine.up(program(nightly(SECOND), renamed, "moved"))).steps).toEqual(["same moved"]);
    expect((await engine.up(both(SECOND, SECOND))).steps.toSorted()).toEqual(["create run", "same moved"]);
    expect(await idOf("moved")).toBe(id);
    expect((await engine.up(both(THIRD, FIRST))).succeeded).toBe(true);
    const live = (await stage.live()).map(({ invokeId, frequency }) => [invokeId, frequency]);
    expect(live.toSorted()).toEqual(
      [
        [id, THIRD],
        [await idOf("run"), FIRST],
      ].toSorted(),
    );
    expect(await stage.countInvocations()).toBe(2);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("two states at the same service", () => {
  test("of the same project, stack and names are two resources, which run at the same time", async () => {
    const { engine } = stage;
    const other = await stage.beside();
    const both = async () => {
      new Invocation("once", { ...ON_A, ...says("once") });
      new Invocation("nightly", { ...ON_A, ...says("nightly"), frequency: NIGHTLY });
    };
    const reports: Report[] = await Promise.all([engine.up(both), other.up(both)]);
    expect(reports.map(({ succeeded }) => succeeded)).toEqual([true, true]);
    expect(stage.count("once")).toEqual({ "i-a": 2 });
    const held = [(await engine.resources()).nightly?.id, (await other.resources()).nightly?.id];
    expect((await stage.live()).map(({ invokeId }) => invokeId).sort()).toEqual(held.sort());
    await engine.destroy();
    expect((await stage.live()).map(({ invokeId }) => invokeId)).toEqual([(await other.resources()).nightly?.id]);
    await other.destroy();
    expect(await stage.live()).toEqual([]);
  });
});

onEngine("a schedule that was cut off long ago", () => {
  test("is gone on with: what is live has no age", async () => {
    const { engine, emulator } = stage;
    const nightly = program({ ...BOTH, ...says("nightly"), frequency: NIGHTLY });
    stage.killDuring("InvokeCommand", [ENGINE, front.process]);
    expect((await engine.up(nightly)).succeeded).toBe(false);
    await engine.unlock();
    await emulator.advance(61 * 60_000);
    const next = await engine.up(nightly);
    expect(next.diagnostics).toContainEqual(expect.stringMatching(/^info run: goes on with invocation "t-\w+"/));
    expect((await stage.live()).map(({ invokeId }) => invokeId)).toEqual([await idOf()]);
    expect(await stage.countInvocations()).toBe(1);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
  });
});
