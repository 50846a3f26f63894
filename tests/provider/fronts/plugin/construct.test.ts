// A component as the engine has it constructed: what the plugin registers with the engine's monitor, and what it answers.
import { status as codes, Server, ServerCredentials } from "@grpc/grpc-js";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type IResourceMonitorServer, ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  Result,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { readStruct, writeStruct } from "../../../../provider/fronts/plugin/struct";
import { UNKNOWN } from "../../../../provider/rules/unknown";
import { type Connection, type Properties, secret, startPlugin } from "./client";

const ROLLOUT = "cloudassistant:index:Rollout";
const URN = "urn:pulumi:dev::story::";
const PROVIDER = { urn: `${URN}pulumi:providers:cloudassistant::there`, id: "4711" };

/** What the engine makes of a resource. */
type Made = { outputs?: Properties; result?: Result; failure?: { code: codes; details: string }; never?: true };

let makes: Record<string, Made>;
let registered: RegisterResourceRequest[];
let told: [urn: string, outputs: Properties][];
let unanswered: (() => void)[];
let server: Server;
let monitor: string;
let provider: Connection;

beforeEach(async () => {
  makes = {};
  registered = [];
  told = [];
  unanswered = [];
  server = new Server();
  const service: Partial<IResourceMonitorServer> = {
    registerResource: ({ request }, answered) => {
      registered.push(request);
      const { outputs = {}, result = Result.SUCCESS, failure, never } = makes[request.getType()] ?? {};
      if (never) return void unanswered.push(() => answered({ code: codes.UNAVAILABLE }));
      if (failure) return answered(failure);
      const urn = `${URN}${request.getType()}::${request.getName()}`;
      answered(null, new RegisterResourceResponse().setUrn(urn).setObject(writeStruct(outputs)).setResult(result));
    },
    registerResourceOutputs: ({ request }: { request: RegisterResourceOutputsRequest }, answered) => {
      told.push([request.getUrn(), readStruct(request.getOutputs())]);
      answered(null, new Empty());
    },
  };
  server.addService(ResourceMonitorService, service as IResourceMonitorServer);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  monitor = `127.0.0.1:${port}`;
  provider = (await startPlugin())();
  await provider.configure({ region: "cn-hangzhou" }, PROVIDER);
});

afterEach(() => {
  for (const answer of unanswered) answer();
  server.forceShutdown();
});

const ask = (inputs: Properties = {}, name = "agent") =>
  new ConstructRequest().setType(ROLLOUT).setName(name).setMonitorendpoint(monitor).setInputs(writeStruct(inputs));

const OUTPUTS = {
  status: "Succeeded",
  generation: "g-1",
  waveResults: [],
  succeeded: 2,
  total: 2,
  failures: secret({}),
  held: 0,
  invokeIds: ["t-1"],
};
const FLEET = { ...OUTPUTS, reasons: secret([]), __record: { machines: "i-a i-b" }, commandId: "c-1" };
const NOTHING = Object.fromEntries(Object.keys(OUTPUTS).map((name) => [name, UNKNOWN]));

const dependenciesOf = (request: RegisterResourceRequest) =>
  Object.fromEntries([...request.getPropertydependenciesMap().entries()].map(([name, of]) => [name, of.getUrnsList()]));

test("a rollout is a component over two resources, which this very provider serves", async () => {
  makes[`${ROLLOUT}Fleet`] = { outputs: FLEET };
  const inputs = { commandId: UNKNOWN, instanceIds: ["i-b", "i-a"], parameters: { word: secret("swordfish") } };
  const request = ask(inputs)
    .setParent(`${URN}my:Component::above`)
    .setDependenciesList([`${URN}a:b:C::first`]);
  const from = new ConstructRequest.PropertyDependencies().setUrnsList([`${URN}a:b:Command::install`]);
  request.getInputdependenciesMap().set("commandId", from);
  const answer = await provider.construct(request);

  const [component, fleet, verdict] = registered;
  expect(registered.map((each) => [each.getType(), each.getName(), each.getCustom(), each.getParent()])).toEqual([
    [ROLLOUT, "agent", false, `${URN}my:Component::above`],
    [`${ROLLOUT}Fleet`, "agent-fleet", true, `${URN}${ROLLOUT}::agent`],
    [`${ROLLOUT}Verdict`, "agent-verdict", true, `${URN}${ROLLOUT}::agent`],
  ]);
  expect(registered.map((each) => each.getProvider())).toEqual(["", ...Array(2).fill(`${PROVIDER.urn}::4711`)]);
  // Those of the class, and those that follow from the component's.
  expect([fleet, verdict].map((each) => each?.getAliasesList().map((alias) => alias.getSpec()?.getType()))).toEqual([
    ["pulumi-nodejs:dynamic/cloudassistant:RolloutFleet"],
    ["pulumi-nodejs:dynamic/cloudassistant:RolloutVerdict"],
  ]);
  expect(readStruct(component?.getObject())).toEqual({});
  expect(readStruct(fleet?.getObject())).toEqual(inputs);
  expect(fleet && [dependenciesOf(fleet), fleet.getDependenciesList()]).toEqual([
    { commandId: [`${URN}a:b:Command::install`] },
    [`${URN}a:b:C::first`, `${URN}a:b:Command::install`],
  ]);
  const fleetUrn = `${URN}${ROLLOUT}Fleet::agent-fleet`;
  expect(readStruct(verdict?.getObject())).toEqual({ status: "Succeeded", generation: "g-1", reasons: secret([]) });
  expect(verdict && dependenciesOf(verdict)).toEqual({
    status: [fleetUrn],
    generation: [fleetUrn],
    reasons: [fleetUrn],
  });

  expect([answer.getUrn(), readStruct(answer.getState())]).toEqual([`${URN}${ROLLOUT}::agent`, OUTPUTS]);
  // Whatever depends on an output is held back when the verdict fails.
  const sources = [fleetUrn, `${URN}${ROLLOUT}Verdict::agent-verdict`];
  const of = [...answer.getStatedependenciesMap().entries()].map(([name, each]) => [name, each.getUrnsList()]);
  expect(of).toEqual(
    Object.keys(OUTPUTS)
      .sort()
      .map((name) => [name, sources]),
  );
  expect(told).toEqual([[`${URN}${ROLLOUT}::agent`, { status: "Succeeded" }]]);
});

test("its options are the component's, or where the engine passes over them there, those of the two resources", async () => {
  makes[`${ROLLOUT}Fleet`] = { outputs: FLEET };
  const request = ask()
    .setProtect(true)
    .setRetainondelete(true)
    .setDeletedwith(`${URN}a:b:C::cluster`)
    .setDeletebeforereplace(false)
    .setAdditionalsecretoutputsList(["failures"])
    .setIgnorechangesList(["parameters"])
    .setReplaceonchangesList(["tags.a"])
    .setStackTraceHandle("above")
    .setCustomtimeouts(new ConstructRequest.CustomTimeouts().setCreate("90s").setDelete("1h"))
    .setResourceHooks(new ConstructRequest.ResourceHooksBinding().setAfterCreateList(["tell"]))
    .setAliasesList([new Alias().setUrn(`${URN}${ROLLOUT}::old`)]);
  request.getProvidersMap().set("cloudassistant", "a-reference");
  await provider.construct(request);

  expect(registered.map((each) => [each.getProtect(), each.getParentstacktracehandle()])).toEqual(
    Array(3).fill([true, "above"]),
  );
  expect(registered.map((each) => [each.getRetainondelete(), each.getDeletedwith()])).toEqual([
    [false, ""],
    ...Array(2).fill([true, `${URN}a:b:C::cluster`]),
  ]);
  const timeouts = { create: "90s", update: "", pb_delete: "1h", read: "" };
  expect(registered.map((each) => each.getCustomtimeouts()?.toObject())).toMatchObject([undefined, timeouts, timeouts]);
  const [component, fleet] = registered;
  expect(
    registered.map((each) => [
      each.getAdditionalsecretoutputsList(),
      each.getIgnorechangesList(),
      each.getReplaceonchangesList(),
    ]),
  ).toEqual([
    [[], [], []],
    [["failures"], ["parameters"], ["tags.a"]],
    [[], [], []],
  ]);
  expect([fleet?.getDeletebeforereplace(), fleet?.getDeletebeforereplacedefined()]).toEqual([false, true]);
  expect(component?.getAliasesList().map((alias) => alias.getUrn())).toEqual([`${URN}${ROLLOUT}::old`]);
  expect([...(component?.getProvidersMap().entries() ?? [])]).toEqual([["cloudassistant", "a-reference"]]);
  expect(component?.getHooks()?.getAfterCreateList()).toEqual(["tell"]);
});

test("the monitor is reached past a proxy that the environment names", async () => {
  process.env.http_proxy = "http://127.0.0.1:9";
  try {
    await provider.construct(ask());
    expect(registered).toHaveLength(3);
  } finally {
    delete process.env.http_proxy;
  }
});

test("an older engine names no provider: it finds it by the package", async () => {
  makes[`${ROLLOUT}Fleet`] = { outputs: FLEET };
  await provider.configure({});
  await provider.construct(ask());
  expect(registered.map((each) => each.getProvider())).toEqual(["", "", ""]);
});

describe("where the engine goes on past what has failed", () => {
  test("a verdict that failed gives no outputs, and stands for the component, on which others depend", async () => {
    makes[`${ROLLOUT}Fleet`] = { outputs: FLEET };
    makes[`${ROLLOUT}Verdict`] = { result: Result.FAIL };
    const answer = await provider.construct(ask());
    expect([readStruct(answer.getState()), told]).toEqual([NOTHING, []]);
    expect(answer.getUrn()).toBe(`${URN}${ROLLOUT}Verdict::agent-verdict`);
  });

  test("of a fleet that failed the verdict is declared all the same, or it would be deleted", async () => {
    makes[`${ROLLOUT}Fleet`] = { outputs: FLEET, result: Result.FAIL };
    makes[`${ROLLOUT}Verdict`] = { result: Result.SKIP };
    const answer = await provider.construct(ask());
    expect(readStruct(registered[2]?.getObject())).toEqual({ status: UNKNOWN, generation: UNKNOWN, reasons: UNKNOWN });
    expect(readStruct(answer.getState())).toEqual(NOTHING);
  });
});

describe("when the operation ends", () => {
  test("with the engine, which leaves what it was asked unanswered, nothing is told beside its own error", async () => {
    makes[`${ROLLOUT}Fleet`] = { outputs: FLEET };
    makes[`${ROLLOUT}Verdict`] = { never: true };
    const names = Array.from({ length: 20 }, (_, i) => `agent-${i}`);
    const constructed = Promise.all(names.map((name) => provider.construct(ask({}, name))));
    while (registered.length < 60) await new Promise(setImmediate);
    await provider.cancel();
    const answers = await constructed;
    expect(answers.map((answer) => [answer.getUrn(), readStruct(answer.getState())])).toEqual(
      names.map((name) => [`${URN}${ROLLOUT}::${name}`, NOTHING]),
    );
  });

  test("with the monitor it is the same", async () => {
    makes[ROLLOUT] = { failure: { code: codes.UNAVAILABLE, details: "resource monitor shut down" } };
    expect(readStruct((await provider.construct(ask())).getState())).toEqual(NOTHING);
  });

  test("what the monitor refuses is told in its words alone", async () => {
    makes[ROLLOUT] = { failure: { code: codes.INVALID_ARGUMENT, details: "invalid parent URN" } };
    await expect(provider.construct(ask())).rejects.toMatchObject({ details: "invalid parent URN" });
  });
});

test("another component is not implemented", async () => {
  await expect(provider.construct(ask().setType("cloudassistant:index:Fleets"))).rejects.toMatchObject({
    code: codes.UNIMPLEMENTED,
    details:
      'There is no component type "cloudassistant:index:Fleets" in this package: it has "cloudassistant:index:Invocation" and "cloudassistant:index:Rollout"',
  });
});
