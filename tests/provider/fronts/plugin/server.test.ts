// The protocol, question by question, as an engine asks it; what the answers mean to an engine is told in tests/e2e.
import { CheckRequest, ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type Emulator, startEmulator } from "../../../../emulator";
import { UNKNOWN } from "../../../../provider/rules/unknown";
import { type Connection, secret, startPlugin, TYPE, URN } from "./client";

let emulator: Emulator;
let provider: Connection;

beforeAll(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }],
    commands: [
      { commandId: "c-hello", name: "hello", content: "echo hello" },
      { commandId: "c-greet", name: "greet", content: "echo {{word}}; exit {{code}}" },
      { commandId: "c-slow", name: "slow", content: "sleep 20" },
      { commandId: "c-own", name: "own", content: "true", timeoutSeconds: 300, workingDir: "/root" },
    ],
  });
});

afterAll(() => emulator.stop());

beforeEach(async () => {
  provider = (await startPlugin({ environment: emulator.environment }))();
  emulator.clearJournal();
});

const actions = () => emulator.journal().map(({ action }) => action);

const ONCE = { commandId: "c-hello", instanceIds: ["i-b", "i-a"] };
const CHECKED = { commandId: "c-hello", instanceIds: ["i-a", "i-b"], regionId: "cn-hangzhou", repeatMode: "Once" };
const GREET = { ...CHECKED, commandId: "c-greet", instanceIds: ["i-a"] };
const NIGHTLY = { ...GREET, repeatMode: "Period", frequency: "0 0 2 * * ? UTC" };
const secretWord = (word: string, code = "0") => ({ word: secret(word), code });

describe("what a provider is configured with", () => {
  test("is checked, and keys are kept as secrets", async () => {
    const settings = { region: "cn-beijing", accessKey: "k", secretKey: secret("s") };
    expect(await provider.checkConfig(settings)).toEqual({
      inputs: { region: "cn-beijing", accessKey: secret("k"), secretKey: secret("s") },
      reasons: [],
    });
    expect((await provider.checkConfig({ reigon: "x", accessKey: "k" })).reasons).toEqual([
      expect.stringMatching(
        /^reigon is no setting of this provider: it takes "region", .*; correct the name, or remove it$/,
      ),
      "accessKey must be given together with secretKey: set both",
    ]);
  });

  test.each([
    ["the region", { region: "cn-hangzhou" }, { region: "cn-beijing" }],
    [
      "a key that was rotated",
      { accessKey: secret("k"), secretKey: secret("s") },
      { accessKey: secret("k2"), secretKey: secret("s2") },
    ],
    ["a name that is none", {}, { reigon: "cn-beijing" }],
  ])("replaces nothing where %s differs: each resource holds its own region", async (_, olds, news) => {
    const { changes, replacesList, deletebeforereplace } = await provider.diffConfig(olds, news);
    // Not told: the engine compares them itself, and updates the provider.
    expect([changes, replacesList, deletebeforereplace]).toEqual([0, [], false]);
  });

  test("is that of its connection alone", async () => {
    const open = await startPlugin({ environment: {} });
    const [here, there] = [open(), open()];
    await here.configure({ region: "cn-hangzhou" });
    await there.configure({ region: "cn-beijing" });
    const news = { ...ONCE, preflight: false };
    expect((await here.check(news)).inputs.regionId).toBe("cn-hangzhou");
    expect((await there.check(news)).inputs.regionId).toBe("cn-beijing");
    await there.configure({});
    expect((await there.check(news)).failures).toEqual([
      [
        "regionId",
        'regionId must be given: set it here, as "cloudassistant:region" in the stack configuration, or as ALIBABA_CLOUD_REGION in the environment',
      ],
    ]);
  });
});

describe("check", () => {
  test("normalizes, keeps secrets in their places, and lets pass what is not known yet", async () => {
    expect(await provider.check(ONCE)).toEqual({ inputs: CHECKED, failures: [] });
    const news = { ...GREET, parameters: secretWord("hunter2"), timeout: UNKNOWN };
    expect(await provider.check(news)).toEqual({ inputs: news, failures: [] });
    const list = { ...ONCE, instanceIds: ["i-b", secret("i-a")] };
    expect((await provider.check(list)).inputs.instanceIds).toEqual(secret(["i-a", "i-b"]));
  });

  test("quotes no secret, and names no property that the engine would quote", async () => {
    const news = { ...GREET, commandId: secret("c-hunter2"), parameters: secretWord("hunter2") };
    const { failures } = await provider.check(news);
    expect(failures).toEqual([
      [
        "",
        'commandId must name a command that exists: there is no "[hidden]" in region "cn-hangzhou"; create it there first, or correct the id',
      ],
    ]);
  });
});

describe("diff", () => {
  const results = { "i-a": { status: "Scheduled", output: "", dropped: 0, repeats: 0, invokeId: "t-1" } };
  const state = {
    ...NIGHTLY,
    parameters: secretWord("a"),
    status: "Scheduled",
    results: secret(results),
    schemaVersion: 1,
  };

  test("tells which properties differ, by their paths, and by their names for the row", async () => {
    expect(await provider.diff("t-1", state, { ...NIGHTLY, parameters: secretWord("a") })).toBeUndefined();
    const parameters = { ...secretWord("b"), "a.b": "c" };
    expect(await provider.diff("t-1", state, { ...NIGHTLY, frequency: "rate(1h)", parameters })).toEqual({
      changed: { frequency: "UPDATE", "parameters.word": "UPDATE", 'parameters["a.b"]': "ADD" },
      names: ["frequency", "parameters"],
      replaces: [],
      deletesFirst: true,
    });
    expect(await provider.diff("t-1", state, { ...NIGHTLY, timeout: 30, parameters: secretWord("a") })).toEqual({
      changed: { timeout: "ADD_REPLACE" },
      names: ["timeout"],
      replaces: ["timeout"],
      deletesFirst: true,
    });
  });

  test("of a schedule that was stopped from outside, no property differs", async () => {
    const stopped = { ...state, status: "Stopped" };
    expect(await provider.diff("t-1", stopped, { ...NIGHTLY, parameters: secretWord("a") })).toEqual({
      changed: {},
      names: [],
      replaces: ["status"],
      deletesFirst: false,
    });
  });

  test("of a state that the dynamic front wrote, nothing differs", async () => {
    const written = { ...state, __urn: URN, __secret: true, __provider: "text", __agentVersion: "2.2.3.857" };
    expect(await provider.diff("t-1", written, { ...NIGHTLY, parameters: secretWord("a") })).toBeUndefined();
  });
});

describe("a preview", () => {
  test("of a create does nothing, and tells what will not be known before", async () => {
    const { id, outputs } = await provider.create({ ...GREET, parameters: secretWord("a") }, { preview: true });
    expect(id).toBe("");
    expect(outputs).toEqual({
      ...GREET,
      parameters: secretWord("a"),
      invokeId: UNKNOWN,
      status: UNKNOWN,
      results: secret(UNKNOWN),
      schemaVersion: 1,
    });
    expect(actions()).toEqual([]);
  });

  test("of an update that runs nothing tells what stays", async () => {
    const { id, outputs } = await provider.create(CHECKED);
    emulator.clearJournal();
    const foreseen = await provider.update(id, outputs, { ...CHECKED, tags: { team: "web" } }, { preview: true });
    expect(foreseen).toEqual({ ...outputs, tags: { team: "web" } });
    expect(actions()).toEqual([]);
  });
});

describe("a life", () => {
  test("create, read, update and delete keep secrets, also what an earlier secret made", async () => {
    const created = await provider.create({ ...NIGHTLY, parameters: secretWord("hunter2") });
    expect(created.outputs).toMatchObject({
      parameters: secretWord("hunter2"),
      status: "Scheduled",
      invokeId: created.id,
    });
    expect(created.outputs.results).toEqual(secret(expect.objectContaining({ "i-a": expect.anything() })));

    const inputs = { ...NIGHTLY, parameters: secretWord("hunter2") };
    expect(await provider.read(created.id, created.outputs, inputs)).toEqual({
      id: created.id,
      outputs: created.outputs,
      inputs,
    });

    const plain = { ...NIGHTLY, parameters: { word: "plain", code: "0" } };
    const updated = await provider.update(created.id, created.outputs, plain);
    expect(updated).toMatchObject({ parameters: plain.parameters, results: secret(expect.anything()) });

    // Another run of the engine: what this one has started it takes for the replacement's.
    await provider.configure({});
    await provider.delete(created.id, updated);
    expect(actions()).toContain("StopInvocation");
    expect(await provider.read(created.id, updated, plain)).toMatchObject({ outputs: { status: "Stopped" } });
    emulator.expire(created.id);
    expect(await provider.read(created.id, updated, plain)).toEqual({ id: "", outputs: {}, inputs: {} });
  });

  test("a step that fails keeps its state beside its reasons", async () => {
    const failing = { ...GREET, parameters: secretWord("hunter2", "3") };
    const failure = await provider.create(failing).catch((error) => error);
    expect(failure.details).toMatch(/^invocation "t-\w+" did not come to what was asked$/);
    const [details] = failure.metadata.get("grpc-status-details-bin");
    expect(String(details)).toContain("the output is not shown, since an input is secret");
    expect(String(details)).toContain("ErrorResourceInitFailed");
  });

  test("a limit ends the wait", async () => {
    const failure = await provider
      .create({ ...CHECKED, commandId: "c-slow" }, { timeoutSeconds: 2 })
      .catch((error) => error);
    expect(String(failure.metadata.get("grpc-status-details-bin"))).toMatch(
      /did not finish within 2 s: last seen 2 (Pending|Running)/,
    );
  });
});

describe("read", () => {
  test("of what no state tells of finds it by id, and takes what it was given for secret", async () => {
    const { id } = await provider.create({ ...GREET, parameters: { word: "hunter2", code: "0" } });
    for (const name of [id, `cn-hangzhou/${id}`]) {
      const { outputs, inputs, ...read } = await provider.read(name);
      expect(read.id).toBe(id);
      expect(inputs).toMatchObject({ ...GREET, parameters: secret({ word: "hunter2", code: "0" }) });
      expect(outputs).toMatchObject({ status: "Success", results: secret({ "i-a": expect.anything() }) });
    }
  });

  test("takes what the command and the service say by themselves for declared by nobody, so that nothing differs", async () => {
    const declared = { ...NIGHTLY, commandId: "c-own" };
    const { id } = await provider.create(declared);
    const { outputs, inputs } = await provider.read(id);
    expect(inputs).toEqual(declared);
    expect(await provider.diff(id, outputs, declared)).toBeUndefined();
    await provider.delete(id, outputs);
  });

  test("of what the program calls plain marks nothing as secret", async () => {
    const { id } = await provider.create({ ...GREET, parameters: { word: "hello", code: "0" } });
    const { outputs } = await provider.read(id, { plain: true });
    expect(outputs).toMatchObject({ parameters: { word: "hello" }, results: { "i-a": { output: "hello\n" } } });
  });

  // [id, message]
  test.each([
    ["t-0", 'Cannot read invocation "t-0": there is none in region "cn-hangzhou", or its record has expired'],
    [
      "cn-hangzhou/c-1",
      'Cannot read an invocation by "cn-hangzhou/c-1": the id must be that of an invocation, such as "t-hz0jdfwd9f", or with its region before it, such as "cn-beijing/t-hz0jdfwd9f"',
    ],
  ])("of %s says what it must be", async (id, message) => {
    await expect(provider.read(id)).rejects.toMatchObject({ details: expect.stringContaining(message) });
  });

  test("without a region says where to name one", async () => {
    const nowhere = (await startPlugin())();
    await expect(nowhere.read("t-0")).rejects.toMatchObject({
      details:
        'Cannot read invocation "t-0": its region must be known; write the id as "REGION/t-0", or set "cloudassistant:region" in the stack configuration',
    });
  });
});

describe("list", () => {
  test("tells id and command, up to a limit", async () => {
    const { id } = await provider.create({ ...CHECKED, triggers: ["list"], tags: { team: "list" } });
    const query = { tags: { team: "list" } };
    expect(await provider.list(query)).toEqual([{ id, name: "hello" }]);
    expect(await provider.list({}, 1)).toHaveLength(1);
    await provider.configure({ region: "cn-beijing" });
    expect(await provider.list({ ...query, regionId: "cn-hangzhou" })).toEqual([
      { id: `cn-hangzhou/${id}`, name: "hello" },
    ]);
    await expect(provider.list({ color: "red" })).rejects.toMatchObject({
      details: "color is no argument of this function; remove it",
    });
  });
});

test("a component is not imported", async () => {
  const request = new ReadRequest().setId("agent").setUrn(URN.replace(TYPE, "cloudassistant:index:Rollout"));
  const failure = await new Promise((resolve) => provider.client.read(request, resolve));
  expect(failure).toMatchObject({
    details:
      "A rollout cannot be imported: it is a component, which only an update makes; declare the Rollout in a program",
  });
});

test("a type that is not of this package is not implemented", async () => {
  const request = new CheckRequest().setUrn(URN.replace(TYPE, "cloudassistant:index:Fleet"));
  const failure = await new Promise((resolve) => provider.client.check(request, resolve));
  expect(failure).toMatchObject({
    code: 12,
    details:
      'There is no resource type "cloudassistant:index:Fleet" in this package: it has "cloudassistant:index:Invocation" and "cloudassistant:index:Rollout"',
  });
});
