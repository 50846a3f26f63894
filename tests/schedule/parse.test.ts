import { parseSchedule, ScheduleSyntaxError } from "../../schedule";
import { parseOrRefuse } from "../../schedule/parse";
import { refusal, refusalOf } from "./refusal";

it.each([
  ["0 0 2 * * ?", "cron"],
  ["rate(5m)", "rate"],
  ["at(2026-06-06 13:15:30)", "at"],
])("tells %s as %s", (text, kind) => {
  expect(parseSchedule(text).kind).toBe(kind);
});

it("throws an error that is a SyntaxError too, with its place, what was expected and the remedy", () => {
  const error = parseOrRefuse("0 0 2 ? * 1-7");
  expect(() => parseSchedule("0 0 2 ? * 1-7")).toThrow(ScheduleSyntaxError);
  expect(error).toBeInstanceOf(SyntaxError);
  expect({ ...error }).toEqual({
    name: "ScheduleSyntaxError",
    input: "0 0 2 ? * 1-7",
    offset: 10,
    expected: "a weekday range that does not end on Sunday",
    remedy: 'write "*" or "SUN,MON-SAT"',
  });
});

it("has no remedy where none is known", () => {
  expect(parseOrRefuse("0 0 25 * * ?")).toMatchObject({ expected: "an hour from 0 to 23", remedy: undefined });
});

describe("names what is not ASCII, with its place", () => {
  const BLANK = "is a blank that is not read as one everywhere";
  // [text, offset, what is wrong and what to write]
  it.each([
    ["0 0 2\u200b * * ?", 5, 'U+200B (zero-width space) at character 6 cannot be seen; write "0 0 2 * * ?"'],
    ["\ufeff0 0 2 * * ?", 0, 'U+FEFF (byte order mark) at character 1 cannot be seen; write "0 0 2 * * ?"'],
    ["0 0 2 \u202e* * ?", 6, 'U+202E at character 7 cannot be seen; write "0 0 2 * * ?"'],
    ["ra\u200bte(5m)", 2, 'U+200B (zero-width space) at character 3 cannot be seen; write "rate(5m)"'],
    ["0 0\u00a02 * * ?", 3, `U+00A0 (no-break space) at character 4 ${BLANK}; write "0 0 2 * * ?"`],
    ["0\u30000 2 * * ?", 1, `U+3000 (ideographic space) at character 2 ${BLANK}; write "0 0 2 * * ?"`],
    ["0 0 2 * * ?\r\n", 11, `U+000D (carriage return) at character 12 ${BLANK}; write "0 0 2 * * ?"`],
    ["0\f0 2 * * ?", 1, `U+000C at character 2 ${BLANK}; write "0 0 2 * * ?"`],
    ["rate\u2009(5m)", 4, `U+2009 at character 5 ${BLANK}; write "rate (5m)"`],
    ["0 0 2，3 * * ?", 5, 'U+FF0C at character 6 is not the "," that it stands for; write "0 0 2,3 * * ?"'],
    [
      "rate（5m）",
      4,
      'U+FF08 at character 5 is not the "(" that it stands for (and 1 more of the kind); write "rate(5m)"',
    ],
    [
      "０ ０ ２ ＊ ＊ ？",
      0,
      'U+FF10 at character 1 is not the "0" that it stands for (and 5 more of the kind); write "0 0 2 * * ?"',
    ],
    [
      "0 0 2 * * ? GMT−8:00",
      15,
      'U+2212 at character 16 is not the "-" that it stands for; write "0 0 2 * * ? GMT-8:00"',
    ],
    [
      "“0 0 2 * * ?”",
      0,
      'U+201C at character 1 is not the "\\"" that it stands for (and 1 more of the kind); write "0 0 2 * * ?"',
    ],
    ["0 0 2 ? * M\u041eN", 11, 'U+041E at character 12 is not the "O" that it stands for; write "0 0 2 ? * MON"'],
    ["０ 2 * * *", 0, 'U+FF10 at character 1 is not the "0" that it stands for; write "0 0 2 * * *"'],
    // Where nothing can be written for the whole, the character alone
    ["0 0 25\u200b * * ?", 6, "U+200B (zero-width space) at character 7 cannot be seen; take it out"],
    ["0 0 25\u00a0* * ?", 6, `U+00A0 (no-break space) at character 7 ${BLANK}; write a space`],
    ["0 0 25，3 * * ?", 6, 'U+FF0C at character 7 is not the "," that it stands for; write ","'],
    ["0 0 2 ? * wee\u212a", 13, 'U+212A at character 14 is not the "K" that it stands for; write "K"'],
    ["😀 0 2 * * ?\u200b", 12, "U+200B (zero-width space) at character 12 cannot be seen; take it out"],
    // Where it stands for nothing, it is told by the place that it spoils
    [
      "0 0 2 ? * 星期一",
      10,
      'expected a weekday from 0 to 7 or SUN to SAT, vL or v#1 to v#5, found "星期一" with U+661F at character 11',
    ],
  ])("%j at %i", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});

describe("refuses hostile text at once", () => {
  const HUNDRED_KB = 100_000;
  const READ = 4_000;
  const SEEDS = [
    ..."1|*|,| |0,|0 |*/|-|@|L|#|(|)|:|'|\"|rate(|rate |rate|rate(1|at(|at(2030-|2030-01-31T|GMT+|a/|A/b |TZ=|cron(|cron |@every |every |1h|1h |PT|P1D|H |CST |MON-|1W,|20|2030 |* * * * *  ".split(
      "|",
    ),
    "\t\n",
    "\u0000",
    "\u200b",
    "\u00a0",
    "０",
    "，",
    "ſ",
    "٣",
    "😀",
    "星",
    "e\u0301",
  ];
  const repeat = (seed: string, length: number) => seed.repeat(length / seed.length);
  const texts = SEEDS.flatMap((seed) => [
    [JSON.stringify(seed), repeat(seed, HUNDRED_KB)],
    [`a frame around ${JSON.stringify(seed)}`, `0 0 ${repeat(seed, HUNDRED_KB)} * * ? UTC`],
    [`as much as is read of ${JSON.stringify(seed)}`, `${repeat(seed, READ)} x`],
    [`as much as is read of ${JSON.stringify(seed)} in a rate`, `rate(${repeat(seed, READ)}x)`],
    [`as much as is read of ${JSON.stringify(seed)} in an instant`, `at(2030-01-31${repeat(seed, READ)}x)`],
    [`as much as is thought about of ${JSON.stringify(seed)}`, `${repeat(seed, 190)} x`],
  ]);

  /** Other processes can only lengthen a try. */
  function bestMs(run: () => unknown, tries: number): number {
    const times = Array.from({ length: tries }, () => {
      const startMs = performance.now();
      run();
      return performance.now() - startMs;
    });
    return Math.min(...times);
  }

  // What it costs to read a list as long as is read at all, a millisecond or so; work by the square of that length takes a hundred times as long.
  const lists = `${"0,".repeat(READ / 2)}0 0 2 * * ?`;
  const usefulMs = bestMs(() => parseOrRefuse(lists), 20);

  it.each(texts)("%s", (_, text = "") => {
    const error = parseOrRefuse(text);
    expect(bestMs(() => parseOrRefuse(text), 5)).toBeLessThan(40 * usefulMs);
    expect(error).toBeInstanceOf(ScheduleSyntaxError);
    expect("message" in error && error.message.length).toBeLessThan(2_000);
  });

  it("says how long a text may be", () => {
    expect(() => parseSchedule("9".repeat(4097))).toThrow(
      `Cannot parse frequency "${"9".repeat(200)}…": a frequency has at most 4096 characters, found 4097 (at offset 0)`,
    );
  });
});
