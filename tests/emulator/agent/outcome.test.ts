import { findOutcome, type Outcomes, startOutcome } from "../../../emulator/agent/outcome";
import { drivenClock } from "../../../emulator/clock";

const outcomes: Outcomes = { patch: { exitCode: 1 }, "Get-Date": { exitCode: 2 }, "*": { exitCode: 3 } };

// [command name, content, exit code of the outcome]
const found: [string, string, number][] = [
  ["patch", "whatever", 1],
  ["patch", "Get-Date", 1],
  ["", "Get-Date", 2],
  ["other", "other", 3],
  ["", "", 3],
  ["constructor", "toString", 3],
];

test.each(found)("command %j with content %j", (name, content, exitCode) => {
  expect(findOutcome(outcomes, name, content)).toEqual({ exitCode });
});

test("without a default, other commands have no outcome", () => {
  expect(findOutcome({ patch: {} }, "toString", "other")).toBeUndefined();
});

test("an outcome without a duration has ended", async () => {
  const run = startOutcome({ output: "done" }, drivenClock(0));
  expect(await run.ended).toEqual({ exitCode: 0 });
  expect(run.output.read()).toEqual({ output: Buffer.from("done"), dropped: 0 });
});

test("an outcome with a duration ends at its time", async () => {
  const clock = drivenClock(0);
  const ends: number[] = [];
  const run = startOutcome({ exitCode: 4, durationMs: 500 }, clock);
  void run.ended.then(() => ends.push(clock.now()));
  await clock.advance(499);
  expect(ends).toEqual([]);
  await clock.advance(1000);
  expect(ends).toEqual([500]);
  expect(await run.ended).toEqual({ exitCode: 4 });
});

test("an outcome that is killed ends at once", async () => {
  const run = startOutcome({ durationMs: 500 }, drivenClock(0));
  run.kill("Process");
  expect(await run.ended).toEqual({ exitCode: -1 });
});

test("of a long output the tail is kept", () => {
  const { output, dropped } = startOutcome({ output: `${"x".repeat(30_000)}end` }, drivenClock(0)).output.read();
  expect([output.length, output.subarray(-3).toString(), dropped]).toEqual([24_576, "end", 30_003 - 24_576]);
});
