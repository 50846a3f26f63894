import { agree, count, countInstances, listIds } from "../../../provider/rules/words";

const ids = (n: number) => Array.from({ length: n }, (_, i) => `i-${i + 1}`);

it.each([
  [0, "0 instances are", "0 bytes"],
  [1, "1 instance is", "1 byte"],
  [2, "2 instances are", "2 bytes"],
])("%i", (n, instances, bytes) => {
  expect([`${countInstances(n)} ${agree(n, "is", "are")}`, count(n, "byte")]).toEqual([instances, bytes]);
});

describe("a list of ids", () => {
  it.each<[readonly string[], number | undefined, string]>([
    [[], undefined, ""],
    [["i-1"], undefined, '"i-1"'],
    [["i-1", "i-2"], undefined, '"i-1", "i-2"'],
    [ids(3), 3, '"i-1", "i-2", "i-3"'],
    [ids(4), 3, '"i-1", "i-2", "i-3" and 1 more'],
    [ids(15), 2, '"i-1", "i-2" and 13 more'],
  ])("%j, at most %j", (some, most, text) => {
    expect(listIds(some, most)).toBe(text);
  });

  it("names twelve", () => {
    expect(listIds(ids(12))).not.toContain("more");
    expect(listIds(ids(13))).toMatch(/"i-12" and 1 more$/);
  });
});
