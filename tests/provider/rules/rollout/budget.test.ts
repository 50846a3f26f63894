import type { Amount } from "../../../../provider/rules/rollout/amount";
import { isExceeded, resolveBudget, resolveTargets, spareFailures } from "../../../../provider/rules/rollout/budget";
import { policyOf } from "./fleet";

const Infinite = Number.POSITIVE_INFINITY;

// [policy, fleet, borne, canary's wave, borne in it, concurrency]
test.each<[Record<string, unknown>, number, number, number, number, number]>([
  [{}, 1000, 0, 1, 0, Infinite],
  [{ maxFailures: 5 }, 1000, 5, 1, 0, Infinite],
  [{ maxFailures: 5 }, 3, 3, 1, 0, Infinite],
  [{ maxFailures: "0.5%" }, 1000, 5, 1, 0, Infinite],
  [{ maxFailures: "5%" }, 19, 0, 1, 0, Infinite],
  [{ maxFailures: 5, canaryFailures: 2 }, 1000, 5, 1, 1, Infinite],
  [{ maxFailures: 5, canaryFailures: 2, waves: [10, "100%"] }, 1000, 5, 1, 2, Infinite],
  [{ maxFailures: "10%", canaryFailures: "10%", waves: [20, "100%"] }, 1000, 100, 1, 2, Infinite],
  [{ maxFailures: 1, canaryFailures: "100%", waves: [20, "100%"] }, 1000, 1, 1, 1, Infinite],
  // A single wave has no canary.
  [{ maxFailures: 5, waves: ["100%"] }, 1000, 5, 1, 5, Infinite],
  [{ maxFailures: 5, canaryFailures: 1, waves: ["100%"] }, 1000, 5, 1, 1, Infinite],
  // The first wave that has machines.
  [{ maxFailures: 5, waves: ["1%", "10%", "100%"] }, 50, 5, 2, 0, Infinite],
  [{ maxFailures: 5, waves: ["1%", "10%", "100%"] }, 5, 5, 3, 0, Infinite],
  [{}, 0, 0, 1, 0, Infinite],
  [{ concurrency: 20 }, 1000, 0, 1, 0, 20],
  [{ concurrency: "10%" }, 19, 0, 1, 0, 1],
  [{ concurrency: "10%" }, 9, 0, 1, 0, 1],
  [{ concurrency: "10%" }, 1000, 0, 1, 0, 100],
  [{ concurrency: 5 }, 0, 0, 1, 0, 1],
])("%j on %i machines", (raw, fleet, borne, canaryWave, canaryBorne, concurrency) => {
  expect(resolveBudget(policyOf(raw), fleet)).toEqual({ borne, canaryWave, canaryBorne, concurrency });
});

test.each<[Amount[], number, number[]]>([
  [[1, "10%", "50%", "100%"], 1000, [1, 100, 500, 1000]],
  [[1, "10%", "50%", "100%"], 7, [1, 1, 3, 7]],
  [[1, "10%", "50%", "100%"], 1, [1, 1, 1, 1]],
  [[1, "10%", "50%", "100%"], 0, [0, 0, 0, 0]],
  [["1%", 10, "5%", "100%"], 100, [1, 10, 10, 100]],
])("%j of %i machines are reached as %j", (waves, fleet, targets) => {
  expect(resolveTargets(waves, fleet)).toEqual(targets);
});

// [failed, failed in the first wave, spare there, spare in the second, exceeded]
test.each([
  [0, 0, 1, 3, false],
  [1, 1, 0, 2, false],
  [2, 2, -1, 1, true],
  [3, 1, 0, 0, false],
  [3, 0, 0, 0, false],
  [4, 0, -1, -1, true],
])("%i failed, %i of them in the first wave", (failed, failedInCanary, first, second, exceeded) => {
  const budget = resolveBudget(policyOf({ maxFailures: 3, canaryFailures: 1, waves: [10, "100%"] }), 100);
  expect(spareFailures(budget, 1, failed, failedInCanary)).toBe(first);
  expect(spareFailures(budget, 2, failed, failedInCanary)).toBe(second);
  expect(isExceeded(budget, failed, failedInCanary)).toBe(exceeded);
});
