// What a Pulumi user expects of the options and commands that the engine has for every resource.
import {
  ComponentResource,
  type CustomResourceOptions,
  type ResourceTransform,
  rootStackResource,
} from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { type Engine, onEngine, openEngine } from "./engine";
import { front, only } from "./front";

let emulator: Emulator;
let engine: Engine;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }],
    commands: [
      { commandId: "c-hello", name: "hello", content: "echo hello" },
      { commandId: "c-long", name: "long", content: "sleep 60" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

const program =
  (args: InvocationArgs, options: CustomResourceOptions = {}, name = "run") =>
  async () => {
    new Invocation(name, args, options);
  };

/** The calls since the last look that ran, changed or stopped something. */
function takeEffects(): string[] {
  const effects = emulator.journal().filter(({ action }) => /^(Invoke|Stop|Modify)/.test(action));
  emulator.clearJournal();
  return effects.map(({ action, parameters }) => [action, parameters.Frequency].filter(Boolean).join(" "));
}

/** Somebody changes the invocation without Pulumi. */
async function byHand(action: string, parameters: Record<string, string> = {}): Promise<void> {
  const invokeId = (await engine.resources()).run?.id ?? "";
  const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
  await client.call(action, { InvokeId: invokeId, ...parameters });
  emulator.clearJournal();
}

const NIGHTLY_AT = "0 0 2 * * ? Asia/Shanghai";
const HOURLY_AT = "0 0 * * * ? UTC";
const ONCE: InvocationArgs = { commandId: "c-hello", instanceIds: ["i-a", "i-b"] };
const NIGHTLY: InvocationArgs = { ...ONCE, frequency: NIGHTLY_AT };

onEngine("drift", () => {
  test("is put right by up --refresh, and after refresh by up; ignoreChanges leaves it", async () => {
    await engine.up(program(NIGHTLY));
    takeEffects();

    await byHand("ModifyInvocationAttribute", { Frequency: HOURLY_AT });
    const repaired = await engine.up(program(NIGHTLY), { refresh: true });
    expect(repaired.steps).toEqual(["refresh run", "update run"]);
    expect(takeEffects()).toEqual([`ModifyInvocationAttribute ${NIGHTLY_AT}`]);

    await byHand("ModifyInvocationAttribute", { Frequency: HOURLY_AT });
    await engine.refresh();
    expect((await engine.resources()).run).toMatchObject({
      inputs: { frequency: HOURLY_AT },
      outputs: { frequency: HOURLY_AT },
    });
    expect((await engine.up(program(NIGHTLY, { ignoreChanges: ["frequency"] }))).steps).toEqual(["same run"]);
    expect((await engine.up(program(NIGHTLY))).steps).toEqual(["update run"]);
    expect(takeEffects()).toEqual([`ModifyInvocationAttribute ${NIGHTLY_AT}`]);

    await byHand("StopInvocation");
    await engine.refresh();
    const restarted = await engine.up(program(NIGHTLY));
    expect(restarted.diagnostics).toContainEqual(
      expect.stringMatching(/^info run: replaced: invocation "t-\w+" was stopped from outside: a new one is started$/),
    );
    expect(restarted.steps).toEqual(["create-replacement run", "replace run", "delete-replaced run"]);
    expect(takeEffects()).toEqual([`InvokeCommand ${NIGHTLY_AT}`]);
    await engine.destroy();
  });

  test("is none where the record of a finished run has expired", async () => {
    await engine.up(program(ONCE));
    emulator.expire((await engine.resources()).run?.id ?? "");
    takeEffects();
    expect((await engine.up(program(ONCE), { refresh: true })).steps).toEqual(["refresh run", "same run"]);
    expect(takeEffects()).toEqual([]);
  });
});

onEngine("options", () => {
  test("replaceOnChanges replaces what would change in place, and never has two schedules side by side", async () => {
    await engine.up(program(NIGHTLY));
    takeEffects();
    const changed = { ...NIGHTLY, frequency: HOURLY_AT };
    const replaced = await engine.up(program(changed, { replaceOnChanges: ["frequency"] }));
    expect(replaced.steps).toEqual(["delete-replaced run", "replace run", "create-replacement run"]);
    expect(takeEffects()).toEqual(["StopInvocation", `InvokeCommand ${HOURLY_AT}`]);

    const kept = await engine.up(program(changed, { protect: true }));
    expect(kept.steps).toEqual(["same run"]);
    expect((await engine.destroy()).succeeded).toBe(false);
    expect(takeEffects()).toEqual([]);

    const renamed = await engine.up(program(changed, { aliases: [{ name: "run" }] }, "nightly"));
    expect([renamed.succeeded, renamed.steps]).toEqual([true, ["same nightly"]]);
    expect(takeEffects()).toEqual([]);
    await engine.destroy();
    expect(takeEffects()).toEqual(["StopInvocation"]);
  });

  test("deleteBeforeReplace deletes a finished run before it runs again", async () => {
    const first = await engine.up(program({ ...ONCE, triggers: [1] }, { deleteBeforeReplace: true }));
    expect(first.steps).toEqual(["create run"]);
    const second = await engine.up(program({ ...ONCE, triggers: [2] }, { deleteBeforeReplace: true }));
    expect(second.steps).toEqual(["delete-replaced run", "replace run", "create-replacement run"]);
    expect(takeEffects()).toEqual(["InvokeCommand", "InvokeCommand"]);
  });
});

onEngine("more options", () => {
  test("urn reads what the state holds, additionalSecretOutputs hides it, and retainOnDelete leaves a schedule live", async () => {
    const secretive = { additionalSecretOutputs: ["results"], retainOnDelete: true };
    const reading = async () => {
      const run = new Invocation("run", NIGHTLY, secretive);
      const urn = await new Promise<string>((resolve) => run.urn.apply(resolve));
      // What has a URN is declared already.
      const { id, frequency, timeout, results } = new Invocation("again", undefined as never, { urn });
      return { id, frequency, timeout: timeout.apply((seconds) => seconds ?? "none"), results };
    };
    const { outputs } = await engine.up(reading);
    const id = (await engine.resources()).run?.id;
    expect(outputs).toMatchObject({
      id: { value: id },
      frequency: { value: NIGHTLY_AT },
      timeout: { value: "none" },
      results: { value: { "i-a": { status: "Scheduled" } }, secret: true },
    });
    takeEffects();
    await engine.destroy();
    expect(takeEffects()).toEqual([]);
  });
});

onEngine("customTimeouts", () => {
  test("end the wait of a create, whose run the next update goes on with", async () => {
    const long = program({ ...ONCE, commandId: "c-long" }, { customTimeouts: { create: "3s", update: "2s" } });
    const reason = (seconds: number, operation: string) =>
      expect.stringMatching(
        new RegExp(
          `^error run: .*did not finish within ${seconds} s: last seen 2 Running \\("i-a", "i-b"\\); it was not stopped; run \`pulumi up\` again to go on waiting, or raise customTimeouts\\.${operation}$`,
          "s",
        ),
      );
    expect((await engine.up(long)).diagnostics).toContainEqual(reason(3, "create"));
    expect((await engine.up(long)).diagnostics).toContainEqual(reason(2, "update"));
    expect(takeEffects()).toEqual(["InvokeCommand"]);
  });
});

onEngine("a component", () => {
  const below =
    (type: string, typeBefore: string, options: CustomResourceOptions = {}, args = NIGHTLY) =>
    async () => {
      const parent = new ComponentResource(type, "fleet::1", {}, { aliases: [{ type: typeBefore }] });
      new Invocation("run", args, { parent, ...options });
    };

  test("may take an Invocation in, and change its type: aliases keep the schedule, whose URN follows", async () => {
    await engine.up(program(NIGHTLY));
    takeEffects();
    const moves = [
      below("pkg:index:Fleet", "pkg:index:Fleet", { aliases: [{ parent: rootStackResource }] }),
      below("pkg:index:Web", "pkg:index:Fleet"),
    ];
    for (const move of moves) {
      expect((await engine.up(move)).steps.filter((step) => step.endsWith("run"))).toEqual(["same run"]);
      const { run } = await engine.resources();
      expect(run?.inputs.__urn).toBe(front.toldUrn(run?.urn));
    }
    const changed = below("pkg:index:Web", "pkg:index:Web", {}, { ...NIGHTLY, frequency: HOURLY_AT });
    expect((await engine.up(changed)).steps.filter((step) => step.endsWith("run"))).toEqual(["update run"]);
    expect(takeEffects()).toEqual([`ModifyInvocationAttribute ${HOURLY_AT}`]);
    await engine.destroy();
    expect(takeEffects()).toEqual(["StopInvocation"]);
  });

  const transform: ResourceTransform = ({ type, props, opts }) =>
    type.endsWith(":Invocation")
      ? { props: { ...props, timeout: 30 }, opts: { ...opts, protect: true, customTimeouts: { create: "1ms" } } }
      : undefined;

  only("dynamic", "customTimeouts of a transform")(
    "may transform the inputs of what is in it, and its options but for customTimeouts",
    async () => {
      const up = await engine.up(below("pkg:index:Fleet", "pkg:index:Fleet", { transforms: [transform] }));
      expect(up.succeeded).toBe(true);
      const { run } = await engine.resources();
      expect(run).toMatchObject({ inputs: { timeout: 30 }, outputs: { timeout: 30 }, protect: true });
      expect(run?.inputs.__urn).toBe(run?.urn);
    },
  );

  only("plugin", "customTimeouts of a transform")(
    "may transform the inputs of what is in it, and its options",
    async () => {
      const up = await engine.up(below("pkg:index:Fleet", "pkg:index:Fleet", { transforms: [transform] }));
      expect([up.succeeded, up.text]).toEqual([false, expect.stringContaining("or raise customTimeouts.create")]);
      expect((await engine.resources()).run).toMatchObject({ inputs: { timeout: 30 }, protect: true });
    },
  );
});

onEngine("get", () => {
  test("reads an invocation that another stack or a person started, and fails where there is none", async () => {
    await engine.up(program(NIGHTLY));
    const id = (await engine.resources()).run?.id ?? "";
    const reading = (wanted: string) => async () => {
      new Invocation("run", NIGHTLY);
      const { frequency, status } = Invocation.get("other", wanted);
      return { frequency, status };
    };
    takeEffects();
    const read = await engine.up(reading(id));
    expect(read.steps.toSorted()).toEqual(["read other", "same run"]);
    expect(read.outputs).toMatchObject({ frequency: { value: NIGHTLY_AT }, status: { value: "Scheduled" } });

    const failed = await engine.up(reading("t-0"));
    expect(failed.succeeded).toBe(false);
    expect(failed.text).toContain(
      'Cannot read invocation "t-0": there is none in region "cn-hangzhou", or its record has expired (they are kept for 30 days); correct the id or the region',
    );
    expect(failed.text).not.toMatch(/\n\s+at /);

    await engine.destroy();
    expect(takeEffects()).toEqual(["StopInvocation"]);
  });
});
