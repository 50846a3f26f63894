import { parseSchedule } from "../../schedule";
import { findStep, HOUR, MINUTE, neighbours, WEEKDAY } from "../../schedule/field";
import { refusal, refusalOf } from "./refusal";

/** The values of an hour field. */
const hours = (text: string) => {
  const schedule = parseSchedule(`0 0 ${text} * * ?`);
  return schedule.kind === "cron" ? schedule.hours : undefined;
};

describe("reads an hour field", () => {
  const ALL = Array.from({ length: 24 }, (_, hour) => hour);
  // [text, values]
  it.each([
    ["*", ALL],
    ["?", ALL],
    ["*/1", ALL],
    ["5,*", ALL],
    ["5", [5]],
    ["05", [5]],
    ["23,0,5,05", [0, 5, 23]],
    [",5,,6,", [5, 6]],
    ["8-11", [8, 9, 10, 11]],
    ["8-8", [8]],
    ["*/10", [0, 10, 20]],
    ["20/2", [20, 22]],
    ["8-12/2", [8, 10, 12]],
    ["8-12/02", [8, 10, 12]],
    ["0-23/23", [0, 23]],
  ] as [string, number[]][])("%s", (text, values) => {
    expect(hours(text)).toEqual(values);
  });
});

describe("reads the step of a year", () => {
  // [text, years]
  it.each([
    ["2040/59", [2040, 2099]],
    ["2040/05", [2040, 2045, 2050, 2055, 2060, 2065, 2070, 2075, 2080, 2085, 2090, 2095]],
    ["2026/1970", [2026]],
    ["*/2099", [1970]],
    ["1970-2099/50", [1970, 2020, 2070]],
  ])("%s", (text, years) => {
    expect(parseSchedule(`0 0 2 * * ? ${text} UTC`)).toMatchObject({ years });
  });
});

describe("refuses a year's step that the agent does not know", () => {
  // [step, remedy]
  it.each([
    ["60", ""],
    ["100", ""],
    ["1969", ""],
    ["2100", ""],
    ["059", '; write "59"'],
    ["01970", '; write "1970"'],
    ["00", ""],
    ["0", ""],
    ["1e1", ""],
  ])("%s", (step, remedy) => {
    const text = `0 0 2 * * ? 2026/${step} UTC`;
    const problem = `expected a step from 1 to 59 or 1970 to 2099, found "${step}"${remedy}`;
    expect(refusalOf(text)).toEqual(refusal(text, 17, problem));
  });
});

describe("refuses names whose letters are not ASCII", () => {
  const MONTH = "expected a month from 1 to 12 or JAN to DEC";
  const WEEKDAY = "expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5";
  // [text, offset, what is wrong]
  it.each([
    ["0 0 2 ? * FRıDAY", 10, `${WEEKDAY}, found "FRıDAY" with U+0131 at character 13`],
    ["0 0 2 ? * MON,frı#1", 14, `${WEEKDAY}, found "frı" with U+0131 at character 17`],
    ["0 0 2 ? * FRİ", 10, `${WEEKDAY}, found "FRİ" with U+0130 at character 13`],
    ["0 0 2 ? * ßun", 10, `${WEEKDAY}, found "ßun" with U+00DF at character 11`],
    ["0 0 2 ? aprıl ?", 8, `${MONTH}, found "aprıl" with U+0131 at character 12`],
    ["0 0 2 ? juŉ ?", 8, `${MONTH}, found "juŉ" with U+0149 at character 11`],
    // What NFKC takes for ASCII is told before the field is read.
    ["0 0 2 ? * ſun", 10, 'U+017F at character 11 is not the "s" that it stands for; write "0 0 2 ? * sun"'],
    ["0 0 2 ? * 1,ſatL", 12, 'U+017F at character 13 is not the "s" that it stands for; write "0 0 2 ? * 1,satL"'],
    ["0 0 2 ? * tueſday", 13, 'U+017F at character 14 is not the "s" that it stands for; write "0 0 2 ? * tuesday"'],
    ["0 0 2 ? ſep ?", 8, 'U+017F at character 9 is not the "s" that it stands for; write "0 0 2 ? sep ?"'],
    [
      "0 0 2 ? jan-auguſt ?",
      16,
      'U+017F at character 17 is not the "s" that it stands for; write "0 0 2 ? jan-august ?"',
    ],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});

describe("guesses at a value", () => {
  // [text, offset, found and remedy]
  it.each([
    ["0 0 24 * * ?", 4, 'an hour from 0 to 23, found "24"; write "0"'],
    ["0 0 25 * * ?", 4, 'an hour from 0 to 23, found "25"'],
    ["0 008 2 * * ?", 2, 'a minute from 0 to 59, found "008"; write "8"'],
    ["0 0 2 ? Sept. ?", 8, 'a month from 1 to 12 or JAN to DEC, found "Sept."; write "SEP"'],
    ["0 0 2 ? ju ?", 8, 'a month from 1 to 12 or JAN to DEC, found "ju"'],
    ["0 0 2 ? * tues", 10, 'a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "tues"; write "TUE"'],
    ["0 0 2 ? * Mondays", 10, 'a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "Mondays"; write "MON"'],
    ["0 0 2 ? * wedn-5", 10, 'a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "wedn"; write "WED"'],
    ["0 0 2 * * 2030", 10, 'a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "2030"; write "? 2030"'],
    ["0 0 2 * * ? 30 UTC", 12, 'a year from 1970 to 2099, found "30"; write "2030"'],
    ["0 0 9-* * * ?", 6, 'an hour from 0 to 23, found "*"; write "23"'],
    ["0 0 2 ? *-JUN ?", 8, 'a month from 1 to 12 or JAN to DEC, found "*"; write "JAN"'],
    ["0 ?/5 * * * ?", 2, 'a minute from 0 to 59, found "?"; write "*/5"'],
    ["0 /5 * * * ?", 2, 'a minute from 0 to 59, found nothing; write "*/5"'],
    ["0 */005 * * * ?", 4, 'a step from 1 to 59, found "005"; write "5"'],
    [
      "0 */90 * * * ?",
      4,
      'a step from 1 to 59, found "90"; write "0" in place of */90 to run at the first minute alone, or "rate(90m)" as the whole frequency',
    ],
    [
      "0 0 0/36 * * ?",
      6,
      'a step from 1 to 23, found "36"; write "0" in place of 0/36 to run at the first hour alone, or "rate(36h)" as the whole frequency',
    ],
    [
      "0 0 */999 * * ?",
      6,
      'a step from 1 to 23, found "999"; write "0" in place of */999 to run at the first hour alone',
    ],
    ["0 0 2 */40 * ?", 8, 'a step from 1 to 31, found "40"'],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, `expected ${problem}`));
  });
});

describe("refuses", () => {
  // [text, offset, what is wrong]
  it.each([
    ["60 0 2 * * ?", 0, 'expected a second from 0 to 59, found "60"'],
    ["0 60 2 * * ?", 2, 'expected a minute from 0 to 59, found "60"'],
    ["0 0 24 * * ?", 4, 'expected an hour from 0 to 23, found "24"; write "0"'],
    ["0 0 2 * 0 ?", 8, 'expected a month from 1 to 12 or JAN to DEC, found "0"'],
    ["0 0 2 * 13 ?", 8, 'expected a month from 1 to 12 or JAN to DEC, found "13"'],
    ["0 0 2 * sept ?", 8, 'expected a month from 1 to 12 or JAN to DEC, found "sept"; write "SEP"'],
    ["0 0 2 * * ? 1969", 12, 'expected a year from 1970 to 2099, found "1969"'],
    ["0 0 2 * * ? 1969 UTC", 12, 'expected a year from 1970 to 2099, found "1969"'],
    ["0 0 2 * * ? 2100 UTC", 12, 'expected a year from 1970 to 2099, found "2100"'],
    ["0 0 2 * * ? 99 UTC", 12, 'expected a year from 1970 to 2099, found "99"; write "2099"'],
    ["000 0 2 * * ?", 0, 'expected a second from 0 to 59, found "000"; write "0"'],
    ["0 -1 2 * * ?", 2, "expected a minute from 0 to 59, found nothing"],
    ["0 */0 2 * * ?", 4, 'expected a step from 1 to 59, found "0"'],
    [
      "0 */60 2 * * ?",
      4,
      'expected a step from 1 to 59, found "60"; write "0" in place of */60 to run at the first minute alone, or "rate(1h)" as the whole frequency',
    ],
    [
      "0 0 */24 * * ?",
      6,
      'expected a step from 1 to 23, found "24"; write "0" in place of */24 to run at the first hour alone, or "rate(1d)" as the whole frequency',
    ],
    ["0 0 2 */32 * ?", 8, 'expected a step from 1 to 31, found "32"'],
    ["0 0 2 ? */13 ?", 10, 'expected a step from 1 to 12, found "13"'],
    ["0 0 2 ? * */7", 12, 'expected a step from 1 to 6, found "7"'],
    ["0 */002 2 * * ?", 4, 'expected a step from 1 to 59, found "002"; write "2"'],
    ["0 */012 2 * * ?", 4, 'expected a step from 1 to 59, found "012"; write "12"'],
    ["0 */5/2 2 * * ?", 4, 'expected a step from 1 to 59, found "5/2"'],
    ["0 ?/5 2 * * ?", 2, 'expected a minute from 0 to 59, found "?"; write "*/5"'],
    ["0 /5 2 * * ?", 2, 'expected a minute from 0 to 59, found nothing; write "*/5"'],
    ["0 5/ 2 * * ?", 4, "expected a step from 1 to 59, found nothing"],
    ["0 *-5 2 * * ?", 2, 'expected a minute from 0 to 59, found "*"; write "0"'],
    ["0 5-* 2 * * ?", 4, 'expected a minute from 0 to 59, found "*"; write "59"'],
    ["0 5- 2 * * ?", 4, "expected a minute from 0 to 59, found nothing"],
    [", 0 2 * * ?", 0, 'expected a second from 0 to 59, found ","'],
    ["0 ,, 2 * * ?", 2, 'expected a minute from 0 to 59, found ",,"'],
    [
      "0 0 2 ? * 1-7",
      10,
      'the weekday range 1-7 ends on Sunday, which the agent reads as empty, so it would never fire; write "*" or "SUN,MON-SAT"',
    ],
    [
      "0 0 2 ? * MON-SUN",
      10,
      'the weekday range MON-SUN ends on Sunday, which the agent reads as empty, so it would never fire; write "*" or "SUN,MON-SAT"',
    ],
    [
      "0 0 2 ? * 5-7",
      10,
      'the weekday range 5-7 ends on Sunday, which the agent reads as empty, so it would never fire; write "SUN,FRI-SAT"',
    ],
    [
      "0 0 2 ? * SAT-SUN",
      10,
      'the weekday range SAT-SUN ends on Sunday, which the agent reads as empty, so it would never fire; write "SUN,SAT"',
    ],
    [
      "0 0 2 ? * 1-7/2",
      10,
      'the weekday range 1-7 ends on Sunday, which the agent reads as empty, so it would never fire; write "SUN,MON,WED,FRI"',
    ],
    [
      "0 0 2 ? * 5-0",
      10,
      'the weekday range 5-0 ends on Sunday, which the agent reads as empty, so it would never fire; write "SUN,FRI-SAT"',
    ],
    [
      "0 0 2 ? * TUE,5-7",
      14,
      'the weekday range 5-7 ends on Sunday, which the agent reads as empty; write "SUN,FRI-SAT"',
    ],
    [
      "0 0 2 ? * 0-7",
      10,
      'the weekday range 0-7 ends on Sunday, which the agent reads as Sunday alone; write "*" or "SUN"',
    ],
    [
      "0 0 2 ? * 7-7",
      10,
      'the weekday range 7-7 ends on Sunday, which the agent reads as Sunday alone; write "*" or "SUN"',
    ],
    [
      "0 0 2 ? * SUN-SUN",
      10,
      'the weekday range SUN-SUN ends on Sunday, which the agent reads as Sunday alone; write "*" or "SUN"',
    ],
    ["0 0 2 ? * 05", 10, 'the weekday 05 has two digits, which the agent reads as Sunday; write "5"'],
    ["0 0 2 ? * 01-05", 10, 'the weekday 01 has two digits, which the agent reads as Sunday; write "1"'],
    ["0 0 2 ? * 05L", 10, 'the weekday 05 has two digits, which the agent reads as Sunday; write "5"'],
    ["0 0 2 ? * 05#2", 10, 'the weekday 05 has two digits, which the agent reads as Sunday; write "5"'],
    ["0 0 22-2 * * ?", 4, 'the hour range 22-2 runs backwards, which stops the agent\'s process; write "22-23,0-2"'],
    [
      "50-10 0 2 * * ?",
      0,
      'the second range 50-10 runs backwards, which stops the agent\'s process; write "50-59,0-10"',
    ],
    ["0 50-10/20 2 * * ?", 2, 'the minute range 50-10 runs backwards, which stops the agent\'s process; write "50,10"'],
    [
      "0 0 2 1 NOV-FEB ?",
      8,
      'the month range NOV-FEB runs backwards, which stops the agent\'s process; write "NOV-DEC,JAN-FEB"',
    ],
    [
      "0 0 2 1 11-2 ?",
      8,
      'the month range 11-2 runs backwards, which stops the agent\'s process; write "NOV-DEC,JAN-FEB"',
    ],
    ["0 0 1,22-2 * * ?", 6, 'the hour range 22-2 runs backwards, which the agent reads as empty; write "22-23,0-2"'],
    [
      "0 0 2 25-5 * ?",
      6,
      'the day-of-month range 25-5 runs backwards, which the agent reads as empty; write "25-31,1-5"',
    ],
    [
      "0 0 2 ? * FRI-MON",
      10,
      'the weekday range FRI-MON runs backwards, which the agent reads as empty; write "SUN,MON,FRI-SAT"',
    ],
    [
      "0 0 2 ? * 3-2",
      10,
      'the weekday range 3-2 runs backwards, which the agent reads as empty; write "*" or "SUN,MON-SAT"',
    ],
    [
      "0 0 2 * * ? 2030-2026",
      12,
      'the year range 2030-2026 runs backwards, which the agent reads as empty; write "2026-2030"',
    ],
    [
      "0 0 12-11 * * ?",
      4,
      'the hour range 12-11 runs backwards, which stops the agent\'s process; write "*" or "12-23,0-11"',
    ],
    [
      "0 0 *,foo * * ?",
      6,
      'expected an hour from 0 to 23, found "foo"; take it out, as the agent ignores it after "*"',
    ],
    ["*,99 0 2 * * ?", 2, 'expected a second from 0 to 59, found "99"; take it out, as the agent ignores it after "*"'],
    [
      "0 0 2 ? *,foo ?",
      10,
      'expected a month from 1 to 12 or JAN to DEC, found "foo"; take it out, as the agent ignores it after "*"',
    ],
    ["0 0 2 * * ? Asia/2026", 12, 'expected a year from 1970 to 2099, found "Asia"'],
    ["0 0 2 * * ? X2026", 12, 'expected a year from 1970 to 2099, found "X2026"'],
    ["0 0 ٣ * * ?", 4, 'U+0663 at character 5 is not the "3" that it stands for; write "0 0 3 * * ?"'],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});

describe("finds the step to the largest value", () => {
  it.each([
    [[0, 10, 20, 30, 40, 50], MINUTE, 10],
    [[5, 20, 35, 50], MINUTE, 15],
    [[0, 7, 14, 21, 28, 35, 42, 49, 56], MINUTE, 7],
    [[0, 10, 20], HOUR, 10],
    [[0, 10], HOUR, undefined],
    [[0, 10, 20], MINUTE, undefined],
    [[21, 22, 23], HOUR, undefined],
    [[], WEEKDAY, undefined],
  ])("of %j", (values, field, step) => {
    expect(findStep(values, field)).toBe(step);
  });
});

it("cuts values into runs of neighbours", () => {
  expect(neighbours([1, 2, 3, 5, 7, 8, 0])).toEqual([[1, 2, 3], [5], [7, 8], [0]]);
});
