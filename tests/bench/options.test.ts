import { parseOptions } from "../../bench/options";

test("without arguments measures start and stack, small", () => {
  expect(parseOptions([])).toEqual({ parts: ["start", "stack"], count: 40, latencyMs: 50, commandSeconds: 1 });
});

test("takes parts and sizes", () => {
  expect(parseOptions(["storm", "--count", "200", "--latency", "0", "--seconds", "3"])).toEqual({
    parts: ["storm"],
    count: 200,
    latencyMs: 0,
    commandSeconds: 3,
  });
});

const REFUSED: [args: string[], message: string][] = [
  [["stacks"], 'Cannot measure "stacks": a part must be one of start, stack, storm, destroy, fronts, rollout'],
  [["--count", "0"], 'Cannot read --count: must be a whole number from 1: it is "0"'],
  [["--latency=-1"], 'Cannot read --latency: must be a whole number from 0: it is "-1"'],
  [["--seconds", "0.5"], 'Cannot read --seconds: must be a whole number from 0: it is "0.5"'],
];

test.each(REFUSED)("refuses %j", (args, message) => {
  expect(() => parseOptions(args)).toThrow(new TypeError(message));
});

test("refuses an option that it does not know", () => {
  expect(() => parseOptions(["--size", "9"])).toThrow("Unknown option '--size'");
});
