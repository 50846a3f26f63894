import {
  parseBase64,
  parseBoolean,
  parseFields,
  parseList,
  parseNumber,
  parseParameters,
  parseTags,
  parseText,
} from "../../../provider/cloud/answer";

// [function, what the service gives, what is read]
test.each<[string, (value: unknown) => unknown, unknown, unknown]>([
  ["parseText", parseText, "a", "a"],
  ["parseText", parseText, "", ""],
  ["parseText", parseText, 7, "7"],
  ["parseText", parseText, undefined, ""],
  ["parseText", parseText, null, ""],
  ["parseNumber", parseNumber, 7, 7],
  ["parseNumber", parseNumber, "60", 60],
  ["parseNumber", parseNumber, 0, 0],
  ["parseNumber", parseNumber, "", undefined],
  ["parseNumber", parseNumber, null, undefined],
  ["parseNumber", parseNumber, "many", undefined],
  ["parseBoolean", parseBoolean, "true", true],
  ["parseBoolean", parseBoolean, "True", true],
  ["parseBoolean", parseBoolean, true, true],
  ["parseBoolean", parseBoolean, "false", false],
  ["parseBoolean", parseBoolean, undefined, false],
  ["parseBase64", parseBase64, Buffer.from("grüß\n").toString("base64"), "grüß\n"],
  ["parseBase64", parseBase64, Buffer.from([0x61, 0xff, 0x62]).toString("base64"), "a\ufffdb"],
  ["parseBase64", parseBase64, undefined, ""],
  ["parseFields", parseFields, { a: 1 }, { a: 1 }],
  ["parseFields", parseFields, "a", {}],
  ["parseFields", parseFields, [1], {}],
  ["parseFields", parseFields, null, {}],
  ["parseTags", parseTags, { Tag: [{ TagKey: "k", TagValue: "v" }, { TagKey: "e" }] }, { k: "v", e: "" }],
  ["parseTags", parseTags, undefined, {}],
  ["parseParameters", parseParameters, '{"a":"1","b":""}', { a: "1", b: "" }],
  ["parseParameters", parseParameters, '{"n":1}', { n: "1" }],
  ["parseParameters", parseParameters, { a: "1" }, { a: "1" }],
  ["parseParameters", parseParameters, "", {}],
  ["parseParameters", parseParameters, "{", {}],
  ["parseParameters", parseParameters, undefined, {}],
])("%s of %3$j", (_, parse, value, parsed) => {
  expect(parse(value)).toEqual(parsed);
});

// [wrapper, list]
test.each([
  [{ Tag: [1, 2] }, [1, 2]],
  [
    [1, 2],
    [1, 2],
  ],
  [{ Tag: "" }, []],
  [{}, []],
  ["", []],
])("parseList of %j", (wrapper, list) => {
  expect(parseList(wrapper, "Tag")).toEqual(list);
});
