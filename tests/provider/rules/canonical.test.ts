import fc from "fast-check";
import { formatCanonical } from "../../../provider/rules/canonical";

it.each([
  [{ b: 1, a: [true, null, "x"] }, '{"a":[true,null,"x"],"b":1}'],
  [{ a: undefined, b: { d: 1, c: 2 } }, '{"b":{"c":2,"d":1}}'],
  [[[], {}, ""], '[[],{},""]'],
  [[undefined], "[null]"],
  [undefined, "null"],
])("%j is %s", (value, text) => {
  expect(formatCanonical(value)).toBe(text);
});

it("is JSON of the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(formatCanonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("tells any two values apart, and finds no meaning in the order of keys", () => {
  const sorted = (value: unknown) => JSON.parse(formatCanonical(value));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(formatCanonical(sorted(a))).toBe(formatCanonical(a));
      if (formatCanonical(a) === formatCanonical(b)) expect(sorted(a)).toEqual(sorted(b));
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (map) => {
      const reversed = Object.fromEntries(Object.entries(map).reverse());
      expect(formatCanonical(reversed)).toBe(formatCanonical(map));
    }),
  );
});
