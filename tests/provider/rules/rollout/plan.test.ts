import { lastWaveOf } from "../../../../provider/rules/rollout/plan";
import { planOf } from "./fleet";

// [through, last wave]
test.each<[number | undefined, number]>([
  [undefined, Number.POSITIVE_INFINITY],
  [1, 1],
  [2, 2],
  // The last wave of the program lets those through that were added for machines that joined.
  [3, Number.POSITIVE_INFINITY],
])("through %p an update runs up to wave %p", (through, last) => {
  const plan = planOf([["a"], ["b"], ["c"], ["joined"]], { waves: [1, 2, "100%"], through });
  expect(lastWaveOf(plan)).toBe(last);
});
