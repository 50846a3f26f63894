// What refresh, the next update and destroy do in each state in which a rollout may be left, and in how many calls.
import { openService, type Service } from "../service";
import { declareFleet, type Fleet } from "./fleet";

const IDS = ["i-0", "i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9"];
const WAVES = ["50%", "100%"];
const NIGHTLY = { frequency: "0 0 2 * * ? Asia/Shanghai" };

let service: Service;
let commands: Record<"good" | "bad" | "slow" | "never", string>;

beforeEach(async () => {
  service = await openService({
    instances: IDS.map((instanceId) => ({
      instanceId,
      outcomes: {
        good: { durationMs: 2_000 },
        bad: { exitCode: 1, output: "no disk" },
        slow: { durationMs: 3_000_000 },
        never: { exitCode: 75 },
      },
    })),
  });
  const add = (name: string) => service.addCommand(name, { name, timeoutSeconds: 3_600 });
  commands = { good: add("good"), bad: add("bad"), slow: add("slow"), never: add("never") };
  service.calls();
});
afterEach(() => service.stop());

const effects = () =>
  service
    .calls()
    .filter((call) => /^(Invoke|Run|Modify|Stop)/.test(call))
    .map((call) => call.replace(/ on ([\w,]+)/, (_, ids: string) => ` on ${ids.split(",").length}`));

/** Each state, how it comes about, what the next update does by itself, and what destroy stops. */
const STATES: [
  state: string,
  fleet: (fleet: Fleet) => Promise<unknown>,
  next: () => object,
  did: string,
  stops: string[],
][] = [
  ["Succeeded", (fleet) => fleet.up(declare("good")), () => declare("good"), "same", []],
  ["Stopped", (fleet) => fleet.up(declare("bad")), () => declare("bad"), "update", []],
  ["Paused", (fleet) => fleet.up(declare("good", { through: 1 })), () => declare("good", { through: 1 }), "same", []],
  [
    "Paused in its check",
    (fleet) => fleet.up(declare("good", { check: { commandId: commands.never, timeout: 30 } })),
    () => declare("good", { check: { commandId: commands.never, timeout: 30 } }),
    "update",
    [],
  ],
  [
    "under way",
    (fleet) => fleet.up(declare("slow", { waitTimeout: 60 })),
    () => declare("slow", { waitTimeout: 60 }),
    "update",
    ["StopInvocation #1"],
  ],
  [
    "scheduled",
    (fleet) => fleet.up(declare("good", NIGHTLY)),
    () => declare("good", NIGHTLY),
    "same",
    ["StopInvocation #1", "StopInvocation #2"],
  ],
  [
    "scheduled in part",
    (fleet) => fleet.up(declare("good", { ...NIGHTLY, through: 1 })),
    () => declare("good", { ...NIGHTLY, through: 1 }),
    "same",
    ["StopInvocation #1"],
  ],
];

function declare(command: keyof typeof commands, more: object = {}) {
  return { commandId: commands[command], instanceIds: IDS, waves: WAVES, ...more };
}

describe.each(STATES)("%s", (_, bring, next, did, stops) => {
  it("is the same after a refresh, and destroy stops what lives and nothing else", async () => {
    const fleet = declareFleet(service);
    await bring(fleet);
    service.plain(fleet.outputs);
    const { outputs } = fleet.resource.state ?? {};
    effects();
    await fleet.resource.refresh();
    expect(fleet.resource.state?.outputs).toEqual(outputs);
    expect((await fleet.preview(next())).did).toBe(did);
    expect(effects()).toEqual([]);
    await fleet.resource.destroy();
    const calls = service.calls();
    expect(calls.filter((call) => /^(Invoke|Run|Modify|Stop)/.test(call))).toEqual(stops);
    // For each invocation a stop and a look; two looks for what nobody recorded, two at the end, and the tags in one call.
    expect(calls.length).toBeLessThanOrEqual(2 * stops.length + 5);
  });
});

it("what an update that was cut off had started is stopped as well", async () => {
  const fleet = declareFleet(service);
  await fleet.up(declare("good", NIGHTLY));
  await fleet.resource.upAndDie(declare("bad", NIGHTLY));
  effects();
  service.said();
  await fleet.resource.destroy();
  expect([effects().sort(), service.said()]).toEqual([
    ["StopInvocation #1", "StopInvocation #2", "StopInvocation #3", "StopInvocation #4"],
    [],
  ]);
});

it("where that cannot be seen, the rest is stopped all the same", async () => {
  const fleet = declareFleet(service);
  await fleet.up(declare("good", NIGHTLY));
  service.plain(fleet.outputs);
  effects();
  service.said();
  service.emulator.inject({ action: "DescribeInvocations", kind: "forbidden", times: 2 });
  await fleet.resource.destroy();
  expect(effects()).toEqual(["StopInvocation #1", "StopInvocation #2"]);
  expect(service.said()[0]).toMatch(
    /^warning: .*Cannot look for what an interrupted update had started: .*; if one was, `npx cloud-assistant runs --region cn-hangzhou` shows what it left$/,
  );
});

it("a check that says not yet to the end of its time pauses; the next update begins with it", async () => {
  const fleet = declareFleet(service);
  const declared = declare("good", { waves: [1, "100%"], check: { commandId: commands.never, timeout: 60 } });
  const told = await fleet.up(declared);
  expect([told.status, told.said.slice(1)]).toEqual([
    "Paused",
    [
      expect.stringMatching(
        /^warning: 1 machine is not healthy after 60 s: "i-\d"; look at it, or raise the timeout of check; the next `pulumi up` asks again$/,
      ),
      "paused in wave 1 of 2, since not all are healthy: 9 machines are held; the next `pulumi up` begins with the check",
    ],
  ]);
  // The run, then the check at once, after 15, 30, 45 and 60 seconds.
  expect(effects()).toEqual(Array(6).fill("InvokeCommand on 1 tagged run"));
  const preview = await fleet.preview(declared);
  expect(preview.said[0]).toMatch(/^checks 1 machine \("i-\d"\); goes on with wave 2: 9 machines /);
  // Without the check nothing keeps it.
  expect((await fleet.up(declare("good", { waves: [1, "100%"] }))).status).toBe("Succeeded");
  expect(effects()).toEqual(["InvokeCommand on 9 tagged run"]);
});

it("another command while it is under way: the old one is stopped where the new one starts, and destroy stops the rest", async () => {
  const fleet = declareFleet(service);
  await fleet.up(declare("slow", { waves: ["100%"], waitTimeout: 60 }));
  effects();
  const told = await fleet.up(declare("good", { waves: [2, "100%"], through: 1 }));
  expect([told.status, effects()]).toEqual(["Paused", ["StopInvocation #1 on 2", "InvokeCommand on 2 tagged run"]]);
  await fleet.resource.destroy();
  expect(effects()).toEqual(["StopInvocation #1"]);
});

it("customTimeouts end the wait, and say so", async () => {
  const fleet = declareFleet(service);
  const told = await fleet.up({
    ...declare("slow", { waitTimeout: 900 }),
    __customTimeouts: { create: 120 },
  } as object);
  expect(told.reasons).toEqual([
    expect.stringMatching(
      /^wave 1 of 2 did not end within 120 s: 5 instances are still under way \(.*\); nothing was stopped; run `pulumi up` again to go on, or raise customTimeouts\.create$/,
    ),
  ]);
});

it("agents that are too old for a schedule are refused before it is changed in place", async () => {
  const fleet = declareFleet(service);
  await fleet.up(declare("good", NIGHTLY));
  for (const id of IDS.slice(0, 3)) service.emulator.updateInstance(id, { agent: { version: "1.0.0.1" } });
  effects();
  const told = await fleet.up(declare("good", { frequency: "0 0 3 * * ? Asia/Shanghai" }));
  expect([told.did, told.reasons, effects()]).toEqual([
    "refused",
    [
      'instanceIds must name instances that can run the command, but 3 of 10 never can as they are: "i-0", "i-1", "i-2": has agent 1.0.0.1, too old for rate(), at(), and a cron year or zone, which came with 2.2.3.282; upgrade the agent',
    ],
    [],
  ]);
});

describe("machines that are not ready, when more are than is borne", () => {
  it.each([
    ["nothing starts beside them", {}, []],
    [
      "with strict no more start than may still fail, and one",
      { strict: true, maxFailures: 2, canaryFailures: 2 },
      ["InvokeCommand on 1 tagged run", "InvokeCommand on 1 tagged run"],
    ],
  ])("%s", async (_, how, runs) => {
    for (const id of ["i-1", "i-2"]) service.emulator.updateInstance(id, { status: "Stopped" });
    const fleet = declareFleet(service);
    await fleet.up(declare("good", { waves: ["50%", "100%"], first: ["i-1", "i-2", "i-3", "i-4", "i-5"], ...how }));
    expect(effects().slice(0, 2)).toEqual(runs);
  });
});
