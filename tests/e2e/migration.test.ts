// docs/migration.md, done: the program that it ends with takes over a live schedule, and nothing runs or stops.
import { readFileSync } from "node:fs";
import path from "node:path";
import Ecs, { InvokeCommandRequest } from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import ts from "typescript";
import { type Engine, onEngine, openEngine } from "./engine";

const page = readFileSync(path.resolve(__dirname, "../../docs/migration.md"), "utf8");
const after = /After:\n\n```ts\n(.*?)```/s.exec(page)?.[1] ?? "";

/** The page's program, with the id of an invocation that exists; and with one more input. */
function program(invokeId: string, more = ""): PulumiFn {
  const code = after.replace('adopt: "t-hz0nightly",', `adopt: "${invokeId}", ${more}`);
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  return async () => new Function("require", "exports", outputText)(require, {});
}

onEngine("moving from EcsInvocation", () => {
  let emulator: Emulator;
  let engine: Engine;

  beforeAll(async () => {
    emulator = await startEmulator({
      instances: [{ instanceId: "i-web1" }, { instanceId: "i-web2" }],
      commands: [{ commandId: "c-nightly", name: "nightly", content: "find . -mtime +{{days}} -delete" }],
    });
    engine = await openEngine({ environment: emulator.environment });
  });

  afterAll(async () => {
    engine.remove();
    await emulator.stop();
  });

  /** What the alicloud provider sends for the program "Before". */
  async function startBefore(): Promise<string> {
    const { url, accessKeyId, accessKeySecret, regionId } = emulator;
    const endpoint = new URL(url).host;
    const config = new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, regionId, endpoint, protocol: "http" });
    const { body } = await new Ecs(config).invokeCommand(
      new InvokeCommandRequest({
        regionId,
        commandId: "c-nightly",
        instanceId: ["i-web1", "i-web2"],
        repeatMode: "Period",
        frequency: "0 0 2 * * ? Asia/Shanghai",
        parameters: { days: "14" },
      }),
    );
    return String(body?.invokeId);
  }

  test("takes over a live schedule, and nothing runs, changes or stops", async () => {
    const invokeId = await startBefore();
    emulator.clearJournal();

    const { steps, diagnostics } = await engine.up(program(invokeId));
    expect(diagnostics).toContain(`info nightly: took over invocation "${invokeId}" (Scheduled), nothing was run`);
    expect(steps).toEqual(["create nightly"]);
    expect((await engine.resources()).nightly?.id).toBe(invokeId);
    const calls = emulator.journal().map(({ action }) => action);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((action) => !action.startsWith("Describe"))).toEqual([]);

    expect((await engine.up(program(invokeId))).steps).toEqual(["same nightly"]);
  });

  test("a later change that replaces sets a schedule of its own, although adopt is still there", async () => {
    const { nightly: before } = await engine.resources();
    emulator.clearJournal();

    const { steps, succeeded } = await engine.up(program(before?.id ?? "", "timeout: 600"));
    expect(succeeded).toBe(true);
    expect(steps).toEqual(["delete-replaced nightly", "replace nightly", "create-replacement nightly"]);
    const { nightly } = await engine.resources();
    expect(nightly?.outputs).toMatchObject({ status: "Scheduled", timeout: 600 });
    expect(nightly?.id).not.toBe(before?.id);
    const acted = emulator.journal().filter(({ action }) => /^(Stop|Invoke)/.test(action));
    expect(acted.map(({ action }) => action)).toEqual(["StopInvocation", "InvokeCommand"]);

    expect((await engine.up(program(before?.id ?? "", "timeout: 600"))).steps).toEqual(["same nightly"]);
  });
});
