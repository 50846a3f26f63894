import { follow } from "../../../emulator/page/span";
import { findTicks } from "../../../emulator/page/ticks";

const labels = (from: string, to: string, zone: string, widthPx = 600) =>
  findTicks({ from: Date.parse(from), to: Date.parse(to), isFollowing: false }, widthPx, zone).map(
    ({ label }) => label,
  );

test.each<[string, string, string, string[]]>([
  [
    "2030-01-31T00:10:02Z",
    "2030-01-31T00:11:02Z",
    "UTC",
    ["00:10:10", "00:10:20", "00:10:30", "00:10:40", "00:10:50", "00:11:00"],
  ],
  [
    "2030-01-31T23:20:00Z",
    "2030-02-01T00:20:00Z",
    "UTC",
    ["23:20", "23:30", "23:40", "23:50", "Fri 01.02.", "00:10", "00:20"],
  ],
  ["2030-01-31T10:00:00Z", "2030-02-01T10:00:00Z", "Asia/Shanghai", ["18:00", "Fri 01.02.", "06:00", "12:00", "18:00"]],
  [
    "2030-01-01T00:00:00Z",
    "2030-01-31T00:00:00Z",
    "UTC",
    ["Thu 03.01.", "Thu 10.01.", "Thu 17.01.", "Thu 24.01.", "Thu 31.01."],
  ],
])("from %s to %s, %s", (from, to, zone, expected) => {
  expect(labels(from, to, zone)).toEqual(expected);
});

test("days begin at midnight on both sides of a change of the clocks", () => {
  const days = findTicks(
    { from: Date.parse("2030-03-29T00:00:00Z"), to: Date.parse("2030-04-02T00:00:00Z"), isFollowing: false },
    600,
    "Europe/Berlin",
  );
  expect(days.map(({ at }) => new Date(at).toISOString())).toEqual([
    "2030-03-29T23:00:00.000Z",
    "2030-03-30T23:00:00.000Z",
    "2030-03-31T22:00:00.000Z",
    "2030-04-01T22:00:00.000Z",
  ]);
});

test.each([60_000, 3_600_000, 86_400_000, 31 * 86_400_000])("of %d ms, none is too close to the next", (ms) => {
  for (const widthPx of [200, 900, 3_000]) {
    const places = findTicks(follow(Date.parse("2030-01-31T12:34:56Z"), ms), widthPx, "UTC").map(({ x }) => x);
    for (const [index, x] of places.slice(1).entries()) expect(x - (places[index] ?? 0)).toBeGreaterThanOrEqual(80);
  }
});
