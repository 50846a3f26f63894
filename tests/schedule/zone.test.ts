import { parseSchedule } from "../../schedule";
import { instantAt, isRepeated, wallAt, zoneOf } from "../../schedule/zone";
import { refusal, refusalOf } from "./refusal";

const EXPECTED_ZONE = 'expected an IANA zone such as "Asia/Shanghai", "UTC" or an offset such as "GMT+8:00"';

describe("takes", () => {
  // [zone, canonical]
  it.each([
    ["Asia/Shanghai", "Asia/Shanghai"],
    ["America/Argentina/ComodRivadavia", "America/Argentina/ComodRivadavia"],
    ["America/Port-au-Prince", "America/Port-au-Prince"],
    ["America/Knox_IN", "America/Knox_IN"],
    ["Africa/Dar_es_Salaam", "Africa/Dar_es_Salaam"],
    ["Australia/NSW", "Australia/NSW"],
    ["Antarctica/McMurdo", "Antarctica/McMurdo"],
    ["US/Pacific", "US/Pacific"],
    ["Etc/GMT-8", "Etc/GMT-8"],
    ["UTC", "UTC"],
    ["GMT", "UTC"],
    ["GMT+0:00", "UTC"],
    ["GMT-0:00", "UTC"],
    ["GMT+8:00", "GMT+8:00"],
    ["GMT-14:59", "GMT-14:59"],
  ])("%s as %s", (zone, canonical) => {
    expect(parseSchedule(`0 0 2 * * ? ${zone}`)).toMatchObject({ zone: canonical });
  });

  it("every canonical name of the platform", () => {
    const names = Intl.supportedValuesOf("timeZone").filter((name) => name.includes("/"));
    const zones = names.map((name) => parseSchedule(`0 0 2 * * ? ${name}`)).map((cron) => "zone" in cron && cron.zone);
    expect(zones).toEqual(names);
  });
});

describe("refuses", () => {
  // [text, offset, found and remedy]
  it.each([
    ["0 0 2 * * ? *,*", 12, '"*,*"'],
    ["0 0 2 * * ? xGMT+8:00", 12, '"xGMT+8:00"; write "GMT+8:00"'],
    ["0 0 2 * * ? GMT+8:000", 12, '"GMT+8:000"; write "GMT+8:00"'],
    ["0 0 2 * * ? GMT+08:00", 12, '"GMT+08:00"; write "GMT+8:00"'],
    ["0 0 2 * * ? GMT+8", 12, '"GMT+8"; write "GMT+8:00"'],
    ["0 0 2 * * ? GMT+15:00", 12, '"GMT+15:00"'],
    ["0 0 2 * * ? UTC+8:00", 12, '"UTC+8:00"; write "GMT+8:00"'],
    ["0 0 2 * * ? utc", 12, '"utc"; write "UTC"'],
    ["0 0 2 * * ? CST", 12, '"CST"; write "Asia/Shanghai" or "America/Chicago", whichever is meant'],
    ["0 0 2 * * ? PRC", 12, '"PRC"; write "Asia/Shanghai"'],
    ["0 0 2 * * ? Z", 12, '"Z"; write "UTC"'],
    ["0 0 2 * * ? asia/shanghai", 12, '"asia/shanghai"; write "Asia/Shanghai"'],
    ["0 0 2 * * ? Asia/Atlantis", 12, '"Asia/Atlantis"'],
    ["0 0 2 * * ? Asia/上海", 12, '"Asia/上海" with U+4E0A at character 18'],
  ])("%j at %i", (text, offset, found) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, `${EXPECTED_ZONE}, found ${found}`));
  });
});

describe("reads the wall as the agent does", () => {
  // [what, zone, wall, instant, whether the clock shows that wall then]
  it.each([
    ["a plain time", "Asia/Shanghai", "2026-05-17T02:00:00Z", "2026-05-16T18:00:00Z", true],
    ["a time of an offset", "GMT-7:30", "2026-05-17T02:00:00Z", "2026-05-17T09:30:00Z", true],
    ["a skipped time of the east, later", "Australia/Sydney", "2026-10-04T02:30:00Z", "2026-10-03T16:30:00Z", false],
    ["a skipped time of the west, earlier", "America/New_York", "2026-03-08T02:30:00Z", "2026-03-08T06:30:00Z", false],
    ["a skipped midnight", "Africa/Cairo", "2026-04-24T00:00:00Z", "2026-04-23T22:00:00Z", false],
    ["the second pass of London", "Europe/London", "2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z", true],
    ["the second pass of the east", "Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T15:15:00Z", true],
    ["the first pass of the west", "America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z", true],
  ])("%s in %s", (_, zone, wall, instant, isShown) => {
    expect(instantAt(zoneOf(zone), Date.parse(wall))).toEqual({ instantMs: Date.parse(instant), isShown });
  });

  it.each([
    ["America/New_York", "2026-11-01T05:30:00Z", true],
    ["America/New_York", "2026-11-01T06:30:00Z", true],
    ["America/New_York", "2026-11-01T04:59:59Z", false],
    ["America/New_York", "2026-11-01T07:00:00Z", false],
    ["GMT-5:00", "2026-11-01T05:30:00Z", false],
  ])("in %s the clock shows the time of %s twice: %s", (zone, instant, isTwice) => {
    expect(isRepeated(zoneOf(zone), Date.parse(instant))).toBe(isTwice);
  });

  it("shows the wall of an offset", () => {
    expect(wallAt(zoneOf("GMT+5:30"), 0)).toBe(5.5 * 60 * 60 * 1000);
  });
});
