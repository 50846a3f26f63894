// What a program is told that declares an Invocation in a way that cannot work: what Pulumi would fail on in its own words,
// or pass over.
import {
  ComponentResource,
  CustomResource,
  type CustomResourceOptions,
  output,
  ProviderResource,
  runtime,
} from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "../../provider/invocation";

// The first one serializes the provider, for which Pulumi loads the TypeScript compiler.
jest.setTimeout(30_000);

let names: string[];

beforeEach(() => {
  names = [];
  runtime.setMocks({
    newResource: ({ name, inputs }) => {
      names.push(name);
      return { id: "t-1", state: inputs };
    },
    call: () => ({}),
  });
});

const ARGS: InvocationArgs = { commandId: "c-1", instanceIds: ["i-1"] };

class Fleet extends ComponentResource {
  constructor(name: string, opts: object = {}) {
    super("pkg:index:Fleet", name, {}, opts);
  }
}
class Thing extends CustomResource {}
class Provider extends ProviderResource {}

// A component registers its outputs by and by.
afterEach(() => runtime.disconnect());

/** As a JavaScript program declares it, which nothing keeps from passing anything. */
const declare = (name: unknown, args: unknown, options?: unknown) =>
  new Invocation(name as string, args as InvocationArgs, options as CustomResourceOptions);

const alicloud = () => new Provider("alicloud", "beijing", { region: "cn-beijing" });
const SETTINGS =
  "an Invocation takes region and keys from the configuration of the stack; give regionId for another region, and declare it in a stack of its own for another account";
const OBJECT =
  "the second argument must be an object of inputs, such as { commandContent, instanceIds }: current value is";
const BELOW =
  'regionId must be given below a parent that has a provider "alicloud", since an Invocation takes region and keys from the configuration of the stack and would not follow that provider; give the region of that provider, and mind that the keys are those of the stack';

const REFUSED: [title: string, parameters: () => [name: unknown, args: unknown, options?: unknown], reason: string][] =
  [
    ["nothing but a name", () => ["run", undefined], `${OBJECT} undefined`],
    ["null for the arguments", () => ["run", null], `${OBJECT} null`],
    ["a text for the arguments", () => ["run", "c-1"], `${OBJECT} of type string`],
    ["a list for the arguments", () => ["run", ["c-1"]], `${OBJECT} an array`],
    [
      "an Output of the arguments",
      () => ["run", output(ARGS)],
      `${OBJECT} an Output; give each input an Output of its own`,
    ],
    ["a Promise of the arguments", () => ["run", Promise.resolve(ARGS)], `${OBJECT} a Promise`],
    ["a resource for the arguments", () => ["run", new Fleet("fleet")], `${OBJECT} a resource`],
    ["options without arguments", () => ["run", undefined, { protect: true }], `${OBJECT} undefined`],
    [
      "options among the inputs",
      () => ["run", { ...ARGS, parent: new Fleet("fleet"), dependsOn: [] }],
      "dependsOn is an option of Pulumi, not an input; write it in the third argument; parent is an option of Pulumi, not an input; write it in the third argument",
    ],
    [
      "the parent for the options",
      () => ["run", ARGS, new Fleet("fleet")],
      "the third argument must be an object of options, such as { parent }: current value is a resource",
    ],
    [
      "import",
      () => ["run", ARGS, { import: "t-1" }],
      'option import cannot be used, since Pulumi cannot read a dynamic resource by its id alone; give adopt: "t-1" as an input to take over what is live, or call Invocation.get to read what is over',
    ],
    [
      "customTimeouts that are none",
      () => ["run", ARGS, { customTimeouts: { create: "5 minutes" } }],
      'customTimeouts.create must be a duration such as "90s", "5m" or "1h30m": current value is "5 minutes"',
    ],
    ["provider", () => ["run", ARGS, { provider: alicloud() }], `option provider cannot be used, since ${SETTINGS}`],
    [
      "provider, with a region",
      () => ["run", { ...ARGS, regionId: "cn-beijing" }, { provider: alicloud() }],
      `option provider cannot be used, since ${SETTINGS}`,
    ],
    [
      "providers",
      () => ["run", ARGS, { providers: [alicloud()] }],
      `option providers cannot be used, since ${SETTINGS}`,
    ],
    [
      "a component with providers",
      () => ["run", ARGS, { parent: new Fleet("fleet", { providers: [alicloud()] }) }],
      BELOW,
    ],
    [
      "a component in one with a provider",
      () => ["run", ARGS, { parent: new Fleet("web", { parent: new Fleet("fleet", { provider: alicloud() }) }) }],
      BELOW,
    ],
  ];

test.each(REFUSED)("%s: refused, with what to write", (_, parameters, reason) => {
  expect(() => declare(...parameters())).toThrow(new TypeError(`Cannot declare Invocation "run": ${reason}`));
});

test("everything that is wrong is said at once", () => {
  expect(() => declare("run", { ...ARGS, protect: true }, { import: "t-1", provider: alicloud() })).toThrow(
    /protect is an option .*; option import cannot .*; option provider cannot/,
  );
});

test("inputs without a name", () => {
  expect(() => declare(ARGS, undefined)).toThrow(
    new TypeError("Cannot declare Invocation: the first argument must be its name: current value is of type object"),
  );
});

test("get without an id", () => {
  expect(() => Invocation.get("run", undefined as never)).toThrow(
    new TypeError('Cannot declare Invocation "run": get must be given the id of an invocation, such as "t-hz0jdfwd9f"'),
  );
});

test("a refusal names the place of the declaration, and nothing of what lies below it", () => {
  class Nightly extends Invocation {}
  expect.assertions(3);
  for (const declared of [Invocation, Nightly]) {
    try {
      new declared("run", undefined as unknown as InvocationArgs);
    } catch (error) {
      expect((error as Error).stack?.split("\n").slice(1)).toEqual([expect.stringContaining("arguments.test.ts")]);
    }
  }
  expect(Error.stackTraceLimit).toBeGreaterThan(1);
});

const TAKEN: [title: string, parameters: () => [name: unknown, args: unknown, options?: unknown]][] = [
  ["no options", () => ["run", ARGS, null]],
  ["a provider of dynamic resources", () => ["run", ARGS, { provider: new Provider("pulumi-nodejs", "own") }]],
  ["no provider, and says so", () => ["run", ARGS, { provider: undefined, import: undefined, parent: undefined }]],
  [
    "a component with providers, and a region",
    () => ["run", { ...ARGS, regionId: "cn-beijing" }, { parent: new Fleet("fleet", { providers: [alicloud()] }) }],
  ],
  [
    "a component with a provider of something else",
    () => ["run", ARGS, { parent: new Fleet("fleet", { providers: [new Provider("random", "other")] }) }],
  ],
  ["a parent that is no component", () => ["run", ARGS, { parent: new Thing("pkg:index:Thing", "thing") }]],
  ["an id without arguments", () => ["run", undefined, { id: "t-1" }]],
];

test.each(TAKEN)("%s: taken", async (_, parameters) => {
  const { urn } = declare(...parameters());
  await new Promise((resolve) => urn.apply(resolve));
  expect(names).toContain("run");
});
