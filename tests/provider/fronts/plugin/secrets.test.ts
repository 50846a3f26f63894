import fc from "fast-check";
import { isMarked, joinMarks, type Marks, openSecrets, sealSecrets } from "../../../../provider/fronts/plugin/secrets";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

// [what, on the wire, in the clear, which parts are secret]
const VALUES: [string, unknown, unknown, Marks | undefined][] = [
  ["no secret", { a: [1, { b: null }] }, { a: [1, { b: null }] }, undefined],
  ["a member", { a: secret("x"), b: "y" }, { a: "x", b: "y" }, { a: true }],
  ["a member of a member", { a: { b: secret("x"), c: 1 } }, { a: { b: "x", c: 1 } }, { a: { b: true } }],
  ["an object as a whole", { a: secret({ b: "x" }) }, { a: { b: "x" } }, { a: true }],
  ["a list as a whole", { a: secret(["x"]) }, { a: ["x"] }, { a: true }],
  [
    "a value that looks like none",
    { a: { "4dabf18193072939515e22adb298388d": "other" } },
    { a: { "4dabf18193072939515e22adb298388d": "other" } },
    undefined,
  ],
];

test.each(VALUES)("%s is opened and sealed again", (_, wire, value, marks) => {
  expect(openSecrets(wire)).toEqual({ value, ...(marks && { marks }) });
  expect(sealSecrets({ value, marks })).toEqual(wire);
});

test("a list with a secret in it, and a secret in a secret, are sealed as a whole", () => {
  expect(openSecrets({ a: ["x", secret("y")] })).toEqual({ value: { a: ["x", "y"] }, marks: { a: true } });
  expect(openSecrets({ a: secret({ b: secret("y") }) })).toEqual({ value: { a: { b: "y" } }, marks: { a: true } });
});

test("marks of what is not there mark nothing", () => {
  const marks = { gone: true, none: true, a: { gone: true } } as const;
  expect(sealSecrets({ value: { none: null, a: { b: 1 } }, marks })).toEqual({ none: null, a: { b: 1 } });
});

test.each<[Marks | undefined, Marks | undefined, Marks | undefined]>([
  [undefined, undefined, undefined],
  [undefined, { a: true }, { a: true }],
  [{ a: { b: true } }, { a: { c: true }, d: true }, { a: { b: true, c: true }, d: true }],
  [{ a: true }, { a: { b: true } }, { a: true }],
  [true, { a: true }, true],
])("%j and %j together are %j", (some, others, all) => {
  expect(joinMarks(some, others)).toEqual(all);
  expect(joinMarks(others, some)).toEqual(all);
});

test.each<[Marks | undefined, boolean]>([
  [undefined, false],
  [true, true],
  [{ a: true }, true],
  [{ a: { b: true } }, true],
  [{ b: true }, false],
])("%j marks a: %j", (marks, marked) => {
  expect(isMarked(marks, "a")).toBe(marked);
});

test("whatever is sealed is opened as it was", () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(name, tie("value"), { maxKeys: 3 }),
      tie("value").map(secret),
    ),
  }));
  fc.assert(
    fc.property(value, (wire) => {
      const opened = openSecrets(wire);
      expect(JSON.stringify(opened.value)).not.toContain("1b47061264138c4ac30d75fd1eb44270");
      const again = openSecrets(sealSecrets(opened));
      expect(again.value).toEqual(opened.value);
    }),
  );
});
