// Secrets on the real engine: inputs secret in turn, each in a resource of its own, through refusal, failure, refresh, success
// and destroy. What the handlers say by themselves is in tests/provider/lifecycle/secrets.test.ts.
import { type CustomResourceOptions, secret } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { type Engine, onEngine, openEngine, type Report } from "./engine";
import { only } from "./front";

let emulator: Emulator;
let engine: Engine;
let reports: Report[];

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a", tags: { role: "s3cret-role" } }],
    commands: [
      {
        commandId: "c-flaky",
        name: "flaky",
        content: 'echo "s3cret-printed {{word}}"; [ -e repaired ] || exit 3',
        enableParameter: true,
      },
      { commandId: "c-repair", name: "repair", content: "touch repaired" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
  reports = [];
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

type Declared = [args: Partial<InvocationArgs>, options?: CustomResourceOptions];

const COMMON: InvocationArgs = { commandId: "c-flaky", instanceIds: ["i-a"], parameters: { word: "plain" } };

const program = (resources: Record<string, Declared>) => async () => {
  const outputs: Record<string, unknown> = {};
  for (const [name, [args, options]] of Object.entries(resources))
    outputs[name] = new Invocation(name, { ...COMMON, ...args } as InvocationArgs, options).results;
  return outputs;
};

const LONG = "-and-so-on".repeat(200);

const REFUSED: Record<string, Declared> = {
  launcher: [{ launcher: secret(`s3cret-launcher${LONG}`) }],
  tags: [{ tags: secret({ "acs:x": "s3cret-tag" }) }],
  frequency: [{ frequency: secret("59 s3cret * * * ?") }],
  instanceIds: [{ instanceIds: [secret("i-s3cret")] }],
  commandId: [{ commandId: secret("c-s3cret") }],
  ossOutputDelivery: [{ ossOutputDelivery: secret("http://s3cret") }],
  parameters: [{ parameters: { word: "x", wrod: secret("s3cret-word") } }],
};

const FAILING: Record<string, Declared> = {
  parameters: [{ parameters: { word: secret("s3cret-word") } }],
  resourceGroupId: [{ resourceGroupId: secret("rg-s3cret") }],
  tags: [{ tags: { team: secret("s3cret-team") } }],
  triggers: [{ triggers: [{ version: secret("s3cret-version") }] }],
  instanceIds: [{ instanceIds: secret(["i-a"]) }],
  ossOutputDelivery: [{ ossOutputDelivery: secret("oss://s3cret-bucket") }],
};

const NAMED: Record<string, Declared> = { results: [{}, { additionalSecretOutputs: ["results"] }] };

/** All that a person may see: the console, the engine's events, and what is kept on disk. */
const everything = () => [engine.stored(), ...reports.map((report) => JSON.stringify(report))].join("\n");

/** Nothing of a secret, in whatever form. */
const FORMS = ["s3cret", Buffer.from("s3cret-printed").toString("base64").slice(0, 16)];
const leaks = () => FORMS.filter((form) => everything().includes(form));

onEngine("secret inputs", () => {
  test("are not shown where they are refused", async () => {
    for (const [name, declared] of Object.entries(REFUSED)) {
      const report = await engine.preview(program({ [name]: declared }));
      expect([name, report.succeeded]).toEqual([name, false]);
      expect(report.diagnostics.find((line) => line.startsWith("error"))).toContain(
        `Invocation resource '${name}' has a problem: `,
      );
      reports.push(report);
    }
    expect(leaks()).toEqual([]);
  });

  async function live(resources: Record<string, Declared>) {
    const names = Object.keys(resources);
    reports.push(await engine.up(program(resources)));
    const failed = reports[0];
    expect(failed?.succeeded).toBe(false);
    for (const name of names)
      expect(failed?.diagnostics).toContainEqual(
        expect.stringMatching(
          new RegExp(`^error ${name}: 1 error occurred:[^]*the output is not shown, since an input is secret$`),
        ),
      );
    expect(Object.values(await engine.resources()).flatMap(({ initErrors = [] }) => initErrors)).toHaveLength(
      names.length,
    );
    reports.push(await engine.refresh());
    const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
    await client.call("InvokeCommand", { CommandId: "c-repair", "InstanceId.1": "i-a" });
    const succeeded = await engine.up(program(resources));
    expect([succeeded.succeeded, Object.values(succeeded.outputs).map((output) => output.secret)]).toEqual([
      true,
      names.map(() => true),
    ]);
    // Outputs are given to a program in the clear, and are no part of what is shown.
    reports.push({ ...succeeded, outputs: {} });
    reports.push(await engine.preview(program(resources)), await engine.destroy());
    expect(reports.map((report) => report.succeeded)).toEqual([false, true, true, true, true]);
    expect(leaks()).toEqual([]);
  }

  test("are in no message and in no clear state through failure, refresh, success and destroy, nor what comes of them", () =>
    live(FAILING));

  only("dynamic", "additionalSecretOutputs")("nor is an output that the program names secret", () => live(NAMED));

  only("plugin", "additionalSecretOutputs")("an output that the program names secret is so in the state", async () => {
    const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
    await client.call("InvokeCommand", { CommandId: "c-repair", "InstanceId.1": "i-a" });
    expect((await engine.up(program(NAMED))).outputs).toMatchObject({ results: { secret: true } });
    reports.push(await engine.preview(program(NAMED)), await engine.refresh());
    expect(leaks()).toEqual([]);
  });

  test("of a run that somebody else started are its parameters and results, unless the program says otherwise", async () => {
    const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
    const Parameters = JSON.stringify({ word: "s3cret-word" });
    const { InvokeId } = await client.call("InvokeCommand", {
      CommandId: "c-flaky",
      "InstanceId.1": "i-a",
      Parameters,
    });
    const id = String(InvokeId);
    for (let results = {}; JSON.stringify(results).includes("FinishTime") === false; )
      results = await client
        .call("DescribeInvocations", { InvokeId: id, IncludeOutput: "true" })
        .then((answer) => (/"FinishTime":"\d/.test(JSON.stringify(answer)) ? { FinishTime: 1 } : {}));
    const get = (plain: boolean) => async () => {
      const { parameters, results, status } = Invocation.get("run", id, plain ? { plain } : {});
      return { parameters, results, status };
    };
    const previewed = await engine.preview(get(false));
    const read = await engine.up(get(false));
    expect(read.outputs).toMatchObject({
      parameters: { value: { word: "s3cret-word" }, secret: true },
      results: { value: { "i-a": { output: expect.stringContaining("s3cret-printed s3cret-word") } }, secret: true },
      status: { value: "Failed", secret: false },
    });
    reports.push(previewed, { ...read, outputs: {} }, await engine.refresh());
    expect(leaks()).toEqual([]);
    const { outputs } = await engine.up(get(true));
    expect(outputs).toMatchObject({ parameters: { secret: false }, results: { secret: false } });
  });
});
