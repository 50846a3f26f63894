import { parseInstanceIds } from "../../../emulator/requests/instances";

test.each<[string, readonly string[] | undefined]>([
  ["[]", []],
  ['["i-a","i-b"]', ["i-a", "i-b"]],
  ["i-a", undefined],
  ['"i-a"', undefined],
  ['{"0":"i-a"}', undefined],
  ['["i-a",1]', undefined],
  [JSON.stringify(Array(100).fill("i-a")), Array(100).fill("i-a")],
  [JSON.stringify(Array(101).fill("i-a")), undefined],
])("%s", (text, ids) => {
  expect(parseInstanceIds(text)).toEqual(ids);
});
