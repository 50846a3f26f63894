// The two resources of a rollout, as an engine asks for them; their lives are told in tests/provider/lifecycle/rollout.
import type { Resource } from "../../../../provider/fronts/plugin/resource";
import { FLEET, VERDICT } from "../../../../provider/fronts/plugin/rollout";
import type { Marks, Opened } from "../../../../provider/fronts/plugin/secrets";
import { UNKNOWN } from "../../../../provider/rules/unknown";
import { openService, type Service } from "./service";

const step = { urn: `urn:pulumi:dev::story::cloudassistant:index:Rollout$${FLEET}::agent-fleet` };
const verdictStep = { urn: `urn:pulumi:dev::story::cloudassistant:index:Rollout$${VERDICT}::agent-verdict` };

let service: Service;
let fleet: Resource;
let verdict: Resource;

beforeEach(async () => {
  service = await openService({
    instances: ["i-a", "i-b", "i-c"].map((instanceId) => ({ instanceId })),
    commands: [
      { commandId: "c-greet", name: "greet", content: "echo {{word}}; [ {{word}} != bad ]" },
      { commandId: "c-slow", name: "slow", content: "sleep 30" },
    ],
  });
  fleet = service.provider.find(FLEET) as Resource;
  verdict = service.provider.find(VERDICT) as Resource;
});

afterEach(() => service.emulator.stop());

const INSTANCES = { instanceIds: ["i-a", "i-b", "i-c"], regionId: "cn-hangzhou", repeatMode: "Once" };
const inputs = (word: string, more: object = {}, marks?: Marks): Opened => ({
  value: { ...INSTANCES, commandId: "c-greet", parameters: { word }, waves: ["100%"], ...more },
  marks,
});

const runs = () => service.emulator.journal().filter(({ action }) => action === "InvokeCommand").length;
const OUTPUTS = [
  "status",
  "generation",
  "waveResults",
  "succeeded",
  "total",
  "failures",
  "held",
  "invokeIds",
  "reasons",
];
const pick = (value: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, value[name]]));
const judge = ({ value, marks }: Opened, isPreview = false) =>
  verdict.create(verdictStep, { value: pick(value, ["status", "generation", "reasons"]), marks }, isPreview);

describe("a preview", () => {
  test("of a new one tells the generation, which what runs names, and nothing else", async () => {
    const { id, outputs } = await fleet.create(step, inputs("a"), true);
    const { generation } = outputs.value;
    const untold = Object.fromEntries(OUTPUTS.map((name) => [name, UNKNOWN]));
    expect([id, pick(outputs.value, OUTPUTS)]).toEqual(["", { ...untold, generation }]);
    expect(outputs.value).not.toHaveProperty("instanceIds");
    expect([runs(), (await judge(outputs, true)).outputs.value]).toEqual([
      0,
      { status: UNKNOWN, generation, reasons: UNKNOWN },
    ]);
    const made = await fleet.create(step, inputs("a"), false);
    expect([made.id, made.outputs.value.generation]).toEqual([generation, generation]);
  });

  test("of what is not known yet tells nothing", async () => {
    const { outputs } = await fleet.create(step, inputs("a", { parameters: { word: UNKNOWN } }), true);
    expect(outputs.value.generation).toBe(UNKNOWN);
  });

  test.each<[string, object, boolean]>([
    ["of a change for which nothing runs tells what stays", { waitTimeout: 500 }, true],
    ["of another generation tells its name", { parameters: { word: "b" } }, false],
    ["of machines that join tells the generation, which stays", { instanceIds: ["i-a"] }, false],
  ])("%s", async (_, more, stays) => {
    const { id, outputs: state } = await fleet.create(step, inputs("a"), false);
    const outputs = await fleet.update(step, id, state, inputs("a", more), true);
    const updated = await fleet.update(step, id, state, inputs("a", more), false);
    expect(outputs.value.generation).toBe(updated.value.generation);
    expect(outputs.value.status).toBe(stays ? "Succeeded" : UNKNOWN);
    if (stays) expect(outputs.value).toEqual(updated.value);
  });
});

describe("secrets", () => {
  const MARKS = { parameters: { word: true as const } };

  test("keep their places, and what failed machines said is one where an input is", async () => {
    const { outputs } = await fleet.create(step, inputs("bad", {}, MARKS), false);
    expect(outputs.marks).toEqual({ ...MARKS, failures: true, reasons: true });
    const reasons = outputs.value.reasons as string[];
    expect(reasons.join()).toContain("exited with code 1; the output is not shown, since an input is secret");
    await expect(judge(outputs)).rejects.toThrow(/stopped in wave 1 of 1: 3 of 3 machines have failed/);
    expect(service.said.join()).not.toContain("bad");

    // A later program that has no secret says nothing of the earlier one's.
    const { value, marks } = await fleet.update(step, "g", outputs, inputs("good", { waitTimeout: 90 }), false);
    expect([value.status, marks]).toEqual(["Succeeded", { failures: true, reasons: true }]);
  });

  test("no refusal quotes one", async () => {
    const checked = await fleet.check(step, { value: {} }, inputs("a", { waves: ["swordfish"] }, { waves: true }));
    expect(checked.failures).toEqual([{ property: "", reason: expect.stringContaining("waves") }]);
    expect(JSON.stringify(checked.failures)).not.toContain("swordfish");
  });
});

test("a difference names the properties by their paths; machines are held against the record", async () => {
  const { id, outputs } = await fleet.create(step, inputs("a"), false);
  const differ = async (more: object) => {
    const { changes, replaces, changed } = await fleet.diff(step, id, outputs, inputs("a", more));
    return [changes, replaces, Object.keys(changed)];
  };
  expect(await differ({})).toEqual([false, [], []]);
  expect(await differ({ parameters: { word: "b" }, maxFailures: 1 })).toEqual([
    true,
    [],
    ["parameters.word", "maxFailures"],
  ]);
  expect(await differ({ instanceIds: ["i-a", "i-b"] })).toEqual([true, [], ["instanceIds"]]);
  expect(await differ({ regionId: "cn-beijing" })).toEqual([true, ["regionId"], ["regionId"]]);
});

test("a verdict is the same until its fleet says otherwise", async () => {
  const { outputs } = await fleet.create(step, inputs("a"), false);
  const state = (await judge(outputs)).outputs;
  expect(await verdict.diff(verdictStep, "g", state, state)).toMatchObject({ changes: false, changed: {} });
  const news = { value: { ...state.value, status: "Paused" } };
  expect(await verdict.diff(verdictStep, "g", state, news)).toMatchObject({
    changes: true,
    changed: { status: { kind: "update" } },
  });
  expect(await verdict.read(verdictStep, "g", state, state)).toEqual({ id: "g", outputs: state, inputs: state });
});

test("a state that the class wrote is the same one", async () => {
  const { id, outputs } = await fleet.create(step, inputs("a"), false);
  const hidden = { __urn: step.urn, __provider: "the shim" };
  const written = { value: { ...outputs.value, ...hidden } };
  const before = { value: { ...inputs("a").value, ...hidden, status: null, failures: null, schemaVersion: null } };
  expect((await fleet.check(step, before, inputs("a"))).failures).toEqual([]);
  expect(await fleet.diff(step, id, written, inputs("a"))).toMatchObject({ changes: false });
  expect((await fleet.read(step, id, written, before))?.outputs.value).toEqual(outputs.value);
});

test("neither is imported", async () => {
  const none = { value: {} };
  await expect(fleet.read(step, "g-1", none, none)).rejects.toThrow(
    'Cannot read the fleet of a rollout by "g-1": only the update that rolled out knows it; declare the Rollout in a program',
  );
  await expect(verdict.read(verdictStep, "g-1", none, none)).rejects.toThrow("Cannot read the verdict of a rollout");
});

test("an interruption ends the wait of a wave, and the next update goes on with what runs", async () => {
  const slow = inputs("a", { commandId: "c-slow", parameters: undefined });
  service.after("InvokeCommand", () => void service.provider.cancel());
  await expect(fleet.create(step, slow, false)).rejects.toThrow(/interrupted/);
  expect(service.emulator.journal().filter(({ action }) => action === "StopInvocation")).toEqual([]);
  service.provider.configure({});
  await fleet.check(step, { value: {} }, slow);
  expect([service.said.at(-1), runs()]).toEqual(["info agent-fleet: agent-fleet: waits for 3 machines under way", 1]);
});
