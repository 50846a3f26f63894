import fc from "fast-check";
import { containsUnknown, isUnknown } from "../../../provider/rules/unknown";

/** One per type of value, from the engine's source: string, boolean, number, array, asset, archive, object. */
const SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
];

describe.each(SENTINELS)("%s", (sentinel) => {
  it("is not known by itself", () => {
    expect(isUnknown(sentinel)).toBe(true);
    expect(containsUnknown(sentinel)).toBe(true);
  });

  it("makes whatever holds it not known, at any depth", () => {
    expect(containsUnknown(["i-a", sentinel])).toBe(true);
    expect(containsUnknown({ env: sentinel })).toBe(true);
    expect(containsUnknown([{ deep: [{ deeper: sentinel }] }])).toBe(true);
  });

  it("is only its exact text", () => {
    expect(isUnknown(`${sentinel} `)).toBe(false);
    expect(isUnknown(sentinel.toUpperCase())).toBe(false);
    expect(isUnknown([sentinel])).toBe(false);
    expect(containsUnknown({ [sentinel]: "a key is no value" })).toBe(false);
  });
});

it.each([undefined, null, 0, true, "", "i-a", [], {}, [[]], { a: null, b: undefined }])("knows %j", (value) => {
  expect(isUnknown(value)).toBe(false);
  expect(containsUnknown(value)).toBe(false);
});

it("knows every value without a sentinel, and none with one", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...SENTINELS), (value, sentinel) => {
      expect(containsUnknown(value)).toBe(false);
      expect(containsUnknown([value, { nested: [sentinel, value] }])).toBe(true);
    }),
  );
});
