import { leapingClock } from "../../emulator/leap";

const HOUR_MS = 3_600_000;

test("goes with the system's time", () => {
  const before = Date.now();
  const now = leapingClock().now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("a leap fires what falls due on the way, each at its instant, and goes on from there", async () => {
  const clock = leapingClock();
  const start = clock.now();
  const fired: [string, number][] = [];
  const note = (name: string) => () => fired.push([name, Math.round((clock.now() - start) / HOUR_MS)]);
  clock.setTimeout(note("third"), 3 * HOUR_MS);
  clock.setTimeout(() => {
    note("first")();
    clock.setTimeout(note("second, set by the first"), HOUR_MS);
  }, HOUR_MS);
  clock.setTimeout(note("later"), 9 * HOUR_MS);
  await clock.advance(4 * HOUR_MS);
  expect(fired).toEqual([
    ["first", 1],
    ["second, set by the first", 2],
    ["third", 3],
  ]);
  expect(clock.now() - start).toBeGreaterThanOrEqual(4 * HOUR_MS);
  expect(clock.now() - start).toBeLessThan(4 * HOUR_MS + 5_000);
  await clock.advance(5 * HOUR_MS);
  expect(fired.at(-1)).toEqual(["later", 9]);
});

test("what is due after a leap fires by itself", async () => {
  const clock = leapingClock();
  const rung = new Promise<void>((resolve) => {
    clock.setTimeout(resolve, HOUR_MS + 20);
  });
  await clock.advance(HOUR_MS);
  const keepAlive = setInterval(() => {}, 1_000);
  await rung;
  clearInterval(keepAlive);
});

test("a timer that was cleared does not fire, before or after a leap", async () => {
  const clock = leapingClock();
  const fired: string[] = [];
  clock.clearTimeout(clock.setTimeout(() => fired.push("cleared before"), HOUR_MS));
  const later = clock.setTimeout(() => fired.push("cleared between"), 2 * HOUR_MS);
  await clock.advance(HOUR_MS);
  clock.clearTimeout(later);
  await clock.advance(2 * HOUR_MS);
  expect(fired).toEqual([]);
});

test("leaps do not overlap", async () => {
  const clock = leapingClock();
  const start = clock.now();
  await Promise.all([clock.advance(HOUR_MS), clock.advance(HOUR_MS)]);
  expect(Math.round((clock.now() - start) / HOUR_MS)).toBe(2);
});

test("a leap waits for work that is under way", async () => {
  const clock = leapingClock();
  const done: string[] = [];
  clock.hold(
    new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve))).then(() => {
      done.push("work");
    }),
  );
  clock.setTimeout(() => done.push("timer"), HOUR_MS);
  await clock.advance(HOUR_MS);
  expect(done).toEqual(["work", "timer"]);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
  "a leap of %d ms is refused, and the next one is taken",
  async (ms) => {
    const clock = leapingClock();
    await expect(clock.advance(ms)).rejects.toThrow(RangeError);
    await clock.advance(1);
  },
);
