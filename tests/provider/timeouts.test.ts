import { parseTimeouts } from "../../provider/timeouts";

// [duration as Go and the engine write it, seconds]
test.each([
  ["3s", 3],
  ["5m", 300],
  ["1h30m", 5400],
  ["1.5h", 5400],
  [".5s", 0.5],
  ["2m0.25s", 120.25],
  ["1500ms", 1.5],
  ["250us", 0.00025],
  ["250µs", 0.00025],
  ["+3s", 3],
])("%s is %d seconds", (create, seconds) => {
  expect(parseTimeouts({ create })?.create).toBeCloseTo(seconds, 9);
});

// The engine takes nothing and zero for no bound, and refuses the others itself.
test.each(["", "0", "0s", "3", "3 s", "s", "5 minutes", "-3s", "1d", "."])("%j bounds nothing", (create) => {
  expect(parseTimeouts({ create })).toBeUndefined();
});

test.each([
  ["nothing", undefined, undefined],
  ["null, from JavaScript,", null, undefined],
  ["a number, from JavaScript,", { create: 3 }, undefined],
  ["what it can bound", { create: "3s", update: "4s", delete: "5s", read: "6s" }, { create: 3, update: 4, delete: 5 }],
  ["what the program gives", { delete: "5s" }, { delete: 5 }],
])("of %s it passes on what bounds", (_, timeouts, limits) => {
  expect(parseTimeouts(timeouts as Parameters<typeof parseTimeouts>[0])).toEqual(limits);
});
