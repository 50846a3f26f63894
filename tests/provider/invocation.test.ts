// What an Invocation registers with the engine, as the program's side sees it.
import {
  all,
  ComponentResource,
  CustomResource,
  type Input,
  type Output,
  output,
  type Resource,
  runtime,
  secret,
} from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "../../provider/invocation";
import { INPUT_NAMES } from "../../provider/rules/inputs";

// The first one serializes the provider, for which Pulumi loads the TypeScript compiler.
jest.setTimeout(30_000);

interface Registered {
  type: string;
  name: string;
  id?: string;
  inputs: Record<string, unknown>;
}

/** The mark of a secret on its way to the engine. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

let registered: Registered[];

/** A program whose resources are registered with this test instead of an engine. */
function mock({ isPreview = false } = {}): void {
  registered = [];
  const mocks = {
    newResource({ type, name, id, inputs }: runtime.MockResourceArgs) {
      registered.push({ type, name, inputs, ...(id ? { id } : {}) });
      return { id: id || "t-1", state: inputs };
    },
    call: () => ({}),
  };
  runtime.setMocks(mocks, undefined, undefined, isPreview);
}

beforeEach(() => mock());
// A component registers its outputs by and by.
afterEach(() => runtime.disconnect());

async function register(args: InvocationArgs): Promise<Record<string, unknown>> {
  await resolved(new Invocation("nightly", args).urn);
  return registered[0]?.inputs ?? {};
}

const ARGS: InvocationArgs = { commandId: "c-1", instanceIds: ["i-1"] };

const resolved = <T>(output: { apply(use: (value: T) => void): unknown }): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

test("its type is the one that states hold", async () => {
  await register({ commandId: "c-1", instanceIds: ["i-1"] });
  expect(registered).toMatchObject([{ type: "pulumi-nodejs:dynamic/cloudassistant:Invocation", name: "nightly" }]);
});

test("its inputs go as they are, with the URN by which handlers speak on its row", async () => {
  const { __provider, ...inputs } = await register({ commandId: "c-1", instanceIds: ["i-1"], timeout: 30 });
  expect(inputs).toEqual({
    commandId: "c-1",
    instanceIds: ["i-1"],
    timeout: 30,
    __urn: "urn:pulumi:stack::project::pulumi-nodejs:dynamic/cloudassistant:Invocation::nightly",
  });
});

class Fleet extends ComponentResource {
  constructor(name: string, opts: { parent?: Resource | undefined } = {}) {
    super("pkg:index:Fleet", name, {}, opts as object);
  }
}

/** How the test's engine names the stack below which it is. */
const BELOW: [title: string, declareParent: () => Resource | undefined, prefix: string][] = [
  ["a component", () => new Fleet("fleet"), "pkg:index:Fleet$"],
  [
    "a component in a component",
    () => new Fleet("web", { parent: new Fleet("fleet") }),
    "pkg:index:Fleet$pkg:index:Fleet$",
  ],
  ["a component whose name holds a colon or two", () => new Fleet("fleet::web"), "pkg:index:Fleet$"],
  ["another Invocation", () => new Invocation("first", ARGS), "pulumi-nodejs:dynamic/cloudassistant:Invocation$"],
  ["no parent, and says so", () => undefined, ""],
];

test.each(BELOW)("below %s it is told its URN", async (_, declareParent, prefix) => {
  const child = new Invocation("nightly", ARGS, { parent: declareParent() } as object);
  await resolved(child.urn);
  const type = `${prefix}pulumi-nodejs:dynamic/cloudassistant:Invocation`;
  expect(registered.at(-1)?.inputs.__urn).toBe(`urn:pulumi:stack::project::${type}::nightly`);
});

class Chain extends ComponentResource {
  readonly last: Output<string>;
  constructor(name: string) {
    super("pkg:index:Chain", name);
    const first = new Invocation("1", ARGS, { parent: this });
    const second = new Invocation("2", { ...ARGS, parameters: { after: first.invokeId } }, { parent: this });
    const third = new Invocation("3", { ...ARGS, triggers: [second.status] }, { parent: this, dependsOn: first });
    this.last = third.invokeId;
  }
}

test.each([
  ["an update", false],
  ["a preview", true],
])("in %s, siblings in a component use each other's outputs", async (_, isPreview) => {
  mock({ isPreview });
  await resolved(new Chain("chain").last);
  expect(registered.map(({ name }) => name)).toEqual(["chain", "1", "2", "3"]);
});

/** Outputs where a program may have them, and the plain inputs that they come to. */
const NESTED: [title: string, args: InvocationArgs, inputs: Record<string, unknown>][] = [
  ["an Output of a list", { instanceIds: output(["i-1", "i-2"]) }, { instanceIds: ["i-1", "i-2"] }],
  ["an Output of a list of Outputs", { instanceIds: output([output("i-1")]) }, { instanceIds: ["i-1"] }],
  [
    "a Promise of a list of Promises",
    { instanceIds: Promise.resolve([Promise.resolve("i-1")]) },
    { instanceIds: ["i-1"] },
  ],
  ["Outputs in maps", { tags: { a: output(output("x")) } }, { tags: { a: "x" } }],
  ["an Output of a map of Outputs", { parameters: output({ a: output("x") }) }, { parameters: { a: "x" } }],
  ["Outputs at any depth of triggers", { triggers: [output({ a: [output(1)] })] }, { triggers: [{ a: [1] }] }],
  ["Outputs of nothing", { timeout: output(undefined), parameters: output(undefined) }, {}],
  ["an Output of a boolean", { preflight: output(false) }, { preflight: false }],
];

test.each(NESTED)("%s is known to the engine as what it comes to", async (_, args, expected) => {
  const { __provider, __urn, ...inputs } = await register({ ...ARGS, ...args });
  expect(inputs).toEqual({ ...ARGS, ...expected });
});

test("every input is an output, without a value where the program gave none", async () => {
  const invocation = new Invocation("nightly", { commandId: "c-1", instanceIds: ["i-1"], timeout: 30 });
  const { commandId, timeout, frequency, regionId } = invocation;
  expect(await resolved(all([commandId, timeout, frequency, regionId]))).toEqual(["c-1", 30, undefined, undefined]);
});

test("its invokeId is its id", async () => {
  expect(await resolved(new Invocation("nightly", { commandId: "c-1", instanceIds: ["i-1"] }).invokeId)).toBe("t-1");
});

const PARAMETERS: [title: string, parameters: Input<Record<string, Input<string>>>, isSecret: boolean][] = [
  ["plain parameters leave the results plain", { word: "a" }, false],
  ["one secret value among the parameters makes the results secret", { word: "a", key: secret("b") }, true],
  ["secret parameters make the results secret", secret({ word: "a" }), true],
];

test.each(PARAMETERS)("%s", async (_, parameters, isSecret) => {
  const { results, __secret } = await register({ ...ARGS, parameters });
  expect([results, __secret]).toEqual(isSecret ? [{ ...SECRET, value: null }, ["parameters"]] : [undefined, undefined]);
});

/** One value for each input; it need not be a good one. */
const VALUES: Record<string, unknown> = {
  instanceIds: ["i-1"],
  resourceTags: { a: "b" },
  parameters: { a: "b" },
  tags: { a: "b" },
  triggers: [1],
  timed: true,
  preflight: true,
  dryRun: true,
  timeout: 60,
  agentTimeout: 60,
  waitTimeout: 60,
  maxOutputBytes: 60,
};
const giveValue = (name: string) => VALUES[name] ?? "text";

test.each(INPUT_NAMES)("a secret %s makes the results secret, and is told by its name", async (name) => {
  const { results, __secret } = await register({ ...ARGS, [name]: secret(giveValue(name)) });
  expect([results, __secret]).toEqual([{ ...SECRET, value: null }, [name]]);
});

test.each<[string, object, string[]]>([
  ["a secret in a list", { instanceIds: ["i-1", secret("i-2")] }, ["instanceIds"]],
  ["a secret in a map", { tags: { a: "b", c: secret("d") } }, ["tags"]],
  ["a secret deep in triggers", { triggers: [{ a: [output(secret(1))] }] }, ["triggers"]],
  ["a promise of a secret", { workingDir: Promise.resolve(secret("/srv")) }, ["workingDir"]],
  ["several secrets", { workingDir: secret("/srv"), parameters: { a: secret("b") } }, ["workingDir", "parameters"]],
])("%s", async (_, args, names) => {
  expect((await register({ ...ARGS, ...args })).__secret).toEqual(names);
});

test("an output that the program names secret is told, and makes the results secret", async () => {
  const named = new Invocation("nightly", ARGS, { additionalSecretOutputs: ["results"] });
  await resolved(named.urn);
  expect(registered[0]?.inputs).toMatchObject({ results: { ...SECRET, value: null }, __secret: ["results"] });
});

test("outputs that are no secret make nothing secret", async () => {
  const args = { commandId: output("c-1"), instanceIds: [output("i-1")], parameters: output({ a: output("b") }) };
  const inputs = await register(args);
  expect([inputs.results, inputs.__secret]).toEqual([undefined, undefined]);
});

test.each(PARAMETERS)("in a preview nothing stands for results that are to come; %s", async (_, parameters) => {
  mock({ isPreview: true });
  const { results, status } = new Invocation("nightly", { ...ARGS, parameters });
  expect(await Promise.all([results, status].map(isKnown))).toEqual([false, false]);
});

/** Whether an output has a value, which Pulumi tells only itself. */
const isKnown = (value: Output<unknown>) => (value as unknown as { isKnown: Promise<boolean> }).isKnown;

test("an existing one is read by its id, its script, parameters and results secret unless the program says otherwise", async () => {
  await resolved(Invocation.get("old", "t-0", { regionId: "cn-beijing" }).urn);
  await resolved(Invocation.get("plain", "t-0", { plain: true }).urn);
  expect(registered).toMatchObject([
    {
      name: "old",
      id: "t-0",
      inputs: {
        regionId: "cn-beijing",
        parameters: { ...SECRET, value: null },
        results: { ...SECRET, value: null },
        __secret: ["commandContent", "parameters"],
      },
    },
    { name: "plain", id: "t-0" },
  ]);
  const hidden = ["commandContent", "parameters", "results", "__secret", "plain"];
  expect(hidden.filter((name) => registered[1]?.inputs[name] !== undefined)).toEqual([]);
});

test("a declaration that Pulumi refuses says where it stands", () => {
  const limit = Error.stackTraceLimit;
  const declare = () => new Invocation("", ARGS);
  expect(declare).toThrow(
    expect.objectContaining({
      message: expect.stringContaining("Missing resource name argument"),
      stack: expect.stringMatching(/at declare .*invocation\.test\.ts/),
    }),
  );
  expect(Error.stackTraceLimit).toBe(limit);
});

class Thing extends CustomResource {}

test.each([
  ["an Invocation", () => new Invocation("x", ARGS), true],
  ["what another copy of the package made", () => ({ __pulumiType: Invocation.__pulumiType }), true],
  ["another resource", () => new Thing("pkg:index:Thing", "thing"), false],
  ["undefined", () => undefined, false],
  ["null", () => null, false],
  ["a text", () => "Invocation", false],
])("of %s it is told whether it is an Invocation", (_, make, expected) => {
  expect(Invocation.isInstance(make())).toBe(expected);
});
