// The parts of the documents that no document of its own shows yet are what the source says.
import { fillParts } from "../../tools/docs";

const part = (name: string): string[] =>
  fillParts(`<!-- begin ${name} -->\n<!-- end ${name} -->`).split("\n").slice(1, -1);

test("the waves of fleets by default", () => {
  expect(part("rollout-waves")).toEqual([
    '| machines | wave 1: `1` | wave 2: `"10%"` | wave 3: `"50%"` | wave 4: `"100%"` |',
    "|---|---|---|---|---|",
    "| 1 | 1 | 0 | 0 | 0 |",
    "| 7 | 1 | 0 | 2 | 4 |",
    "| 100 | 1 | 9 | 40 | 50 |",
    "| 1000 | 1 | 99 | 400 | 500 |",
  ]);
});

test.each<[string, RegExp]>([
  [
    "rollout-arguments",
    /^\| `maxFailures` \| `Amount` \| Failures that are borne; more stop the rollout\. Default 0\. \|$/,
  ],
  ["rollout-check", /^\| `timeout` \| Seconds, from 10 to 86,400, in which a machine must become healthy/],
  ["rollout-rules", /^\* The ids in `first` come first/],
  ["rollout-standings", /^\| `held` \| has not been started \|$/],
  ["rollout-statuses", /^\| `Stopped` \| .* \| runs again on the machines that failed, wave by wave/],
])("%s", (name, row) => {
  expect(part(name).filter((line) => row.test(line))).toHaveLength(1);
});
