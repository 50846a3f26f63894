import { timesOfDay } from "../../schedule/times";

const DAY = Date.parse("2026-03-29T00:00:00Z");
const at = (time: string) => Date.parse(`2026-03-29T${time}Z`);
const shown = (times: Iterable<number>) => [...times].map((time) => new Date(time).toISOString().slice(11, 19));

const cron = { seconds: [0, 30], minutes: [5], hours: [0, 23] };

// [from, times of the day]
const cases: [string, string[]][] = [
  ["00:00:00", ["00:05:00", "00:05:30", "23:05:00", "23:05:30"]],
  ["00:05:00", ["00:05:00", "00:05:30", "23:05:00", "23:05:30"]],
  ["00:05:00.001", ["00:05:30", "23:05:00", "23:05:30"]],
  ["23:05:30", ["23:05:30"]],
  ["23:05:30.001", []],
];

test.each(cases)("from %s on", (from, times) => {
  expect(shown(timesOfDay(cron)(DAY, at(from)))).toEqual(times);
});

test("a day that begins later gives all its times", () => {
  expect(shown(timesOfDay(cron)(DAY, DAY - 1))).toHaveLength(4);
});

test("one day after another", () => {
  const times = timesOfDay(cron);
  expect(shown(times(DAY, at("23:05:30")))).toEqual(["23:05:30"]);
  expect(shown(times(DAY + 86_400_000, DAY))).toEqual(["00:05:00", "00:05:30", "23:05:00", "23:05:30"]);
});
