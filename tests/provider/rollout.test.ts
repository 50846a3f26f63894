// What a Rollout registers with the engine, as the program's side sees it.
import { type Output, output, runtime, secret } from "@pulumi/pulumi";
import { Rollout, type RolloutArgs } from "../../provider/rollout";

// The first one serializes the providers, for which Pulumi loads the TypeScript compiler.
jest.setTimeout(60_000);

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

let registered: Registered[];

beforeEach(() => {
  registered = [];
  runtime.setMocks({
    newResource({ type, name, inputs }: runtime.MockResourceArgs) {
      registered.push({ type, name, inputs });
      const outcome = type.endsWith(":RolloutFleet")
        ? { status: "Paused", generation: "g", succeeded: 3, reasons: [] }
        : {};
      return { id: "1", state: { ...inputs, ...outcome } };
    },
    call: () => ({}),
  });
});
afterEach(() => runtime.disconnect());

const ARGS: RolloutArgs = { commandId: "c-1", instanceIds: ["i-1"], maxFailures: "5%" };

const resolved = <T>(value: Output<T>): Promise<T> => new Promise((resolve) => value.apply(resolve));
const find = (type: string) => registered.find((resource) => resource.type.endsWith(type));

test("it is a component over a fleet and a verdict, whose types states hold", async () => {
  const rollout = new Rollout("agent", ARGS);
  expect(await resolved(rollout.status)).toBe("Paused");
  expect(registered.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "cloudassistant:index:Rollout agent",
    "pulumi-nodejs:dynamic/cloudassistant:RolloutFleet agent-fleet",
    "pulumi-nodejs:dynamic/cloudassistant:RolloutVerdict agent-verdict",
  ]);
  expect(find(":RolloutFleet")?.inputs).toMatchObject({ ...ARGS, __urn: expect.stringContaining("::agent-fleet") });
  expect(find(":RolloutVerdict")?.inputs).toMatchObject({ status: "Paused", generation: "g", reasons: [] });
  expect(await resolved(rollout.succeeded)).toBe(3);
  expect([Rollout.isInstance(rollout), Rollout.isInstance({})]).toEqual([true, false]);
});

test("what Pulumi hands on to no child of a component reaches the fleet", async () => {
  const options = { ignoreChanges: ["instanceIds"], additionalSecretOutputs: ["failures"] };
  const rollout = new Rollout("agent", ARGS, { ...options, customTimeouts: { create: "1h" } } as object);
  await resolved(rollout.status);
  const { inputs = {} } = find(":RolloutFleet") ?? {};
  expect([inputs.__customTimeouts, inputs.__secret]).toEqual([{ create: 3600 }, ["failures"]]);
});

test("what failed is secret where an input is", async () => {
  const rollout = new Rollout("agent", { ...ARGS, parameters: { token: secret("s3cret") } });
  await resolved(rollout.status);
  const { inputs = {} } = find(":RolloutFleet") ?? {};
  expect(inputs.__secret).toEqual(["parameters"]);
  expect(JSON.stringify([inputs.failures, inputs.reasons])).toContain("1b47061264138c4ac30d75fd1eb44270");
  expect(find(":RolloutVerdict")?.inputs.status).toBe("Paused");
});

test.each<[string, unknown, unknown, string]>([
  ["options among the inputs", { ...ARGS, protect: true }, {}, "protect is an option of Pulumi, not an input"],
  ["an Output in the place of all inputs", output(ARGS), {}, "must be an object of inputs"],
  ["providers, which nothing could honour", ARGS, { providers: [] }, "a Rollout takes region and keys from the"],
  ["an import", ARGS, { import: "t-1" }, "option import cannot be used, since a Rollout takes nothing over"],
  ["an id", ARGS, { id: "t-1" }, "option id cannot be used, since a Rollout takes nothing over"],
  ["an id in the place of inputs", undefined, { id: "t-1" }, "the second argument must be an object of inputs"],
])("refuses %s", (_, args, options, reason) => {
  const declare = () => new Rollout("agent", args as RolloutArgs, options as object);
  expect(declare).toThrow(TypeError);
  expect(declare).toThrow(`Cannot declare Rollout "agent": `);
  expect(declare).toThrow(reason);
});
