import { areNamesDefined, hasRepeatedName, parsePassed } from "../../../emulator/requests/parameters";

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

test.each([
  ["quotes", JSON.stringify({ a: '"'.repeat(50_000) })],
  ["quotes that never end", `{"a":"${'\\"'.repeat(50_000)}`],
  ["blanks", `{"a":"b"${" ".repeat(100_000)},"c":"d"}`],
  ["blanks and strings", `{${'"a"  :  "b"  ,  '.repeat(6_000)}"c":"d"}`],
])("100 kB of %s are read within a second", (_, text) => {
  const begun = performance.now();
  parsePassed(text);
  expect(performance.now() - begun).toBeLessThan(1000);
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
