// What an Invocation registers with the engine, as the program's side sees it.
import { all, ComponentResource, type Input, runtime, secret } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "../../provider/invocation";

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

beforeEach(() => {
  registered = [];
  runtime.setMocks({
    newResource({ type, name, id, inputs }) {
      registered.push({ type, name, inputs, ...(id ? { id } : {}) });
      return { id: id || "t-1", state: inputs };
    },
    call: () => ({}),
  });
});

async function register(args: InvocationArgs): Promise<Record<string, unknown>> {
  await resolved(new Invocation("nightly", args).urn);
  return registered[0]?.inputs ?? {};
}

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

test("below a parent it is told that URN too", async () => {
  const parent = new ComponentResource("pkg:index:Fleet", "fleet");
  const child = new Invocation("nightly", { commandId: "c-1", instanceIds: ["i-1"] }, { parent });
  const urn = await resolved(child.urn);
  expect(urn).toMatch("pkg:index:Fleet$pulumi-nodejs:dynamic/cloudassistant:Invocation::nightly");
  expect(registered.at(-1)?.inputs.__urn).toBe(urn);
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
  const { results, __secret } = await register({ commandId: "c-1", instanceIds: ["i-1"], parameters });
  expect([results, __secret]).toEqual(isSecret ? [expect.objectContaining(SECRET), true] : ["", undefined]);
});

test("an existing one is read by its id", async () => {
  await resolved(Invocation.get("old", "t-0").urn);
  expect(registered).toMatchObject([{ name: "old", id: "t-0" }]);
});

test("a declaration that Pulumi refuses says where it stands", () => {
  const limit = Error.stackTraceLimit;
  const declare = () => new Invocation("", { commandId: "c-1", instanceIds: ["i-1"] });
  expect(declare).toThrow(
    expect.objectContaining({
      message: expect.stringContaining("Missing resource name argument"),
      stack: expect.stringMatching(/at declare .*invocation\.test\.ts/),
    }),
  );
  expect(Error.stackTraceLimit).toBe(limit);
});
