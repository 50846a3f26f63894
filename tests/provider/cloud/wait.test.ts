import { ApiError } from "../../../provider/cloud/errors";
import { untilAborted, type Verdict, waitUntil } from "../../../provider/cloud/wait";
import { virtualClock } from "./time";

const failed = (code: string) =>
  new ApiError({ action: "DescribeInvocations", endpoint: "ecs", code, status: 400, serviceMessage: "words" });
const THROTTLED = failed("Throttling.User");
const DENIED = failed("Forbidden.RAM");

/** Looks that see, or fail with, one thing after the other, and the last for ever. */
function lookAt(...things: (string | Error)[]) {
  let looks = 0;
  return async () => {
    const thing = things[Math.min(looks, things.length - 1)] ?? "";
    looks++;
    if (thing instanceof Error) throw thing;
    return thing;
  };
}

const judgeDone = (seen: string): Verdict<string> =>
  seen.startsWith("done") ? { state: "settled", value: seen.toUpperCase() } : { state: "waiting" };

test("settles with the judge's value", async () => {
  const clock = virtualClock(0);
  const waited = await waitUntil({ look: lookAt("running", "done 7"), judge: judgeDone, clock, deadline: 60_000 });
  expect(waited).toEqual({ state: "settled", value: "DONE 7" });
});

test("looks after half a second, then less and less often", async () => {
  const clock = virtualClock(0);
  const looks: number[] = [];
  await waitUntil({
    look: lookAt("running"),
    judge: judgeDone,
    clock,
    deadline: 30_000,
    onLook: () => looks.push(clock.now()),
  });
  expect(looks.map(Math.round)).toEqual([500, 1150, 1995, 3094, 4522, 6378, 8791, 11929, 16007, 21007, 26007, 30000]);
});

test("looks as often as it is told", async () => {
  const clock = virtualClock(0);
  const pace = { firstLookMs: 1_000, growth: 2, longestMs: 3_000 };
  await waitUntil({ look: lookAt("running"), judge: judgeDone, clock, deadline: 10_000, ...pace });
  expect(clock.pauses).toEqual([1_000, 2_000, 3_000, 3_000, 1_000]);
});

test("pauses after a first look at once", async () => {
  const clock = virtualClock(0);
  await waitUntil({ look: lookAt("running"), judge: judgeDone, clock, deadline: 2_000, firstLookMs: 0 });
  expect(clock.pauses).toEqual([0, 500, 650, 845, 5]);
});

test("looks a last time at the deadline, and tells what it saw", async () => {
  const clock = virtualClock(0);
  const waited = await waitUntil({ look: lookAt("running 1", "running 2"), judge: judgeDone, clock, deadline: 700 });
  expect(waited).toEqual({ state: "expired", lastSeen: "running 2" });
  expect(clock.now()).toBe(700);
});

test("looks once when the deadline is past", async () => {
  const clock = virtualClock(5_000);
  const waited = await waitUntil({ look: lookAt("done"), judge: judgeDone, clock, deadline: 1_000 });
  expect(waited).toEqual({ state: "settled", value: "DONE" });
});

test("a look that fails for a while saw nothing", async () => {
  const clock = virtualClock(0);
  const look = lookAt("running", THROTTLED, THROTTLED, "done");
  expect(await waitUntil({ look, judge: judgeDone, clock, deadline: 60_000 })).toEqual({
    state: "settled",
    value: "DONE",
  });
});

test("an expired wait remembers why the last look failed, and what was seen before", async () => {
  const clock = virtualClock(0);
  const waited = await waitUntil({ look: lookAt("running", THROTTLED), judge: judgeDone, clock, deadline: 2_000 });
  expect(waited).toEqual({ state: "expired", lastSeen: "running", lastFailure: THROTTLED });
});

test("an expired wait that never saw anything says so", async () => {
  const clock = virtualClock(0);
  const waited = await waitUntil({ look: lookAt(THROTTLED), judge: judgeDone, clock, deadline: 2_000 });
  expect(waited).toEqual({ state: "expired", lastFailure: THROTTLED });
});

test("fails with a look that fails for good", async () => {
  const clock = virtualClock(0);
  const waited = waitUntil({ look: lookAt("running", DENIED), judge: judgeDone, clock, deadline: 60_000 });
  await expect(waited).rejects.toBe(DENIED);
});

test("hands the deadline to the look", async () => {
  const clock = virtualClock(0);
  const look = async (deadline: number) => `done by ${deadline}`;
  const waited = await waitUntil({ look, judge: judgeDone, clock, deadline: 60_000 });
  expect(waited).toEqual({ state: "settled", value: "DONE BY 60000" });
});

test("stops with the signal's reason", async () => {
  const clock = virtualClock(0);
  const signal = AbortSignal.abort(new Error("cancelled"));
  const waited = waitUntil({ look: lookAt("done"), judge: judgeDone, clock, deadline: 60_000, signal });
  await expect(waited).rejects.toThrow(new Error("cancelled"));
});

describe("an answer that may come too late", () => {
  const reason = new Error("cancelled");
  const never = new Promise<never>(() => {});

  test("is given when it comes", async () => {
    expect(await untilAborted(Promise.resolve(1), undefined)).toBe(1);
    expect(await untilAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
  });

  test("is not waited for once the signal is aborted", async () => {
    const controller = new AbortController();
    const answer = untilAborted(never, controller.signal);
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await expect(untilAborted(never, controller.signal)).rejects.toBe(reason);
  });
});
