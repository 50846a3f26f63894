import { main, type Output } from "../../schedule/cli";

const SURROUNDINGS = { now: new Date("2026-05-17T01:02:03Z"), zone: "Asia/Shanghai" };

const schedule = (...args: string[]): Output => main(args, SURROUNDINGS);
const json = (...args: string[]): unknown => JSON.parse(schedule(...args, "--json").stdout);

it("explains, shows the next runs and exits with 0", () => {
  expect(schedule("0 0 2 * * ? America/New_York", "--count", "2")).toEqual({
    exitCode: 0,
    stdout: `every day at 02:00:00 America/New_York

  America/New_York     UTC
  2026-05-17 02:00:00  2026-05-17 06:00:00
  2026-05-18 02:00:00  2026-05-18 06:00:00

Warning: On 2027-03-14 the clocks of America/New_York skip 02:00:00 to 03:00:00, and "0 0 2 * * ? America/New_York" runs at 02:00:00: the agent may run it early and then never again until it is registered anew; write it in UTC or in a zone without clock changes
`,
    stderr: "",
  });
});

it("says which zone it assumes", () => {
  const { stdout } = schedule("0 0 2 * * ?", "--count", "1");
  expect(stdout).toBe(`every day at 02:00:00 in each machine's own zone

Local times are of this machine's zone, Asia/Shanghai; name another with --zone

  Asia/Shanghai        UTC
  2026-05-18 02:00:00  2026-05-17 18:00:00

Warning: No zone in "0 0 2 * * ?": every machine reads it by the zone of its own clock; add one to have all run at the same instant, for example "0 0 2 * * ? Asia/Shanghai"
`);
});

it("takes the zone, the instant and the number of runs from its options", () => {
  const { stdout } = schedule("rate(12h)", "--zone", "GMT-7:30", "--after", "2030-01-31T12:00:00+08:00", "--count=3");
  expect(stdout).toBe(`every 12 hours from creation on, first one period after it

  GMT-7:30             UTC
  2030-01-31 08:30:00  2030-01-31 16:00:00
  2030-01-31 20:30:00  2030-02-01 04:00:00
  2030-02-01 08:30:00  2030-02-01 16:00:00
`);
});

it("shows at(…) in its own zone", () => {
  expect(schedule("at(2026-06-06 13:15:30 GMT-7:00)").stdout).toBe(`once at 2026-06-06 13:15:30 GMT-7:00

  GMT-7:00             UTC
  2026-06-06 13:15:30  2026-06-06 20:15:30
`);
});

it("gives five runs by default", () => {
  expect(json("rate(5m)")).toHaveProperty("runs.length", 5);
});

describe("refuses with 1", () => {
  it("a text, with the place of its error", () => {
    expect(schedule("0 0 2 ? * 1-7")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `Cannot parse frequency "0 0 2 ? * 1-7": the weekday range 1-7 ends on Sunday, which the agent reads as empty, so it would never fire; write "*" or "SUN,MON-SAT" (at offset 10)

  0 0 2 ? * 1-7
            ^
`,
    });
  });

  it("a text of several lines, on one", () => {
    expect(schedule("0 0 2\n*\t* 8").stderr).toContain("\n  0 0 2 * * 8\n            ^\n");
  });

  // [text, what stands above the mark, and before it]
  it.each([
    ["0 0 2\u200b * * ?", "0 0 2· * * ?", "     "],
    ["\ufeff0 0 2 * * ?", "·0 0 2 * * ?", ""],
    ["0 0 2 ? * 星 \u00a0", "0 0 2 ? * 星  ", "             "],
    ["０ ０ 2 * * ?", "０ ０ 2 * * ?", ""],
    ["0 0 2 ? 星 ? 8 8 8 8", "0 0 2 ? 星 ? 8 8 8 8", "                 "],
  ])("%j, with the mark where a terminal has the character", (text, line, before) => {
    expect(schedule(text).stderr).toContain(`\n  ${line}\n  ${before}^\n`);
  });

  it("a long text, around the place", () => {
    const text = `0 ${"0,".repeat(100)}60 2 * * ?`;
    const start = text.indexOf("60 2") - 60;
    expect(schedule(text).stderr).toContain(`\n  ${text.slice(start)}\n  ${" ".repeat(60)}^\n`);
  });

  it("what the service would refuse, with its runs all the same", () => {
    const { exitCode, stdout, stderr } = schedule("*/30 * * * * ? UTC", "--count", "1");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        '"*/30 * * * * ? UTC" runs again after 30 s: the smallest gap between two runs must be at least 60 s, the larger of 10 s and the timeout of 60 s; run it less often, or set a timeout of at most 30 s\n',
    });
    expect(stdout).toBe(`every 30 seconds, in UTC

  UTC                  UTC
  2026-05-17 01:02:30  2026-05-17 01:02:30
`);
  });

  it("but not when the timeout is short enough", () => {
    expect(schedule("*/30 * * * * ? UTC", "--timeout", "30").exitCode).toBe(0);
  });

  it("what is over", () => {
    expect(schedule("at(2026-05-17 01:02:03)")).toEqual({
      exitCode: 1,
      stdout: "once at 2026-05-17 01:02:03 UTC\n\n  no further run\n",
      stderr:
        '"at(2026-05-17 01:02:03)" never fires again: its instant, 2026-05-17 01:02:03 UTC, must be later than now, 2026-05-17 01:02:03 UTC; write a later one\n',
    });
  });
});

describe("prints JSON", () => {
  it("of a schedule", () => {
    expect(json("00 00 02 * * *", "--count", "1")).toEqual({
      frequency: "00 00 02 * * *",
      canonical: "0 0 2 * * ?",
      description: "every day at 02:00:00 in each machine's own zone",
      zone: "Asia/Shanghai",
      isZoneAssumed: true,
      runs: [{ local: "2026-05-18 02:00:00", utc: "2026-05-17T18:00:00Z" }],
      failures: [],
      warnings: [expect.stringMatching(/^No zone in "00 00 02 \* \* \*": /)],
    });
  });

  it("of a refused text, which exits with 1", () => {
    expect(schedule("0 0 24 * * ?", "--json").exitCode).toBe(1);
    expect(json("0 0 24 * * ?")).toEqual({
      frequency: "0 0 24 * * ?",
      runs: [],
      failures: [
        'Cannot parse frequency "0 0 24 * * ?": expected an hour from 0 to 23, found "24"; write "0" (at offset 4)',
      ],
      warnings: [],
      offset: 4,
      expected: "an hour from 0 to 23",
      remedy: 'write "0"',
    });
  });
});

describe("tells a wrong command line with 2", () => {
  it.each([
    [[], "Cannot read the frequency: expected one argument in quotes, found 0"],
    [["0", "0", "2"], "Cannot read the frequency: expected one argument in quotes, found 3"],
    [["rate(5m)", "--zone", "Mars/Base"], 'Cannot use --zone "Mars/Base": expected a zone such as "Asia/Shanghai"'],
    [["rate(5m)", "--count", "0"], 'Cannot use --count "0": expected a whole number from 1 to 1000'],
    [["rate(5m)", "--count", "1001"], 'Cannot use --count "1001": expected a whole number from 1 to 1000'],
    [["rate(5m)", "--count", "two"], 'Cannot use --count "two": expected a whole number from 1 to 1000'],
    [["rate(5m)", "--timeout", "1.5"], 'Cannot use --timeout "1.5": expected whole seconds from 1 on'],
    [
      ["rate(5m)", "--after", "2030-01-31"],
      'Cannot use --after "2030-01-31": expected an instant such as "2030-01-31T02:00:00Z"',
    ],
    [
      ["rate(5m)", "--after", "2030-01-31T02:00:00"],
      'Cannot use --after "2030-01-31T02:00:00": expected an instant such as "2030-01-31T02:00:00Z"',
    ],
    [
      ["rate(5m)", "--after", "T".repeat(100_000)],
      `Cannot use --after "${"T".repeat(200)}…": expected an instant such as "2030-01-31T02:00:00Z"`,
    ],
    [
      ["rate(5m)", "--after", "2030-13-31T02:00:00Z"],
      'Cannot use --after "2030-13-31T02:00:00Z": expected an instant such as "2030-01-31T02:00:00Z"',
    ],
    [["--foo"], 'Unknown option "--foo"'],
    [["-x"], 'Unknown option "-x"'],
    [["rate(5m)", "--cout", "3"], 'Unknown option "--cout"'],
    [["rate(5m)", "--json=yes"], "Option '--json' does not take an argument"],
  ])("%j", (args, message) => {
    expect(main(args, SURROUNDINGS)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `${message}\nTry "cloud-assistant schedule --help"\n`,
    });
  });
});

it.each([["--help"], ["--help"]])("helps with %s", (...args) => {
  const { exitCode, stdout, stderr } = main(args, SURROUNDINGS);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: cloud-assistant schedule "<frequency>" \[options\]\n/);
});
