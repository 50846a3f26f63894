import { formatSchedule, parseSchedule } from "../../schedule";
import { refusal, refusalOf } from "./refusal";

describe("takes", () => {
  // [text, instant, zone, canonical]
  it.each([
    ["at(2026-06-06 13:15:30)", "2026-06-06T13:15:30Z", "UTC", "at(2026-06-06 13:15:30)"],
    ["at(2026-06-06 13:15:30 UTC)", "2026-06-06T13:15:30Z", "UTC", "at(2026-06-06 13:15:30)"],
    ["at(2026-06-06 13:15:30 GMT)", "2026-06-06T13:15:30Z", "UTC", "at(2026-06-06 13:15:30)"],
    ["at(2026-06-06 13:15:30 GMT-7:00)", "2026-06-06T20:15:30Z", "GMT-7:00", "at(2026-06-06 13:15:30 GMT-7:00)"],
    ["at(2028-02-29 00:00:00 Asia/Tokyo)", "2028-02-28T15:00:00Z", "Asia/Tokyo", "at(2028-02-29 00:00:00 Asia/Tokyo)"],
  ])("%s", (text, instant, zone, canonical) => {
    expect(parseSchedule(text)).toEqual({ kind: "at", instant: new Date(instant), zone });
    expect(formatSchedule(parseSchedule(text))).toBe(canonical);
  });
});

describe("refuses", () => {
  // [text, offset, what is wrong]
  it.each([
    ["at(2026-06-06)", 13, 'expected a space and a time HH:mm:ss, found ")"; write "at(2026-06-06 00:00:00)"'],
    [
      "at(2026-06-06T13:15:30)",
      13,
      'expected a space and a time HH:mm:ss, found "T13:15:30)"; write "at(2026-06-06 13:15:30)"',
    ],
    [
      "at(2026-6-6 13:15:30)",
      3,
      'expected a date yyyy-MM-dd, found "2026-6-6 13:15:30)"; write "at(2026-06-06 13:15:30)"',
    ],
    ["at(2026-02-30 13:15:30)", 3, "the calendar has no 2026-02-30 13:15:30"],
    ["at(2026-06-06 24:00:00)", 3, "the calendar has no 2026-06-06 24:00:00"],
    [
      "at(2026-06-06 13:15:30 CST)",
      23,
      'expected an IANA zone such as "Asia/Shanghai", "UTC" or an offset such as "GMT+8:00", found "CST"; write "Asia/Shanghai" or "America/Chicago", whichever is meant',
    ],
    [
      "at(2026-06-06 13:15:30",
      22,
      'expected ")", or a space and a zone, found nothing; write "at(2026-06-06 13:15:30)"',
    ],
    ["at(2026-06-06 13:15:30 UTC) x", 27, 'expected the end of the text, found " x"'],
    ["AT(2026-06-06 13:15:30)", 0, 'expected "at(", found "AT(2026-06-06 13:15:30)"; write "at(2026-06-06 13:15:30)"'],
    [
      "at (2026-06-06 13:15:30)",
      0,
      'expected "at(", found "at (2026-06-06 13:15:30)"; write "at(2026-06-06 13:15:30)"',
    ],
    [
      "at(2026-03-08 02:30:00 America/New_York)",
      3,
      "the clocks of America/New_York are put forward over 2026-03-08 02:30:00; write the time in UTC",
    ],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});
