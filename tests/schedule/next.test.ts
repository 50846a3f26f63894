import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { CronExpressionParser } from "cron-parser";
import fc from "fast-check";
import { checkSchedule, nextRuns } from "../../schedule";
import { expressions, minuteExpressions, readWall, type Wall } from "./expression";

const ROOT = path.join(__dirname, "../..");
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const iso = (instants: readonly Date[]) => instants.map((instant) => instant.toISOString().replace(".000Z", "Z"));
const runsAfter = (text: string, after: string, zone = "UTC", count = 5) =>
  iso(nextRuns(text, { after: new Date(after), zone, count }));

describe("cron", () => {
  // [text, machine's zone, after, runs]
  it.each([
    ["0 0 2 * * ? Asia/Shanghai", "UTC", "2026-05-17T18:00:00Z", ["2026-05-18T18:00:00Z", "2026-05-19T18:00:00Z"]],
    ["0 0 2 * * ?", "Asia/Shanghai", "2026-05-17T17:59:59.999Z", ["2026-05-17T18:00:00Z", "2026-05-18T18:00:00Z"]],
    ["0 0 2 * * ? GMT-7:30", "UTC", "2026-05-17T00:00:00Z", ["2026-05-17T09:30:00Z", "2026-05-18T09:30:00Z"]],
    ["0 0 6 29 2 ?", "UTC", "2026-05-17T00:00:00Z", ["2028-02-29T06:00:00Z", "2032-02-29T06:00:00Z"]],
    ["59 59 23 31 12 ? 2098-2099", "UTC", "2026-05-17T00:00:00Z", ["2098-12-31T23:59:59Z", "2099-12-31T23:59:59Z"]],
    ["59 59 23 31 12 ? 2099", "UTC", "2099-12-31T23:59:58Z", ["2099-12-31T23:59:59Z"]],
    ["59 59 23 31 12 ? 2099", "UTC", "2099-12-31T23:59:59Z", []],
    ["0 0 0 30 2 ?", "UTC", "2026-05-17T00:00:00Z", []],
    ["0 0 0 30W 2 ?", "UTC", "2026-05-17T00:00:00Z", []],
    ["0 0 0 15 6 MON", "UTC", "2026-06-09T00:00:00Z", ["2026-06-15T00:00:00Z", "2026-06-22T00:00:00Z"]],
    ["0 0 0 16 6 MON", "UTC", "2026-06-09T00:00:00Z", ["2026-06-15T00:00:00Z", "2026-06-16T00:00:00Z"]],
  ])("%j on a machine in %s after %s", (text, zone, after, runs) => {
    expect(runsAfter(text, after, zone, 2)).toEqual(runs);
  });

  it("gives five runs when no count is said", () => {
    expect(nextRuns("0 * * * * ? UTC", { after: new Date("2026-05-17T00:00:00Z") })).toHaveLength(5);
  });

  it("demands the machine's zone when the text names none", () => {
    expect(() => nextRuns("0 0 2 * * ?", { after: new Date(0) })).toThrow(
      new RangeError("Cannot find the next runs: the schedule names no zone, so the machine's own zone must be given"),
    );
  });

  it("refuses a zone that does not exist", () => {
    expect(() => nextRuns("0 0 2 * * ?", { after: new Date(0), zone: "Asia/Atlantis" })).toThrow(
      new RangeError(
        'Cannot find zone "Asia/Atlantis": expected an IANA zone such as "Asia/Shanghai", "UTC" or an offset such as "GMT+8:00"',
      ),
    );
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a count of %d", (count) => {
    expect(() => nextRuns("rate(5m)", { after: new Date(0), count })).toThrow(
      new RangeError(`Cannot find the next runs: count must be a whole number from 0 on: current value is ${count}`),
    );
  });

  it("gives no run for a count of 0", () => {
    expect(nextRuns("rate(5m)", { after: new Date(0), count: 0 })).toEqual([]);
  });

  it.each([
    ["after", { after: new Date("soon") }],
    ["createdAt", { after: new Date(0), createdAt: new Date("soon") }],
  ])("refuses %s that is no date", (name, options) => {
    expect(() => nextRuns("rate(5m)", options)).toThrow(
      new RangeError(`Cannot find the next runs: ${name} must be a valid date`),
    );
  });

  it("ends with the last instant of a Date", () => {
    const after = new Date(8.64e15 - 500_000);
    expect(nextRuns("rate(5m)", { after })).toEqual([new Date(8.64e15 - 200_000)]);
    expect(nextRuns("0 0 2 * * ? UTC", { after })).toEqual([]);
  });
});

describe("cron when the clocks change", () => {
  // [title, text, after, runs]
  it.each([
    [
      "leaves out a skipped time in the east",
      "0 30 2 * * ? Australia/Sydney",
      "2026-10-03T00:00:00Z",
      ["2026-10-04T15:30:00Z", "2026-10-05T15:30:00Z"],
    ],
    [
      "leaves out a skipped time in the west",
      "0 30 2 * * ? America/New_York",
      "2026-03-07T12:00:00Z",
      ["2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z"],
    ],
    [
      "runs a repeated time at its second pass in the east",
      "0 30 1 * * ? Europe/London",
      "2026-10-24T12:00:00Z",
      ["2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"],
    ],
    [
      "still runs the second pass when the first one has begun",
      "0 10 1 * * ? Europe/London",
      "2026-10-25T00:40:00Z",
      ["2026-10-25T01:10:00Z", "2026-10-26T01:10:00Z"],
    ],
    [
      "runs a repeated time at its first pass in the west",
      "0 30 1 * * ? America/New_York",
      "2026-10-31T12:00:00Z",
      ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
    ],
    [
      "does not run it at the second pass in the west",
      "0 30 1 * * ? America/New_York",
      "2026-11-01T06:00:00Z",
      ["2026-11-02T06:30:00Z", "2026-11-03T06:30:00Z"],
    ],
    [
      "goes on every half hour over a change of half an hour",
      "0 0/30 1-2 * * ? Australia/Lord_Howe",
      "2026-04-04T13:45:00Z",
      ["2026-04-04T14:00:00Z", "2026-04-04T15:00:00Z"],
    ],
  ])("%s", (_, text, after, runs) => {
    expect(runsAfter(text, after, "UTC", 2)).toEqual(runs);
  });
});

describe("rate and at", () => {
  it.each([
    ["rate(5m)", "2026-05-17T00:00:00Z", "2026-05-17T00:00:00Z", ["2026-05-17T00:05:00Z", "2026-05-17T00:10:00Z"]],
    ["rate(5m)", "2026-05-17T00:05:00Z", "2026-05-17T00:00:00Z", ["2026-05-17T00:10:00Z", "2026-05-17T00:15:00Z"]],
    ["rate(5m)", "2026-05-17T00:04:59Z", "2026-05-17T00:00:00Z", ["2026-05-17T00:05:00Z", "2026-05-17T00:10:00Z"]],
    ["rate(7d)", "2026-03-01T00:00:00Z", "2026-03-04T12:00:00Z", ["2026-03-11T12:00:00Z", "2026-03-18T12:00:00Z"]],
    ["at(2026-06-06 13:15:30)", "2026-06-06T13:15:29Z", "2026-05-17T00:00:00Z", ["2026-06-06T13:15:30Z"]],
    ["at(2026-06-06 13:15:30)", "2026-06-06T13:15:30Z", "2026-05-17T00:00:00Z", []],
    ["at(2026-06-06 13:15:30 GMT-7:00)", "2026-05-17T00:00:00Z", "2026-05-17T00:00:00Z", ["2026-06-06T20:15:30Z"]],
  ])("%s after %s, created %s", (text, after, createdAt, runs) => {
    const options = { after: new Date(after), createdAt: new Date(createdAt), count: 2 };
    expect(iso(nextRuns(text, options))).toEqual(runs);
  });

  it("counts a rate from after when no creation is said", () => {
    expect(runsAfter("rate(1h)", "2026-05-17T00:00:01Z", "UTC", 1)).toEqual(["2026-05-17T01:00:01Z"]);
  });
});

interface AgentRecord {
  readonly expr: string;
  readonly zone: string;
  readonly from: string;
  readonly ok: boolean;
  readonly next: readonly string[] | null;
  readonly offsetChange: boolean;
}

const RECORDS: AgentRecord[] = JSON.parse(readFileSync(path.join(ROOT, "tests/fixtures/agent-schedules.json"), "utf8"));

/** Reasons for which we refuse what the agent takes. */
const TRAPS = [
  /the weekday range \S+ ends on Sunday, which the agent reads as/,
  /the weekday \S+ has two digits, which the agent reads as Sunday/,
  /range \S+ runs backwards, which the agent reads as empty/,
  /take it out, as the agent ignores it after "\*"/,
  /the agent does not read @\w+ as a schedule/,
  /expected an IANA zone such as .*, found "[^"]*GMT[+-]\d+:\d\d[^"]*"/,
  /is not read as one everywhere/,
  /longer than the 1,000 d that the agent counts/,
  /never fires again/,
];

/** Rules of the service, which the agent does not know. */
const SERVICE_RULES = /" (runs again after|has a period of) /;

describe("agrees with the agent's records", () => {
  const steady = RECORDS.filter(({ offsetChange }) => !offsetChange).map((record) => ({
    ...record,
    title: JSON.stringify(record.expr),
  }));

  function judge({ expr, from, zone }: AgentRecord) {
    const { failures, warnings } = checkSchedule(expr, { timeoutSeconds: 10, now: new Date(from), zone });
    return { refusal: failures.find((failure) => !SERVICE_RULES.test(failure)), warnings };
  }

  it.each(steady.filter(({ ok }) => !ok))("refuses $title in $zone from $from", (record) => {
    expect(judge(record).refusal).toEqual(expect.any(String));
  });

  it.each(steady.filter(({ ok }) => ok))("runs or refuses $title in $zone from $from", (record) => {
    const { refusal, warnings } = judge(record);
    const isTrap = refusal !== undefined && TRAPS.some((trap) => trap.test(refusal));
    const runs = refusal === undefined ? runsAfter(record.expr, record.from, record.zone) : [];
    const next = record.next ?? [];
    // The agent ends a schedule at a skipped hour in the west; ours goes on by the calendar, with a warning.
    const goesOn = runs.length > next.length && warnings.some((warning) => warning.includes("and then never again"));
    expect({ refusal: isTrap ? "a trap" : refusal, runs: goesOn ? runs.slice(0, next.length) : runs }).toEqual(
      isTrap ? { refusal: "a trap", runs: [] } : { refusal: undefined, runs: next },
    );
  });
});

describe("holds for generated expressions", () => {
  const ZONES = [
    ["UTC", 0],
    ["Asia/Shanghai", 480],
    ["Asia/Kolkata", 330],
    ["GMT-7:30", -450],
  ] as const;
  const DAYS_WALKED = 33;
  const MOST_RUNS = 200;

  /** Every minute of whole days on the wall, in order. */
  function* minutes(fromWallMs: number): Generator<[wallMs: number, wall: Wall]> {
    for (let dayMs = fromWallMs; dayMs < fromWallMs + DAYS_WALKED * DAY_MS; dayMs += DAY_MS) {
      const day = readWall(dayMs);
      for (let minute = 0; minute < 24 * 60; minute += 1) {
        yield [dayMs + minute * MINUTE_MS, { ...day, hour: Math.floor(minute / 60), minute: minute % 60 }];
      }
    }
  }

  it.each(ZONES)("misses and invents no minute in %s", (zone, offsetMinutes) => {
    fc.assert(
      fc.property(minuteExpressions(zone), fc.integer({ min: 19_800, max: 22_600 }), ({ text, runsAt }, startDay) => {
        const startMs = startDay * DAY_MS;
        const instantOf = (wallMs: number) => new Date(wallMs - offsetMinutes * MINUTE_MS);
        const walked: Date[] = [];
        for (const [wallMs, wall] of minutes(startMs)) {
          if (runsAt(wall)) walked.push(instantOf(wallMs));
          if (walked.length === MOST_RUNS) break;
        }
        // One more than were walked: an invented run would be that one.
        const count = Math.min(walked.length + 1, MOST_RUNS);
        const runs = nextRuns(text, { after: new Date(instantOf(startMs).getTime() - 1), count });
        const end = instantOf(startMs + DAYS_WALKED * DAY_MS);
        expect(runs.filter((run) => run < end)).toEqual(walked);
      }),
      { numRuns: 10 },
    );
  });

  it.each(["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])(
    "rises from run to run, each within the fields, in %s",
    (zone) => {
      const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
      const starts = fc.date({
        min: new Date("2026-01-01T00:00:00Z"),
        max: new Date("2027-01-01T00:00:00Z"),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(expressions(zone), starts, ({ text, runsAt }, after) => {
          const runs = nextRuns(text, { after, count: 10 });
          const times = [after, ...runs].map((run) => run.getTime());
          expect(times.slice(1).every((time, index) => time > (times[index] ?? time))).toBe(true);
          const walls = runs.map((run) => Date.parse(`${clock.format(run).replace(" ", "T")}Z`));
          expect(walls.filter((wallMs) => !runsAt(readWall(wallMs)))).toEqual([]);
        }),
        { numRuns: 60 },
      );
    },
  );

  it("agrees with cron-parser on what both know", () => {
    const number = (min: number, max: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: max - min }).map((n) => `*/${n}`),
        fc
          .tuple(fc.integer({ min, max: max - 1 }), fc.integer({ min: 1, max }))
          .map(([a, b]) => `${a}-${Math.min(a + b, max)}`),
      );
    const day = fc.oneof(fc.constant("?"), fc.constant("L"), fc.integer({ min: 1, max: 28 }).map(String));
    const weekday = fc.constantFrom("?", "MON-FRI", "SUN", "3", "5L", "MON#2");
    const text = fc
      .tuple(number(0, 59), number(0, 59), number(0, 23), day, number(1, 12), weekday)
      .map((fields) => fields.join(" "));
    fc.assert(
      fc.property(text, (expression) => {
        const after = new Date("2026-05-17T01:02:03Z");
        const theirs = CronExpressionParser.parse(expression, { currentDate: after, tz: "UTC" }).take(5);
        expect(nextRuns(expression, { after, zone: "UTC" })).toEqual(theirs.map((date) => date.toDate()));
      }),
      { numRuns: 300 },
    );
  });
});

const SCRIPT = `
  const { readFileSync } = require("node:fs");
  const { checkSchedule, describeSchedule, nextRuns, parseSchedule } = require("./schedule");
  const records = JSON.parse(readFileSync("tests/fixtures/agent-schedules.json", "utf8"));
  const answers = records.map(({ expr, zone, from }) => {
    const now = new Date(from);
    const verdict = checkSchedule(expr, { timeoutSeconds: 60, now, zone });
    if (verdict.failures.some((failure) => failure.startsWith("Cannot parse"))) return verdict;
    return { ...verdict, text: describeSchedule(parseSchedule(expr)), runs: nextRuns(expr, { after: now, zone }) };
  });
  process.stdout.write(JSON.stringify({ hostOffset: new Date(0).getTimezoneOffset(), answers }));
`;

it("answers the same whatever the host's own zone", async () => {
  const zones = ["Australia/Sydney", "Europe/London", "Asia/Shanghai", "America/New_York"];
  const runs = zones.map(async (TZ) => {
    const options = { cwd: ROOT, env: { ...process.env, TZ }, maxBuffer: 16 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "-e", SCRIPT], options);
    return JSON.parse(stdout) as { hostOffset: number; answers: unknown[] };
  });
  const [sydney, london, shanghai, newYork] = await Promise.all(runs);
  expect([sydney, london, shanghai, newYork].map((run) => run?.hostOffset)).toEqual([-600, -60, -480, 300]);
  expect(sydney?.answers).toHaveLength(RECORDS.length);
  expect(london?.answers).toEqual(sydney?.answers);
  expect(shanghai?.answers).toEqual(sydney?.answers);
  expect(newYork?.answers).toEqual(sydney?.answers);
}, 60_000);
