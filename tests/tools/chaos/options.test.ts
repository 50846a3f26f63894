import { availableParallelism } from "node:os";
import { parseOptions } from "../../../tools/chaos/options";

test("without arguments, 40 kills of seed 1, as many lives at once as there are cores", () => {
  expect(parseOptions([])).toEqual({ kills: 40, seed: 1, jobs: availableParallelism(), of: "stack" });
});

test("takes numbers", () => {
  expect(parseOptions(["--kills", "300", "--seed", "0", "--jobs", "1", "--life", "4"])).toEqual({
    kills: 300,
    seed: 0,
    jobs: 1,
    life: 4,
    of: "stack",
  });
});

test.each([
  [["--kills", "0"], 'Cannot read --kills: must be a whole number from 1: it is "0"'],
  [["--seed", "x"], 'Cannot read --seed: must be a whole number from 0: it is "x"'],
  [["--of", "fleet"], 'Cannot read --of: must be stack or rollout: it is "fleet"'],
  [["--jobs", "1.5"], 'Cannot read --jobs: must be a whole number from 1: it is "1.5"'],
])("refuses %j", (args, message) => {
  expect(() => parseOptions(args)).toThrow(new TypeError(message));
});
