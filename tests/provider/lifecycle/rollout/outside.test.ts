// What somebody else did since the last update: schedules stopped by hand, a rollout under another name, machines that came and went.
import { openService, type Service } from "../service";
import { declareFleet, type Fleet } from "./fleet";

const IDS = ["i-0", "i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9"];
const AT_TWO = { frequency: "0 0 2 * * ? Asia/Shanghai" };
const AT_THREE = { frequency: "0 0 3 * * ? Asia/Shanghai" };
const WAVES = [1, "50%", "100%"];

let service: Service;
let commandId: string;

beforeEach(async () => {
  service = await openService({
    instances: IDS.map((instanceId) => ({ instanceId })),
    outcomes: [{ durationMs: 2_000 }],
  });
  commandId = service.addCommand("install", { name: "install" });
  service.calls();
});
afterEach(() => service.stop());

const orderOf = (fleet: Fleet): string[] =>
  String((fleet.outputs.__record as { machines: string }).machines).split(" ");

/** Calls that have an effect but tagging, by invocation and machines. */
const effects = () =>
  service
    .calls()
    .filter((call) => /^(Invoke|Run|Modify|Stop)/.test(call))
    .map((call) => call.replace(/ on ([\w,]+)/, (_, ids: string) => ` on ${ids.split(",").length}`));

/** As the engine refreshes: it reads, and compares what it read. */
async function refresh({ resource }: Fleet) {
  await resource.refresh();
  const { id = "", inputs = {}, outputs = {} } = resource.state ?? {};
  await service.begin();
  const { read, diff } = service.handlers.fleet;
  await read(id, outputs);
  const { changes } = await diff(id, outputs, inputs);
  await service.end();
  return { changes, said: service.said().map((line) => line.replace(/^(warning: )?fleet-\d+: /, "$1")) };
}

describe("schedules that somebody has stopped", () => {
  it("are seen by a refresh, and started again by the next update", async () => {
    const fleet = declareFleet(service);
    const declared = { commandId, instanceIds: IDS, waves: WAVES, ...AT_TWO };
    await fleet.up(declared);
    effects();
    await service.stopFromOutside("#2");
    const ids = orderOf(fleet).slice(1, 5);
    const named = ids.map((id) => `"${id}"`).join(", ");
    expect(await refresh(fleet)).toEqual({
      changes: true,
      said: [
        `somebody has stopped the schedule on 4 instances: ${named}; the next \`pulumi up\` starts it there again`,
      ],
    });
    expect(fleet.outputs.failures).toEqual(
      Object.fromEntries(ids.map((id) => [id, { cause: "stopped", reason: "somebody has stopped its schedule" }])),
    );
    effects();
    const told = await fleet.up(declared);
    expect(told.said[0]).toMatch(
      new RegExp(`^starts again on 4 machines where somebody has stopped it \\(${named}\\); stops when`),
    );
    expect([told.status, effects()]).toEqual([
      "Succeeded",
      ['InvokeCommand Period at "0 0 2 * * ? Asia/Shanghai" on 4 tagged run'],
    ]);
    expect([fleet.outputs.failures, (await fleet.up(declared)).did]).toEqual([{}, "same"]);
  });

  it("are started anew where the others are changed in place, also if no refresh has seen it", async () => {
    const fleet = declareFleet(service);
    const declared = { commandId, instanceIds: IDS, waves: WAVES };
    await fleet.up({ ...declared, ...AT_TWO });
    effects();
    await service.stopFromOutside("#1");
    await service.stopFromOutside("#3", orderOf(fleet)[6] ?? "");
    effects();
    expect((await fleet.up({ ...declared, ...AT_THREE })).status).toBe("Succeeded");
    expect(effects()).toEqual([
      'InvokeCommand Period at "0 0 3 * * ? Asia/Shanghai" on 1 tagged run',
      'ModifyInvocationAttribute #2 at "0 0 3 * * ? Asia/Shanghai"',
      'InvokeCommand Period at "0 0 3 * * ? Asia/Shanghai" on 1 tagged run',
      'ModifyInvocationAttribute #3 at "0 0 3 * * ? Asia/Shanghai"',
    ]);
    await fleet.resource.destroy();
    expect(
      effects()
        .map((call) => call.split(" ")[1])
        .sort(),
    ).toEqual(["#2", "#3", "#4", "#5"]);
  });

  it("need no stop before another command takes their place", async () => {
    const fleet = declareFleet(service);
    const declared = { instanceIds: IDS, waves: WAVES, ...AT_TWO };
    await fleet.up({ ...declared, commandId });
    effects();
    await service.stopFromOutside("#2");
    effects();
    const other = service.addCommand("other", { name: "other" });
    expect((await fleet.up({ ...declared, commandId: other })).status).toBe("Succeeded");
    expect(effects().filter((call) => call.startsWith("Stop"))).toEqual([
      "StopInvocation #1 on 1",
      "StopInvocation #3 on 5",
    ]);
  });
});

it("under another name it keeps its schedules beside another that takes its old name", async () => {
  const declared = { commandId, instanceIds: IDS, waves: WAVES, ...AT_TWO };
  const old = declareFleet(service);
  await old.up(declared);
  const kept = old.resource.state;
  if (!kept) throw new Error("Nothing was kept");
  effects();
  // One update with both: the engine comes to the new one first.
  await service.begin();
  const { check, create, diff } = service.handlers.fleet;
  const another = { ...declared, commandId: service.addCommand("other", { name: "other" }), __urn: old.resource.urn };
  const { inputs } = await check({}, another);
  const creating = create(inputs as object as Record<string, unknown>);
  await diff(kept.id, kept.outputs, { ...kept.inputs, __urn: `${old.resource.urn}-renamed` });
  const { outs } = await creating;
  await service.end();
  expect(outs).toMatchObject({ status: "Succeeded", succeeded: 10 });
  expect(effects()).toEqual([1, 4, 5].map((n) => `InvokeCommand Period at "${AT_TWO.frequency}" on ${n} tagged run`));
});

it("machines that leave a schedule are stopped, there and nowhere else; those that come back start it anew", async () => {
  const fleet = declareFleet(service);
  const declared = { commandId, waves: WAVES, ...AT_TWO };
  await fleet.up({ ...declared, instanceIds: IDS });
  const [, leaver = ""] = orderOf(fleet);
  effects();
  const without = { ...declared, instanceIds: IDS.filter((id) => id !== leaver) };
  await fleet.up(without);
  expect(effects()).toEqual(["StopInvocation #2 on 1"]);
  expect((await fleet.up(without)).did).toBe("same");
  await fleet.up({ ...declared, instanceIds: IDS });
  expect(effects()).toEqual([`InvokeCommand Period at "${AT_TWO.frequency}" on 1 tagged run`]);
});

describe("tags", () => {
  it("that no machine carries: a warning, and nothing runs until a refresh has seen some", async () => {
    const fleet = declareFleet(service);
    const declared = { commandId, resourceTags: { role: "web" }, waves: WAVES };
    const none = await fleet.up(declared);
    expect([none.status, none.said[0], fleet.outputs.total, effects()]).toEqual([
      "Succeeded",
      'warning: no instance in region "cn-hangzhou" carries role=web, so nothing runs; one that carries it later is seen by `pulumi refresh`',
      0,
      [],
    ]);
    for (const id of IDS.slice(0, 4)) service.emulator.updateInstance(id, { tags: { role: "web" } });
    await fleet.resource.refresh();
    const some = await fleet.up(declared);
    expect([some.said[0], fleet.outputs.succeeded]).toEqual(['4 instances joined: "i-0", "i-1", "i-2", "i-3"', 4]);
    expect(effects()).toEqual([
      "InvokeCommand on 1 tagged run",
      "InvokeCommand on 1 tagged run",
      "InvokeCommand on 2 tagged run",
    ]);
  });

  it("machines in first that do not carry them are named, and left out", async () => {
    service.emulator.updateInstance("i-1", { tags: { role: "web" } });
    const { said } = await declareFleet(service).preview({
      commandId,
      resourceTags: { role: "web" },
      first: ["i-2", "i-1", "i-9"],
    });
    expect(said).toEqual([
      'warning: first names machines that do not carry role=web, and are left out: "i-2", "i-9"; remove or correct them',
      "wave 1: 1 machine; stops when it fails",
    ]);
  });

  it("are asked for again when another generation begins, and not before", async () => {
    const fleet = declareFleet(service);
    service.emulator.updateInstance("i-1", { tags: { role: "web" } });
    const declared = { commandId, resourceTags: { role: "web" }, waves: WAVES };
    await fleet.up(declared);
    service.emulator.updateInstance("i-2", { tags: { role: "web" } });
    expect((await fleet.up(declared)).did).toBe("same");
    await fleet.up({ ...declared, triggers: ["again"] });
    expect(fleet.outputs).toMatchObject({ total: 2, succeeded: 2 });
  });

  it("that none carries any more: all leave, and nothing runs", async () => {
    const fleet = declareFleet(service);
    for (const id of IDS) service.emulator.updateInstance(id, { tags: { role: "web" } });
    const declared = { commandId, resourceTags: { role: "web" }, waves: WAVES, ...AT_TWO };
    await fleet.up(declared);
    for (const id of IDS) service.emulator.updateInstance(id, { tags: {} });
    await fleet.resource.refresh();
    effects();
    const told = await fleet.up(declared);
    expect([told.status, told.said]).toEqual([
      "Succeeded",
      [expect.stringMatching(/^10 instances left, where the schedule is stopped: /)],
    ]);
    expect([fleet.outputs.total, effects()]).toEqual([
      0,
      ["StopInvocation #1 on 1", "StopInvocation #2 on 4", "StopInvocation #3 on 5"],
    ]);
  });
});
