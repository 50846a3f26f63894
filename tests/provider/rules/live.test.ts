import { type Seen, showNewest } from "../../../provider/rules/live";
import type { InstanceResult, Results } from "../../../provider/rules/results";

const running = (output: string): InstanceResult => ({
  status: "Running",
  output,
  dropped: 0,
  repeats: 1,
  invokeId: "t-1",
});
const ended = (output: string): InstanceResult => ({ ...running(output), status: "Success", finishTime: "2026" });

const NONE: Seen = { outputs: {} };

it.each<[string, Results, string]>([
  ["nothing printed", { "i-a": running("") }, ""],
  ["no machine yet", {}, ""],
  ["one line", { "i-a": running("installing nginx\n") }, "i-a: installing nginx"],
  ["the last of several", { "i-a": running("one\ntwo\nthr") }, "i-a: thr"],
  ["blank lines after it", { "i-a": running("one\n\n  \n") }, "i-a: one"],
  ["a progress bar", { "i-a": running("10 %\r50 %\r90 %") }, "i-a: 90 %"],
  ["colours and other controls", { "i-a": running("\x1b[31mred\x1b[0m\tand\x07") }, "i-a: red and\\x07"],
  ["a long one", { "i-a": running("é".repeat(61)) }, `i-a: ${"é".repeat(59)}…`],
  ["a line that just fits", { "i-a": running("é".repeat(60)) }, `i-a: ${"é".repeat(60)}`],
  ["a long one of two columns a character", { "i-a": running("日".repeat(31)) }, `i-a: ${"日".repeat(29)}…`],
  ["thirty of them, which fit", { "i-a": running("日".repeat(30)) }, `i-a: ${"日".repeat(30)}`],
  ["accents of their own", { "i-a": running("e\u0301".repeat(60)) }, `i-a: ${"e\u0301".repeat(60)}`],
  ["one that ended beside it", { "i-a": ended("done"), "i-b": running("going") }, "i-b: going"],
  ["all ended", { "i-a": ended("done") }, ""],
])("%s", (_, results, line) => {
  expect(showNewest(results, NONE).line).toBe(line);
});

it("shows whoever printed last, and stays with it while nobody does", () => {
  let seen = NONE;
  const look = (results: Results): string => {
    const shown = showNewest(results, seen);
    ({ seen } = shown);
    return shown.line;
  };
  expect(look({ "i-a": running("a1"), "i-b": running("b1") })).toBe("i-a: a1");
  expect(look({ "i-a": running("a1"), "i-b": running("b1\nb2") })).toBe("i-b: b2");
  expect(look({ "i-a": running("a1"), "i-b": running("b1\nb2") })).toBe("i-b: b2");
  expect(look({ "i-a": running("a1"), "i-b": ended("b1\nb2") })).toBe("i-a: a1");
});
