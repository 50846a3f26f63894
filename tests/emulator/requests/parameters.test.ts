import { areNamesDefined, hasRepeatedName, parsePassed } from "../../../emulator/requests/parameters";
import { expectGrowth } from "../../growth";

describe("parsePassed", () => {
  test.each<[string | undefined, Partial<ReturnType<typeof parsePassed>>]>([
    [undefined, { isObject: true, names: [], values: {} }],
    ["", { isObject: true, names: [], values: {} }],
    ["{}", { isObject: true, names: [], values: {} }],
    ['{"a":"1"}', { names: ["a"], values: { a: "1" }, hasNestedValue: false }],
    ['{"a":""}', { names: ["a"], values: { a: "" } }],
    ['{"a":1,"b":true}', { names: ["a", "b"], values: { a: "1", b: "true" } }],
    ['{"a":"1","a":"2"}', { names: ["a", "a"], values: { a: "2" } }],
    ['{"a":"\\"b\\": 1, \\\\"}', { names: ["a"], values: { a: '"b": 1, \\' } }],
    ['{"a\\u0062":"x"}', { names: ["ab"], values: { ab: "x" } }],
    ['{"a":{"b":1}}', { hasNestedValue: true }],
    ['{"a":[1]}', { hasNestedValue: true }],
    ['{"a":null}', { hasNestedValue: true }],
    ['{"a" \n : "b:c" , "d":"e"}', { names: ["a", "d"], values: { a: "b:c", d: "e" } }],
    ["[]", { isObject: false }],
    ["null", { isObject: false }],
    ['"a"', { isObject: false }],
    ["a=1", { isObject: false }],
  ])("%s", (text, expected) => {
    expect(parsePassed(text)).toMatchObject(expected);
  });
});

test.each<[string, (characters: number) => string]>([
  ["quotes", (characters) => JSON.stringify({ a: '"'.repeat(characters / 2) })],
  ["quotes that never end", (characters) => `{"a":"${'\\"'.repeat(characters / 2)}`],
  ["blanks", (characters) => `{"a":"b"${" ".repeat(characters)},"c":"d"}`],
  ["blanks and strings", (characters) => `{${'"a"  :  "b"  ,  '.repeat(characters / 16)}"c":"d"}`],
])("%s take time that grows with their number alone", (_, write) => {
  expectGrowth(write, parsePassed);
});

test.each([
  [["a", "b"], false],
  [["a", "A"], true],
  [["a", "a"], true],
  [[], false],
])("hasRepeatedName %j: %s", (names, repeated) => {
  expect(hasRepeatedName(names)).toBe(repeated);
});

test.each([
  [["NAME"], ["name"], true],
  [["name", "other"], ["name"], false],
  [[], ["name"], true],
])("areNamesDefined %j in %j: %s", (names, defined, expected) => {
  expect(areNamesDefined(names, defined)).toBe(expected);
});
