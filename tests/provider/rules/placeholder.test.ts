import { findPlaceholders, isSameName, replacePlaceholders } from "../../../provider/rules/placeholder";

it.each([
  ["echo {{name}}", ["name"]],
  ["{{ name }}{{other-1_X}}{{name}}", ["name", "other-1_X"]],
  ["{{Name}} {{name}}", ["Name"]],
  ["{{ACS::InstanceId}} {{oos-secret:db}} {{.Names}} {{}} {name}", []],
  ["{{a{{b}}}}", ["b"]],
])("%j holds %j", (content, names) => {
  expect(findPlaceholders(content)).toEqual(names);
});

it.each([
  ["echo {{a}} {{ a }} {{b}} {{ACS::InstanceId}}", "echo 1 1 {{b}} {{ACS::InstanceId}}"],
  ["{{a}}{{empty}}", "1"],
  ["nothing", "nothing"],
])("%j becomes %j", (content, replaced) => {
  const values = new Map([
    ["a", "1"],
    ["empty", ""],
  ]);
  expect(replacePlaceholders(content, (name) => values.get(name))).toBe(replaced);
});

it("puts a value in as it is, patterns and placeholders included", () => {
  expect(replacePlaceholders("{{a}} {{b}}", (name) => (name === "a" ? "$& {{b}}" : "2"))).toBe("$& {{b}} 2");
});

it("does not tell names apart by case", () => {
  expect(isSameName("Env", "eNV")).toBe(true);
  expect(isSameName("env", "env2")).toBe(false);
});
