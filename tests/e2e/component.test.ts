// Invocations in components, as people build them: siblings that use each other's outputs, components in components, and
// what depends on them.
import {
  ComponentResource,
  type ComponentResourceOptions,
  dynamic,
  type Input,
  type Output,
  type Resource,
  secret,
} from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { type Engine, onEngine, openEngine } from "./engine";
import { front } from "./front";

let emulator: Emulator;
let engine: Engine;
/** What programs got to see of results, by which they would go on. */
let seen: unknown[];

beforeEach(async () => {
  seen = [];
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }],
    commands: [
      { commandId: "c-say", name: "say", content: "echo {{word}}" },
      { commandId: "c-hello", name: "hello", content: "echo hello" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

/** Any other resource. */
class Note extends dynamic.Resource {
  constructor(name: string, props: { text: Input<string> }, opts: { parent: Resource }) {
    super({ create: async (inputs) => ({ id: "note", outs: inputs }) }, name, props, opts);
  }
}

const RUN = { commandId: "c-say", instanceIds: ["i-a"] };
const NIGHTLY = { ...RUN, frequency: "0 0 2 * * ? Asia/Shanghai" };

/** Three runs, each with what the one before has printed, and a note of the last. */
class Chain extends ComponentResource {
  readonly printed: Output<string>;
  constructor(name: string, word: Input<string>, opts?: ComponentResourceOptions) {
    super("pkg:index:Chain", name, {}, opts);
    let last = word;
    for (const step of [1, 2, 3]) {
      const { results } = new Invocation(`${name}-${step}`, { ...RUN, parameters: { word: last } }, { parent: this });
      last = results.apply((all) => {
        seen.push(all);
        return `${all["i-a"]?.output.trim()}${step}`;
      });
    }
    new Note(`${name}-note`, { text: last }, { parent: this });
    this.printed = last as Output<string>;
    this.registerOutputs({ printed: this.printed });
  }
}

class Fleet extends ComponentResource {
  readonly plain: Chain;
  readonly hidden: Chain;
  constructor(name: string) {
    super("pkg:index:Fleet", name);
    const first = new Invocation("first", { ...RUN, commandId: "c-hello" }, { parent: this });
    this.plain = new Chain("plain", "a", { parent: this, dependsOn: first });
    this.hidden = new Chain("hidden", secret("b"), { parent: this });
    const parent = new ComponentResource("pkg:index:Schedules", "all::nights", {}, { parent: this });
    new Invocation("plain-nightly", { ...NIGHTLY, parameters: { word: "c" } }, { parent });
    new Invocation(
      "hidden-nightly",
      { ...NIGHTLY, parameters: { word: secret("d") } },
      { parent, dependsOn: this.plain },
    );
    this.registerOutputs({});
  }
}

const program = async () => {
  const fleet = new Fleet("fleet");
  new Invocation("after", { ...RUN, commandId: "c-hello" }, { dependsOn: fleet });
  return { plain: fleet.plain.printed, hidden: fleet.hidden.printed };
};

async function byHand(name: string, action: string, parameters: Record<string, string>): Promise<void> {
  const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
  await client.call(action, { InvokeId: (await engine.resources())[name]?.id ?? "", ...parameters });
}

onEngine("a component", () => {
  test("is previewed without a guess at what is to come, applied and refreshed", async () => {
    const preview = await engine.preview(program, { diff: true });
    expect([preview.succeeded, seen]).toEqual([true, []]);
    expect(preview.text).not.toMatch(/results *: *""/);

    const up = await engine.up(program);
    expect([up.outputs.plain, up.outputs.hidden]).toEqual([
      { value: "a123", secret: false },
      { value: "b123", secret: true },
    ]);
    const resources = Object.values(await engine.resources());
    const runs = resources.filter(({ type }) => type.endsWith(":Invocation"));
    expect(runs).toHaveLength(10);
    expect(runs.map(({ inputs }) => inputs.__urn)).toEqual(runs.map(({ urn }) => front.toldUrn(urn)));

    for (const name of ["plain-nightly", "hidden-nightly"])
      await byHand(name, "ModifyInvocationAttribute", { Frequency: "0 0 * * * ? UTC" });
    const refresh = await engine.refresh();
    expect(refresh.text.match(/\[diff: .*?\]/g)).toEqual(["[diff: ~frequency]", "[diff: ~frequency]"]);
  });
});
