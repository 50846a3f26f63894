import { formatActions, listActions, readActions } from "../../tools/actions";

test("the list of ECS's actions is the SDK's: run npm run actions", () => {
  expect(readActions()).toBe(formatActions(listActions()));
});

test("a list is a set of names, each on its line", () => {
  expect(formatActions(["A", "B"])).toMatch(/new Set\(\[\n {2}"A",\n {2}"B",\n\]\);\n$/);
});
