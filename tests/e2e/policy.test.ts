// A policy pack of @pulumi/policy, run by the real engine: it finds an Invocation by its class, as any resource.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ComponentResource } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onEngine, openEngine } from "./engine";

const REPOSITORY = path.resolve(__dirname, "../..");
const REAL_PATH = process.env.PATH ?? "";

let emulator: Emulator;
let engine: Engine;
let pack: string;

/** The pack in a folder of its own, with what it requires. */
function installPack(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "pack-"));
  cpSync(path.join(__dirname, "policy"), folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "runs", version: "1.0.0" }));
  mkdirSync(path.join(folder, "node_modules"));
  symlinkSync(path.join(REPOSITORY, "node_modules/@pulumi"), path.join(folder, "node_modules/@pulumi"));
  symlinkSync(REPOSITORY, path.join(folder, "node_modules/pulumi-cloud-assistant"));
  return folder;
}

beforeEach(async () => {
  pack = installPack();
  // Last, so that an installation's own host of policy packs comes first.
  process.env.PATH = `${REAL_PATH}${path.delimiter}${pack}`;
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }],
    commands: [{ commandId: "c-hello", name: "hello", content: "echo hello" }],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  process.env.PATH = REAL_PATH;
  engine.remove();
  rmSync(pack, { recursive: true });
  await emulator.stop();
});

const program = async () => {
  const parent = new ComponentResource("pkg:index:Fleet", "fleet");
  const args = { commandId: "c-hello", instanceIds: ["i-a"] };
  new Invocation("nightly", { ...args, frequency: "0 0 2 * * ? UTC" }, { parent });
  new Invocation("hourly", { ...args, frequency: "0 0 * * * ? UTC", tags: { owner: "ops" } }, { parent });
  new Invocation("once", args, { parent });
};

onEngine("a policy pack", () => {
  test("sees each Invocation, names it, and changes and refuses it", async () => {
    const { succeeded, text } = await engine.preview(program, { policyPacks: [pack] });
    expect(succeeded).toBe(false);
    const said = /^Policies:\n(.*?)\n\n/ms.exec(text)?.[1] ?? text;
    expect(said.split("\n").map((line) => line.trim())).toEqual([
      `❌ runs@v1.0.0 (local: ${pack})`,
      "- [remediate]  owned  (2 resources)",
      "- [mandatory]  at-night  (pulumi-nodejs:dynamic/cloudassistant:Invocation: hourly)",
      "Schedules run at night.",
      'hourly runs at "0 0 * * * ? UTC"',
      "- [advisory]  few  (pulumi:pulumi:Stack: story-dev)",
      "A stack has few of them.",
      "3 of them: hourly, nightly, once",
    ]);
  });
});
