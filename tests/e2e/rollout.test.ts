// A rollout on the real engine: a bad version stops after the canary and holds dependents back, a good one goes on.
import { type Input, secret } from "@pulumi/pulumi";
import { Invocation, Rollout, type RolloutArgs } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onEngine, openEngine, type Report } from "./engine";

const CONTENT =
  'echo "{{version}}" >> "$HOME/versions"; if [ "{{version}}" = bad ]; then echo "no such s3cret-unit"; exit 5; fi';

let emulator: Emulator;
let engine: Engine;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: 20,
    commands: [
      { commandId: "c-install", name: "install", content: CONTENT },
      { commandId: "c-after", name: "after", content: "true" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

const program =
  (version: Input<string>, more: Partial<RolloutArgs> = {}, isBad = version === "bad") =>
  async () => {
    const instanceIds = [...emulator.instanceIds];
    const rollout = new Rollout("agent", { commandId: "c-install", instanceIds, parameters: { version }, ...more });
    new Invocation("after", {
      commandId: "c-after",
      instanceIds: [instanceIds[0] ?? ""],
      triggers: [rollout.generation],
    });
    // A program of this very process that fails over the plugin would tell its outputs to an engine that is gone.
    return isBad ? {} : { status: rollout.status, succeeded: rollout.succeeded, failures: rollout.failures };
  };

const countRuns = () => emulator.journal().filter(({ action }) => action === "InvokeCommand").length;

/** The lines of what was said by one of the rollout's resources. */
const linesOf = (diagnostics: readonly string[], name: string) =>
  diagnostics.filter((line) => line.includes(` ${name}: `)).flatMap((line) => line.split("\n"));

const PLAN =
  "info agent-fleet: wave 1: 1 machine; wave 2: 1; wave 3: 8; wave 4: 10; stops when one of 20 fails; at worst 8 machines have failed by the end of wave 3, 10 of wave 4";

onEngine("a rollout", () => {
  test("stops at a bad version and holds dependents back; a good one goes over the fleet", async () => {
    const preview = await engine.preview(program("bad"));
    expect([preview.succeeded, linesOf(preview.diagnostics, "agent-fleet")]).toEqual([true, [PLAN]]);
    expect(countRuns()).toBe(0);

    const stopped = await engine.up(program("bad"));
    expect(stopped.succeeded).toBe(false);
    expect(stopped.steps).toEqual(["create agent", "create agent-fleet", "create agent-verdict"]);
    const canary = /"(i-emulated\d+)": exited/.exec(stopped.text)?.[1];
    expect(stopped.text).toContain("stopped in wave 1 of 4: 1 of 20 machines has failed, and none is borne");
    expect(stopped.text).toContain(`"${canary}": exited with code 5; last lines of "${canary}":`);
    expect(stopped.text).toContain("held: 19 machines have not been started (1 of wave 2, 8 of wave 3, 10 of wave 4)");
    const { "agent-fleet": fleet, "agent-verdict": verdict, after } = await engine.resources();
    expect([fleet?.outputs.status, verdict, after]).toEqual(["Stopped", undefined, undefined]);
    expect(countRuns()).toBe(1);

    const done = await engine.up(program("good"));
    expect([done.succeeded, done.steps]).toEqual([
      true,
      ["same agent", "update agent-fleet", "create agent-verdict", "create after"],
    ]);
    expect(done.outputs).toMatchObject({ status: { value: "Succeeded" }, succeeded: { value: 20 } });
    expect(done.diagnostics).toContain("info agent-fleet: wave 4 of 4 ended: 10 of 10 succeeded");
    // Four waves, and the dependent.
    expect(countRuns()).toBe(6);

    const same = await engine.up(program("good"));
    expect(same.steps).toEqual(["same agent", "same agent-fleet", "same agent-verdict", "same after"]);
    expect((await engine.refresh()).steps.filter((step) => !/^(same|refresh|read) /.test(step))).toEqual([]);

    // A new version that stops leaves the old verdict in place, and what depends on it as it is.
    const broken = await engine.up(program("bad"));
    expect([broken.succeeded, broken.steps]).toEqual([
      false,
      ["same agent", "update agent-fleet", "update agent-verdict"],
    ]);
    expect((await engine.resources())["agent-verdict"]?.outputs.status).toBe("Succeeded");
    expect((await engine.destroy()).succeeded).toBe(true);
  });

  test("pauses after the wave in through, and goes on when it is raised; nothing shows a secret, when it stops neither", async () => {
    const reports: Report[] = [];
    const tell = async (operation: Promise<Report>) => {
      const report = await operation;
      // Outputs are given to a program in the clear, and are no part of what is shown.
      reports.push({ ...report, outputs: {} });
      return report;
    };
    const good = (more: Partial<RolloutArgs> = {}) => program(secret("s3cret-good"), more);
    const paused = await tell(engine.up(good({ through: 2 })));
    expect([paused.succeeded, paused.outputs.status?.value]).toEqual([true, "Paused"]);
    expect(paused.diagnostics).toContain(
      "info agent-fleet: paused after wave 2 of 4: 18 machines are held; raise through to go on",
    );
    const same = await tell(engine.up(good({ through: 2 })));
    expect(same.steps).toEqual(["same agent", "same agent-fleet", "same agent-verdict", "same after"]);

    const preview = await tell(engine.preview(good({ through: 3 })));
    expect(linesOf(preview.diagnostics, "agent-fleet")).toEqual([
      expect.stringMatching(
        /^info agent-fleet: goes on with wave 3: 8 machines \("i-emulated\d+", .*\); stops when one of 20 fails/,
      ),
    ]);
    const raised = await tell(engine.up(good({ through: 3 })));
    expect([raised.outputs.status?.value, raised.outputs.succeeded?.value]).toEqual(["Paused", 10]);
    const last = await tell(engine.up(good()));
    expect([last.outputs.status?.value, last.outputs.succeeded?.value]).toEqual(["Succeeded", 20]);
    expect(countRuns()).toBe(5);

    const stopped = await tell(engine.up(program(secret("bad"), { triggers: [secret("s3cret-trigger")] }, true)));
    expect([stopped.succeeded, stopped.text]).toEqual([
      false,
      expect.stringMatching(/"i-emulated\d+": exited with code 5; the output is not shown, since an input is secret/),
    ]);
    // It is kept, as a secret.
    const { failures } = (await engine.resources())["agent-fleet"]?.outputs ?? {};
    expect((failures as { plaintext?: string }).plaintext).toContain("no such s3cret-unit");
    await tell(engine.refresh());
    await tell(engine.destroy());
    expect([engine.stored(), ...reports.map((report) => JSON.stringify(report))].join("\n")).not.toContain("s3cret");
  });
});
