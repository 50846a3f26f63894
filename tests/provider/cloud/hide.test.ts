import fc from "fast-check";
import { hide } from "../../../provider/cloud/hide";

const SECRETS = ["hunter22", "hunter22-and-more", "a b c d e", 'quo"te\nline', "half \ud83d", "1", "i-a", ""];

// [text, what is left of it]
test.each([
  ["the value hunter22 is bad", "the value [hidden] is bad"],
  ["the value a%20b%20c%20d%20e is bad", "the value [hidden] is bad"],
  ['{"value":"quo\\"te\\nline"}', '{"value":"[hidden]"}'],
  ['the value "1" is bad, 10 is good', 'the value "[hidden]" is bad, 10 is good'],
  ['"i-a" and i-a, but not i-ab or mi-a', '"[hidden]" and [hidden], but not i-ab or mi-a'],
  ["the longest goes first: hunter22-and-more", "the longest goes first: [hidden]"],
  ["nothing to hide", "nothing to hide"],
])("%s", (text, left) => {
  expect(hide(text, SECRETS)).toBe(left);
});

test("a long secret is nowhere left, whatever stands around it", () => {
  const secret = fc.string({ minLength: 6, maxLength: 20 });
  fc.assert(
    fc.property(fc.string(), secret, fc.string(), (before, value, after) => {
      const forms = [value, JSON.stringify(value).slice(1, -1)];
      for (const form of forms) expect(hide(`${before}${form}${after}`, [value])).not.toContain(value);
    }),
  );
});
