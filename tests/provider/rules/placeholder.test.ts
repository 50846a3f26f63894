import { findBuiltIns, findPlaceholders, isSameName, replacePlaceholders } from "../../../provider/rules/placeholder";
import { expectGrowth } from "../../growth";

it.each([
  ["echo {{name}}", ["name"]],
  ["{{ name }}{{other-1_X}}{{name}}", ["name", "other-1_X"]],
  ["{{Name}} {{name}}", ["Name"]],
  ["{{ACS::InstanceId}} {{oos-secret:db}} {{.Names}} {{}} {name}", []],
  ["{{a{{b}}}}", ["b"]],
])("%j holds %j", (content, names) => {
  expect(findPlaceholders(content)).toEqual(names);
});

// As the agent reads them (v578, run).
it.each([
  ["{{ACS::InstanceId}} {{ ACS::RegionId }}{{ACS::InstanceId}}", ["InstanceId", "RegionId"]],
  ["{{ ACS :: InstanceId }}", ["InstanceId"]],
  ['{{ACS::ScriptFileName|Ext(".py")}}', ["ScriptFileName"]],
  ["{{ACS::instanceid}}", ["instanceid"]],
  ["{{acs::InstanceId}} {{ACS:InstanceId}} {{.Names}} ACS::InstanceId", []],
])("%j has the built-in parameters %j", (content, names) => {
  expect(findBuiltIns(content)).toEqual(names);
});

it.each([
  ["opening braces", "{{"],
  ["opening braces and blanks", "{{ "],
  ["blanks after one opening", " ", "{{"],
  ["letters after one opening", "a", "{{"],
  ["beginnings of a built-in", "{{ACS"],
  ["beginnings of a built-in, and blanks", "{{ ACS :: "],
  ["closing braces", "}}"],
])("takes time that grows with the length alone: %s", (_, piece, head = "") => {
  expectGrowth(
    (characters) => head + piece.repeat(characters / piece.length),
    (content) => {
      findPlaceholders(content);
      findBuiltIns(content);
      replacePlaceholders(content, () => undefined);
    },
  );
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
