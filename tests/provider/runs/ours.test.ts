import { type Emulator, startEmulator } from "../../../emulator";
import { createClient } from "../../../provider/cloud/client";
import { resolveSettings } from "../../../provider/cloud/credentials";
import { createOwnRuns } from "../../../provider/runs/ours";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

/** The runs as they are seen by somebody whose calls take so long each, and the calls made so far. */
function lookThrough(callMs: number) {
  const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
  let now = 0;
  let calls = 0;
  const slow = {
    ...client,
    call: (...asked: Parameters<typeof client.call>) => {
      now += callMs;
      calls++;
      return client.call(...asked);
    },
  };
  const ours = createOwnRuns(slow, { now: () => now, sleep: async () => {} });
  return {
    ours,
    waitUntil: (ms: number) => {
      now = ms;
    },
    calls: () => calls,
  };
}

test.each([
  ["some seconds", 0, 5_000],
  ["ten times as long as it takes, where it takes long", 400, 16_000],
])("a look serves for %s", async (_title, callMs, servesMs) => {
  const { ours, waitUntil, calls } = lookThrough(callMs);
  await Promise.all([ours.look("stack"), ours.look("stack")]);
  const first = calls();
  waitUntil(servesMs);
  await ours.look("stack");
  expect(calls()).toBe(first);
  waitUntil(servesMs + 1);
  await ours.look("stack");
  expect(calls()).toBeGreaterThan(first);
});

test("a look that failed serves nobody else", async () => {
  const { ours, calls } = lookThrough(0);
  emulator.inject({ action: "DescribeInvocations", kind: "forbidden", times: 1 });
  await expect(ours.look("stack")).rejects.toMatchObject({ name: "ApiError", code: "Forbidden.RAM" });
  const first = calls();
  expect(await ours.look("stack")).toEqual([]);
  expect(calls()).toBeGreaterThan(first);
});
