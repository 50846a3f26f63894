import { parseSchedule } from "../../schedule";
import { findFatalRun, troublesOf } from "../../schedule/daylight";
import { zoneOf } from "../../schedule/zone";

function parseCron(text: string) {
  const schedule = parseSchedule(text);
  if (schedule.kind !== "cron") throw new TypeError(`Not a cron schedule: ${text}`);
  return schedule;
}

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 19);
const EVERY_MINUTE = "0 * * * * ?";
const EVERY_HOUR = "0 0 * * * ?";

describe("finds the changes within 366 days that a schedule runs into", () => {
  // [zone, text, now, [kind, instant (UTC), first run inside (wall), which way the agent takes it]]
  it.each([
    [
      "America/New_York",
      EVERY_HOUR,
      "2026-05-17T00:00:00Z",
      [
        ["repeated", "2026-11-01T06:00:00", "2026-11-01T01:00:00", "early"],
        ["skipped", "2027-03-14T07:00:00", "2027-03-14T02:00:00", "early"],
      ],
    ],
    [
      "Europe/London",
      EVERY_HOUR,
      "2026-05-17T00:00:00Z",
      [
        ["repeated", "2026-10-25T01:00:00", "2026-10-25T01:00:00", "late"],
        ["skipped", "2027-03-28T01:00:00", "2027-03-28T01:00:00", "late"],
      ],
    ],
    [
      "Australia/Lord_Howe",
      EVERY_MINUTE,
      "2026-05-17T00:00:00Z",
      [
        ["skipped", "2026-10-03T15:30:00", "2026-10-04T02:00:00", "late"],
        ["repeated", "2027-04-03T15:00:00", "2027-04-04T01:30:00", "late"],
      ],
    ],
    [
      "Australia/Lord_Howe",
      EVERY_HOUR,
      "2026-05-17T00:00:00Z",
      [["skipped", "2026-10-03T15:30:00", "2026-10-04T02:00:00", "late"]],
    ],
    [
      "America/New_York",
      "0 59 1 * * ?",
      "2026-11-01T05:59:59Z",
      [["repeated", "2026-11-01T06:00:00", "2026-11-01T01:59:00", "early"]],
    ],
    ["America/New_York", "0 0 3 * * ?", "2026-05-17T00:00:00Z", []],
    ["America/New_York", "0 30 2 * 6 ?", "2026-05-17T00:00:00Z", []],
    ["America/New_York", "0 30 2 * * ? 2026", "2026-05-17T00:00:00Z", []],
    ["Asia/Shanghai", EVERY_MINUTE, "2026-05-17T00:00:00Z", []],
    ["GMT-5:00", EVERY_MINUTE, "2026-05-17T00:00:00Z", []],
  ])("%s, %s from %s", (zone, text, now, expected) => {
    const troubles = troublesOf(parseCron(text), zoneOf(zone), Date.parse(now));
    expect(troubles.map(({ change, wallMs, run }) => [change.kind, iso(change.instantMs), iso(wallMs), run])).toEqual(
      expected,
    );
  });
});

describe("finds a first run over which the agent would end the schedule", () => {
  // [what, zone, text, now, wall of the run]
  it.each([
    ["a skipped time of the west", "America/New_York", "0 30 2 * * ?", "2026-03-08T04:30:00Z", "2026-03-08T02:30:00"],
    ["a first pass that is over", "America/New_York", "0 30 1 * * ?", "2026-11-01T06:00:00Z", "2026-11-01T01:30:00"],
    ["a first pass still to come", "America/New_York", "0 30 1 * * ?", "2026-11-01T05:00:00Z", undefined],
    [
      "a skipped time that is not the first run",
      "America/New_York",
      "0 30 1,2 * * ?",
      "2026-03-08T04:30:00Z",
      undefined,
    ],
    ["a skipped time of the east", "Australia/Sydney", "0 30 2 * * ?", "2026-10-03T12:00:00Z", undefined],
    ["a second pass of the east", "Europe/London", "0 30 1 * * ?", "2026-10-25T01:15:00Z", undefined],
    ["no run at all", "America/New_York", "0 0 0 30 2 ?", "2026-03-08T04:30:00Z", undefined],
  ])("%s", (_, zone, text, now, wall) => {
    const wallMs = findFatalRun(parseCron(text), zoneOf(zone), Date.parse(now));
    expect(wallMs === undefined ? undefined : iso(wallMs)).toBe(wall);
  });
});
