// What keeps a rollout from going on and has to do with no machine: what RAM or the service refuses, and answers that stay lost.
// Nothing runs without its tags, what has begun is kept, and the next update goes on.
import { openService, type Service } from "../service";
import { declareFleet } from "./fleet";

const IDS = ["i-0", "i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9"];
const NIGHTLY = { frequency: "0 0 2 * * ? Asia/Shanghai" };

let service: Service;
let declared: { commandId: string; instanceIds: string[]; waves: (string | number)[] };

beforeEach(async () => {
  service = await openService({
    instances: IDS.map((instanceId) => ({ instanceId })),
    outcomes: [{ durationMs: 2_000 }],
  });
  declared = {
    commandId: service.addCommand("install", { name: "install" }),
    instanceIds: IDS,
    waves: [1, "50%", "100%"],
  };
  service.calls();
});
afterEach(() => service.stop());

/** Calls that have an effect, by action and machines. */
const effects = () =>
  service
    .calls()
    .filter((call) => /^(Invoke|Run|Modify|Stop|Tag)/.test(call))
    .map((call) => call.replace(/ on ([\w,]+)/, (_, ids: string) => ` on ${ids.split(",").length}`));

const WHY = "a rollout tags each of its invocations, by which an update that was interrupted is gone on with";

it("refused at the first invocation, nothing has run, and the reason says what to allow", async () => {
  const fleet = declareFleet(service);
  service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 });
  const told = await fleet.up(declared);
  expect([told.reasons, fleet.resource.state]).toEqual([
    [
      `Cannot invoke command "c" on 1 instance of wave 1: the account may not run it, or may not tag it; ${WHY}, and runs none without: grant "ecs:InvokeCommand" and "ecs:TagResources" (InvokeCommand at the emulator: Forbidden.RAM, request id R)`,
    ],
    undefined,
  ]);
  expect(effects()).toEqual(["InvokeCommand on 1 tagged run Forbidden.RAM"]);
  expect((await fleet.up(declared)).status).toBe("Succeeded");
  expect(effects()).toEqual([
    "InvokeCommand on 1 tagged run",
    "InvokeCommand on 4 tagged run",
    "InvokeCommand on 5 tagged run",
  ]);
});

it("a script's refusal names the action that it needs", async () => {
  service.emulator.inject({ action: "RunCommand", kind: "forbidden", times: 1 });
  const { commandId: _, ...script } = { ...declared, commandContent: "true" };
  const { reasons } = await declareFleet(service).up(script);
  expect(reasons).toEqual([expect.stringContaining('grant "ecs:RunCommand" and "ecs:TagResources"')]);
});

it("refused on its way, what ran is kept and the verdict fails; the next update goes on", async () => {
  const fleet = declareFleet(service);
  service.after("InvokeCommand", () =>
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 }),
  );
  const told = await fleet.up(declared);
  expect([told.did, told.status, told.reasons]).toEqual([
    "create",
    "Paused",
    [
      `Cannot invoke command "c" on 4 instances of wave 2: the account may not run it, or may not tag it; ${WHY}, and runs none without: grant "ecs:InvokeCommand" and "ecs:TagResources" (InvokeCommand at the emulator: Forbidden.RAM, request id R); none is under way; nothing was stopped; run \`pulumi up\` again to go on`,
    ],
  ]);
  expect(fleet.outputs).toMatchObject({ succeeded: 1, held: 9, invokeIds: ["#1"] });
  effects();
  expect((await fleet.up(declared)).status).toBe("Succeeded");
  expect(effects()).toEqual(["InvokeCommand on 4 tagged run", "InvokeCommand on 5 tagged run"]);
});

it("a schedule that may not be tagged is the only one that was changed in place; the next update goes on", async () => {
  const fleet = declareFleet(service);
  await fleet.up({ ...declared, ...NIGHTLY });
  effects();
  const changed = { ...declared, frequency: "0 0 3 * * ? Asia/Shanghai" };
  service.emulator.inject({ action: "TagResources", kind: "forbidden", times: 1 });
  const told = await fleet.up(changed);
  expect(told.reasons).toEqual([
    `Cannot tag invocation "#1", which was changed in place: the account may not; ${WHY}, so no other one was changed: grant "ecs:TagResources" (TagResources at the emulator: Forbidden.RAM, request id R)`,
  ]);
  expect(effects()).toEqual([
    'ModifyInvocationAttribute #1 at "0 0 3 * * ? Asia/Shanghai"',
    "TagResources #1 tagged run Forbidden.RAM",
  ]);
  expect((await fleet.up(changed)).status).toBe("Succeeded");
  expect(effects()).toEqual([
    "TagResources #1 tagged run",
    'ModifyInvocationAttribute #2 at "0 0 3 * * ? Asia/Shanghai"',
    "TagResources #2 tagged run",
    'ModifyInvocationAttribute #3 at "0 0 3 * * ? Asia/Shanghai"',
    "TagResources #3 tagged run",
  ]);
});

it("calls that stay lost to the end of the wait were none: the machines take their turn in the next update", async () => {
  const fleet = declareFleet(service);
  service.emulator.inject({ action: "InvokeCommand", kind: "dropBefore" });
  const late = await fleet.up({ ...declared, waitTimeout: 60 });
  expect(late.reasons).toEqual([
    expect.stringMatching(
      /^wave 1 of 3 did not end within 60 s: 1 instance is still under way \("i-\d"\); nothing was /,
    ),
  ]);
  service.emulator.clearFaults();
  service.emulator.clearJournal();
  expect((await fleet.up({ ...declared, waitTimeout: 60 })).status).toBe("Succeeded");
  expect(effects()).toEqual([
    "InvokeCommand on 1 tagged run",
    "InvokeCommand on 4 tagged run",
    "InvokeCommand on 5 tagged run",
  ]);
});
