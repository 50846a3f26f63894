// A rollout over 250 machines in four waves, cut off at each of its calls: the next update goes on, and every machine has run once.
import { openService, type Service } from "../service";
import { declareFleet } from "./fleet";

const MACHINES = 250;

jest.setTimeout(240_000);

let service: Service;
let commandId: string;

beforeEach(async () => {
  service = await openService({ instances: MACHINES, outcomes: [{ percent: 2, exitCode: 3 }, {}] });
  commandId = service.addCommand("install", { name: "install" });
  service.calls();
});
afterEach(() => service.stop());

/** How often it ran on each machine since this was last asked, as the service was told. */
function countRuns(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action, code, parameters } of service.emulator.journal()) {
    if (action !== "InvokeCommand" || code !== "") continue;
    for (const [name, id] of Object.entries(parameters))
      if (name.startsWith("InstanceId.")) counts[id] = (counts[id] ?? 0) + 1;
  }
  service.emulator.clearJournal();
  return counts;
}

const declared = () => ({
  commandId,
  instanceIds: [...service.emulator.instanceIds],
  maxFailures: "10%",
  canaryFailures: 1,
});

it("killed after each of its calls, one version after another", async () => {
  const fleet = declareFleet(service);
  let cuts = 0;
  for (const action of ["InvokeCommand", "DescribeInvocations"])
    for (let nth = 1; nth <= (action === "InvokeCommand" ? 5 : 12); nth++) {
      const version = { ...declared(), triggers: [action, nth] };
      let seen = 0;
      let isKilled = false;
      const kill = () => {
        if (++seen < nth) return service.after(action, kill);
        isKilled = true;
        service.killEngine();
      };
      service.after(action, kill);
      await fleet.resource.upAndDie(version);
      if (isKilled) cuts++;
      const { status, reasons } = await fleet.up(version);
      expect([action, nth, status, reasons]).toEqual([action, nth, "Succeeded", []]);
      const counts = Object.values(countRuns());
      expect([action, nth, counts.length, Math.max(...counts)]).toEqual([action, nth, MACHINES, 1]);
    }
  expect(cuts).toBeGreaterThanOrEqual(12);
});

it("answers that are lost, before or after they took effect: each machine once", async () => {
  const fleet = declareFleet(service);
  for (const kind of ["dropBefore", "dropAfter", "errorAfter"] as const) {
    service.emulator.inject({ action: "InvokeCommand", kind, times: 3 });
    const { status } = await fleet.up({ ...declared(), triggers: [kind] });
    expect([kind, status, fleet.outputs.total]).toEqual([kind, "Succeeded", MACHINES]);
    expect(Number(fleet.outputs.succeeded) + Object.keys(fleet.outputs.failures as object).length).toBe(MACHINES);
  }
  const invocations = await service.countInvocations();
  // Five of each version: one, 24, 100, and 125 in two.
  expect(invocations).toBe(15);
});
