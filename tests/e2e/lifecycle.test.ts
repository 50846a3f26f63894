// The life of an Invocation on the real engine, against the emulator: what the engine did, what was said, and exactly
// which calls the service got.
import { dynamic, type Input, secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { type CommandSeed, type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onEngine, openEngine } from "./engine";
import { front } from "./front";

const COMMANDS: CommandSeed[] = [
  { commandId: "c-hello", name: "hello", content: 'echo "hello from {{ACS::InstanceId}}"' },
  { commandId: "c-greet", name: "greet", content: 'echo "{{word}}"' },
  {
    // Fails on one machine, and the next time on none.
    commandId: "c-flaky",
    name: "flaky",
    content: [
      "echo mounting the disk",
      'if [ "{{ACS::InstanceId}}" = i-b ] && ! [ -e repaired ]; then touch repaired; echo the disk is full >&2; exit 3; fi',
      "echo mounted",
    ].join("\n"),
  },
];

let emulator: Emulator;
let engine: Engine;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }],
    commands: COMMANDS,
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

const invocation =
  (args: InvocationArgs): PulumiFn =>
  async () => {
    const { invokeId, results } = new Invocation("run", args);
    return { invokeId, results };
  };

/** What depends on a run: remembers its id. */
class Follower extends dynamic.Resource {
  constructor(name: string, props: { follows: Input<string> }) {
    super(
      { create: async (inputs) => ({ id: "follower", outs: inputs }), update: async (_, __, news) => ({ outs: news }) },
      name,
      props,
    );
  }
}

const followed =
  (args: InvocationArgs): PulumiFn =>
  async () => {
    new Follower("follower", { follows: new Invocation("run", args).invokeId });
  };

/** How the engine words a failure of `check`. */
const refusal = (property: string, reason: string) =>
  `error run: ${front.type} resource 'run': property ${property} has a problem: ${reason}`;

/** The calls since the last look that ran, changed or stopped something, with the machines they named. */
function takeEffects(): string[] {
  const effects = takeCalls().filter(({ action }) => /^(Invoke|Stop|Modify)/.test(action));
  return effects.map(({ action, parameters }) => {
    const named = Object.keys(parameters).filter((name) => name.startsWith("InstanceId."));
    return [action, ...named.map((name) => parameters[name])].join(" ");
  });
}

function takeCalls() {
  const calls = emulator.journal();
  emulator.clearJournal();
  return calls;
}

async function outputsOfRun(): Promise<Record<string, unknown>> {
  return (await engine.resources()).run?.outputs ?? {};
}

const FINISHED = { commandId: "c-hello", instanceIds: ["i-a", "i-b"] };
const NIGHTLY = { ...FINISHED, frequency: "0 0 2 * * ? Asia/Shanghai" };

onEngine("a one-shot", () => {
  test("is refused by the local rules without a question to the service, every failure at once", async () => {
    const preview = await engine.preview(invocation({ commandId: "c-hello", instanceIds: [], timeout: 5 }));
    expect(preview.succeeded).toBe(false);
    expect(preview.diagnostics).toEqual([
      refusal(
        "instanceIds value {[]}",
        "instanceIds must name at least 1 instance: it is empty; add the id of one, or remove the resource",
      ),
      refusal("timeout value {5}", "timeout must be a whole number of seconds, 10 or more: current value is 5"),
    ]);
    expect(takeCalls()).toEqual([]);
  });

  test("is refused by the service's answers before anything runs", async () => {
    emulator.updateInstance("i-b", { status: "Stopped" });
    const preview = await engine.preview(invocation({ commandId: "c-nope", instanceIds: ["i-a", "i-b", "i-gone"] }));
    const named = "instanceIds value {[{i-a} {i-b} {i-gone}]}";
    expect(preview.succeeded).toBe(false);
    expect(preview.diagnostics).toEqual([
      refusal(
        "commandId value {c-nope}",
        'commandId must name a command that exists: there is no "c-nope" in region "cn-hangzhou"; create it there first, or correct the id',
      ),
      refusal(
        named,
        'instanceIds must name instances that can run the command, but 1 of 3 cannot: "i-b" is Stopped, not Running; start it first',
      ),
      refusal(
        named,
        'instanceIds must name instances that can run the command, but 1 of 3 cannot: "i-gone" does not exist in region "cn-hangzhou"; correct the id or the region',
      ),
    ]);
    expect(new Set(takeCalls().map(({ action }) => action))).toEqual(
      new Set(["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"]),
    );
  });

  test("is previewed, run, left alone, replaced, refreshed and destroyed", async () => {
    expect((await engine.preview(followed(FINISHED))).steps).toEqual(["create run", "create follower"]);
    expect(takeEffects()).toEqual([]);

    const up = await engine.up(followed(FINISHED));
    expect(up.steps).toEqual(["create run", "create follower"]);
    expect(takeEffects()).toEqual(["InvokeCommand i-a i-b"]);
    const first = await outputsOfRun();
    expect(first).toMatchObject({
      status: "Success",
      schemaVersion: 1,
      results: {
        "i-a": { status: "Success", exitCode: 0, output: "hello from i-a\n", repeats: 1 },
        "i-b": { status: "Success", exitCode: 0, output: "hello from i-b\n", repeats: 1 },
      },
    });

    expect((await engine.up(followed(FINISHED))).steps).toEqual(["same run", "same follower"]);
    expect(takeCalls()).toEqual([]);

    const again = await engine.up(followed({ ...FINISHED, triggers: ["again"] }));
    expect(again.steps).toEqual(["create-replacement run", "replace run", "update follower", "delete-replaced run"]);
    expect(takeEffects()).toEqual(["InvokeCommand i-a i-b"]);
    expect((await outputsOfRun()).invokeId).not.toBe(first.invokeId);

    expect((await engine.refresh()).steps.sort()).toEqual(["refresh follower", "refresh run"]);
    expect(await outputsOfRun()).toMatchObject({ status: "Success" });

    expect((await engine.destroy()).steps).toEqual(["delete follower", "delete run"]);
    expect(takeEffects()).toEqual([]);
  });
});

onEngine("a schedule", () => {
  test("is changed in place, stopped before its replacement starts, and stopped by destroy", async () => {
    await engine.up(followed(NIGHTLY));
    expect(takeEffects()).toEqual(["InvokeCommand i-a i-b"]);
    const { invokeId } = await outputsOfRun();

    const changed = await engine.up(followed({ ...NIGHTLY, frequency: "0 30 2 * * ? Asia/Shanghai" }));
    expect(changed.steps).toEqual(["update run", "same follower"]);
    expect(takeEffects()).toEqual(["ModifyInvocationAttribute"]);
    expect(await outputsOfRun()).toMatchObject({ invokeId, status: "Scheduled" });

    const replaced = await engine.up(followed({ ...NIGHTLY, timeout: 30 }));
    expect(replaced.steps).toEqual(["delete-replaced run", "replace run", "create-replacement run", "update follower"]);
    expect(takeEffects()).toEqual(["StopInvocation", "InvokeCommand i-a i-b"]);

    await engine.destroy();
    expect(takeEffects()).toEqual(["StopInvocation"]);
    expect(await engine.resources()).toEqual({});
  });
});

onEngine("a machine that fails", () => {
  const flaky = invocation({ commandId: "c-flaky", instanceIds: ["i-a", "i-b"] });

  test("fails the update with its reason and last lines; the next update runs it there alone", async () => {
    const failed = await engine.up(flaky);
    const { invokeId } = await outputsOfRun();
    expect(failed.succeeded).toBe(false);
    expect(failed.diagnostics).toEqual([
      [
        "error run: 1 error occurred:",
        `\t* command "c-flaky" failed on 1 of 2 instances (invocation "${invokeId}")`,
        '    "i-b": exited with code 3; last lines of "i-b":',
        "        mounting the disk",
        "        the disk is full",
      ].join("\n"),
      "error: update failed",
    ]);
    takeCalls();

    const resumed = await engine.up(flaky);
    expect([resumed.succeeded, resumed.steps]).toEqual([true, ["update run"]]);
    expect(takeEffects()).toEqual(["InvokeCommand i-b"]);
    expect(await outputsOfRun()).toMatchObject({
      invokeId,
      status: "Success",
      results: { "i-a": { repeats: 1, output: "mounting the disk\nmounted\n" }, "i-b": { exitCode: 0 } },
    });

    expect((await engine.up(flaky)).steps).toEqual(["same run"]);
    expect(takeCalls()).toEqual([]);
  });
});

onEngine("settings and secrets", () => {
  test("region, keys and endpoint come from the stack's configuration; a secret parameter makes results secret", async () => {
    engine.remove();
    engine = await openEngine({ config: front.configure(emulator) });
    const greet = invocation({ commandId: "c-greet", instanceIds: ["i-a"], parameters: { word: secret("swordfish") } });
    const up = await engine.up(greet);
    expect([up.succeeded, up.outputs.results?.secret, up.outputs.invokeId?.secret]).toEqual([true, true, false]);
    expect(up.outputs.results?.value["i-a"].output).toBe("swordfish\n");
    expect(up.text).not.toContain("swordfish");
    expect(up.text).not.toContain(emulator.accessKeySecret);
  });
});
