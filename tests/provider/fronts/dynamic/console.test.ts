import { hush, isAnswered } from "../../../../provider/fronts/dynamic/console";
import { ExpectedFailure } from "../../../../provider/runs/failure";

/** As the host prints it. */
const print = (error: Error) => `${error}: ${error.stack}`;

test.each([
  ["an expected failure", print(new ExpectedFailure("Cannot read: it is gone")), true],
  ["one of several lines", print(new ExpectedFailure("one: one\ntwo")), true],
  ["a fault of ours", print(new TypeError("x is not a function")), false],
  ["a line of somebody else", "ExpectedFailure: seldom seen", false],
  ["an object", { error: 1 }, false],
  ["nothing", undefined, false],
])("%s is answered: %#", (_, printed, answered) => {
  expect(isAnswered(printed)).toBe(answered);
});

test("what is answered is not printed, everything else is", () => {
  const lines: unknown[][] = [];
  const console = { error: (...printed: unknown[]) => void lines.push(printed) };
  hush(console);
  console.error(print(new ExpectedFailure("no")));
  console.error("a warning of Node's", 1);
  console.error();
  expect(lines).toEqual([["a warning of Node's", 1], []]);
});
