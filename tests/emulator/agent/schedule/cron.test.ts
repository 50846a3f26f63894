import { type Reading, readSchedule } from "../../../../emulator/agent/schedule";
import { expectGrowth } from "../../../growth";

const MONDAY = Date.parse("2026-06-01T00:00:00Z");

const read = (text: string): Reading => readSchedule(text, { timeZone: "UTC", registeredAt: MONDAY });

function listRuns(text: string, count: number): string[] {
  const reading = read(text);
  const runs: string[] = [];
  for (let after = MONDAY; reading.kind === "taken" && runs.length < count; ) {
    const next = reading.schedule.findNext(after);
    if (next === undefined) break;
    runs.push(new Date(next).toISOString().slice(0, 19));
    after = next;
  }
  return runs;
}

describe("days", () => {
  // [text, days of June 2026 and later on which it fires first; June 1 is a Monday]
  const cases: [string, string[]][] = [
    ["0 0 12 L * ?", ["2026-06-30", "2026-07-31", "2026-08-31"]],
    ["0 0 12 LW * ?", ["2026-06-30", "2026-07-31", "2026-08-31"]],
    ["0 0 12 6W * ?", ["2026-06-05", "2026-07-06", "2026-08-06"]],
    ["0 0 12 1W 8 ?", ["2026-08-03", "2027-08-02", "2028-08-01"]],
    ["0 0 12 31W 5 ?", ["2027-05-31", "2028-05-31", "2029-05-31"]],
    ["0 0 12 30W 8 ?", ["2026-08-31", "2027-08-30", "2028-08-30"]],
    ["0 0 12 ? * FRIL", ["2026-06-26", "2026-07-31", "2026-08-28"]],
    ["0 0 12 ? * 6#5", ["2026-08-29", "2026-10-31", "2027-01-30"]],
    ["0 0 12 ? * 7#1", ["2026-06-07", "2026-07-05", "2026-08-02"]],
    ["0 0 12 13 * FRI", ["2026-06-05", "2026-06-12", "2026-06-13"]],
    ["0 0 12 */15 * ?", ["2026-06-01", "2026-06-16", "2026-07-01"]],
    ["0 0 12 1-31 * SUN", ["2026-06-01", "2026-06-02", "2026-06-03"]],
    ["0 0 12 ? * 5/2", ["2026-06-05", "2026-06-12", "2026-06-19"]],
    ["0 0 12 ? * 7/2", ["2026-06-02", "2026-06-04", "2026-06-06"]],
    ["0 0 12 29 2 ?", ["2028-02-29", "2032-02-29", "2036-02-29"]],
    ["0 0 12 29 2 ? 2096", ["2096-02-29"]],
    ["0 0 12 30 2 ?", []],
    ["0 0 12 31 12 ? 2099", ["2099-12-31"]],
  ];

  test.each(cases)("%s", (text, days) => {
    expect(listRuns(text, 3)).toEqual(days.map((day) => `${day}T12:00:00`));
  });
});

describe("traps: taken, and meaning something else", () => {
  // [text, what the agent does]
  const cases: [string, string[]][] = [
    ["0 0 12 ? * 0-7", ["2026-06-07", "2026-06-14"]],
    ["0 0 12 ? * 7-7", ["2026-06-07", "2026-06-14"]],
    ["0 0 12 ? * 05", ["2026-06-07", "2026-06-14"]],
    ["0 0 12 ? * 05L", ["2026-06-28", "2026-07-26"]],
    ["0 0 12 ? * 05#2", ["2026-06-14", "2026-07-12"]],
    ["0 0 12 15 * MON-SUN", ["2026-06-15", "2026-07-15"]],
    ["0 0 12,22-2 * * ?", ["2026-06-01", "2026-06-02"]],
    ["0 0 12 3,9-5 * ?", ["2026-06-03", "2026-07-03"]],
    ["0 0 12 * *,foo ?", ["2026-06-01", "2026-06-02"]],
    ["@daily * * * * *", ["2026-06-02", "2026-06-03"]],
    ["0,,, 0 12 * * ?", ["2026-06-01", "2026-06-02"]],
    ["0\u00a00 12 * * ? * UTC", ["2026-06-01", "2026-06-02"]],
  ];

  test.each(cases)("%j", (text, days) => {
    const hour = text.startsWith("@daily") ? "00" : "12";
    expect(listRuns(text, 2)).toEqual(days.map((day) => `${day}T${hour}:00:00`));
  });
});

describe("what comes of reading", () => {
  // [text, what becomes of it]
  const cases: [string, Reading][] = [
    [
      "0 0 0 ? * MON-SUN",
      { kind: "refused", error: { code: "CronExpressionExpired", detail: "CronExpressionExpired" } },
    ],
    [
      "0 0 0 * * ? 2025",
      { kind: "refused", error: { code: "CronExpressionExpired", detail: "CronExpressionExpired" } },
    ],
    ["@daily", { kind: "refused", error: { code: "BadCronExpression", detail: "InvalidCronExpression" } }],
    ["", { kind: "refused", error: { code: "BadCronExpression", detail: "InvalidCronExpression" } }],
    [
      "0 0 0 * * ? Asia/2026",
      { kind: "refused", error: { code: "BadCronExpression", detail: "syntax error in year field: 'Asia/2026'" } },
    ],
    [
      "0 0 0 ? * L",
      { kind: "refused", error: { code: "BadCronExpression", detail: "syntax error in day-of-week field: 'L'" } },
    ],
    [
      "0 0 0 * sept ?",
      { kind: "refused", error: { code: "BadCronExpression", detail: "syntax error in month field: 'sept'" } },
    ],
    ["0 0 22-2 * * ?", { kind: "crashed", reason: "index out of range [0] with length 0" }],
    ["0 0 0 * NOV-FEB ?", { kind: "crashed", reason: "index out of range [0] with length 0" }],
    // The library finds out that nothing is left before it meets the empty field.
    [
      "0 0 22-2 * * ? 2025",
      { kind: "refused", error: { code: "CronExpressionExpired", detail: "CronExpressionExpired" } },
    ],
    [
      "0 0 22-2 30 2 ? 2026",
      { kind: "refused", error: { code: "CronExpressionExpired", detail: "CronExpressionExpired" } },
    ],
    [
      "0 0 0 * NOV-FEB ? 2026",
      { kind: "refused", error: { code: "CronExpressionExpired", detail: "CronExpressionExpired" } },
    ],
  ];

  test.each(cases)("%j", (text, reading) => {
    expect(read(text)).toEqual(reading);
  });
});

describe("steps of a year", () => {
  // [step, the second year in which it fires; undefined: no step]. The library reads numbers from a table: 0 to 59, one leading zero allowed, and 1970 to 2099.
  const cases: [string, string | undefined][] = [
    ["1", "2027"],
    ["01", "2027"],
    ["07", "2033"],
    ["59", "2085"],
    ["0", undefined],
    ["00", undefined],
    ["001", undefined],
    ["60", undefined],
    ["99", undefined],
    ["100", undefined],
    ["0005", undefined],
    ["1969", undefined],
    ["1970", ""],
    ["2099", ""],
    ["2100", undefined],
    ["\u0663", undefined],
  ];

  test.each(cases)("/%s", (step, second) => {
    const runs = listRuns(`0 0 12 1 7 ? 2026/${step}`, 2).map((run) => run.slice(0, 4));
    expect(runs).toEqual(second === undefined ? [] : ["2026", second].filter((year) => year !== ""));
  });

  // [year field, what the agent says]
  const refused: [string, string][] = [
    ["*/60", "invalid interval */60"],
    ["2026/100", "invalid interval 2026/100"],
    ["2026-2040/60", "invalid interval 2026-2040/60"],
    ["2026/\u0663", "syntax error in year field: '2026/\u0663'"],
  ];

  test.each(refused)("%s is refused", (year, detail) => {
    expect(read(`0 0 0 * * ? ${year}`)).toEqual({ kind: "refused", error: { code: "BadCronExpression", detail } });
  });
});

describe("names", () => {
  const named = (month: string, weekday: string): string => `0 0 12 ? ${month} ${weekday}`;

  test.each([
    ["SEP", "SUN"],
    ["September", "Sunday"],
    ["jUn", "fRi"],
  ])("%s %s, in any case", (month, weekday) => {
    expect(read(named(month, weekday)).kind).toBe("taken");
  });

  // Letters that a case-insensitive pattern with Unicode's folding takes for s, i and k: only ASCII counts.
  test.each([
    ["*", "\u017fun", "day-of-week"],
    ["*", "\u017fUNDAY", "day-of-week"],
    ["*", "FR\u0131DAY", "day-of-week"],
    ["*", "\u017fun#2", "day-of-week"],
    ["*", "FR\u0131L", "day-of-week"],
    ["*", "MON-\u017fAT", "day-of-week"],
    ["\u017fep", "?", "month"],
    ["AUGU\u017fT", "?", "month"],
    ["\uff2aAN", "?", "month"],
  ])("%s %s: a letter that only looks like one", (month, weekday, field) => {
    const written = field === "month" ? month : weekday;
    expect(read(named(month, weekday))).toEqual({
      kind: "refused",
      error: { code: "BadCronExpression", detail: `syntax error in ${field} field: '${written}'` },
    });
  });

  test.each(["rate(60\u017f)", "\u0280ate(5m)", "rate(5\u00b5)"])("%s is no rate", (text) => {
    expect(read(text).kind).toBe("refused");
  });
});

describe("cost", () => {
  test.each<[string, (characters: number) => string]>([
    ["items", (characters) => `${"1,".repeat(characters / 2)} 0 0 * * ?`],
    ["blanks", (characters) => `0 0 0${" ".repeat(characters)}* * ?`],
    ["digits", (characters) => `0 0 ${"1".repeat(characters)} * * ?`],
    ["dashes and slashes", (characters) => `0 0 ${"1-1/1".repeat(characters / 5)} * * ?`],
    ["digits of a rate", (characters) => `rate(${"9".repeat(characters)}d)`],
    ["blanks of an unfinished rate", (characters) => `rate${" ".repeat(characters)}`],
    ["blanks of an unfinished at", (characters) => `at(2026-06-06 13:15:30${" ".repeat(characters)}`],
  ])("%s take time that grows with their number alone", (_, write) => {
    expectGrowth(write, read);
  });
});
