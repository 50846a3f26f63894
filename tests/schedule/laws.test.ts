// What holds of every frequency, whatever it says.
import fc from "fast-check";
import {
  checkSchedule,
  describeSchedule,
  formatSchedule,
  nextRuns,
  parseSchedule,
  ScheduleSyntaxError,
  sameSchedule,
} from "../../schedule";
import { parseOrRefuse } from "../../schedule/parse";
import { expressions } from "./expression";

const ZONES = ["UTC", "Asia/Shanghai", "GMT-7:30", "America/New_York"];

const periods = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.constantFrom("s", "m", "h", "d", " M", "H"))
  .map(([count, unit]) => `rate(${count}${unit})`);
const instants = fc
  .tuple(
    fc.date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true }),
    fc.constantFrom("", " UTC", " GMT", " GMT-7:30", " Asia/Shanghai"),
  )
  .map(([instant, zone]) => `at(${instant.toISOString().slice(0, 19).replace("T", " ")}${zone})`);

/** Frequencies that parse. */
const frequencies = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...ZONES)
      .chain((zone) => expressions(zone))
      .map(({ text }) => text),
  },
  periods,
  instants,
);

/** The same frequency as somebody else may spell it. */
const respellings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => formatSchedule(parseSchedule(text)),
  (text) => (parseSchedule(text).kind === "cron" ? ` ${text.replace(/ /g, "\t ")}\n` : text),
  (text) => text.replace(/ (UTC|GMT)(\)?)$/, " GMT+0:00$2"),
  (text) => text.replace(/^(at\([^ ]* [^ ]*)\)$/, "$1 UTC)"),
  (text) => text.replace("rate(", "RATE ("),
  (text) => text.replace(/\?/g, "*"),
];

/** A frequency with one character changed, left out or put in. */
const nearly = fc
  .tuple(frequencies, fc.nat(), fc.constantFrom("", ..."0123456789*?,-/#LW() \t:\u200b，ſ"), fc.nat({ max: 1 }))
  .map(([text, at, put, cut]) => {
    const place = at % (text.length + 1);
    return `${text.slice(0, place)}${put}${text.slice(place + cut)}`;
  });

const anything = fc.oneof(frequencies, nearly, fc.string({ unit: "binary", maxLength: 40 }));

const law = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>, numRuns = 500) =>
  fc.assert(property as fc.IProperty<unknown>, { numRuns });

test("a schedule written and read again is the same", () => {
  law(
    fc.property(anything, (text) => {
      const schedule = parseOrRefuse(text);
      if (schedule instanceof ScheduleSyntaxError) return;
      expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      expect(sameSchedule(text, formatSchedule(schedule))).toBe(true);
    }),
  );
});

test("respelling a frequency does not make it another one", () => {
  law(
    fc.property(frequencies, fc.constantFrom(...respellings), (text, respell) => {
      expect(sameSchedule(text, respell(text))).toBe(true);
    }),
  );
});

test("to be the same is an equivalence", () => {
  const pools = fc
    .tuple(anything, frequencies, fc.constantFrom(...respellings), fc.constantFrom(...respellings))
    .map(([a, b, first, second]) => [a, b, first(b), second(b), second(first(b))]);
  law(
    fc.property(pools, (texts) => {
      const same = texts.map((a) => texts.map((b) => sameSchedule(a, b)));
      const all = texts.map((_, index) => index);
      for (const a of all) {
        expect(same[a]?.[a]).toBe(true);
        for (const b of all) {
          expect(same[b]?.[a]).toBe(same[a]?.[b]);
          for (const c of all) if (same[a]?.[b] && same[b]?.[c]) expect(same[a]?.[c]).toBe(true);
        }
      }
    }),
    100,
  );
});

test("what is the same runs at the same instants", () => {
  const after = new Date("2026-05-17T01:02:03Z");
  law(
    fc.property(frequencies, fc.constantFrom(...respellings), (text, respell) => {
      expect(nextRuns(respell(text), { after, count: 3 })).toEqual(nextRuns(text, { after, count: 3 }));
    }),
    200,
  );
});

test("runs rise, and the first one is later than asked", () => {
  const dates = fc.date({
    min: new Date("1969-01-01T00:00:00Z"),
    max: new Date("2101-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  let runs = 0;
  law(
    fc.property(frequencies, dates, dates, (text, after, createdAt) => {
      let last = after;
      for (const run of nextRuns(text, { after, createdAt, count: 4 })) {
        expect(run.getTime()).toBeGreaterThan(last.getTime());
        last = run;
        runs++;
      }
    }),
    300,
  );
  expect(runs).toBeGreaterThan(100);
});

test("whatever parses is described in one line", () => {
  law(
    fc.property(anything, (text) => {
      const schedule = parseOrRefuse(text);
      if (!(schedule instanceof ScheduleSyntaxError))
        expect(describeSchedule(schedule)).toMatch(/^(at|every|on|once) [ -~]+$/);
    }),
  );
});

test("a text is read or refused at a place in it, in one line, and what is read is ASCII", () => {
  law(
    fc.property(anything, (text) => {
      const parsed = parseOrRefuse(text);
      if (!(parsed instanceof ScheduleSyntaxError)) return expect(text).toMatch(/^[ -~\t\n]+$/);
      expect(parsed.input).toBe(text);
      expect(parsed.offset).toBeGreaterThanOrEqual(0);
      expect(parsed.offset).toBeLessThanOrEqual(text.length);
      expect(parsed.message).toMatch(/^Cannot parse frequency ".*": .* \(at offset \d+\)$/);
      expect(parsed.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
    2000,
  );
});

test("everything can be checked", () => {
  const now = new Date("2026-05-17T01:02:03Z");
  law(
    fc.property(anything, (text) => {
      const { failures, warnings } = checkSchedule(text, { now });
      for (const sentence of [...failures, ...warnings]) expect(sentence).toMatch(/^[^\n]+$/);
    }),
  );
});
