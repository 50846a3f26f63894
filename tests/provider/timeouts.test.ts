import { parseTimeouts, refuseTimeouts } from "../../provider/timeouts";

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

// The engine takes them for no bound.
test.each(["", "0", "0s", "0h0m"])("%j bounds nothing", (create) => {
  expect([parseTimeouts({ create }), refuseTimeouts({ create })]).toEqual([undefined, []]);
});

test.each(["3", "3 s", "s", "5 minutes", "-3s", "1d", ".", ".s", "1.2.3s", "h5", " 5m"])(
  "%j is no duration",
  (read) => {
    expect([parseTimeouts({ read }), refuseTimeouts({ read })]).toEqual([
      undefined,
      [
        `customTimeouts.read must be a duration such as "90s", "5m" or "1h30m": current value is ${JSON.stringify(read)}`,
      ],
    ]);
  },
);

test("each one that is none is refused, and a number from JavaScript as well", () => {
  expect(refuseTimeouts({ create: 300 as never, update: "5m", delete: "soon" })).toEqual([
    'customTimeouts.create must be a duration such as "90s", "5m" or "1h30m": current value is of type number',
    'customTimeouts.delete must be a duration such as "90s", "5m" or "1h30m": current value is "soon"',
  ]);
});

test.each([
  ["nothing", undefined, undefined],
  ["null, from JavaScript,", null, undefined],
  ["what it can bound", { create: "3s", update: "4s", delete: "5s", read: "6s" }, { create: 3, update: 4, delete: 5 }],
  ["what the program gives", { delete: "5s" }, { delete: 5 }],
])("of %s it passes on what bounds", (_, timeouts, limits) => {
  expect(parseTimeouts(timeouts as Parameters<typeof parseTimeouts>[0])).toEqual(limits);
});
