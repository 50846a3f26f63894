// The README's start, from an empty folder: its emulator.json and its index.ts, as they stand there, on the real engine.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import ts from "typescript";
import { type Engine, onEngine, openEngine } from "./engine";

const readme = readFileSync(path.resolve(__dirname, "../../README.md"), "utf8");
const sectionOf = (title: string) => new RegExp(`^## ${title}(.*?)^## `, "ms").exec(readme)?.[1] ?? "";

/** The first program of a section. What it exports are the stack's outputs. */
function programOf(section: string): PulumiFn {
  const { outputText } = ts.transpileModule(/```ts\n(.*?)```/s.exec(section)?.[1] ?? "", {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  return async () => {
    const outputs = {};
    new Function("require", "exports", outputText)(require, outputs);
    return outputs;
  };
}

const start = sectionOf("Start");
const seeds = JSON.parse(/```json\n(.*?)```/s.exec(start)?.[1] ?? "");
const program = programOf(start);

onEngine("the README's start", () => {
  let emulator: Emulator;
  let engine: Engine;

  beforeAll(async () => {
    emulator = await startEmulator(seeds);
    engine = await openEngine({ environment: emulator.environment });
  });

  afterAll(async () => {
    engine.remove();
    await emulator.stop();
  });

  test("its first preview tells what would happen, and runs nothing", async () => {
    const { succeeded, steps } = await engine.preview(program);
    expect(succeeded).toBe(true);
    expect(steps.sort()).toEqual(["create hello", "create hourly"]);
    expect(emulator.journal().filter(({ action }) => !action.startsWith("Describe"))).toEqual([]);
  });

  test("a stopped machine is refused, with what to do", async () => {
    emulator.updateInstance("i-web2", { status: "Stopped" });
    const { succeeded, text } = await engine.preview(program);
    emulator.updateInstance("i-web2", { status: "Running" });
    expect(succeeded).toBe(false);
    expect(text).toContain(
      'instanceIds must name instances that can run the command, but 1 of 2 cannot: "i-web2" is Stopped, not Running; start it first',
    );
  });

  test("its update runs the command on both machines and sets the schedule", async () => {
    const { outputs } = await engine.up(program);
    expect(outputs.printed?.value).toEqual(["hello from i-web1", "hello from i-web2"]);
    expect(outputs.status?.value).toBe("Scheduled");
  });

  test("the wrong schedule that it proposes is refused, with what to write", async () => {
    const [, frequency = ""] = /pulumi config set frequency "(.*?)"/.exec(start) ?? [];
    await engine.setConfig({ frequency: { value: frequency } });
    const { succeeded, text } = await engine.preview(program);
    expect(succeeded).toBe(false);
    expect(text).toContain('so it would never fire; write "*" or "SUN,MON-SAT"');
  });

  test("is destroyed", async () => {
    expect((await engine.destroy()).succeeded).toBe(true);
  });
});

onEngine("the README's program", () => {
  let emulator: Emulator;
  let engine: Engine;

  beforeAll(async () => {
    emulator = await startEmulator();
    engine = await openEngine({ environment: emulator.environment });
  });

  afterAll(async () => {
    engine.remove();
    await emulator.stop();
  });

  // [what is wrong with the machines, the machines, the refusal]
  test.each([
    // The engine ends at the first resource that is refused, which may be that of one machine.
    ["they do not exist", [], /"i-bp1example000\d" do(es)? not exist in region "cn-hangzhou"/],
    [
      "one is stopped",
      [{}, { status: "Stopped" as const }],
      /"i-bp1example0002" is Stopped, not Running; start it first/,
    ],
    ["one has no agent", [{ agent: { version: "" } }, {}], /"i-bp1example0001" has no Cloud Assistant agent/],
  ])("is refused at its first preview where %s", async (_, machines, refusal) => {
    machines.forEach((seed, i) => {
      const instanceId = `i-bp1example000${i + 1}`;
      if (emulator.instanceIds.includes(instanceId))
        emulator.updateInstance(instanceId, { status: "Running", agent: { version: "2.2.3.857" }, ...seed });
      else
        emulator.addInstance({ instanceId, outcomes: { "yum install -y nginx": { output: "Complete!\n" } }, ...seed });
    });
    const { succeeded, text } = await engine.preview(programOf(sectionOf("A program")));
    expect(succeeded).toBe(false);
    expect(text).toMatch(refusal);
  });

  test("is previewed and applied where they are well", async () => {
    emulator.updateInstance("i-bp1example0001", { status: "Running", agent: { version: "2.2.3.857" } });
    const program = programOf(sectionOf("A program"));
    expect((await engine.preview(program)).steps.sort()).toEqual(["create clean", "create setup"]);
    expect((await engine.up(program)).outputs.status?.value).toBe("Scheduled");
  });
});

onEngine("the README's component", () => {
  test("is previewed and applied: what one run prints is a parameter of the next", async () => {
    const emulator = await startEmulator({
      instances: [{ instanceId: "i-web1" }],
      commands: [
        { commandId: "c-build", name: "build", content: "echo 1.2.3" },
        { commandId: "c-deploy", name: "deploy", content: "echo deploying {{version}}" },
      ],
    });
    const engine = await openEngine({ environment: emulator.environment });
    const component = programOf(readFileSync(path.resolve(__dirname, "../../docs/programs.md"), "utf8"));
    expect((await engine.preview(component)).succeeded).toBe(true);
    expect((await engine.up(component)).outputs.version?.value).toBe("1.2.3");
    const { "web-deploy": deploy } = await engine.resources();
    expect(deploy?.outputs).toMatchObject({ results: { "i-web1": { output: "deploying 1.2.3\n" } } });
    engine.remove();
    await emulator.stop();
  });
});
