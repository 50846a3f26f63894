import { type InvocationState, judgeChanges } from "../../../provider/rules/changes";
import { describeDrift } from "../../../provider/rules/drift";
import type { InvocationInputs } from "../../../provider/rules/inputs";
import { JOINED, type Results } from "../../../provider/rules/results";

const results = (statuses: string[]): Results =>
  Object.fromEntries(
    statuses.map((status, i) => [`i-${i + 1}`, { status, output: "", dropped: 0, repeats: 1, invokeId: "t-1" }]),
  );

const INPUTS: InvocationInputs = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  regionId: "cn-hangzhou",
  repeatMode: "Period",
  frequency: "0 0 1 * * ? UTC",
  parameters: { word: "one" },
};
const SCHEDULED = {
  invokeId: "t-1",
  status: "Scheduled",
  results: results(["Scheduled", "Scheduled"]),
  schemaVersion: 1,
};
const { frequency: _, ...ONCE } = { ...INPUTS, repeatMode: "Once" as const };

// [what, declared, what the service says otherwise, lines]
it.each<[string, InvocationInputs, Partial<InvocationState>, string[]]>([
  ["nothing", INPUTS, {}, []],
  [
    "the schedule",
    INPUTS,
    { frequency: "rate(1h)" },
    ['schedule is "rate(1h)" at the service, and "0 0 1 * * ? UTC" in the program'],
  ],
  ["parameters", INPUTS, { parameters: { word: "s3cret" } }, ["parameters at the service differ from the program"]],
  [
    "a machine that joined",
    INPUTS,
    { instanceIds: ["i-1", "i-2", "i-3"] },
    ["1 instance in it that the program does not name"],
  ],
  ["machines that left", INPUTS, { instanceIds: [] }, ["2 instances of the program not in it"]],
  [
    "a stop",
    INPUTS,
    { status: "Stopped", results: results(["Cancelled", "Cancelled"]) },
    ['invocation "t-1" was stopped from outside'],
  ],
  [
    "machines without the schedule",
    INPUTS,
    { results: results(["Cancelled", "Pending"]) },
    ["not in force on 1 of 2 instances", "1 of 2 instances not scheduled yet"],
  ],
  ["a failure", ONCE, { status: "Failed", results: results(["Failed", "Failed"]) }, ["failed on 2 of 2 instances"]],
  [
    "a run that goes on",
    ONCE,
    { status: "Running", results: results(["Running", "Success"]) },
    ["1 of 2 instances still running"],
  ],
  ["a run that nobody has seen", ONCE, { status: "Running", results: {} }, ["no instance has reported yet"]],
  [
    "machines that carry the tags by now",
    { ...ONCE, instanceIds: undefined, resourceTags: { role: "web" } } as never,
    { status: "Success", results: { ...results(["Success"]), "i-8": JOINED, "i-9": JOINED } },
    ['2 instances with resourceTags have not run it: "i-8", "i-9"'],
  ],
  ["tags", { ...INPUTS, tags: { a: "b" } }, { tags: {} }, ["tags differ from the program"]],
  [
    "what only a replacement changes",
    INPUTS,
    { timeout: 70, triggers: [1] },
    ["timeout differs from the program", "triggers differ from the program"],
  ],
])("says of a refresh: %s", (_, declared, live, lines) => {
  const state = { ...declared, ...SCHEDULED, ...live };
  const said = describeDrift(judgeChanges(state, declared), state, declared);
  expect(said).toEqual(lines);
  // In a refresh nothing is done.
  expect(said.join("\n")).not.toMatch(/\b(runs? again|in place|is started|replaced|starts anew|goes on)\b/);
});
