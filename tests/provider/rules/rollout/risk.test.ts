import { assessRisk } from "../../../../provider/rules/rollout/risk";
import { planRollout } from "../../../../provider/rules/rollout/waves";
import { fleetOf, policyOf } from "./fleet";

// [policy, machines, at worst failed by the end of each wave that has machines]
test.each<[Record<string, unknown>, number, [wave: number, failed: number][]]>([
  [
    { maxFailures: 5 },
    1000,
    [
      [1, 1],
      [2, 99],
      [3, 405],
      [4, 505],
    ],
  ],
  [
    { maxFailures: "0.5%" },
    1000,
    [
      [1, 1],
      [2, 99],
      [3, 405],
      [4, 505],
    ],
  ],
  [
    {},
    1000,
    [
      [1, 1],
      [2, 99],
      [3, 400],
      [4, 500],
    ],
  ],
  [
    {},
    7,
    [
      [1, 1],
      [3, 2],
      [4, 4],
    ],
  ],
  [{}, 0, []],
  [
    { maxFailures: 5, canaryFailures: 1 },
    1000,
    [
      [1, 1],
      [2, 100],
      [3, 405],
      [4, 505],
    ],
  ],
  [
    { maxFailures: 5, concurrency: 10 },
    1000,
    [
      [1, 1],
      [2, 15],
      [3, 15],
      [4, 15],
    ],
  ],
  // Not more than there are.
  [
    { maxFailures: "100%" },
    1000,
    [
      [1, 1],
      [2, 99],
      [3, 499],
      [4, 999],
    ],
  ],
  [
    { maxFailures: "100%", canaryFailures: 1 },
    1000,
    [
      [1, 1],
      [2, 100],
      [3, 500],
      [4, 1000],
    ],
  ],
  [
    { maxFailures: 5, strict: true },
    1000,
    [
      [1, 1],
      [2, 6],
      [3, 6],
      [4, 6],
    ],
  ],
  [
    { strict: true },
    1000,
    [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
    ],
  ],
  [
    { maxFailures: 5, canaryFailures: 5, strict: true, waves: [3, "100%"] },
    1000,
    [
      [1, 3],
      [2, 6],
    ],
  ],
  // A wave is checked as a whole after it.
  [
    { maxFailures: 5, concurrency: 10, check: { commandId: "c-1" } },
    1000,
    [
      [1, 1],
      [2, 99],
      [3, 405],
      [4, 505],
    ],
  ],
  [
    { maxFailures: 5, strict: true, check: { commandId: "c-1" } },
    1000,
    [
      [1, 1],
      [2, 6],
      [3, 6],
      [4, 6],
    ],
  ],
  // It does not become better again.
  [
    { waves: [1, "90%", "100%"] },
    100,
    [
      [1, 1],
      [2, 89],
      [3, 89],
    ],
  ],
  [
    { maxFailures: 5, through: 2 },
    1000,
    [
      [1, 1],
      [2, 99],
    ],
  ],
  [{ waves: ["100%"], maxFailures: 5 }, 100, [[1, 100]]],
  [{ waves: ["100%"], maxFailures: 5, concurrency: 10 }, 100, [[1, 15]]],
])("%j on %i machines", (raw, machines, expected) => {
  const plan = planRollout({ machines: fleetOf(machines), seed: "urn", policy: policyOf(raw) });
  expect(assessRisk(plan).map(({ wave, failed }) => [wave, failed])).toEqual(expected);
});

test("says how many machines a wave has", () => {
  const plan = planRollout({ machines: fleetOf(7), seed: "urn", policy: policyOf() });
  expect(assessRisk(plan).map(({ machines }) => machines)).toEqual([1, 2, 4]);
});
