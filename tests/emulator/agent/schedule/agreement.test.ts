// The provider's reading of a schedule and the agent's are written apart from each other. Here they are held against each other.
import fc from "fast-check";
import { IANAZone } from "luxon";
import { readSchedule } from "../../../../emulator/agent/schedule";
import { nextRuns, ScheduleSyntaxError } from "../../../../schedule";

const DAY_MS = 86_400_000;
const COUNT = 6;

const STEADY_ZONES = ["UTC", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu"];
const CHANGING_ZONES = ["Europe/London", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Sydney"];

const number = (min: number, max: number) =>
  fc.integer({ min, max }).chain((value) => fc.constantFrom(String(value), String(value).padStart(2, "0")));

/** One item of a field, mostly well formed. */
function item(min: number, max: number, names: string[] = [], special: fc.Arbitrary<string>[] = []) {
  const value = names.length === 0 ? number(min, max) : fc.oneof(number(min, max), fc.constantFrom(...names));
  const step = fc.integer({ min: 1, max: Math.max(1, Math.min(max, 59)) });
  return fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 2, arbitrary: fc.tuple(value, value).map(([from, to]) => `${from}-${to}`) },
    { weight: 1, arbitrary: step.map((every) => `*/${every}`) },
    { weight: 1, arbitrary: fc.tuple(value, step).map(([from, every]) => `${from}/${every}`) },
    { weight: 1, arbitrary: fc.tuple(value, value, step).map(([from, to, every]) => `${from}-${to}/${every}`) },
    ...special.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
}

const field = (...of: Parameters<typeof item>) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("*", "?") },
    { weight: 4, arbitrary: item(...of) },
    { weight: 1, arbitrary: fc.array(item(...of), { minLength: 2, maxLength: 3 }).map((items) => items.join(",")) },
  );

const MONTHS = ["jan", "Feb", "MAR", "april", "MAY", "June", "sep", "OCTOBER", "dec"];
const WEEKDAYS = ["sun", "Mon", "TUE", "wednesday", "thu", "Friday", "SAT"];
const day = number(1, 31);
const weekday = fc.oneof(fc.integer({ min: 0, max: 7 }).map(String), fc.constantFrom(...WEEKDAYS));

const cron = fc
  .tuple(
    field(0, 59),
    field(0, 59),
    field(0, 23),
    field(1, 31, [], [fc.constantFrom("L", "LW", "lw"), day.map((value) => `${value}W`)]),
    field(1, 12, MONTHS),
    field(0, 7, WEEKDAYS, [
      weekday.map((value) => `${value}L`),
      fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([value, nth]) => `${value}#${nth}`),
    ]),
    fc.constantFrom("", "", "", "*", "2027", "2026-2031", "2028/4", "*/3"),
    fc.constantFrom("", "", "", "UTC", "GMT", "GMT+8:00", "GMT-3:30", "Asia/Tokyo"),
  )
  .map((fields) => fields.filter((text) => text !== "").join(" "));

const rate = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom("s", "m", "h", "d", "S", " m"))
  .map(([value, unit]) => `rate(${value}${unit})`);

const at = fc
  .tuple(
    fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) }),
    fc.constantFrom("", " UTC", " GMT-7:00", " Asia/Tokyo"),
  )
  .map(([instant, zone]) => `at(${new Date(instant).toISOString().slice(0, 19).replace("T", " ")}${zone})`);

const after = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2029, 0) });

/** The provider's runs; undefined when it refuses the text. */
function providersRuns(text: string, zone: string, from: number): number[] | undefined {
  try {
    return nextRuns(text, { after: new Date(from), zone, count: COUNT }).map((run) => run.getTime());
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return undefined;
    throw error;
  }
}

/** The agent's runs until it has none, or loses its way around a change of the clocks. */
function agentsRuns(text: string, zone: string, from: number): number[] | "refused" | "crashed" {
  const reading = readSchedule(text, { timeZone: zone, registeredAt: from });
  if (reading.kind !== "taken") return reading.kind;
  const runs: number[] = [];
  for (let last = from; runs.length < COUNT; ) {
    const next = reading.schedule.findNext(last);
    if (next === undefined || next <= last) break;
    runs.push(next);
    last = next;
  }
  return runs;
}

test("where no clock changes, what the provider takes the agent runs at the same seconds", () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 8, arbitrary: cron }, rate, at),
      fc.constantFrom(...STEADY_ZONES),
      after,
      (text, zone, from) => {
        const runs = providersRuns(text, zone, from);
        if (runs === undefined) return;
        compared++;
        expect(agentsRuns(text, zone, from)).toEqual(runs.length === 0 ? "refused" : runs);
      },
    ),
    { numRuns: 1000 },
  );
  expect(compared).toBeGreaterThan(250);
});

test("where the clocks change, they differ on the day of a change alone, and after it only by an agent that has lost its way", () => {
  let compared = 0;
  fc.assert(
    fc.property(cron, fc.constantFrom(...CHANGING_ZONES), after, (text, zone, from) => {
      const expected = providersRuns(text, zone, from);
      const runs = agentsRuns(text, zone, from);
      if (expected === undefined || typeof runs === "string") return;
      compared++;
      const end = Math.min(expected.at(-1) ?? from, runs.at(-1) ?? from);
      const steady = (all: number[]) => all.filter((run) => run <= end && !isNearChange(run, zone));
      expect(steady(runs)).toEqual(steady(expected));
    }),
    { numRuns: 500 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** Whether the zone's offset changes within a day of an instant. */
function isNearChange(instant: number, zone: string): boolean {
  const clocks = IANAZone.create(zone);
  return clocks.offset(instant - DAY_MS) !== clocks.offset(instant + DAY_MS);
}
