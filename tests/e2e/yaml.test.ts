// Programs in YAML, through the plugin, as every language but TypeScript: the same life, and what the package has beside it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onYaml, openYamlEngine } from "./engine";

const DOCS = path.resolve(__dirname, "../../docs");
const PROGRAM = readFileSync(path.join(DOCS, "languages/program.yaml"), "utf8");

/** The `emulator.json` of docs/languages.md. */
const [, FIXTURES = ""] = /^```json\n(.*?)^```$/ms.exec(readFileSync(path.join(DOCS, "languages.md"), "utf8")) ?? [];
const { instances, commands } = JSON.parse(FIXTURES) as Required<EmulatorOptions>;

let emulator: Emulator;
let engine: Engine<string>;

beforeEach(async () => {
  emulator = await startEmulator({
    instances,
    commands: [...commands, { commandId: "c-greet", name: "greet", content: "echo {{word}}" }],
  });
  engine = await openYamlEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

function takeEffects(): string[] {
  const effects = emulator.journal().filter(({ action }) => /^(Invoke|Run|Stop|Modify)/.test(action));
  emulator.clearJournal();
  return effects.map(({ action }) => action);
}

onYaml("a program in YAML", () => {
  test("is previewed, run, left alone, changed in place, refreshed and destroyed", async () => {
    const preview = await engine.preview(PROGRAM);
    expect(preview.steps.toSorted()).toEqual(["create hello", "create nightly"]);
    expect(preview.diagnostics).toContainEqual(
      expect.stringMatching(/^info nightly: .*next runs: .* 02:00 Asia\/Shanghai/),
    );
    expect(takeEffects()).toEqual([]);

    const up = await engine.up(PROGRAM);
    expect(up.outputs).toEqual({
      printed: { value: "hello from i-web1\n", secret: false },
      status: { value: "Scheduled", secret: false },
    });
    expect(up.statuses).toContain("2 of 2 finished");
    expect(takeEffects()).toEqual(["InvokeCommand", "InvokeCommand"]);
    expect((await engine.up(PROGRAM)).steps.toSorted()).toEqual(["same hello", "same nightly"]);

    const changed = await engine.up(PROGRAM.replace("0 0 2", "0 30 2"));
    expect(changed.steps.toSorted()).toEqual(["same hello", "update nightly"]);
    expect(takeEffects()).toEqual(["ModifyInvocationAttribute"]);

    const refreshed = await engine.refresh();
    expect(refreshed.steps.toSorted()).toEqual(["refresh hello", "refresh nightly"]);
    expect((await engine.destroy()).succeeded).toBe(true);
    expect(takeEffects()).toEqual(["StopInvocation"]);
    expect(await engine.resources()).toEqual({});
  });

  test("is refused by its types, and by what the service says of it", async () => {
    const typed = await engine.preview(
      PROGRAM.replace("      frequency:", "      onFailure: ignore\n      frequency:"),
    );
    expect(typed.text).toContain('Allowed values are Fail ("fail"), Warn ("warn")');
    const refused = await engine.preview(PROGRAM.replace("i-web2]", "i-gone]"));
    expect(refused.text).toContain('"i-gone" does not exist in region "cn-hangzhou"; correct the id or the region');
    expect(takeEffects()).toEqual([]);
  });
});

onYaml("a rollout in YAML", () => {
  const rollout = (version: string, more = "") => `
resources:
  agent:
    type: cloudassistant:Rollout
    properties:
      commandContent: 'echo {{version}}; [ {{version}} != bad ]'
      resourceTags: { role: web }
      parameters: { version: ${version} }
      waves: [1, 50%, 100%]
      ${more}
  after:
    type: cloudassistant:Invocation
    properties: { commandId: c-hello, instanceIds: [i-web1], triggers: ["\${agent.generation}"] }
outputs:
  status: \${agent.status}
  succeeded: \${agent.succeeded}
  waves: \${agent.waveResults}
`;
  const PLAN =
    "info agent-fleet: wave 1: 1 machine; wave 2: 1; wave 3: 2; stops when one of 4 fails; at worst 2 machines have failed by the end of wave 3";
  const TYPES = ["", "Fleet", "Verdict"].map((part) => `cloudassistant:index:Rollout${part}`);

  beforeEach(async () => {
    const tags = { role: "web" };
    for (const instanceId of ["i-1", "i-2", "i-3", "i-4"]) emulator.addInstance({ instanceId, tags });
  });

  test("says its plan, stops at a bad version, holds back what depends on it, goes on, pauses, and is destroyed", async () => {
    const preview = await engine.preview(rollout("bad"));
    expect(preview.diagnostics).toEqual([PLAN]);
    expect(takeEffects()).toEqual([]);

    const stopped = await engine.up(rollout("bad"));
    expect(stopped.steps).toEqual(["create agent", "create agent-fleet", "create agent-verdict"]);
    // The component is none that failed.
    expect(stopped.diagnostics.filter((line) => line.startsWith("error"))).toEqual([
      expect.stringContaining("error agent-verdict: stopped in wave 1 of 3: 1 of 4 machines has failed"),
      "error: update failed",
    ]);
    expect(takeEffects()).toEqual(["RunCommand"]);
    const { agent, "agent-fleet": fleet, ...others } = await engine.resources();
    expect([agent?.type, fleet?.type, fleet?.outputs.status, others]).toEqual([TYPES[0], TYPES[1], "Stopped", {}]);

    const paused = await engine.up(rollout("good", "through: 2"));
    expect(paused.steps).toEqual(["same agent", "update agent-fleet", "create agent-verdict", "create after"]);
    expect(paused.outputs).toMatchObject({ status: { value: "Paused" }, succeeded: { value: 2 } });
    expect((await engine.up(rollout("good", "through: 2"))).steps.map((step) => step.split(" ")[0])).toEqual(
      Array(4).fill("same"),
    );
    const raised = await engine.preview(rollout("good"));
    expect(raised.diagnostics).toEqual([
      expect.stringMatching(/^info agent-fleet: goes on with wave 3: 2 machines \("i-\d", "i-\d"\)/),
    ]);
    // The generation is the same, so that nothing is said to happen to what depends on it.
    expect(raised.steps).toEqual(["same agent", "update agent-fleet", "update agent-verdict", "same after"]);
    const done = await engine.up(rollout("good"));
    expect(done.steps).toEqual(["same agent", "update agent-fleet", "update agent-verdict", "same after"]);
    expect(done.outputs).toMatchObject({
      status: { value: "Succeeded" },
      waves: { value: [1, 1, 2].map((machines) => ({ machines, succeeded: machines, failed: 0, state: "ended" })) },
    });

    emulator.addInstance({ instanceId: "i-5", tags: { role: "web" } });
    expect((await engine.refresh()).diagnostics).toEqual(['info agent-fleet: 1 instance joined: "i-5"']);
    takeEffects();
    expect((await engine.up(rollout("good"))).outputs).toMatchObject({ succeeded: { value: 5 } });
    expect(takeEffects()).toEqual(["RunCommand"]);
    expect((await engine.destroy()).succeeded).toBe(true);
    expect(await engine.resources()).toEqual({});
  });
});

onYaml("a script and its onDelete", () => {
  const program = (word: string) => `
config:
  token: { type: string }
resources:
  setup:
    type: cloudassistant:Invocation
    properties:
      commandContent: |
        echo ${word} >> ~/runs
        cat ~/runs
      instanceIds: [i-web1, i-web2]
      onDelete:
        commandContent: |
          echo gone >> ~/runs
          [ {{ACS::InstanceId}} = i-web1 ] || [ -e ~/repaired ] || { touch ~/repaired; echo {{token}}; exit 3; }
        parameters:
          token: \${token}
        timeout: 20
outputs:
  printed: \${setup.results["i-web2"].output}
`;

  /** On which machines scripts were run since the last look. */
  function takeRuns(): string[] {
    const runs = emulator
      .journal()
      .filter(({ action, parameters }) => action === "RunCommand" && parameters.RepeatMode !== "DryRun");
    emulator.clearJournal();
    return runs.map(({ parameters }) =>
      ["InstanceId.1", "InstanceId.2"].flatMap((name) => parameters[name] ?? []).join(),
    );
  }

  test("a replacement waits for it, where it fails it is told and tried there again, and a destroy runs it last", async () => {
    await engine.setConfig({ token: { value: "swordfish", secret: true } });
    expect((await engine.up(program("one"))).succeeded).toBe(true);
    expect(takeRuns()).toEqual(["i-web1,i-web2"]);

    const failed = await engine.up(program("two"));
    expect(failed.succeeded).toBe(false);
    expect(failed.text).toMatch(
      /onDelete failed on 1 of 2 instances .*"i-web2": exited with code 3; the output is not shown/s,
    );
    expect(failed.text).not.toContain("swordfish");
    expect(takeRuns()).toEqual(["i-web1,i-web2"]);

    const replaced = await engine.up(program("two"));
    expect(replaced.steps).toEqual(["create-replacement setup", "replace setup", "delete-replaced setup"]);
    expect(takeRuns()).toEqual(["i-web2", "i-web1,i-web2"]);
    expect(replaced.outputs.printed).toEqual({ value: "one\ngone\ngone\ntwo\n", secret: true });
    expect(engine.stored()).not.toContain("swordfish");

    expect((await engine.destroy()).succeeded).toBe(true);
    expect(takeRuns()).toEqual(["i-web1,i-web2"]);
  });
});

onYaml("the functions", () => {
  test("tell of schedules and of invocations, whose parameters stay secret", async () => {
    await engine.setConfig({ word: { value: "swordfish", secret: true } });
    const greet = `
config:
  word: { type: string }
resources:
  greet:
    type: cloudassistant:Invocation
    properties:
      commandId: c-greet
      instanceIds: [i-web1]
      tags: { team: web }
      parameters:
        word: \${word}
outputs:
  found:
    fn::invoke: { function: "cloudassistant:getInvocation", arguments: { invokeId: "\${greet.id}" } }
  listed:
    fn::invoke:
      function: cloudassistant:getInvocations
      arguments: { tags: { team: web }, status: Success }
  runs:
    fn::invoke:
      function: cloudassistant:nextRuns
      arguments: { frequency: "0 0 2 * * ? Asia/Shanghai", after: "2030-01-31T00:00:00Z", count: 2 }
      return: runs
  words:
    fn::invoke:
      function: cloudassistant:describeSchedule
      arguments: { frequency: rate(5m) }
      return: description
`;
    await engine.up(greet);
    // A listing depends on nothing, so that the first one may have come too early.
    const up = await engine.up(greet);
    const { id } = (await engine.resources()).greet ?? {};
    expect(up.outputs).toMatchObject({
      found: {
        value: {
          invokeId: id,
          status: "Success",
          parameters: { word: "swordfish" },
          results: { "i-web1": { exitCode: 0 } },
        },
        secret: true,
      },
      listed: { value: { invocations: [{ invokeId: id, commandName: "greet", tags: { team: "web" } }] } },
      runs: { value: ["2030-01-31T18:00:00Z", "2030-02-01T18:00:00Z"], secret: false },
      words: { value: "every 5 minutes from creation on, first one period after it", secret: false },
    });
    expect(up.text + engine.stored()).not.toContain("swordfish");

    const refused = await engine.preview(greet.replace("rate(5m)", "0 2 * * *"));
    expect(refused.text).toContain('Cannot parse frequency "0 2 * * *": a cron schedule has 6 fields');
  });
});

onYaml("explicit providers", () => {
  test("call several regions with several keys, which are kept as secrets", async () => {
    const other = await startEmulator({
      region: "cn-beijing",
      instances: [{ instanceId: "i-web1" }],
      commands: [{ commandId: "c-hello", name: "hello", content: "echo hello from Beijing" }],
    });
    try {
      const up = await engine.up(`
resources:
  beijing:
    type: pulumi:providers:cloudassistant
    properties:
      region: ${other.regionId}
      accessKey: ${other.accessKeyId}
      secretKey: ${other.accessKeySecret}
      endpoint: ${other.url}
  there:
    type: cloudassistant:Invocation
    properties: { commandId: c-hello, instanceIds: [i-web1] }
    options: { provider: "\${beijing}" }
  here:
    type: cloudassistant:Invocation
    properties: { commandId: c-hello, instanceIds: [i-web1] }
outputs:
  there: \${there.results["i-web1"].output}
  here: \${here.results["i-web1"].output}
  regions: ["\${there.regionId}", "\${here.regionId}"]
`);
      expect(up.outputs).toMatchObject({
        there: { value: "hello from Beijing\n" },
        here: { value: "hello from i-web1\n" },
        regions: { value: ["cn-beijing", "cn-hangzhou"] },
      });
      // The state is exported with its secrets in clear, each marked as one.
      const { deployment } = await engine.save();
      const provider = deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith("::beijing"));
      const secret = expect.objectContaining({ plaintext: JSON.stringify(other.accessKeySecret) });
      expect([provider.inputs.secretKey, provider.outputs.secretKey]).toEqual([secret, secret]);
    } finally {
      await other.stop();
    }
  });

  test("show no key where they are refused", async () => {
    const { succeeded, text } = await engine.preview(`
resources:
  keyless:
    type: pulumi:providers:cloudassistant
    properties: { region: cn-hangzhou, secretKey: swordfish }
`);
    expect([succeeded, text]).toEqual([
      false,
      expect.stringContaining("secretKey must be given together with accessKey"),
    ]);
    expect(text).not.toContain("swordfish");
  });

  test("refuse a name that they do not know, with those that they do", async () => {
    await engine.setConfig({ "cloudassistant:reigon": { value: "cn-hangzhou" } });
    const { succeeded, text } = await engine.preview(PROGRAM);
    expect([succeeded, text]).toEqual([
      false,
      expect.stringContaining('reigon is no setting of this provider: it takes "region", "accessKey", '),
    ]);
  });
});
