import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { INPUT_NAMES, type InvocationInputs } from "../../../provider/rules/inputs";
import { isSame } from "../../../provider/rules/same";
import { ONE, OTHER } from "./examples";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

it.each<[keyof InvocationInputs, unknown, unknown, boolean]>([
  ["frequency", "0 0 2 * * ?", "0  0 2 * * *", true],
  ["frequency", "0 0 2 * * MON", "0 0 2 ? * 1", true],
  ["frequency", "rate(60m)", "rate(1h)", true],
  ["frequency", "at(2030-01-31 13:15:30)", "at(2030-01-31 13:15:30 UTC)", true],
  ["instanceIds", ["i-1", "i-2"], ["i-2", "i-1", "i-1"], true],
  ["frequency", "0 0 2 * * ?", "0 0 2 * * ? UTC", false],
  ["frequency", "no schedule", "no schedule", true],
  ["frequency", "no schedule", "no schedule at all", false],
  ["parameters", { a: "1", b: "2" }, { b: "2", a: "1" }, true],
  ["parameters", {}, undefined, true],
  ["parameters", undefined, {}, true],
  ["parameters", { a: "" }, undefined, false],
  ["parameters", { a: "1" }, { a: "1", b: "" }, false],
  ["tags", {}, undefined, true],
  ["triggers", undefined, [], true],
  ["triggers", [], [{}], false],
  ["triggers", [""], [], false],
  ["triggers", [1], ["1"], false],
  ["triggers", [1, 2], [2, 1], false],
  ["triggers", [{ a: 1, b: [2] }], [{ b: [2], a: 1 }], true],
  ["timeout", 60, 60, true],
  ["username", undefined, "", false],
  ["triggers", [1], [UNKNOWN], false],
  ["parameters", { a: UNKNOWN }, { a: UNKNOWN }, false],
])("%s: %j and %j: %j", (property, before, after, expected) => {
  expect(isSame(property, before, after)).toBe(expected);
});

it.each(INPUT_NAMES)("%s: each value is the same as itself and not as another", (name) => {
  expect([isSame(name, ONE[name], ONE[name]), isSame(name, ONE[name], OTHER[name])]).toEqual([true, false]);
});

it("always notices another value, and only that", () => {
  const plain = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      expect(isSame("triggers", [before], [structuredClone(before)])).toBe(true);
      expect(isSame("triggers", [before], [after])).toBe(isDeepStrictEqual(before, after));
    }),
  );
});
