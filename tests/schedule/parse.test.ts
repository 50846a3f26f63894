import { parseSchedule, ScheduleSyntaxError } from "../../schedule";
import { parseOrRefuse } from "../../schedule/parse";

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

describe("refuses hostile text at once", () => {
  const HUNDRED_KB = 100_000;
  const SEEDS = [
    "1",
    "*",
    ",",
    " ",
    "\t\n",
    "0,",
    "0 ",
    "*/",
    "-",
    "@",
    "L",
    "#",
    "rate(",
    "rate ",
    "at(",
    "GMT+",
    "a/",
    "\u0000",
    "😀",
    "星",
  ];
  const texts = SEEDS.flatMap((seed) => [
    [JSON.stringify(seed), seed.repeat(HUNDRED_KB / seed.length)],
    [`a frame around ${JSON.stringify(seed)}`, `0 0 ${seed.repeat(HUNDRED_KB / seed.length)} * * ? UTC`],
    [`as much as is read of ${JSON.stringify(seed)}`, `${seed.repeat(4_000 / seed.length)} x`],
  ]);

  /** Other processes can only lengthen a try. */
  function bestOfThreeMs(run: () => unknown): number {
    const tries = [1, 2, 3].map(() => {
      const startMs = performance.now();
      run();
      return performance.now() - startMs;
    });
    return Math.min(...tries);
  }

  it.each(texts)("%s", (_, text = "") => {
    const error = parseOrRefuse(text);
    expect(bestOfThreeMs(() => parseOrRefuse(text))).toBeLessThan(50);
    expect(error).toBeInstanceOf(ScheduleSyntaxError);
    expect("message" in error && error.message.length).toBeLessThan(2_000);
  });

  it("says how long a text may be", () => {
    expect(() => parseSchedule("9".repeat(4097))).toThrow(
      `Cannot parse frequency "${"9".repeat(200)}…": a frequency has at most 4096 characters, found 4097 (at offset 0)`,
    );
  });
});
