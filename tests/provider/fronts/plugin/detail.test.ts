import { type ChangedProperties, describeChanged } from "../../../../provider/fronts/plugin/detail";

// [what, names, replaces, before, after, what changed]
test.each<[string, string[], string[], object, object, ChangedProperties]>([
  ["nothing", [], [], {}, {}, {}],
  [
    "values",
    ["timeout", "username", "workingDir"],
    ["timeout"],
    { timeout: 60, username: "a" },
    { timeout: 30, workingDir: "/", username: null },
    {
      timeout: { kind: "update", isReplaced: true },
      username: { kind: "delete", isReplaced: false },
      workingDir: { kind: "add", isReplaced: false },
    },
  ],
  [
    "members of a map",
    ["parameters"],
    [],
    { parameters: { same: "1", word: "a", "a.b": "c" } },
    { parameters: { same: "1", word: "b", new: "d" } },
    {
      "parameters.word": { kind: "update", isReplaced: false },
      'parameters["a.b"]': { kind: "delete", isReplaced: false },
      "parameters.new": { kind: "add", isReplaced: false },
    },
  ],
  [
    "a list as a whole",
    ["instanceIds"],
    [],
    { instanceIds: ["i-a"] },
    { instanceIds: ["i-a", "i-b"] },
    { instanceIds: { kind: "update", isReplaced: false } },
  ],
  [
    "a map that is not known yet",
    ["tags"],
    [],
    { tags: { a: "1" } },
    { tags: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    { tags: { kind: "update", isReplaced: false } },
  ],
])("%s", (_, names, replaces, before, after, changed) => {
  expect(describeChanged(names, replaces, { ...before }, { ...after })).toEqual(changed);
});
