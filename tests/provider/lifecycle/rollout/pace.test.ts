// How fast a rollout goes: the rest between waves, how many machines at the same time, and what the row says of it.
import { openService, type Service } from "../service";
import { declareFleet } from "./fleet";

const IDS = Array.from({ length: 12 }, (_, i) => `i-${String.fromCharCode(97 + i)}`);
const DURATION_MS = 10_000;

let service: Service;
let commandId: string;

async function open(fails: readonly string[] = []) {
  service = await openService({
    instances: IDS.map((instanceId) => ({
      instanceId,
      outcomes: { "*": { durationMs: DURATION_MS, exitCode: fails.includes(instanceId) ? 1 : 0 } },
    })),
  });
  commandId = service.addCommand("install", { name: "install" });
}
afterEach(() => service.stop());

interface Start {
  ids: string[];
  atSeconds: number;
}

/** Every start, with the seconds since the first one. */
function listStarts(): Start[] {
  const starts = service.emulator
    .journal()
    .filter(({ action, code }) => action === "InvokeCommand" && code === "")
    .map(({ at, parameters }) => ({
      at,
      ids: Object.entries(parameters).flatMap(([name, id]) => (name.startsWith("InstanceId.") ? [id] : [])),
    }));
  return starts.map(({ at, ids }) => ({ ids, atSeconds: Math.round((at - (starts[0]?.at ?? 0)) / 1_000) }));
}

/** The most that ran at the same time: each takes as long as the others. */
const countMost = (starts: readonly Start[]): number =>
  Math.max(
    ...starts.map(({ atSeconds }) =>
      starts
        .filter((other) => other.atSeconds <= atSeconds && other.atSeconds > atSeconds - DURATION_MS / 1_000)
        .reduce((n, { ids }) => n + ids.length, 0),
    ),
  );

it("rests between waves, from the end of the last machine on, and says until when", async () => {
  await open();
  const declared = { commandId, instanceIds: IDS, waves: [2, "50%", "100%"], pauseSeconds: 300 };
  expect((await declareFleet(service).up(declared)).status).toBe("Succeeded");
  const starts = listStarts();
  expect(starts.map(({ ids }) => ids.length)).toEqual([2, 4, 6]);
  const [, second = 0, third = 0] = starts.map(({ atSeconds }) => atSeconds);
  for (const rest of [second, third - second]) {
    // Of the end the service tells the whole second.
    expect(rest).toBeGreaterThanOrEqual(309);
    expect(rest).toBeLessThanOrEqual(312);
  }
  expect(service.statuses()).toContainEqual(expect.stringMatching(/^wave 2 of 3 begins at \d\d:\d\d:\d\d UTC$/));
});

// [how, fails, the most at the same time, machines that ran]
it.each<[string, object, string[], number, number]>([
  ["concurrency in machines", { concurrency: 4 }, [], 4, 12],
  ["concurrency in percent, floored", { concurrency: "30%" }, [], 3, 12],
  ["a percentage of less than one machine", { concurrency: "1%" }, [], 1, 12],
  ["strict: one more than may still fail", { strict: true, maxFailures: 2 }, [], 3, 12],
  ["strict without a budget: one after the other", { strict: true }, [], 1, 12],
  ["strict, and fewer at the same time", { strict: true, maxFailures: 5, concurrency: 2 }, [], 2, 12],
  ["strict, and some fail: fewer and fewer", { strict: true, maxFailures: 2 }, ["i-a", "i-b", "i-c"], 3, 3],
])("%s", async (_, how, fails, most, ran) => {
  await open(fails);
  await declareFleet(service).up({ commandId, instanceIds: IDS, waves: ["100%"], first: IDS, ...how });
  const starts = listStarts();
  expect([countMost(starts), starts.flatMap(({ ids }) => ids).length]).toEqual([most, ran]);
});

it("a reboot mode is settled when every machine has taken it", async () => {
  await open();
  const fleet = declareFleet(service);
  const declared = { commandId, instanceIds: IDS, repeatMode: "EveryReboot" as const };
  expect((await fleet.up(declared)).status).toBe("Succeeded");
  expect(listStarts().map(({ ids }) => ids.length)).toEqual([1, 5, 6]);
  expect((await fleet.up(declared)).did).toBe("same");
  service.calls();
  await fleet.resource.destroy();
  expect(service.calls().filter((call) => call.startsWith("Stop"))).toHaveLength(3);
});
