// A script of the program's own on the real engine, from its first run to what runs before it goes.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { ENGINE, PROVIDER } from "../../tools/processes";
import { type Engine, onEngine } from "./engine";
import { openStage, type Stage } from "./stage";

let stage: Stage;
let engine: Engine;
beforeEach(async () => {
  stage = await openStage();
  engine = stage.engine;
});
afterEach(() => stage.stop());

const BOTH = ["i-a", "i-b"];
const ONCE = { "i-a": 1, "i-b": 1 };

/** A script that writes down that it ran. */
const write = (word: string) => `echo "${word} $(date +%s)" >> "$HOME/runs"\necho ${word}`;

const program =
  (args: InvocationArgs, options: CustomResourceOptions = {}) =>
  async () => {
    new Invocation("run", args, options);
  };
const nothing = async () => {};

const said = (diagnostics: readonly string[]) => diagnostics.filter((line) => /^\w+ run/.test(line));
const declared = { commandContent: write("up"), instanceIds: BOTH, onDelete: { commandContent: write("gone") } };

onEngine("a script", () => {
  test("runs once, changes nothing when nothing changes, and runs what is to run before it goes", async () => {
    expect((await engine.preview(program(declared))).succeeded).toBe(true);
    expect(stage.runs()).toEqual([]);
    expect((await engine.up(program(declared))).steps).toEqual(["create run"]);
    expect((await engine.up(program(declared))).steps).toEqual(["same run"]);
    expect(stage.count("up")).toEqual(ONCE);
    expect((await engine.resources()).run?.outputs).toMatchObject({ type: "RunShellScript", status: "Success" });

    const replaced = program({ ...declared, commandContent: write("up2") });
    expect((await engine.up(replaced)).succeeded).toBe(true);
    expect([stage.count("up2"), stage.count("gone")]).toEqual([ONCE, ONCE]);
    const order = stage.runs().filter(({ instanceId }) => instanceId === "i-a");
    expect(order.map(({ word }) => word)).toEqual(["up", "gone", "up2"]);
  });

  test("of a live schedule is changed in place, and the preview shows the lines", async () => {
    const nightly = (commandContent: string) =>
      program({ commandContent, instanceIds: BOTH, frequency: "0 0 2 * * ? Asia/Shanghai" });
    await engine.up(nightly("set -e\necho old"));
    const preview = await engine.preview(nightly("set -e\necho new"));
    expect(said(preview.diagnostics)).toEqual([
      "info run: script can change in place\n    2 - echo old\n    2 + echo new",
    ]);
    expect((await engine.up(nightly("set -e\necho new"))).steps).toEqual(["update run"]);
    expect(await stage.countInvocations()).toBe(1);
    expect((await engine.up(nightly("set -e\necho new"))).steps).toEqual(["same run"]);
  });
});

onEngine("onDelete", () => {
  test("runs when the resource has left the program", async () => {
    await engine.up(program(declared));
    expect((await engine.up(nothing)).steps).toEqual(["delete run"]);
    expect(stage.count("gone")).toEqual(ONCE);
  });

  test("runs at destroy, without the program, and again only where it failed", async () => {
    const commandContent = `${write("gone")}\n[ "{{ACS::InstanceId}}" = i-a ] || [ -e repaired ] || { touch repaired; echo full >&2; exit 3; }`;
    await engine.up(program({ ...declared, onDelete: { commandContent } }));
    const failed = await engine.destroy();
    expect(failed.succeeded).toBe(false);
    expect(failed.diagnostics.join("\n")).toMatch(
      /onDelete failed on 1 of 2 instances .*"i-b": exited with code 3; last lines of "i-b":\s+gone\s+full/s,
    );
    expect(Object.keys(await engine.resources())).toContain("run");
    expect((await engine.destroy()).succeeded).toBe(true);
    expect(stage.count("gone")).toEqual({ "i-a": 1, "i-b": 2 });
  });

  test("runs once when the destroy is killed in the call, and repeated", async () => {
    await engine.up(program(declared));
    stage.killDuring("RunCommand", [ENGINE, PROVIDER]);
    expect((await engine.destroy()).succeeded).toBe(false);
    await engine.unlock();
    expect((await engine.destroy()).succeeded).toBe(true);
    expect(stage.count("gone")).toEqual(ONCE);
  });

  test("is skipped where the resource is retained", async () => {
    await engine.up(program(declared, { retainOnDelete: true }));
    expect((await engine.up(nothing)).succeeded).toBe(true);
    expect(stage.count("gone")).toEqual({});
  });
});
