import { findNextPeriodEnd, readRate } from "../../../../emulator/agent/schedule/rate";

const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;

// [text, period in nanoseconds]
const taken: [string, bigint][] = [
  ["rate(1s)", SECOND],
  ["rate(5m)", 300n * SECOND],
  ["rate(2h)", 7200n * SECOND],
  ["rate(7d)", 7n * DAY],
  ["rate(1000d)", 1000n * DAY],
  ["Rate\n(5 M)", 300n * SECOND],
  ["rate(0010s)", 10n * SECOND],
  // 64 bits overflow unseen.
  ["rate(307445735m)", 307445735n * 60n * SECOND - 2n ** 64n],
  ["rate(140737488355328d)", BigInt.asIntN(64, 140737488355328n * DAY)],
];

test.each(taken)("%j is %i ns", (text, period) => {
  expect(readRate(text)).toBe(period);
});

// [text, error code]
const refused: [string, string][] = [
  ["rate()", "InvalidRateExpression"],
  ["rate(5)", "InvalidRateExpression"],
  ["rate(0m)", "InvalidRateExpression"],
  ["rate(-5m)", "InvalidRateExpression"],
  ["rate(1.5h)", "InvalidRateExpression"],
  ["rate(5 minutes)", "InvalidRateExpression"],
  ["rate( 5m)", "InvalidRateExpression"],
  ["rate(5m )", "InvalidRateExpression"],
  [" rate(5m)", "InvalidRateExpression"],
  ["rate(5m) UTC", "InvalidRateExpression"],
  ["rate(9223372036854775808s)", "InvalidRateExpression"],
  ["rate(1001d)", "RateFrequencyTooLarge"],
];

test.each(refused)("%j is %s", (text, code) => {
  expect(readRate(text)).toMatchObject({ code });
});

// [created, after, end of the period of 60 s in which `after` lies]
const ends: [number, number, number][] = [
  [0, 0, 60_000],
  [0, 1, 60_000],
  [0, 59_999, 60_000],
  [0, 60_000, 120_000],
  [5_000, 0, 65_000],
  [5_000, 65_000, 125_000],
];

test.each(ends)("created at %i ms, after %i ms: %i ms", (createdAt, after, end) => {
  expect(findNextPeriodEnd(60n * SECOND, createdAt, after)).toBe(end);
});

test("a period that overflowed to nothing ends the agent's process", () => {
  const period = readRate("rate(2305843009213693952h)");
  expect(period).toBe(0n);
  expect(() => findNextPeriodEnd(0n, 0, 0)).toThrow("integer divide by zero");
});
