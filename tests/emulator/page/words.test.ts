import {
  findOffset,
  formatCount,
  formatDistance,
  formatInstant,
  formatSpan,
  formatTime,
  parseWallTime,
  toWallTime,
  toZone,
} from "../../../emulator/page/words";

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 s"],
  [1_290, "1.2 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [250_000, "4 min 10 s"],
  [HOUR_MS, "1 h"],
  [HOUR_MS + 59_000, "1 h"],
  [3 * HOUR_MS + 20 * 60_000, "3 h 20 min"],
  [51 * HOUR_MS, "2 d 3 h"],
])("%i ms is %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test.each([
  [0, "now"],
  [-999, "now"],
  [12_000, "in 12 s"],
  [-12_000, "12 s ago"],
])("%i ms from now is %s", (ms, text) => {
  expect(formatDistance(ms)).toBe(text);
});

test.each([
  [0, "0 runs"],
  [1, "1 run"],
  [2_000, "2,000 runs"],
])("%i is %s", (count, text) => {
  expect(formatCount(count, "run")).toBe(text);
});

test.each([
  ["UTC", "UTC"],
  ["Asia/Shanghai", "Asia/Shanghai"],
  ["UTC+8", "Etc/GMT-8"],
  ["GMT-5:00", "Etc/GMT+5"],
  ["UTC+5:30", "UTC"],
  ["Mars/Olympus", "UTC"],
])("the zone %s is read as %s", (name, zone) => {
  expect(toZone(name)).toBe(zone);
});

test("an instant on the walls of the world", () => {
  const instant = at("2030-01-31T18:00:05Z");
  expect(formatInstant(instant, "UTC")).toBe("2030-01-31 18:00:05");
  expect(formatInstant(instant, "Asia/Shanghai")).toBe("2030-02-01 02:00:05");
  expect(formatInstant(at("2030-02-01T00:00:00Z"), "UTC")).toBe("2030-02-01 00:00:00");
  expect(formatTime(instant, "UTC+8")).toBe("02:00:05");
  expect(toWallTime(instant, "Asia/Shanghai")).toMatchObject({ day: "01", month: "02", weekday: "Fri" });
});

test.each([
  ["UTC", "2030-01-31T00:00:00Z", 0],
  ["Asia/Shanghai", "2030-01-31T00:00:00.750Z", 8],
  ["Europe/Berlin", "2030-01-31T00:00:00Z", 1],
  ["Europe/Berlin", "2030-07-31T00:00:00Z", 2],
  ["America/New_York", "2030-07-31T00:00:00Z", -4],
])("%s at %s is %i hours ahead", (zone, instant, hours) => {
  expect(findOffset(at(instant), zone)).toBe(hours * HOUR_MS);
});

test.each([
  ["2030-01-31T02:00", "UTC", "2030-01-31T02:00:00Z"],
  ["2030-01-31T02:00:07", "Asia/Shanghai", "2030-01-30T18:00:07Z"],
  ["2030-03-31T12:00", "Europe/Berlin", "2030-03-31T10:00:00Z"],
  ["2030-03-31T01:30", "Europe/Berlin", "2030-03-31T00:30:00Z"],
])("%s in %s is %s", (text, zone, instant) => {
  expect(parseWallTime(text, zone)).toBe(at(instant));
});

test("what is no time", () => {
  expect(parseWallTime("", "UTC")).toBeUndefined();
});
