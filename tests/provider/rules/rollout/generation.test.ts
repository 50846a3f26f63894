import { nameGeneration } from "../../../../provider/rules/rollout/generation";

const v1 = { commandContent: "echo 1", parameters: { a: "1", b: "2" } };

test("a generation is 32 hexadecimal digits", () => {
  expect(nameGeneration(v1, undefined)).toMatch(/^[0-9a-f]{32}$/);
});

test("the order of names means nothing", () => {
  const other = { parameters: { b: "2", a: "1" }, commandContent: "echo 1" };
  expect(nameGeneration(other, undefined)).toBe(nameGeneration(v1, undefined));
});

test.each<[string, Record<string, unknown>]>([
  ["content", { ...v1, commandContent: "echo 2" }],
  ["a parameter", { ...v1, parameters: { a: "1", b: "3" } }],
  ["an input more", { ...v1, username: "admin" }],
])("another %s is another generation", (_, what) => {
  expect(nameGeneration(what, undefined)).not.toBe(nameGeneration(v1, undefined));
});

test("rolled back to, the same content is another generation", () => {
  const first = nameGeneration(v1, undefined);
  const second = nameGeneration({ ...v1, commandContent: "echo 2" }, first);
  expect(nameGeneration(v1, second)).not.toBe(first);
});
