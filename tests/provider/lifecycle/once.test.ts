// Whose run is this? One step beside the ordinary life: what was started and not recorded happens once, and nothing lives on unseen.

import type { Choices } from "../../../emulator";
import { createClient } from "../../../provider/cloud/client";
import { resolveSettings } from "../../../provider/cloud/credentials";
import { listInvocations } from "../../../provider/cloud/search";
import { OWNER_TAG_KEY } from "../../../provider/rules/tags";
import { alterRecords } from "./proxy";
import { type Declared, declareResource, nameOf, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const HOURLY = "0 0 * * * ? UTC";
const LONG = { durationMs: 600_000 };

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: ["i-a", "i-b", "i-c"].map((instanceId) => ({ instanceId })), ...options });
  resource = declareResource(service);
}

afterEach(() => service.stop());

/** Counts its own runs on the machine. */
const COUNTING = "echo run >> $HOME/runs; wc -l < $HOME/runs";
const CREATED = { did: "create", reasons: [] };
const effects = () => service.calls().filter((call) => /^(Invoke|Modify|Stop|TagResources)/.test(call));
const outputs = () =>
  Object.fromEntries(Object.entries(resource.results).map(([id, { output }]) => [id, output.trim()]));
const gone = (label: string) =>
  `goes on with invocation "${label}", which an earlier update had started and could not record`;

describe("an update that could not record what it started", () => {
  test.each(["upAndDie", "upWithoutSaving"] as const)("%s: the next one goes on, and says so", async (cut) => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"] };
    await resource[cut](declared);
    service.said();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([gone("#1")]);
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
    expect(await service.countInvocations()).toBe(1);
  });

  test.each<[string, object, string[]]>([
    ["another schedule", { frequency: HOURLY }, [`ModifyInvocationAttribute #1 at "${HOURLY}"`]],
    ["a machine more", { instanceIds: ["i-a", "i-b", "i-c"] }, ["ModifyInvocationAttribute #1 on c"]],
    ["a machine less", { instanceIds: ["i-a"] }, ["StopInvocation #1 on b"]],
    ["other tags", { tags: { team: "ops" } }, ["TagResources #1 tagged team"]],
    ["the same in other words", { frequency: "0 0 2 ? * * Asia/Shanghai" }, []],
  ])("and then %s: the one schedule there is, changed in place", async (_, edit, expected) => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], frequency: NIGHTLY };
    await resource.upAndDie(declared);
    service.calls();
    service.said();
    expect(await resource.up({ ...declared, ...edit })).toEqual(CREATED);
    expect(service.said()).toContain(gone("#1"));
    expect(effects()).toEqual(expected);
    expect(await service.countInvocations()).toBe(1);
    expect(await resource.up({ ...declared, ...edit })).toEqual({ did: "same", reasons: [] });
    await resource.destroy();
    expect(effects()).toEqual(["StopInvocation #1"]);
  });

  test("and then what no schedule can be changed to: it is stopped first, and said", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.upAndDie(declared);
    service.calls();
    service.said();
    expect(await resource.up({ ...declared, timeout: 30 })).toEqual(CREATED);
    expect(service.said()).toContain(
      'invocation "#1", which an earlier update had started for other inputs and could not record, was stopped before this one runs',
    );
    expect(effects()).toEqual(["StopInvocation #1", `InvokeCommand Period at "${NIGHTLY}" on a tagged run`]);
  });

  test("and then a machine more: each runs once", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"] };
    await resource.upAndDie(declared);
    service.calls();
    expect(await resource.up({ ...declared, instanceIds: ["i-a", "i-b", "i-c"] })).toEqual(CREATED);
    expect(effects()).toEqual(["InvokeCommand on c tagged run"]);
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1", "i-c": "1" });
    const { "i-a": first, "i-c": joined } = resource.results;
    expect([first?.invokeId, joined?.invokeId]).toEqual(["#1", "#2"]);
    expect(await resource.up({ ...declared, instanceIds: ["i-a", "i-b", "i-c"] })).toEqual({
      did: "same",
      reasons: [],
    });
  });

  test("and then a machine less, while it still runs: it is stopped there", async () => {
    const outcomes = { "*": LONG };
    await open({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId, outcomes })) });
    const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a", "i-b"], waitTimeout: 5 };
    await resource.upAndDie(declared);
    service.calls();
    await resource.up({ ...declared, instanceIds: ["i-a"] });
    expect(effects()).toEqual(["StopInvocation #1 on b"]);
    expect(Object.keys(resource.results)).toEqual(["i-a"]);
  });

  test("and its machines were chosen by their tags: the next one goes on, on all of them", async () => {
    const tags = { role: "web" };
    await open({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId, tags })) });
    const declared = { commandId: service.addCommand(COUNTING), resourceTags: tags };
    await resource.upAndDie(declared);
    service.said();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([gone("#1")]);
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
  });

  test("and an edit while it still runs: it is stopped, and then the new one runs", async () => {
    await open({ instances: [{ instanceId: "i-a", outcomes: { long: LONG, "*": {} } }] });
    const long = service.addCommand("long", { name: "long" });
    await resource.upAndDie({ commandId: long, instanceIds: ["i-a"], waitTimeout: 5 });
    service.calls();
    service.said();
    expect(await resource.up({ commandId: service.addCommand("short"), instanceIds: ["i-a"] })).toEqual(CREATED);
    expect(service.said()).toEqual([
      'stops invocation "#1", which an earlier update had started for other inputs and could not record, before this one runs',
      'invocation "#1", which an earlier update had started for other inputs and could not record, was stopped before this one runs',
    ]);
    expect(effects()).toEqual(["StopInvocation #1", "InvokeCommand on a tagged run"]);
  });

  test("and an edit after it has ended: it is named, and the new one runs", async () => {
    await open();
    await resource.upAndDie({ commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] });
    service.calls();
    service.said();
    expect(await resource.up({ commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] })).toEqual(CREATED);
    expect(service.said()).toEqual([
      'invocation "#1", which an earlier update had started for other inputs and could not record, is over (Success)',
    ]);
    expect(outputs()).toEqual({ "i-a": "2" });
  });

  test("and the resource is taken out of the program: the next update that asks the service says what lives on", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.upAndDie(declared);
    service.said();
    await declareResource(service).up({ commandId: service.addCommand("true"), instanceIds: ["i-b"] });
    const name = nameOf(resource);
    expect(service.said()).toEqual([
      `warning: invocation "#1" of resource "story/dev/${name}" is Scheduled, and nothing has shown yet that a state holds it: if \`pulumi stack --show-ids\` does not list it, nor that of a stack it was moved to, it lives on unseen; stop it then with \`npx cloud-assistant runs --region cn-hangzhou --stop #1\``,
    ]);
  });
});

describe("what could not be recorded, and has been overtaken since", () => {
  const words = (word: string) => ({ instanceIds: ["i-a"], parameters: { word } });
  const SAYING = "echo {{word}} >> $HOME/runs; tr '\\n' ' ' < $HOME/runs";

  test.each<[string, string[], string[]]>([
    ["v1 lost, then v2 and v1", ["v1"], ["v2", "v1"]],
    ["v1 and v2 lost, then v1", ["v1", "v2"], ["v1"]],
    ["v1, v2 and v1 lost, then v1", ["v1", "v2", "v1"], ["v1"]],
    ["v1 lost, then v2, v1, v2 and v1", ["v1"], ["v2", "v1", "v2", "v1"]],
  ])("%s: each runs as often as it was turned to", async (_, lost, saved) => {
    for (const cut of ["upAndDie", "upWithoutSaving"] as const) {
      await open();
      const commandId = service.addCommand(SAYING);
      for (const word of lost) {
        await resource[cut]({ commandId, ...words(word) });
        await service.emulator.advance(1_000);
      }
      for (const word of saved) {
        expect((await resource.up({ commandId, ...words(word) })).reasons).toEqual([]);
        await service.emulator.advance(1_000);
      }
      const turned = [...lost, ...saved].filter((word, at, all) => word !== all[at - 1]);
      expect(outputs()).toEqual({ "i-a": turned.join(" ") });
      await service.stop();
    }
    await open();
  });

  test("v1 lost, then v2 and v1, and nobody can read when they began: what may have run twice is gone on with, and said", async () => {
    await open({
      alter: alterRecords(
        (fields) => fields,
        (fields) => ({ ...fields, CreationTime: "soon" }),
      ),
    });
    const commandId = service.addCommand(SAYING);
    await resource.upAndDie({ commandId, ...words("v1") });
    await resource.up({ commandId, ...words("v2") });
    service.said();
    await resource.up({ commandId, ...words("v1") });
    expect(service.said()).toContain(gone("#1"));
    expect(outputs()).toEqual({ "i-a": "v1" });
  });

  test("v1 lost, then v2 which is refused, and v1: it runs once", async () => {
    await open();
    const commandId = service.addCommand(SAYING);
    await resource.upAndDie({ commandId, ...words("v1") });
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden" });
    expect((await resource.up({ commandId, ...words("v2") })).reasons).toHaveLength(1);
    service.emulator.clearFaults();
    await resource.up({ commandId, ...words("v1") });
    expect(outputs()).toEqual({ "i-a": "v1" });
  });
});

describe("a preview after an update that could not record what it started", () => {
  const STOPS =
    'stops invocation "#1", which an earlier update had started for other inputs and could not record, before this one runs';

  test.each<[string, object, string]>([
    ["of the same", {}, gone("#1")],
    ["of another schedule", { frequency: HOURLY }, gone("#1")],
    ["of what no schedule can be changed to", { timeout: 30 }, STOPS],
  ])("%s takes off no mark, and says what the update will do with it", async (_, edit, said) => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.upAndDie(declared);
    service.calls();
    service.said();
    await resource.preview({ ...declared, ...edit });
    expect(service.calls().filter((call) => !call.startsWith("Describe"))).toEqual([]);
    expect(service.said().filter((line) => !line.startsWith("next runs"))).toEqual([said]);
  });

  test("on other machines says nothing of it", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    await resource.upAndDie(declared);
    service.said();
    await resource.preview({ ...declared, instanceIds: ["i-b"] });
    expect(service.said()).toEqual([]);
  });
});

describe("what nobody knows of the service, either way", () => {
  const KINDS: [string, object][] = [
    ["a one-shot", {}],
    ["a schedule", { frequency: NIGHTLY }],
    ["a task at the next reboot", { repeatMode: "NextRebootOnly" }],
  ];
  const CHOICES: Partial<Choices>[] = [
    { untimedListing: "ended" },
    { invocationDelayMs: 5_000 },
    { tagDelayMs: 5_000 },
    { untimedListing: "ended", invocationDelayMs: 5_000, tagDelayMs: 9_000, lastNextToken: "absent" },
  ];

  test.each(CHOICES.flatMap((choices) => KINDS.map(([kind, more]) => [choices, kind, more] as const)))(
    "%j, and %s that could not be recorded: one run, one schedule",
    async (choices, _, more) => {
      await open({ choices });
      const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"], ...more };
      await resource.upAndDie(declared);
      // The next one comes at once.
      expect(await resource.up(declared)).toEqual(CREATED);
      expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
      expect(service.emulator.journal().filter(({ action }) => action === "StopInvocation")).toEqual([]);
      const ids = new Set(Object.values(resource.results).map(({ invokeId }) => invokeId));
      expect([...ids]).toEqual(["#1"]);
      // One token is one run.
      const tokens = service.emulator.journal().flatMap(({ parameters }) => parameters.ClientToken ?? []);
      expect(new Set(tokens).size).toBe(1);
    },
  );

  test.each(CHOICES)("%j, and a schedule that is changed after a while: it is the one there is", async (choices) => {
    await open({ choices });
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.upAndDie(declared);
    await service.emulator.advance(10_000);
    service.calls();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(CREATED);
    expect(effects()).toEqual([`ModifyInvocationAttribute #1 at "${HOURLY}"`]);
  });

  test("a stopped machine, which the call itself may be refused for: it says so, and nothing runs", async () => {
    await open({
      instances: [{ instanceId: "i-a" }, { instanceId: "i-b", status: "Stopped" }],
      choices: { stoppedInstance: "refuse" },
    });
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"], preflight: false };
    expect((await resource.up(declared)).reasons).toEqual([
      expect.stringMatching(
        /^Cannot invoke command "c" on 2 instances: at least one instance is not in a state to run it/,
      ),
    ]);
    expect([resource.state, await service.countInvocations()]).toEqual([undefined, 0]);
    service.emulator.updateInstance("i-b", { status: "Running" });
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
  });
});

describe("an engine that is killed while the provider waits", () => {
  const starting = { instances: [{ instanceId: "i-a" }, { instanceId: "i-b", status: "Starting" as const }] };

  test.each<[string, object]>([
    ["a one-shot", {}],
    ["a schedule", { frequency: NIGHTLY }],
  ])("acts no more: %s", async (_, more) => {
    await open(starting);
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"], ...more };
    service.later(10_000, () => service.killEngine());
    service.later(20_000, () => service.emulator.updateInstance("i-b", { status: "Running" }));
    await resource.upAndDie(declared);
    expect(effects()).toEqual([]);
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(await service.countInvocations()).toBe(1);
  });

  test("and another update beside it: whoever invokes first, the other goes on with it", async () => {
    await open(starting);
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"] };
    service.later(20_000, () => service.emulator.updateInstance("i-b", { status: "Running" }));
    const other = declareResource(service.beside(), undefined, resource.urn);
    const reports = await Promise.all([resource.up(declared), other.up(declared)]);
    expect(reports).toEqual([CREATED, CREATED]);
    expect(await service.countInvocations()).toBe(1);
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
  });
});

describe("an engine that is killed while the service throttles", () => {
  test.each<[string, string, object, object]>([
    ["a run", "InvokeCommand", {}, { triggers: [1] }],
    ["a change in place", "ModifyInvocationAttribute", { frequency: NIGHTLY }, { frequency: HOURLY }],
    ["a stop", "StopInvocation", { frequency: NIGHTLY }, { frequency: NIGHTLY, timeout: 30 }],
  ])("acts no more: %s", async (_, action, before, after) => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    await resource.up({ ...declared, ...before });
    service.calls();
    service.emulator.inject({ action, kind: "throttle" });
    service.later(1_000, () => service.killEngine());
    service.later(2_000, () => service.emulator.clearFaults());
    // Nobody hears how it ends.
    await resource.upAndDie({ ...declared, ...after }).catch(() => {});
    expect(effects().filter((call) => !call.includes("Throttling"))).toEqual([]);
  });
});

describe("lost answers", () => {
  test("a lost answer followed by a denial is a lost answer", async () => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind: "dropAfter", times: 1 });
    service.after("InvokeCommand", () =>
      service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 }),
    );
    expect(await resource.up({ commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] })).toEqual(CREATED);
    expect(await service.countInvocations()).toBe(1);
    expect(outputs()).toEqual({ "i-a": "1" });
  });

  test.each<[string, object, object]>([
    ["a tag is dropped", { tags: { team: "ops" } }, {}],
    ["a schedule is written in other words", { frequency: NIGHTLY }, { frequency: "0 0 2 ? * * Asia/Shanghai" }],
  ])("every answer is lost, and then %s", async (_, before, after) => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    service.emulator.inject({ action: "InvokeCommand", kind: "dropAfter" });
    service.after("InvokeCommand", () =>
      service.emulator.inject({ action: "DescribeInvocations", kind: "unavailable" }),
    );
    expect((await resource.up({ ...declared, ...before })).reasons).toHaveLength(1);
    service.emulator.clearFaults();
    expect(await resource.up({ ...declared, ...after })).toEqual(CREATED);
    expect(await service.countInvocations()).toBe(1);
  });
});

describe("two states", () => {
  test("of the same names at two backends are two resources", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    const other = declareResource(service.beside({ backend: "file://other/states" }), undefined, resource.urn);
    await Promise.all([resource.up(declared), other.up(declared)]);
    expect(await service.countInvocations()).toBe(2);
  });
});

describe("a replacement on demand, of which nobody tells create", () => {
  test("of a live schedule takes it over, and they never run side by side", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], frequency: NIGHTLY };
    await resource.up(declared);
    service.calls();
    service.said();
    expect(await resource.upReplace(declared)).toEqual({ did: "replace", reasons: [] });
    expect(effects()).toEqual([]);
    expect(service.said()).toContain(
      `warning: invocation "#1" is not stopped: resource "${nameOf(resource)}" goes on with it, since adopt names it or nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace <urn>\`, change triggers, or remove adopt`,
    );
    expect(resource.results["i-a"]).toMatchObject({ status: "Scheduled", invokeId: "#1" });
    await resource.destroy();
    expect(effects()).toEqual(["StopInvocation #1"]);
  });

  test("with --refresh stops it first", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], frequency: NIGHTLY };
    await resource.up(declared);
    service.calls();
    await resource.upReplace(declared, { refresh: true });
    expect(effects()).toEqual(["StopInvocation #1", `InvokeCommand Period at "${NIGHTLY}" on a,b tagged run`]);
  });

  test("of a one-shot of which no update has seen that it was saved never runs twice, with --refresh it runs", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    await resource.up(declared);
    service.said();
    await resource.upReplace(declared);
    expect(outputs()).toEqual({ "i-a": "1" });
    expect(service.said()).toContain(
      `warning: invocation "#1" did not run again: resource "${nameOf(resource)}" goes on with it, since adopt names it or nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace <urn>\`, change triggers, or remove adopt`,
    );
    await resource.upReplace(declared, { refresh: true });
    expect(outputs()).toEqual({ "i-a": "2" });
  });

  test("of a one-shot whose id was seen runs", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    await resource.up(declared);
    // Any update that asks the service anyway.
    await resource.up({ ...declared, instanceIds: ["i-a", "i-b"] });
    await resource.upReplace({ ...declared, instanceIds: ["i-a", "i-b"] });
    expect(outputs()).toEqual({ "i-a": "2", "i-b": "1" });
  });
});

describe("many whose ids an update has seen", () => {
  /** So many have run, and an update sees all of their states. Gives back what runs the first of them again. */
  async function seeMany(count: number, declared: Declared) {
    const many = Array.from({ length: count }, () => declareResource(service));
    for (const each of many) await each.up(declared);
    await service.begin();
    const { diff, create } = service.handlers;
    const again = { triggers: ["again"] };
    for (const { state } of many) await diff(state?.id ?? "", state?.outputs ?? {}, { ...state?.inputs, ...again });
    return () => create({ ...many[0]?.state?.inputs, ...again });
  }

  test("lose their tags while it lasts, so that no later look lists them again", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    const create = await seeMany(51, declared);
    service.calls();
    const { outs } = await create();
    expect(service.calls().filter((call) => call.startsWith("UntagResources"))).toHaveLength(2);
    await service.end();
    // The run that has just begun keeps its tag: nothing has shown that it was saved.
    expect(service.calls()).toEqual([]);
    expect(outs?.results).toMatchObject({ "i-a": { output: "52\n" } });
    await service.begin();
    await declareResource(service).up(declared);
    expect(service.calls().filter((call) => call.startsWith("UntagResources"))).toEqual([]);
  });

  test("keep them where the account may not take them off, which the end of the update says", async () => {
    await open();
    service.emulator.inject({ action: "UntagResources", kind: "forbidden" });
    const create = await seeMany(50, { commandId: service.addCommand("true"), instanceIds: ["i-a"] });
    await create();
    service.said();
    await service.end();
    expect(service.said()).toEqual([
      'warning: 50 invocations keep their tag "pulumi-cloud-assistant-unsaved", since the account may not take it off: a resource that is replaced or declared again takes the earlier run for its own; grant "ecs:UntagResources", or change triggers then',
    ]);
  });
});

describe("a live schedule that was changed in place since it started", () => {
  const CHANGES: [string, object][] = [
    ["its frequency", { frequency: HOURLY }],
    ["its parameters", { parameters: { word: "two" } }],
    ["both, and its machines", { frequency: HOURLY, parameters: { word: "two" }, instanceIds: ["i-b", "i-c"] }],
  ];

  /** Started, changed, and seen by an update that asks the service. */
  async function change(more: object) {
    await open();
    const started = {
      commandId: service.addCommand("echo {{word}}"),
      instanceIds: ["i-a", "i-b"],
      frequency: NIGHTLY,
      parameters: { word: "one" },
    };
    const declared = { ...started, ...more };
    await resource.up(started);
    await resource.up(declared);
    const { check, create, diff } = service.handlers;
    const { id = "", outputs = {}, inputs = {} } = resource.state ?? {};
    await service.begin();
    const another = { commandId: service.addCommand("true"), instanceIds: ["i-a"], __urn: `${resource.urn}-another` };
    const checked = await check({}, another);
    await diff(id, outputs, inputs);
    await create(checked.inputs);
    await service.end();
    expect(service.calls().slice(-1)).toEqual(["UntagResources #1 tagged unsaved"]);
    service.said();
    return declared;
  }

  test.each(CHANGES)("%s: a replacement on demand takes it over as it is", async (_, more) => {
    const declared = await change(more);
    expect(await resource.upReplace(declared)).toEqual({ did: "replace", reasons: [] });
    expect(effects()).toEqual([]);
  });

  test("whose replacement nobody tells create of: it is stopped first", async () => {
    const declared = await change({ frequency: HOURLY });
    // replacementTrigger: check is told of the state, and create of nothing.
    const { check, create } = service.handlers;
    const news = { ...declared, timeout: 30, preflight: false, __urn: resource.urn };
    await service.begin();
    await check(resource.state?.inputs ?? {}, news);
    const { inputs } = await check({}, news);
    await create(inputs);
    expect(effects()).toEqual([
      "StopInvocation #1",
      `InvokeCommand Period at "${HOURLY}" with parameters on a,b tagged run`,
    ]);
  });

  test.each(CHANGES)("%s: what was taken out of the state is taken over as it is", async (_, more) => {
    const declared = await change(more);
    resource.forget();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(effects()).toEqual([]);
  });
});

/** What the service has, with its tags. */
async function listTags() {
  const { environment, regionId } = service.emulator;
  const client = createClient(resolveSettings(regionId, () => undefined, environment));
  return listInvocations(client, { timed: true });
}

describe("a predecessor", () => {
  test("that is live is stopped before its successor starts, whatever comes of deleteBeforeReplace", async () => {
    await open({ instances: [{ instanceId: "i-a", outcomes: { long: LONG, "*": {} } }] });
    const long = service.addCommand("long", { name: "long" });
    await resource.up({ commandId: long, instanceIds: ["i-a"], waitTimeout: 5 });
    service.calls();
    await resource.up({ commandId: service.addCommand("short"), instanceIds: ["i-a"] });
    expect(effects()).toEqual(["StopInvocation #1", "InvokeCommand on a tagged run"]);
  });

  test("is stopped although its successor cannot start: that the state does not show it is said, and how to have it back", async () => {
    await open({ instances: [{ instanceId: "i-a", outcomes: { long: LONG, "*": {} } }] });
    const long = { commandId: service.addCommand("long", { name: "long" }), instanceIds: ["i-a"], waitTimeout: 5 };
    await resource.up(long);
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden" });
    const { reasons } = await resource.up({ commandId: service.addCommand("short"), instanceIds: ["i-a"] });
    expect(reasons).toEqual([
      expect.stringMatching(
        /; invocation "#1", which it was to replace, is stopped, which the state does not show: run the update again once this is mended, or, to have it back, `pulumi up --refresh` with the program as it was$/,
      ),
    ]);
  });

  test("is stopped in its own region, also where the successor starts first and in another one", async () => {
    await open({ regions: ["cn-shanghai"] });
    const nightly = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(nightly);
    const { id, inputs, outputs } = resource.state ?? { id: "", inputs: {}, outputs: {} };
    const moved = { ...inputs, regionId: "cn-shanghai", preflight: false };
    await service.begin();
    await service.handlers.diff(id, outputs, moved);
    service.emulator.clearJournal();
    await service.handlers.create(moved);
    const acted = service.emulator.journal().filter(({ action }) => /^(Stop|Invoke)/.test(action));
    expect(acted.map(({ action, parameters }) => [action, parameters.RegionId])).toEqual([
      ["StopInvocation", "cn-hangzhou"],
      ["InvokeCommand", "cn-shanghai"],
    ]);
  });
});

describe("a resource that takes the name that another one had", () => {
  /** Another stack, as after `pulumi stack rename` or `state move`. */
  const PROD = "urn:pulumi:prod::story::pulumi-nodejs:dynamic/cloudassistant:Invocation::nightly";

  test.each<[string, (declared: Declared, moved: Resource) => Promise<unknown>]>([
    ["has changed it in place", (declared, moved) => moved.up({ ...declared, instanceIds: ["i-a", "i-b"] })],
    [
      "has shown it beside something else that runs",
      async (declared, { state }) => {
        const { check, create, diff } = service.handlers;
        const inputs = { ...state?.inputs, __urn: PROD };
        await service.begin();
        await check(state?.inputs ?? {}, inputs);
        await diff(state?.id ?? "", state?.outputs ?? {}, inputs);
        const other = { ...inputs, commandId: declared.commandId, __urn: `${PROD}-other` };
        await create((await check({}, other)).inputs as Record<string, unknown>);
        await service.end();
      },
    ],
  ])("leaves it alone once an update in its new place %s", async (_, update) => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(declared);
    const moved = declareResource(service, resource.state, PROD);
    await update(declared, moved);
    const [first] = (await listTags()).filter(({ invokeId }) => invokeId === moved.state?.id);
    expect(Object.keys(first?.tags ?? {})).toEqual([OWNER_TAG_KEY]);
    expect(first?.tags[OWNER_TAG_KEY]).toMatch(/ story\/prod\/nightly$/);
    resource.forget();
    service.calls();
    service.said();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(CREATED);
    expect(effects()).toEqual([`InvokeCommand Period at "${HOURLY}" on a tagged run`]);
    expect(service.said().filter((line) => line.includes("#1"))).toEqual([]);
  });

  test("starts a schedule of its own beside that one's, also where a refresh shows that one by its old name", async () => {
    await open();
    const nightly = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(nightly);
    const { id = "", inputs = {} as Record<string, unknown>, outputs = {} } = resource.state ?? {};
    const { handlers } = service;
    service.calls();
    service.said();
    await service.begin();
    await handlers.read(id, outputs);
    await handlers.diff(id, outputs, inputs);
    const another = await handlers.check({}, { ...inputs, frequency: HOURLY });
    expect(another.failures).toEqual([]);
    const creating = handlers.create(another.inputs as Record<string, unknown>);
    const renamed = { ...inputs, __urn: `${inputs.__urn}-renamed` };
    await handlers.check(inputs, renamed);
    await handlers.diff(id, outputs, renamed);
    await creating;
    expect(effects()).toEqual([`InvokeCommand Period at "${HOURLY}" on a tagged run`]);
    expect(service.said().filter((line) => line.includes("as well"))).toEqual([]);
  });
});

describe("a backup of the state that was put back", () => {
  test("knows nothing of a schedule that has taken the place of its own: the next update that looks names it", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    const another = declareResource(service);
    await resource.up(declared);
    const backup = declareResource(service, resource.state, resource.urn);
    await resource.up({ ...declared, timeout: 30 });
    const { check, create, diff } = service.handlers;
    const beside = async ({ state, urn }: Resource, label: string) => {
      await service.begin();
      const inputs = { ...state?.inputs, __urn: urn };
      await check(state?.inputs ?? {}, inputs);
      await diff(state?.id ?? "", state?.outputs ?? {}, inputs);
      await create(
        (
          await check(
            {},
            { ...inputs, frequency: undefined, repeatMode: "Once", triggers: [label], __urn: another.urn },
          )
        ).inputs as Record<string, unknown>,
      );
      await service.end();
    };
    // It takes the mark off.
    await beside(resource, "mark");
    service.said();
    await beside(backup, "look");
    expect(service.said().filter((line) => line.startsWith("warning"))).toEqual([
      expect.stringMatching(
        /^warning: invocation "#2" of resource "story\/dev\/story-\d+" is Scheduled, and nothing has shown/,
      ),
    ]);
  });
});

describe("what was taken out of the state", () => {
  test("a script that still runs is gone on with, and said as what it is", async () => {
    const outcomes = { "*": { durationMs: 50_000 } };
    await open({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId, outcomes })) });
    const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a", "i-b"], waitTimeout: 5 };
    await resource.up({ ...declared, instanceIds: ["i-a"] });
    // It asks the service anyway, by which the first id is seen, and not yet its own.
    await resource.up(declared);
    resource.forget();
    service.calls();
    service.said();
    expect(await resource.up({ ...declared, waitTimeout: 700 })).toEqual(CREATED);
    expect(effects()).toEqual([]);
    expect(service.said()).toEqual([
      gone("#2"),
      'takes over invocation "#1" (Running), which is live and in no state that this update was shown; nothing runs',
      'goes on with invocation "#1" (Running), which was live and in no state that this update was shown',
    ]);
  });

  test("a live schedule is taken over, and said at preview and in the update", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(declared);
    await resource.up({ ...declared, instanceIds: ["i-a", "i-b"], triggers: [1] });
    await resource.up({ ...declared, instanceIds: ["i-a", "i-b"], triggers: [1], timeout: 30 });
    resource.forget();
    service.calls();
    service.said();
    const again = { ...declared, instanceIds: ["i-a", "i-b"], triggers: [1], timeout: 30 };
    expect(await resource.preview(again)).toEqual(CREATED);
    expect(await resource.up(again)).toEqual(CREATED);
    expect(effects()).toEqual([]);
    expect(resource.results["i-b"]).toMatchObject({ status: "Scheduled" });
  });
});

describe("the same again", () => {
  test("v1, v2 and v1 again are three runs", async () => {
    await open();
    const [one, two] = [service.addCommand(COUNTING), service.addCommand(COUNTING)];
    for (const [commandId, runs] of [
      [one, "1"],
      [two, "2"],
      [one, "3"],
    ] as const) {
      await resource.up({ commandId, instanceIds: ["i-a"] });
      expect(outputs()).toEqual({ "i-a": runs });
    }
  });
});

test("what was destroyed and declared again many times asks as often the third time as the tenth", async () => {
  await open();
  const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
  const asked: number[] = [];
  for (let life = 1; life <= 10; life++) {
    service.calls();
    expect(await resource.up(declared)).toEqual(CREATED);
    asked.push(service.calls().length);
    expect(outputs()).toEqual({ "i-a": String(life) });
    await resource.destroy();
  }
  expect(asked[9]).toBe(asked[2]);
});

describe("without the permission to tag", () => {
  /** As RAM does where InvokeCommand is allowed, and tags are not. */
  function denyTags(): void {
    for (const action of ["TagResources", "UntagResources"]) service.emulator.inject({ action, kind: "forbidden" });
    // Each run is asked for with tags, and then without.
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 });
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", every: 2 });
  }
  const LOST =
    'warning: the invocation carries no tag, since the account may not tag it: if an update is interrupted, the next one cannot find the run and starts another; grant "ecs:TagResources"';

  test("a one-shot runs, on those that join as well, and again when it is triggered and when it is declared again", async () => {
    await open();
    denyTags();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([LOST]);
    await resource.up({ ...declared, instanceIds: ["i-a", "i-b"] });
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
    await resource.up({ ...declared, instanceIds: ["i-a", "i-b"], triggers: [1] });
    expect(outputs()).toEqual({ "i-a": "2", "i-b": "2" });
    await resource.destroy();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(outputs()).toEqual({ "i-a": "3" });
  });

  test("a schedule is changed in place, replaced after the one before has been stopped, and stopped", async () => {
    await open();
    denyTags();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(declared);
    service.calls();
    await resource.up({ ...declared, frequency: HOURLY });
    expect(effects()).toEqual([`ModifyInvocationAttribute #1 at "${HOURLY}"`]);
    await resource.up({ ...declared, frequency: HOURLY, timeout: 30 });
    expect(effects()).toEqual([
      "StopInvocation #1",
      `InvokeCommand Period at "${HOURLY}" on a tagged run Forbidden.RAM`,
      `InvokeCommand Period at "${HOURLY}" on a`,
    ]);
    await resource.destroy();
    expect(effects()).toEqual(["StopInvocation #2"]);
  });

  test("what an interrupted update has started is not guessed at: nothing is taken for its run", async () => {
    await open();
    denyTags();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    await resource.upAndDie(declared);
    service.said();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([LOST]);
    expect(outputs()).toEqual({ "i-a": "2" });
  });
});

describe("machines that join or leave a one-shot", () => {
  test("it runs on those that join, and the others keep their results", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a", "i-b"] };
    await resource.up(declared);
    service.calls();
    service.said();
    expect(await resource.up({ ...declared, instanceIds: ["i-b", "i-c"] })).toEqual({ did: "update", reasons: [] });
    expect(service.said()).toEqual([
      'runs on 1 instance that joined ("i-c"), and nowhere again; 1 instance left ("i-a"): nothing runs there any more',
    ]);
    expect(effects()).toEqual(["InvokeCommand on c tagged run"]);
    expect(outputs()).toEqual({ "i-b": "1", "i-c": "1" });
    expect(await resource.up({ ...declared, instanceIds: ["i-b", "i-c"] })).toEqual({ did: "same", reasons: [] });
  });

  test("what still runs on one that leaves is stopped there", async () => {
    const outcomes = { "*": LONG };
    await open({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId, outcomes })) });
    const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a", "i-b"], waitTimeout: 5 };
    await resource.up(declared);
    service.calls();
    await resource.up({ ...declared, instanceIds: ["i-a"] });
    expect(effects()).toEqual(["StopInvocation #1 on b"]);
  });

  test("cut off between the two: it runs once on the one that joins", async () => {
    await open();
    const declared = { commandId: service.addCommand(COUNTING), instanceIds: ["i-a"] };
    await resource.up(declared);
    await resource.upAndDie({ ...declared, instanceIds: ["i-a", "i-b"] });
    await resource.up({ ...declared, instanceIds: ["i-a", "i-b"] });
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
  });

  test("by their tags: a refresh sees them, and the next update runs there", async () => {
    const tags = { role: "web" };
    await open({ instances: [{ instanceId: "i-a", tags }, { instanceId: "i-b" }] });
    const declared = { commandId: service.addCommand(COUNTING), resourceTags: tags };
    await resource.up(declared);
    expect(outputs()).toEqual({ "i-a": "1" });
    service.emulator.updateInstance("i-b", { tags });
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
    await resource.refresh();
    service.said();
    service.calls();
    expect(await resource.up(declared)).toEqual({ did: "update", reasons: [] });
    expect(service.said()).toEqual(['runs on 1 instance that joined ("i-b") since the last update, and nowhere again']);
    expect(effects()).toEqual(["InvokeCommand on b tagged run"]);
    expect(outputs()).toEqual({ "i-a": "1", "i-b": "1" });
    await resource.refresh();
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
  });
});
