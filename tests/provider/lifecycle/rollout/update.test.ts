// Rollouts at the service: every machine once, nothing after a stop, and whatever is cut off is gone on with.
import type { InstanceSeed } from "../../../../emulator";
import type { Alter } from "../proxy";
import { openService, type Service } from "../service";
import { declareFleet, type Fleet } from "./fleet";

const WAVES = [1, "50%", "100%"];
const IDS = ["i-0", "i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9"];

/** The order of the plan is that of the fleet's name: read where a story needs it. */
const orderOf = (fleet: Fleet): string[] =>
  String((fleet.outputs.__record as { machines: string }).machines).split(" ");

let service: Service;
let commands: Record<"good" | "bad" | "check", string>;

/** Machines that take some seconds, and fail "bad" where it is said. */
async function open(fails: readonly string[] = [], more: { alter?: Alter; seeds?: Record<string, InstanceSeed> } = {}) {
  service = await openService({
    instances: IDS.map((instanceId) => ({
      instanceId,
      zoneId: `cn-hangzhou-${Number(instanceId.slice(2)) % 2}`,
      outcomes: {
        bad: { exitCode: fails.includes(instanceId) ? 1 : 0, output: "no disk", durationMs: 3_000 },
        good: { durationMs: 2_000 },
        check: { durationMs: 1_000 },
        sick: { exitCode: fails.includes(instanceId) ? 4 : 0, output: "no answer" },
      },
      ...more.seeds?.[instanceId],
    })),
    ...(more.alter ? { alter: more.alter } : {}),
  });
  commands = {
    good: service.addCommand("good", { name: "good" }),
    bad: service.addCommand("bad", { name: "bad" }),
    check: service.addCommand("check", { name: "check" }),
  };
  service.calls();
}

afterEach(() => service.stop());

/** Machines on which each invocation ran, in order. */
const invoked = () =>
  service
    .calls()
    .filter((call) => /^(Invoke|Run)Command/.test(call))
    .map(
      (call) =>
        /on (\S+)/
          .exec(call)?.[1]
          ?.split(",")
          .map((id) => `i-${id}`) ?? [],
    );

const countTurns = (runs: readonly string[][]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const id of runs.flat()) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
};

const EACH_ONCE = Object.fromEntries(IDS.map((id) => [id, 1]));

it("goes over the fleet wave by wave, and each machine once", async () => {
  await open();
  const fleet = declareFleet(service);
  const told = await fleet.up({ commandId: commands.good, instanceIds: IDS, waves: WAVES });
  expect([told.status, told.reasons]).toEqual(["Succeeded", []]);
  const runs = invoked();
  expect(runs.map(({ length }) => length)).toEqual([1, 4, 5]);
  expect(countTurns(runs)).toEqual(EACH_ONCE);
  expect(fleet.outputs).toMatchObject({
    succeeded: 10,
    total: 10,
    held: 0,
    failures: {},
    invokeIds: ["#1", "#2", "#3"],
  });
});

it("stops when more fail than is borne; the next update runs there again, then goes on", async () => {
  await open(["i-3", "i-7"]);
  const fleet = declareFleet(service);
  const declared = { commandId: commands.bad, instanceIds: IDS, waves: ["50%", "100%"], maxFailures: 0 };
  const stopped = await fleet.up(declared);
  expect(stopped.status).toBe("Stopped");
  const order = orderOf(fleet);
  const failed = order.slice(0, 5).filter((id) => ["i-3", "i-7"].includes(id));
  expect(Object.keys(fleet.outputs.failures as object).sort()).toEqual([...failed].sort());
  expect(countTurns(invoked())).toEqual(Object.fromEntries(order.slice(0, 5).map((id) => [id, 1])));
  const borne = { ...declared, maxFailures: "20%", canaryFailures: 2 };
  const resumed = await fleet.up(borne);
  expect(resumed.status).toBe("Succeeded");
  expect(invoked()).toEqual([failed, order.slice(5)]);
  expect((await fleet.up(borne)).did).toBe("same");
});

it("says of failures within the budget that nothing runs there again, and keeps their reasons", async () => {
  await open(["i-3"]);
  const fleet = declareFleet(service);
  const told = await fleet.up({ commandId: commands.bad, instanceIds: IDS, waves: ["100%"], maxFailures: 1 });
  expect([told.status, told.reasons]).toEqual(["Succeeded", []]);
  expect(told.said.slice(1)).toEqual([
    "wave 1 of 1 ended: 9 of 10 succeeded, 1 failed",
    "warning: 1 of 10 machines has failed, and 1 is borne: nothing runs there again until something changes",
    'warning: "i-3": exited with code 1; last lines of "i-3":\n    no disk',
  ]);
  expect(fleet.outputs.failures).toMatchObject({ "i-3": { cause: "run", result: { exitCode: 1, output: "no disk" } } });
});

it("checks a wave before the next one begins; what the check finds has failed", async () => {
  await open(["i-3"]);
  const fleet = declareFleet(service);
  const declared = { commandId: commands.good, instanceIds: IDS, waves: ["50%", "100%"], first: ["i-3"] };
  expect((await fleet.up({ ...declared, check: { commandId: commands.check } })).status).toBe("Succeeded");
  expect(invoked().map(({ length }) => length)).toEqual([5, 5, 5, 5]);
  const sick = service.addCommand("sick", { name: "sick" });
  for (const check of [{ commandId: sick }, { commandContent: "sick" }]) {
    const stopped = await declareFleet(service).up({ ...declared, check });
    expect([stopped.status, stopped.reasons.slice(0, 2)]).toEqual([
      "Stopped",
      [
        "stopped in wave 1 of 2: 1 of 10 machines has failed, and none is borne",
        'at the check, "i-3": exited with code 4; last lines of "i-3":\n    no answer',
      ],
    ]);
    expect(invoked().map(({ length }) => length)).toEqual([5, 5]);
  }
});

it("a wave that does not end in time fails the update and is gone on with", async () => {
  await open();
  const slow = service.addCommand("slow", { name: "slow", timeoutSeconds: 3_600 });
  const fleet = declareFleet(service);
  const declared = { commandId: slow, instanceIds: ["i-slow"], waves: ["100%"] };
  service.emulator.addInstance({ instanceId: "i-slow", outcomes: { slow: { durationMs: 600_000 } } });
  const late = await fleet.up({ ...declared, waitTimeout: 30 });
  expect(late.reasons).toEqual([
    'wave 1 of 1 did not end within 30 s: 1 instance is still under way ("i-slow"); nothing was stopped; run `pulumi up` again to go on, or raise waitTimeout',
  ]);
  const done = await fleet.up({ ...declared, waitTimeout: 900 });
  expect([done.status, done.reasons]).toEqual(["Succeeded", []]);
  expect(invoked()).toEqual([["i-slow"]]);
});

it("a machine that joins runs once, and one that leaves is dropped", async () => {
  await open();
  const fleet = declareFleet(service);
  const declared = { commandId: commands.good, waves: WAVES };
  await fleet.up({ ...declared, instanceIds: IDS.slice(0, 8) });
  expect(invoked().flat()).toHaveLength(8);
  const told = await fleet.up({ ...declared, instanceIds: IDS.slice(2) });
  expect([told.status, invoked()]).toEqual(["Succeeded", [expect.arrayContaining(["i-8", "i-9"])]]);
  expect(fleet.outputs).toMatchObject({ total: 8, succeeded: 8 });
});

it("a machine that was released is left out, said once, and is no difference later", async () => {
  await open();
  const fleet = declareFleet(service);
  const declared = { commandId: commands.good, instanceIds: [...IDS, "i-gone"], waves: WAVES };
  const told = await fleet.up(declared);
  expect(told.status).toBe("Succeeded");
  expect(told.said[0]).toBe(
    'warning: 1 of 11 instances does not exist in region "cn-hangzhou", and is left out: "i-gone"; remove it from instanceIds',
  );
  expect(fleet.outputs.total).toBe(10);
  expect((await fleet.up(declared)).did).toBe("same");
});

describe("a machine that is not ready", () => {
  const seeds = { "i-4": { status: "Stopped" as const } };

  it("counts as a failure", async () => {
    await open([], { seeds });
    const fleet = declareFleet(service);
    const told = await fleet.up({ commandId: commands.good, instanceIds: IDS, waves: ["100%"], maxFailures: 1 });
    expect(told.status).toBe("Succeeded");
    expect(fleet.outputs.failures).toEqual({
      "i-4": { cause: "notReady", reason: "is Stopped, not Running; start it first" },
    });
  });

  it("is skipped, and tried again with the next that runs anything", async () => {
    await open([], { seeds });
    const fleet = declareFleet(service);
    const declared = {
      commandId: commands.good,
      instanceIds: IDS.slice(0, 9),
      waves: ["100%"],
      unready: "skip" as const,
    };
    expect((await fleet.up(declared)).status).toBe("Succeeded");
    expect(invoked().flat()).not.toContain("i-4");
    service.emulator.updateInstance("i-4", { status: "Running" });
    expect((await fleet.up(declared)).did).toBe("same");
    await fleet.up({ ...declared, instanceIds: IDS });
    expect(invoked().flat().sort()).toEqual(["i-4", "i-9"]);
  });
});

it("destroyed and declared again, it runs again", async () => {
  await open();
  const fleet = declareFleet(service);
  const declared = { commandId: commands.good, instanceIds: IDS, waves: WAVES };
  await fleet.up(declared);
  await fleet.resource.destroy();
  invoked();
  const again = await fleet.up(declared);
  expect([again.did, again.status]).toEqual(["create", "Succeeded"]);
  expect(fleet.outputs.succeeded).toBe(10);
  expect(await service.countInvocations()).toBe(6);
});

describe("a schedule", () => {
  const NIGHTLY = { frequency: "0 0 2 * * ? Asia/Shanghai" };

  it("is taken wave by wave, changed in place wave by wave, and stopped by destroy", async () => {
    await open();
    const fleet = declareFleet(service);
    const declared = { commandId: commands.good, instanceIds: IDS, waves: WAVES, ...NIGHTLY };
    expect((await fleet.up(declared)).status).toBe("Succeeded");
    expect(invoked().map(({ length }) => length)).toEqual([1, 4, 5]);
    const changed = await fleet.up({ ...declared, frequency: "0 0 3 * * ? Asia/Shanghai" });
    expect([changed.did, changed.status]).toEqual(["update", "Succeeded"]);
    const calls = service.calls();
    expect(calls.filter((call) => /^(Invoke|Modify|Stop)/.test(call))).toEqual([
      'ModifyInvocationAttribute #1 at "0 0 3 * * ? Asia/Shanghai"',
      'ModifyInvocationAttribute #2 at "0 0 3 * * ? Asia/Shanghai"',
      'ModifyInvocationAttribute #3 at "0 0 3 * * ? Asia/Shanghai"',
    ]);
    expect((await fleet.up({ ...declared, frequency: "0 0 3 * * ? Asia/Shanghai" })).did).toBe("same");
    await fleet.resource.destroy();
    expect(service.calls().filter((call) => call.startsWith("Stop"))).toHaveLength(3);
  });

  it("of a script is changed in place with it", async () => {
    await open();
    const fleet = declareFleet(service);
    const declared = { instanceIds: IDS, waves: WAVES, ...NIGHTLY };
    expect((await fleet.up({ ...declared, commandContent: "good" })).status).toBe("Succeeded");
    invoked();
    const changed = await fleet.up({ ...declared, commandContent: "bad" });
    expect([changed.did, changed.status]).toEqual(["update", "Succeeded"]);
    const effects = service.calls().filter((call) => /^(Invoke|Run|Modify|Stop)/.test(call));
    expect(effects.map((call) => call.split(" ")[0])).toEqual(Array(3).fill("ModifyInvocationAttribute"));
  });

  it("that is paused on its way leaves the old one where its turn has not come, and destroy stops both", async () => {
    await open();
    const fleet = declareFleet(service);
    const declared = { commandId: commands.good, instanceIds: IDS, waves: WAVES, ...NIGHTLY };
    await fleet.up(declared);
    invoked();
    const paused = await fleet.up({ ...declared, commandId: commands.bad, through: 1 });
    expect(paused.status).toBe("Paused");
    const effects = service.calls().filter((call) => /^(Invoke|Modify|Stop)/.test(call));
    expect(effects.map((call) => call.split(" ")[0])).toEqual(["StopInvocation", "InvokeCommand"]);
    await fleet.resource.destroy();
    const stops = service.calls().filter((call) => call.startsWith("Stop"));
    expect(stops.map((call) => call.split(" ")[1]).sort()).toEqual(["#2", "#3", "#4"]);
  });
});
