import {
  boolean,
  type Given,
  integer,
  list,
  long,
  notEmulated,
  type Parameter,
  parseRequest,
  requiredList,
  requiredString,
  requiredTagList,
  seconds,
  string,
  tagList,
} from "../../../emulator/gateway/parameters";

const given = (parameters: Readonly<Record<string, string>>): Given => new Map(Object.entries(parameters));

describe("a value of", () => {
  test.each<[string, Parameter<unknown>, Readonly<Record<string, string>>, unknown]>([
    ["string", string, { P: "a" }, "a"],
    ["string, empty", string, { P: "" }, ""],
    ["string, absent", string, {}, undefined],
    ["requiredString", requiredString, { P: "a" }, "a"],
    ["boolean, true", boolean, { P: "true" }, true],
    ["boolean, False", boolean, { P: "False" }, false],
    ["boolean, empty", boolean, { P: "" }, undefined],
    ["integer", integer, { P: "-5" }, -5],
    ["integer, empty", integer, { P: "" }, undefined],
    ["long", long, { P: "9007199254740991" }, 9007199254740991],
    ["list, in the order of its numbers", list, { "P.10": "c", "P.2": "b", "P.1": "a" }, ["a", "b", "c"]],
    ["list, with a gap", list, { "P.1": "a", "P.3": "c" }, ["a", "c"]],
    ["list, its last number", list, { "P.10000": "z" }, ["z"]],
    ["list, of other things", list, { P: "a", "PP.1": "d", "p.1": "e" }, []],
    ["seconds", seconds, { P: "0" }, 0],
    ["requiredList", requiredList, { "P.1": "" }, [""]],
    [
      "tagList",
      tagList,
      { "P.2.Key": "b", "P.1.Value": "1", "P.1.Key": "a" },
      [{ Key: "a", Value: "1" }, { Key: "b" }],
    ],
    ["tagList, members in lower case", tagList, { "P.1.key": "a", "P.1.value": "1" }, [{ Key: "a", Value: "1" }]],
    ["tagList, without a key", tagList, { "P.1.Value": "1" }, [{ Value: "1" }]],
    ["notEmulated, absent", notEmulated("String"), { Q: "a" }, undefined],
  ])("%s", (_title, parameter, parameters, value) => {
    expect(parameter.parse("P", given(parameters))).toEqual(value);
  });
});

describe("the gateway refuses", () => {
  const missing = { code: "MissingP", message: "P is mandatory for this action.", status: 400 };
  const invalid = { code: "InvalidP", message: "Specified parameter P is not valid.", status: 400 };

  test.each<[string, Parameter<unknown>, Readonly<Record<string, string>>, object]>([
    ["requiredString, absent", requiredString, {}, missing],
    ["requiredString, empty", requiredString, { P: "" }, missing],
    ["requiredList, absent", requiredList, { P: "a" }, missing],
    ["requiredTagList, absent", requiredTagList, {}, missing],
    ["boolean, yes", boolean, { P: "yes" }, invalid],
    ["integer, 1e3", integer, { P: "1e3" }, invalid],
    ["integer, with blanks", integer, { P: " 1" }, invalid],
    ["seconds, negative", seconds, { P: "-1" }, invalid],
    ["long, beyond what is exact", long, { P: "9007199254740992" }, invalid],
    [
      "notEmulated, one of a list",
      notEmulated("RepeatList"),
      { "P.1": "a" },
      { code: "Emulator.NotSupported", message: "The emulator does not support the parameter P.1.", status: 400 },
    ],
  ])("%s", (_title, parameter, parameters, error) => {
    expect(() => parameter.parse("P", given(parameters))).toThrow(expect.objectContaining(error));
  });
});

describe("an element that is none of a list", () => {
  const numbers = ["0", "01", "-1", "+1", "1e3", "10001", "999999999", "9".repeat(400), "a", "", "1.2", "١"];
  const member = ["1", "1.", "1.Name", "1.Key.Key", "0.Key", "999999999.Value", "Key"];

  test.each([...numbers.map((end) => [list, end] as const), ...member.map((end) => [tagList, end] as const)])(
    "%j: P.%s",
    (parameter, end) => {
      expect(() => parameter.parse("P", given({ [`P.${end}`]: "x" }))).toThrow(
        expect.objectContaining({
          code: "InvalidP",
          message: `Specified parameter P.${end} is not valid.`,
          status: 400,
        }),
      );
    },
  );
});

test("a request has a value for each parameter of the table, and nothing else", () => {
  const takes = { Name: requiredString, Timeout: long, InstanceId: list };
  expect(parseRequest(takes, given({ Name: "n", Other: "x", "InstanceId.1": "i-a" }))).toEqual({
    Name: "n",
    Timeout: undefined,
    InstanceId: ["i-a"],
  });
});
