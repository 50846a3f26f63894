// An invocation that somebody else started comes into a stack by its id: nothing runs, and nothing differs afterwards.
import { secret } from "@pulumi/pulumi";
import type { InvocationArgs } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { Invocation } from "../../tools/pulumi/plugin";
import { type Engine, onEngine, onYaml, openEngine, openYamlEngine } from "./engine";

let emulator: Emulator;
let engine: Engine;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }],
    commands: [
      { commandId: "c-greet", name: "greet", content: "echo {{word}}" },
      { commandId: "c-hello", name: "hello", content: "echo hello" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

const hand = () => createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));

/** Somebody starts one by hand. */
async function startByHand(parameters: Record<string, string>): Promise<string> {
  const { InvokeId } = await hand().call("InvokeCommand", { "InstanceId.1": "i-a", ...parameters });
  emulator.clearJournal();
  return String(InvokeId);
}

async function end(invokeId: string): Promise<void> {
  for (let text = ""; !text.includes('"Success"'); )
    text = JSON.stringify(await hand().call("DescribeInvocations", { InvokeId: invokeId }));
}

function takeEffects(): string[] {
  const actions = emulator.journal().map(({ action }) => action);
  emulator.clearJournal();
  return actions.filter((action) => !action.startsWith("Describe"));
}

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const nightly = { CommandId: "c-greet", Parameters: '{"word":"swordfish"}', Frequency: NIGHTLY, Timeout: "30" };
const args = (more: InvocationArgs = {}): InvocationArgs => ({
  commandId: "c-greet",
  instanceIds: ["i-a"],
  frequency: NIGHTLY,
  timeout: 30,
  parameters: { word: secret("swordfish") },
  ...more,
});

const program = (declared: InvocationArgs, id?: string) => async () => {
  new Invocation("run", declared, id === undefined ? {} : { import: id });
};

onEngine("the option import", () => {
  test("takes a live schedule in, by its id and by its region and id, and nothing differs afterwards", async () => {
    const empty = await engine.save();
    const invokeId = await startByHand(nightly);
    for (const id of [invokeId, `cn-hangzhou/${invokeId}`]) {
      const imported = await engine.up(program(args(), id));
      expect([imported.succeeded, imported.steps]).toEqual([true, ["import run"]]);
      expect(imported.diagnostics).toEqual([
        `warning run: if another resource stands for invocation "${invokeId}" so far, such as an EcsInvocation, give that one retainOnDelete: true before it is taken out of its program, since its delete stops the invocation`,
      ]);
      expect((await engine.resources()).run).toMatchObject({ id: invokeId, outputs: { status: "Scheduled" } });
      expect((await engine.up(program(args()))).steps).toEqual(["same run"]);
      expect((await engine.refresh()).text).not.toContain("[diff:");
      expect(engine.stored()).not.toContain("swordfish");
      await engine.restore(empty);
    }
    expect(takeEffects()).toEqual([]);
  });

  test("takes a run in that is over, although its machine has stopped since", async () => {
    const invokeId = await startByHand({ CommandId: "c-hello", Timeout: "30" });
    await end(invokeId);
    emulator.updateInstance("i-a", { status: "Stopped" });
    const once = args({ commandId: "c-hello", frequency: undefined, parameters: undefined });
    expect((await engine.up(program(once, invokeId))).steps).toEqual(["import run"]);
    expect((await engine.up(program(once))).steps).toEqual(["same run"]);
    expect((await engine.resources()).run?.outputs.results).toMatchObject({ "i-a": { output: "hello\n" } });
    expect(takeEffects()).toEqual([]);
  });

  test("changes in place what the program says otherwise, and refuses what cannot be changed", async () => {
    const empty = await engine.save();
    const invokeId = await startByHand(nightly);
    const changed = await engine.up(program(args({ frequency: "rate(1h)" }), invokeId));
    expect([changed.succeeded, changed.steps]).toEqual([true, ["import run", "update run"]]);
    expect(takeEffects()).toEqual(["ModifyInvocationAttribute"]);
    await engine.restore(empty);
    const replaced = await engine.up(program(args({ frequency: "rate(1h)", timeout: 40 }), invokeId));
    expect([replaced.succeeded, replaced.text]).toEqual([false, expect.stringContaining("may not be replaced")]);
    expect(takeEffects()).toEqual([]);
  });

  // [id, message]
  test.each([
    ["t-0", 'Cannot read invocation "t-0": there is none in region "cn-hangzhou"'],
    ["cn-beijing/t-0", 'Cannot read invocation "t-0": '],
    [
      "i-a",
      'Cannot read an invocation by "i-a": the id must be that of an invocation, such as "t-hz0jdfwd9f", or with',
    ],
  ])("is refused for %s", async (id, message) => {
    const { succeeded, text } = await engine.up(program(args(), id));
    expect([succeeded, text]).toEqual([false, expect.stringContaining(message)]);
  });
});

onYaml("pulumi import", () => {
  test("takes a schedule in, whose parameters are a secret, and nothing differs afterwards", async () => {
    const yaml = await openYamlEngine({
      environment: emulator.environment,
      config: { word: { value: "swordfish", secret: true } },
    });
    const invokeId = await startByHand(nightly);
    const imported = await yaml.import("cloudassistant:index:Invocation", "run", invokeId);
    expect([imported.succeeded, imported.text]).toEqual([true, expect.not.stringContaining("swordfish")]);
    const { run } = await yaml.resources();
    expect(run).toMatchObject({ id: invokeId, inputs: { frequency: NIGHTLY }, outputs: { status: "Scheduled" } });
    const same = await yaml.up(`
config:
  word: { type: string }
resources:
  run:
    type: cloudassistant:Invocation
    properties:
      commandId: c-greet
      instanceIds: [i-a]
      frequency: "${NIGHTLY}"
      timeout: 30
      parameters: { word: "\${word}" }
`);
    expect([same.succeeded, same.steps]).toEqual([true, ["same run"]]);
    expect(yaml.stored()).not.toContain("swordfish");
    expect(takeEffects()).toEqual([]);
    yaml.remove();
  });
});
