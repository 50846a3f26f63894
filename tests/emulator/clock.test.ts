import { drivenClock, systemClock } from "../../emulator/clock";

const START = Date.parse("2026-06-01T00:00:00Z");

describe("a driven clock", () => {
  test("stands still until it is advanced", async () => {
    const clock = drivenClock(START);
    expect(clock.now()).toBe(START);
    await clock.advance(1500);
    expect(clock.now()).toBe(START + 1500);
  });

  test("fires timers in the order in which they fall due, each at its own instant", async () => {
    const clock = drivenClock(START);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} at ${clock.now() - START}`);
    clock.setTimeout(note("late"), 300);
    clock.setTimeout(note("first of two"), 200);
    clock.setTimeout(note("second of two"), 200);
    clock.setTimeout(note("early"), 100);
    clock.setTimeout(note("beyond"), 301);
    await clock.advance(300);
    expect(fired).toEqual(["early at 100", "first of two at 200", "second of two at 200", "late at 300"]);
  });

  test("fires what a timer sets on the way", async () => {
    const clock = drivenClock(START);
    const fired: number[] = [];
    const repeat = (): void => {
      fired.push(clock.now() - START);
      clock.setTimeout(repeat, 100);
    };
    clock.setTimeout(repeat, 100);
    await clock.advance(350);
    expect(fired).toEqual([100, 200, 300]);
  });

  test("a timer in the past fires at the next advance, even of nothing", async () => {
    const clock = drivenClock(START);
    const fired: number[] = [];
    clock.setTimeout(() => fired.push(clock.now()), -5);
    expect(fired).toEqual([]);
    await clock.advance(0);
    expect(fired).toEqual([START]);
  });

  test("a cleared timer does not fire, and clearing it twice is harmless", async () => {
    const clock = drivenClock(START);
    const fired: string[] = [];
    const timer = clock.setTimeout(() => fired.push("cleared"), 100);
    clock.clearTimeout(timer);
    clock.clearTimeout(timer);
    await clock.advance(1000);
    expect(fired).toEqual([]);
  });

  test("waits for work that a timer started, and for the work that this work starts", async () => {
    const clock = drivenClock(START);
    const story: string[] = [];
    const work = async (name: string, next?: () => void): Promise<void> => {
      await turns(20);
      story.push(`${name} ends at ${clock.now() - START}`);
      next?.();
    };
    clock.setTimeout(() => clock.hold(work("first", () => clock.hold(work("second")))), 100);
    clock.setTimeout(() => story.push("later timer"), 200);
    await clock.advance(500);
    expect(story).toEqual(["first ends at 100", "second ends at 100", "later timer"]);
  });

  test("waits before it moves for work that is under way already", async () => {
    const clock = drivenClock(START);
    const ends: number[] = [];
    clock.hold(turns(20).then(() => ends.push(clock.now())));
    await clock.advance(1000);
    expect(ends).toEqual([START]);
  });

  test("goes on without work that outlasts its patience, and waits for it once, not at every timer", async () => {
    const clock = drivenClock(START, { patienceMs: 20 });
    const fired: number[] = [];
    clock.hold(new Promise(() => {}));
    for (const ms of [100, 200, 300]) clock.setTimeout(() => fired.push(clock.now() - START), ms);
    const waits = jest.spyOn(globalThis, "setTimeout");
    await clock.advance(300);
    expect(fired).toEqual([100, 200, 300]);
    expect(waits.mock.calls.map(([, ms]) => ms)).toEqual([20]);
    waits.mockRestore();
  });

  test("waits for slow work again at the next advance", async () => {
    const clock = drivenClock(START, { patienceMs: 100 });
    const ends: number[] = [];
    let go: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      go = resolve;
    });
    clock.hold(slow.then(() => turns(20)).then(() => ends.push(clock.now() - START)));
    await clock.advance(1000);
    expect(ends).toEqual([]);
    go();
    await clock.advance(1000);
    expect(ends).toEqual([1000]);
  });

  test("work that fails is over like any other", async () => {
    const clock = drivenClock(START);
    clock.hold(Promise.reject(new Error("no matter")));
    await clock.advance(1000);
    expect(clock.now()).toBe(START + 1000);
  });

  test("advances that overlap follow each other", async () => {
    const clock = drivenClock(START);
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(clock.now() - START), 150);
    await Promise.all([clock.advance(100), clock.advance(100)]);
    expect(seen).toEqual([150]);
    expect(clock.now()).toBe(START + 200);
  });

  test("an error in a timer reaches whoever advances, and does not stop the clock for good", async () => {
    const clock = drivenClock(START);
    clock.setTimeout(() => {
      throw new Error("a timer's own");
    }, 100);
    await expect(clock.advance(200)).rejects.toThrow(new Error("a timer's own"));
    await clock.advance(200);
    expect(clock.now()).toBe(START + 300);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses to advance by %p", (ms) => {
    expect(() => drivenClock(START).advance(ms)).toThrow(
      new RangeError(`Cannot advance the clock: milliseconds must be finite and 0 or more: current value is ${ms}`),
    );
  });
});

describe("the system's clock", () => {
  test("tells the system's time", () => {
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });

  test("never fires early", async () => {
    const early: number[] = [];
    await Promise.all(
      [1, 2, 3, 5, 8, 13].map(
        (ms) =>
          new Promise<void>((resolve) => {
            const timer = systemClock.setTimeout(() => {
              if (systemClock.now() < timer.dueAt) early.push(ms);
              resolve();
            }, ms);
          }),
      ),
    );
    expect(early).toEqual([]);
  });

  test("a wait beyond Node's longest timeout does not fire at once, and can be cleared", async () => {
    const fired: string[] = [];
    const timer = systemClock.setTimeout(() => fired.push("a year too early"), 366 * 86_400_000);
    await turns(5);
    systemClock.clearTimeout(timer);
    expect(fired).toEqual([]);
  });

  test("a cleared timer does not fire", async () => {
    const fired: string[] = [];
    systemClock.clearTimeout(systemClock.setTimeout(() => fired.push("cleared"), 1));
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 5));
    expect(fired).toEqual([]);
  });
});

/** Lets the event loop go round. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
