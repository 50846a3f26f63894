import { IANAZone } from "luxon";
import { readZone, toInstant, toWallTime } from "../../../../emulator/agent/schedule/zone";

const INSTANT = Date.parse("2026-01-01T00:00:00Z");

describe("the zone of a schedule", () => {
  // [text, offset in minutes on a day of winter]
  const taken: [string, number][] = [
    ["UTC", 0],
    ["GMT", 0],
    ["GMT+8:00", 480],
    ["GMT-3:30", -210],
    ["GMT+14:59", 899],
    ["xGMT+8:00", 480],
    ["GMT+8:000", 480],
    ["Asia/Shanghai", 480],
    ["America/Argentina/Buenos_Aires", -180],
    ["America/Port-au-Prince", -300],
    ["Asia/Calcutta", 330],
    ["US/Eastern", -300],
    ["Etc/GMT-8", 480],
  ];

  test.each(taken)("%s is %i minutes ahead", (text, offset) => {
    const zone = readZone(text);
    expect("offset" in zone && zone.offset(INSTANT)).toBe(offset);
  });

  const refused: [string, string][] = [
    ["GMT+08:00", "InvalidGMTOffsetForTimezone"],
    ["GMT+8", "InvalidGMTOffsetForTimezone"],
    ["GMT+15:00", "InvalidGMTOffsetForTimezone"],
    ["GMT+8:60", "InvalidGMTOffsetForTimezone"],
    ["UTC+8:00", "InvalidGMTOffsetForTimezone"],
    ["GMT+8:00GMT+9:00", "InvalidGMTOffsetForTimezone"],
    ["utc", "TimezoneInformationCorrupt"],
    ["CST", "TimezoneInformationCorrupt"],
    ["PRC", "TimezoneInformationCorrupt"],
    ["Z", "TimezoneInformationCorrupt"],
    ["asia/shanghai", "TimezoneInformationCorrupt"],
    ["Asia/shanghai", "TimezoneInformationCorrupt"],
    ["ASIA/SHANGHAI", "TimezoneInformationCorrupt"],
    ["Asia/Nowhere", "TimezoneInformationCorrupt"],
    ["Asia/", "TimezoneInformationCorrupt"],
    ["../Asia/Shanghai", "TimezoneInformationCorrupt"],
  ];

  test.each(refused)("%s is %s", (text, code) => {
    expect(readZone(text)).toMatchObject({ code });
  });
});

describe("a wall clock", () => {
  // [zone, wall time, the instant that the agent takes it for]
  const instants: [string, string, string][] = [
    ["Europe/Berlin", "2026-07-01 12:00:00", "2026-07-01T10:00:00Z"],
    // Skipped: 02:00 to 03:00.
    ["Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"],
    ["Europe/London", "2026-03-29 01:30:00", "2026-03-29T01:30:00Z"],
    ["America/New_York", "2026-03-08 02:30:00", "2026-03-08T06:30:00Z"],
    // Repeated: 02:00 to 03:00, 01:00 to 02:00.
    ["Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T01:30:00Z"],
    ["Europe/London", "2026-10-25 01:30:00", "2026-10-25T01:30:00Z"],
    ["America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z"],
    // By half an hour.
    ["Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03T15:45:00Z"],
  ];

  test.each(instants)("in %s shows %s at %s", (zone, text, instant) => {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[- :]/).map(Number);
    const at = toInstant({ year, month, day, hour, minute, second }, IANAZone.create(zone));
    expect(new Date(at).toISOString()).toBe(instant.replace("Z", ".000Z"));
  });

  test("is read to the second", () => {
    expect(toWallTime(Date.parse("2026-12-31T18:59:59.999Z"), IANAZone.create("Asia/Kolkata"))).toEqual({
      year: 2027,
      month: 1,
      day: 1,
      hour: 0,
      minute: 29,
      second: 59,
    });
  });
});
