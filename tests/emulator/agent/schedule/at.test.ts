import { readAt } from "../../../../emulator/agent/schedule/at";

// [text, instant]
const taken: [string, string][] = [
  ["at(2026-06-06 13:15:30)", "2026-06-06T13:15:30.000Z"],
  ["at(2026-06-06T13:15:30)", "2026-06-06T13:15:30.000Z"],
  ["AT(2026-06-06 13:15:30)", "2026-06-06T13:15:30.000Z"],
  ["at(2026-06-06 13:15:30 UTC)", "2026-06-06T13:15:30.000Z"],
  ["at(2026-06-06 13:15:30 GMT-7:00)", "2026-06-06T20:15:30.000Z"],
  ["at(2026-06-06 13:15:30 Asia/Shanghai)", "2026-06-06T05:15:30.000Z"],
  ["at(2028-02-29 00:00:00)", "2028-02-29T00:00:00.000Z"],
];

test.each(taken)("%s is %s", (text, instant) => {
  const run = readAt(text);
  expect("at" in run && new Date(run.at).toISOString()).toBe(instant);
});

// [text, error code]
const refused: [string, string][] = [
  ["at()", "InvalidAtExpression"],
  ["at(tomorrow)", "InvalidAtExpression"],
  ["at(2026-6-6 13:15:30)", "InvalidAtExpression"],
  ["at(2026-06-06 13:15)", "InvalidAtExpression"],
  ["at(2026-06-06 24:00:00)", "InvalidAtExpression"],
  ["at(2026-02-29 00:00:00)", "InvalidAtExpression"],
  ["at(2026-13-01 00:00:00)", "InvalidAtExpression"],
  ["at (2026-06-06 13:15:30)", "InvalidAtExpression"],
  ["at(2026-06-06 13:15:30", "InvalidAtExpression"],
  ["at(2026-06-06 13:15:30 GMT+08:00)", "InvalidGMTOffsetForTimezone"],
  ["at(2026-06-06 13:15:30 CST)", "TimezoneInformationCorrupt"],
];

test.each(refused)("%s is %s", (text, code) => {
  expect(readAt(text)).toMatchObject({ code });
});
