import fc from "fast-check";
import { type Amount, parsePercentage, resolveAmount } from "../../../../provider/rules/rollout/amount";

test.each<[string, number | undefined]>([
  ["0%", 0],
  ["10%", 10_000],
  ["100%", 100_000],
  ["0.5%", 500],
  ["2.125%", 2_125],
  ["099%", 99_000],
  ["100.001%", undefined],
  ["101%", undefined],
  ["1.2345%", undefined],
  ["-1%", undefined],
  ["10 %", undefined],
  ["10", undefined],
  ["%", undefined],
  ["1e1%", undefined],
  ["10%\n", undefined],
])("%j is %p thousandths of a percent", (text, thousandths) => {
  expect(parsePercentage(text)).toBe(thousandths);
});

test.each<[Amount, number, number]>([
  [5, 100, 5],
  [5, 3, 3],
  [0, 3, 0],
  ["10%", 100, 10],
  ["10%", 9, 0],
  ["50%", 7, 3],
  ["100%", 7, 7],
  ["0.5%", 1000, 5],
  ["0.5%", 999, 4],
  // 0.29 * 100 is 28.999999999999996, and 0.07 * 100 is 7.000000000000001.
  ["29%", 100, 29],
  ["7%", 100, 7],
  ["33.333%", 3, 0],
  ["33.333%", 300_000, 99_999],
])("%j of %i machines are %i", (amount, whole, count) => {
  expect(resolveAmount(amount, whole)).toBe(count);
});

test("a percentage is never rounded up, nor by a whole machine down", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 10_000 }), (thousandths, whole) => {
      const text = `${Math.floor(thousandths / 1_000)}.${String(thousandths % 1_000).padStart(3, "0")}%`;
      const count = resolveAmount(text, whole);
      expect(count * 100_000).toBeLessThanOrEqual(whole * thousandths);
      expect((count + 1) * 100_000).toBeGreaterThan(whole * thousandths);
    }),
  );
});
