import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator";
import { createCalls } from "../../../provider/cloud/calls";
import { createClient } from "../../../provider/cloud/client";
import { systemClock } from "../../../provider/cloud/clock";
import { resolveSettings } from "../../../provider/cloud/credentials";
import { createInventory } from "../../../provider/cloud/inventory";

let emulator: Emulator;
afterEach(() => emulator.stop());

async function factsOf(options: EmulatorOptions) {
  emulator = await startEmulator(options);
  const settings = resolveSettings(emulator.regionId, () => undefined, emulator.environment);
  return createInventory(createCalls(createClient(settings), { clock: systemClock }));
}

const actions = () => emulator.journal().map(({ action }) => action);

const HELLO = { commandId: "c-hello", name: "hello", content: "echo hello {{name}}" };

test("knows instances, agents and commands", async () => {
  const facts = await factsOf({
    instances: [{ instanceId: "i-1", instanceName: "web", tags: { role: "web" }, agent: { version: "2.2.3.857" } }],
    commands: [HELLO],
  });
  const [instances, agents, command] = await Promise.all([
    facts.findInstances(["i-1", "i-none"]),
    facts.findAgents(["i-1"]),
    facts.findCommand("c-hello"),
  ]);
  expect([...instances.keys()]).toEqual(["i-1"]);
  expect(instances.get("i-1")).toMatchObject({
    instanceName: "web",
    status: "Running",
    osType: "linux",
    networkType: "vpc",
    tags: { role: "web" },
  });
  expect(agents.get("i-1")).toMatchObject({ online: true, version: "2.2.3.857", osType: "Linux" });
  expect(command).toMatchObject({
    commandId: "c-hello",
    name: "hello",
    type: "RunShellScript",
    content: "echo hello {{name}}",
    enableParameter: true,
    parameterNames: ["name"],
    provider: "",
  });
});

test("leaves out machines and agents that do not exist", async () => {
  const facts = await factsOf({ instances: [{ instanceId: "i-1" }] });
  const wanted = ["i-gone", "i-1", "i-lost"];
  expect([...(await facts.findInstances(wanted)).keys()]).toEqual(["i-1"]);
  expect([...(await facts.findAgents(wanted)).keys()]).toEqual(["i-1"]);
});

test("asks nothing about the managed instances of other clouds, but about their agents", async () => {
  const facts = await factsOf({ instances: 1 });
  expect(await facts.findInstances(["mi-1"])).toEqual(new Map());
  await facts.findAgents(["mi-1"]);
  expect(actions()).toEqual(["DescribeCloudAssistantStatus"]);
});

describe("a command", () => {
  const commands = [
    HELLO,
    { commandId: "c-acs", name: "ACS-Hello", content: "echo", provider: "AlibabaCloud" },
    { commandId: "c-acs-2", name: "ACS-Hello-Again", content: "echo", provider: "AlibabaCloud" },
  ];

  // [what it is asked for by, the command's id, questions]
  test.each([
    ["c-hello", "c-hello", 1],
    ["c-none", undefined, 1],
    ["ACS-Hello", "c-acs", 1],
    ["ACS-Hell", undefined, 2],
    ["hello", undefined, 2],
  ])("%s", async (commandIdOrName, commandId, questions) => {
    const facts = await factsOf({ commands });
    expect((await facts.findCommand(commandIdOrName))?.commandId).toBe(commandId);
    await facts.findCommand(commandIdOrName);
    expect(actions()).toHaveLength(questions);
  });

  test("one of many, where the region refuses MaxResults", async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      commandId: `c-${index}`,
      name: `n${index}`,
      content: "echo",
    }));
    const facts = await factsOf({ commands: many, choices: { maxResultsOfCommands: "refuse" } });
    for (const { commandId } of many) expect(await facts.findCommand(commandId)).toMatchObject({ commandId });
    // Three by id, the refused page, two pages by number, one more by id, the last page.
    expect(actions()).toHaveLength(3 + 1 + 2 + 1 + 1);
  });
});

test("asks anew what a wait needs fresh", async () => {
  const facts = await factsOf({ instances: [{ instanceId: "i-1", status: "Starting", agent: { online: false } }] });
  expect((await facts.findInstances(["i-1"])).get("i-1")?.status).toBe("Starting");
  expect((await facts.findAgents(["i-1"])).get("i-1")?.online).toBe(false);
  emulator.updateInstance("i-1", { status: "Running", agent: { online: true } });
  expect((await facts.findFreshInstances(["i-1"])).get("i-1")?.status).toBe("Running");
  expect((await facts.findFreshAgents(["i-1"])).get("i-1")?.online).toBe(true);
  expect((await facts.findInstances(["i-1"])).get("i-1")?.status).toBe("Running");
  expect(actions()).toHaveLength(4);
});

test("says which question RAM denies, and does not ask it again", async () => {
  const facts = await factsOf({ instances: 2, commands: [HELLO] });
  emulator.inject({ action: "DescribeInstances", kind: "forbidden" });
  const denied = expect.objectContaining({ kind: "denied", action: "DescribeInstances" });
  await expect(facts.findInstances(["i-emulated0001"])).rejects.toEqual(denied);
  await expect(facts.findInstances(["i-emulated0002"])).rejects.toEqual(denied);
  expect((await facts.findAgents(["i-emulated0001"])).size).toBe(1);
  expect(actions()).toEqual(["DescribeInstances", "DescribeCloudAssistantStatus"]);
});

test("answers a thousand resources, one after the other, with at most 60 questions", async () => {
  const facts = await factsOf({ instances: 1_000, commands: [HELLO] });
  for (const instanceId of emulator.instanceIds) {
    const [instances, agents, command] = await Promise.all([
      facts.findInstances([instanceId]),
      facts.findAgents([instanceId]),
      facts.findCommand("c-hello"),
    ]);
    expect(instances.has(instanceId) && agents.has(instanceId)).toBe(true);
    expect(command?.commandId).toBe("c-hello");
  }
  expect(actions().length).toBeLessThanOrEqual(60);
}, 60_000);
