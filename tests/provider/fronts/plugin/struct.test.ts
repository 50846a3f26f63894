import { readStruct, writeStruct } from "../../../../provider/fronts/plugin/struct";

test("properties go over the wire and come back", () => {
  const properties = {
    text: "错",
    empty: "",
    number: 1.5,
    flag: false,
    nothing: null,
    list: [1, ["a"], {}],
    map: { "a.b": { c: [] } },
  };
  expect(readStruct(writeStruct(properties))).toEqual(properties);
});

test("what is undefined is left out, and in a list it is null", () => {
  expect(readStruct(writeStruct({ a: undefined, b: { c: undefined }, d: [undefined] }))).toEqual({ b: {}, d: [null] });
  expect(readStruct(undefined)).toEqual({});
});
