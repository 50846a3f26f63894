// A plugin that somebody has started by hand, as with a debugger: the engine attaches to it, again and again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onEngine, openEngine } from "./engine";
import { Invocation } from "./plugin";

const BUNDLE = path.resolve(__dirname, "../../dist/pulumi-resource-cloudassistant.js");

let emulator: Emulator;
let engine: Engine;
let plugin: ChildProcess;
let complaints: string;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }],
    commands: [{ commandId: "c-hello", name: "hello", content: "echo hello" }],
  });
  plugin = spawn(process.execPath, [BUNDLE], {
    env: { ...process.env, ...emulator.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  complaints = "";
  plugin.stderr?.on("data", (text) => {
    complaints += text;
  });
  const [port] = await once(plugin.stdout as NodeJS.ReadableStream, "data");
  const PULUMI_DEBUG_PROVIDERS = `cloudassistant:${String(port).trim()}`;
  engine = await openEngine({ environment: { PULUMI_DEBUG_PROVIDERS } });
});

afterEach(async () => {
  plugin.kill();
  engine.remove();
  await emulator.stop();
});

/** More than ten, of which Node warns where each listens to the same thing. */
const RESOURCES = Array.from({ length: 12 }, (_, i) => `run-${i}`);

const program = (trigger: number) => async () => {
  for (const name of RESOURCES)
    new Invocation(name, { commandId: "c-hello", instanceIds: ["i-a"], triggers: [trigger] });
};

onEngine("a plugin to which the engine attaches", () => {
  test("serves one operation after another, each with its messages on the row", async () => {
    for (const trigger of [1, 2]) {
      const up = await engine.up(program(trigger));
      expect(up.succeeded).toBe(true);
      expect(up.statuses).toContain("1 of 1 finished");
    }
    expect(emulator.journal().filter(({ action }) => action === "InvokeCommand")).toHaveLength(2 * RESOURCES.length);
    expect([plugin.exitCode, complaints]).toEqual([null, ""]);
  });
});
