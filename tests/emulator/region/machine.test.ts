import { drivenClock } from "../../../emulator";
import { DEFAULT_CHOICES } from "../../../emulator/choices";
import { createEvents } from "../../../emulator/events";
import { createFaults } from "../../../emulator/faults";
import {
  AGENT_START_MS,
  addMachine,
  findHeartbeat,
  isAgentAlive,
  isAgentUp,
  patchMachine,
  rebootMachine,
  STARTING_MS,
  STOPPING_MS,
  startMachine,
  stopMachine,
} from "../../../emulator/region/machine";
import { createStore, type Store } from "../../../emulator/region/store";

const START = Date.parse("2026-06-01T00:00:00Z");
const MINUTE_MS = 60_000;

let clock: ReturnType<typeof drivenClock>;
let store: Store;
beforeEach(() => {
  clock = drivenClock(START);
  store = createStore({
    regionId: "cn-hangzhou",
    regionIds: ["cn-hangzhou"],
    accountId: "1",
    clock,
    choices: DEFAULT_CHOICES,
    quotas: { commands: 1, invocationsPerDay: 1 },
    faults: createFaults(),
    events: createEvents(clock),
    outcomes: [],
    directory: "/nonexistent",
  });
});
afterEach(async () => {
  store.close();
  await Promise.all([...store.machines.values()].map(({ agent }) => agent.close()));
});

describe("a machine's life", () => {
  test("stopping and starting take their time, its agent comes last", async () => {
    const machine = addMachine(store, {});
    const seen: [string, boolean][] = [];
    const note = () => seen.push([machine.status, isAgentUp(machine)]);
    note();
    stopMachine(store, machine);
    note();
    await clock.advance(STOPPING_MS);
    note();
    startMachine(store, machine);
    note();
    await clock.advance(STARTING_MS);
    note();
    await clock.advance(AGENT_START_MS);
    note();
    expect(seen).toEqual([
      ["Running", true],
      ["Stopping", false],
      ["Stopped", false],
      ["Starting", false],
      ["Running", false],
      ["Running", true],
    ]);
    expect(machine.startTime).toBe(START + STOPPING_MS + STARTING_MS);
  });

  test("a reboot in the middle of a start changes nothing", async () => {
    const machine = addMachine(store, { status: "Stopped" });
    startMachine(store, machine);
    rebootMachine(store, machine);
    stopMachine(store, machine);
    expect(machine.status).toBe("Starting");
    await clock.advance(STARTING_MS + AGENT_START_MS);
    expect(isAgentUp(machine)).toBe(true);
  });

  test("a patch takes effect at once", () => {
    const machine = addMachine(store, {});
    patchMachine(store, machine, { status: "Stopped" });
    expect([machine.status, isAgentUp(machine)]).toEqual(["Stopped", false]);
    patchMachine(store, machine, { status: "Running", instanceName: "web", tags: { role: "web" } });
    expect([machine.status, isAgentUp(machine), machine.instanceName]).toEqual(["Running", true, "web"]);
    expect([...machine.tags]).toEqual([["role", "web"]]);
  });

  test("an agent that is spoken of while it boots still boots", async () => {
    const machine = addMachine(store, { status: "Stopped", agent: { online: false } });
    startMachine(store, machine);
    await clock.advance(STARTING_MS);
    patchMachine(store, machine, { agent: { online: true } });
    expect(isAgentUp(machine)).toBe(false);
    await clock.advance(AGENT_START_MS);
    expect([isAgentUp(machine), machine.agent.isOnline]).toEqual([true, true]);
  });

  test("an agent that is installed on a running machine is up at once", async () => {
    const machine = addMachine(store, { status: "Stopped", agent: { version: "" } });
    startMachine(store, machine);
    await clock.advance(STARTING_MS + AGENT_START_MS);
    expect(isAgentUp(machine)).toBe(false);
    patchMachine(store, machine, { agent: { version: "2.2.3.857" } });
    expect(isAgentUp(machine)).toBe(true);
  });
});

describe("heartbeats", () => {
  test("one at the agent's start, then one a minute", async () => {
    const machine = addMachine(store, { startTime: new Date(START).toISOString() });
    const beats: number[] = [];
    for (let step = 0; step < 5; step++) {
      beats.push(((findHeartbeat(store, machine) ?? 0) - START) / MINUTE_MS);
      await clock.advance(MINUTE_MS / 2);
    }
    expect(beats).toEqual([0, 0, 1, 1, 2]);
  });

  test("the last one before a silence is remembered, and counts for two minutes", async () => {
    const machine = addMachine(store, { startTime: new Date(START).toISOString() });
    await clock.advance(MINUTE_MS);
    patchMachine(store, machine, { agent: { online: false } });
    await clock.advance(2 * MINUTE_MS);
    expect([findHeartbeat(store, machine), isAgentAlive(store, machine)]).toEqual([START + MINUTE_MS, true]);
    await clock.advance(1);
    expect(isAgentAlive(store, machine)).toBe(false);
  });

  test.each([
    ["no agent", { agent: { version: "" } }],
    ["a silent agent", { agent: { online: false } }],
    ["a stopped machine", { status: "Stopped" as const }],
  ])("none from %s", (_title, seed) => {
    expect(findHeartbeat(store, addMachine(store, seed))).toBeUndefined();
  });
});
