import { hasDuplicates, isTagKey, isTagValue, matchesTags } from "../../../emulator/requests/tags";

test.each([
  ["k".repeat(64), true],
  ["k".repeat(65), false],
  ["aliyun", false],
  ["ALIYUN-x", false],
  ["acs:x", false],
  ["my-acs:x", true],
  ["http://x", false],
  ["see https://x", false],
  ["中文", true],
])("tag key %s: %s", (key, valid) => {
  expect(isTagKey(key)).toBe(valid);
});

test.each([
  ["", true],
  ["v".repeat(128), true],
  ["v".repeat(129), false],
  ["aliyun", true],
  ["http://x", false],
])("tag value %s: %s", (value, valid) => {
  expect(isTagValue(value)).toBe(valid);
});

const tags = new Map([
  ["role", "web"],
  ["stage", ""],
]);
test.each([
  [[], true],
  [[{ Key: "role", Value: "web" }], true],
  [[{ Key: "role" }], true],
  [[{ Key: "role", Value: "" }], false],
  [[{ Key: "stage", Value: "" }], true],
  [[{ Key: "role" }, { Key: "stage" }], true],
  [[{ Key: "role" }, { Key: "team" }], false],
])("%j matches: %s", (pairs, matches) => {
  expect(matchesTags(tags, pairs)).toBe(matches);
});

test.each([
  [["a", "b"], false],
  [["a", "a"], true],
  [[], false],
])("hasDuplicates %j: %s", (values, expected) => {
  expect(hasDuplicates(values)).toBe(expected);
});
