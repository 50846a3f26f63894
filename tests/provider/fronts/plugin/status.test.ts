import { KeptFailure } from "../../../../provider/fronts/plugin/resource";
import { describeFailure, NotImplemented } from "../../../../provider/fronts/plugin/status";
import { ExpectedFailure } from "../../../../provider/runs/failure";

// [failure, code, what the engine shows]
test.each<[unknown, number, unknown]>([
  [new ExpectedFailure("Cannot do it: it is late"), 2, "Cannot do it: it is late"],
  [new NotImplemented("There is no such type"), 12, "There is no such type"],
  [new KeptFailure("t-1", { value: {} }, ["a reason"], "it failed"), 2, "it failed"],
  ["no error", 2, expect.stringContaining("no error")],
  // A fault of ours: where it is.
  [new TypeError("x is undefined"), 2, expect.stringMatching(/^TypeError: x is undefined\n {4}at /)],
])("%p", (failure, code, details) => {
  expect(describeFailure(failure)).toMatchObject({ code, details });
});

test("a message that is too long for its header is cut", () => {
  const { details = "" } = describeFailure(new ExpectedFailure("错".repeat(100_000)));
  expect(encodeURIComponent(details).length).toBeLessThan(60_000);
  expect(details).toMatch(/ …$/);
});
