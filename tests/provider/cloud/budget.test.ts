import { createBudget, jitter } from "../../../provider/cloud/budget";
import { ApiError } from "../../../provider/cloud/errors";
import { virtualClock } from "./time";

const MIDDLE = () => 0.5;
const ON_THE_MINUTE = Date.parse("2026-11-24T08:00:00Z");
const FOR_EVER = Number.POSITIVE_INFINITY;

const throttled = (retryAfterMs?: number) =>
  new ApiError({
    action: "InvokeCommand",
    endpoint: "ecs",
    code: "Throttling.User",
    status: 400,
    serviceMessage: "words",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

/** A budget whose service throttles as it is told, and when its calls were made, in milliseconds from the start. */
function meter(start: number, refuses: (count: number, now: number) => ApiError | undefined) {
  const clock = virtualClock(start);
  const budget = createBudget(clock, MIDDLE);
  const calls: number[] = [];
  let running = 0;
  const sideBySide: number[] = [];
  const call = async () => {
    calls.push(clock.now() - start);
    const refusal = refuses(calls.length, clock.now());
    sideBySide.push(++running);
    await new Promise(setImmediate);
    running--;
    if (refusal !== undefined) throw refusal;
    return "answer";
  };
  const spend = (until = FOR_EVER): Promise<string> =>
    budget.spend(call, until).catch((failure: ApiError) => {
      if (clock.now() >= until || failure.kind !== "throttled") throw failure;
      return spend(until);
    });
  return { clock, budget, calls, sideBySide, spend };
}

test("lets calls through as they come while the service does not object", async () => {
  const { calls, sideBySide, spend } = meter(ON_THE_MINUTE, () => undefined);
  await Promise.all(Array.from({ length: 50 }, () => spend()));
  expect(calls).toEqual(Array(50).fill(0));
  expect(Math.max(...sideBySide)).toBe(50);
});

test("pauses twice as long after each refusal", async () => {
  const { calls, spend } = meter(ON_THE_MINUTE, (count) => (count < 7 ? throttled() : undefined));
  await spend();
  expect(calls).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
});

test("does not pause far into the next minute", async () => {
  const { calls, spend } = meter(ON_THE_MINUTE + 50_000, (_, now) =>
    now < ON_THE_MINUTE + 60_000 ? throttled() : undefined,
  );
  await spend();
  expect(calls).toEqual([0, 500, 1_500, 3_500, 7_500, 10_500]);
});

test.each([
  ["when the service says so", 90_000, 90_000],
  ["after a pause all the same, when that is at once", 0, 500],
  ["after a pause all the same, when that is over", -5_000, 500],
  ["when the block of the minute is surely over, when that is in years", 99_999_999_999_999, 120_000],
])("comes back %s", async (_, told, comesBack) => {
  const { calls, spend } = meter(ON_THE_MINUTE, (count) => (count <= 2 ? throttled(told) : undefined));
  await spend();
  expect(calls).toEqual([0, comesBack, 2 * comesBack]);
});

test("makes one call at a time after a refusal, then twice as many with each success", async () => {
  const { calls, sideBySide, spend } = meter(ON_THE_MINUTE, (count) => (count <= 4 ? throttled() : undefined));
  await Promise.all(Array.from({ length: 4 }, () => spend()));
  expect(calls).toEqual([0, 0, 0, 0, 500, 500, 500, 500]);
  expect(sideBySide).toEqual([1, 2, 3, 4, 1, 1, 2, 2]);
});

test("takes refusals of calls that were under way together for one", async () => {
  const { clock, calls, spend } = meter(ON_THE_MINUTE, (count) => (count <= 20 ? throttled() : undefined));
  await Promise.all(Array.from({ length: 20 }, () => spend()));
  expect(clock.now() - ON_THE_MINUTE).toBe(500);
  expect(calls).toHaveLength(40);
});

test("forgets a refusal after some successes", async () => {
  const { calls, spend } = meter(ON_THE_MINUTE, (count) => ([1, 4].includes(count) ? throttled() : undefined));
  await spend();
  await spend();
  await spend();
  expect(calls).toEqual([0, 500, 500, 500, 1_000]);
});

test("gives up a turn that does not come in time, with the service's last refusal", async () => {
  const { clock, calls, spend } = meter(ON_THE_MINUTE, () => throttled());
  await expect(spend(ON_THE_MINUTE + 5_000)).rejects.toMatchObject({ code: "Throttling.User" });
  expect(calls).toEqual([0, 500, 1_500, 3_500]);
  expect(clock.now() - ON_THE_MINUTE).toBe(5_000);
});

test("leaves other failures to the caller", async () => {
  const failure = new Error("broken");
  const budget = createBudget(virtualClock(), MIDDLE);
  await expect(budget.spend(() => Promise.reject(failure), FOR_EVER)).rejects.toBe(failure);
  expect(await budget.spend(async () => "answer", FOR_EVER)).toBe("answer");
});

test.each([
  [0, 750],
  [0.5, 1_000],
  [1, 1_250],
])("jitter of %s", (random, ms) => {
  expect(jitter(1_000, () => random)).toBe(ms);
});
