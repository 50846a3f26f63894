import {
  findParameterNames,
  hasEmptyName,
  hasMalformedName,
  isParameterName,
  replaceParameters,
} from "../../../emulator/region/placeholder";
import { expectGrowth } from "../../growth";

// [content, names, {{}} in it, something in it that can be no name]
const contents: [string, string[], boolean, boolean][] = [
  ["echo {{name}}", ["name"], false, false],
  ["echo {{ name }} {{name}} {{NAME}}", ["name"], false, false],
  ["echo {{\r\n\tname\f }}", ["name"], false, false],
  ["echo {{a}} {{b-c}} {{d_1}}", ["a", "b-c", "d_1"], false, false],
  ["echo {{}}", [], true, false],
  ["echo {{ }}", [], true, false],
  ["echo {{a b}} {{c}}", ["c"], false, true],
  ["docker ps --format '{{.Names}}'", [], false, true],
  ["echo {{\u00a0name}} {{名}}", [], false, true],
  ["echo {{ACS::InstanceId}} {{ acs :: Foo }} {{oos:secret}} {{oos-secret:other}}", [], false, false],
  ["echo {name} {{{name}}}", ["name"], false, false],
  ["echo {{na{me}} {{name}", [], false, false],
  ["echo", [], false, false],
];

test.each(contents)("%j names %j", (content, names, isEmpty, isMalformed) => {
  const bytes = Buffer.from(content);
  expect([findParameterNames(bytes), hasEmptyName(bytes), hasMalformedName(bytes)]).toEqual([
    names,
    isEmpty,
    isMalformed,
  ]);
});

// [content, what runs]
test.each([
  ["echo {{a}}{{ b }}", "echo <a><b>"],
  ["echo {{.Names}} {{ACS::InstanceId}} {{}}", "echo {{.Names}} {{ACS::InstanceId}} {{}}"],
])("%j becomes %j", (content, expected) => {
  expect(replaceParameters(Buffer.from(content), (name) => `<${name}>`).toString()).toBe(expected);
});

test("what is put in is taken as it is", () => {
  expect(replaceParameters(Buffer.from("{{a}}"), () => "$& {{a}} 机").toString()).toBe("$& {{a}} 机");
});

test("bytes that are no UTF-8 pass as they are", () => {
  const gbk = Buffer.from("c4e3bac37b7b617d7dff", "hex");
  expect(replaceParameters(gbk, () => "1")).toEqual(Buffer.from("c4e3bac331ff", "hex"));
});

test.each([
  ["name", true],
  ["b-c_1", true],
  ["", false],
  [".Names", false],
  ["a b", false],
])("%j is a name: %s", (name, expected) => {
  expect(isParameterName(name)).toBe(expected);
});

test.each<[string, (characters: number) => string]>([
  ["blanks after {{", (characters) => `{{${" ".repeat(characters)}`],
  ["blanks in {{ }}", (characters) => `{{a${" ".repeat(characters)}b}}`],
  ["braces", (characters) => "{".repeat(characters)],
  ["pairs that never end", (characters) => "{{ a ".repeat(characters / 5)],
])("%s take time that grows with their number alone", (_, write) => {
  expectGrowth(write, (content) => {
    const bytes = Buffer.from(content);
    for (const read of [findParameterNames, hasEmptyName, hasMalformedName]) read(bytes);
    replaceParameters(bytes, () => "");
  });
});
