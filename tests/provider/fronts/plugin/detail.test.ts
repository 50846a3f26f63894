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
    "members whose names hold what a path is made of",
    ["tags"],
    [],
    { tags: { 'q"r': "1", "a\\b": "1", "x\ty": "1" } },
    { tags: { 'q"r': "2", "a\\b": "2", "x\ty": "2" } },
    {
      'tags["q\\"r"]': { kind: "update", isReplaced: false },
      'tags["a\\b"]': { kind: "update", isReplaced: false },
      'tags["x\ty"]': { kind: "update", isReplaced: false },
    },
  ],
  [
    "a map as a whole, where no path could name its member",
    ["tags"],
    [],
    { tags: { a: "1", "b\\": "1" } },
    { tags: { a: "2", "b\\": "2" } },
    { tags: { kind: "update", isReplaced: false } },
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
