import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { PassThrough } from "node:stream";
import { ask, main } from "../../provider/cli";
import { systemClock } from "../../provider/cloud/clock";
import { main as schedule } from "../../schedule/cli";

const SURROUNDINGS = {
  now: new Date("2026-05-17T01:02:03Z"),
  zone: "Asia/Shanghai",
  environment: {},
  clock: systemClock,
  tell: () => {},
  confirm: undefined,
  read: () => Buffer.from(""),
  listen: () => new AbortController().signal,
};
const ROOT = path.join(__dirname, "../..");

it("hands what follows the command's name to the command", async () => {
  const args = ["0 0 2 * * ?", "--count", "1", "--json"];
  expect(await main(["schedule", ...args], SURROUNDINGS)).toEqual(schedule(args, SURROUNDINGS));
});

it("lists its commands", async () => {
  expect(await main(["--help"], SURROUNDINGS)).toEqual({
    exitCode: 0,
    stdout: `Usage: cloud-assistant <command> [options]

  schedule  explain a frequency, show when it runs next and what is wrong with it
  run       run a script on instances, and print what they print
  runs      list what is live or in no state, by project, stack and resource, and stop one

"cloud-assistant <command> --help" says more about a command.
`,
    stderr: "",
  });
});

it("helps with a command", async () => {
  const { exitCode, stdout } = await main(["schedule", "--help"], SURROUNDINGS);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: cloud-assistant schedule "<frequency>" \[options\]\n/);
});

describe("tells a wrong command line with 2", () => {
  it.each([
    [[], 'No command given: expected "schedule" or "run" or "runs"'],
    [[""], 'Unknown command "": expected "schedule" or "run" or "runs"'],
    [["plan"], 'Unknown command "plan": expected "schedule" or "run" or "runs"'],
    [["constructor"], 'Unknown command "constructor": expected "schedule" or "run" or "runs"'],
    [["--json", "schedule"], 'Unknown option "--json": options stand after the command'],
    [["-x"], 'Unknown option "-x": options stand after the command'],
  ])("%j", async (args, message) => {
    expect(await main(args, SURROUNDINGS)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `${message}\nTry "cloud-assistant --help"\n`,
    });
  });
});

it("runs as a program, with the system's clock and zone", () => {
  const args = ["--import", "tsx", path.join(ROOT, "provider/cli.ts"), "schedule", "0 0 2 * * ?", "--json"];
  const stdout = execFileSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, TZ: "Asia/Tokyo" },
    encoding: "utf8",
  });
  expect(JSON.parse(stdout)).toMatchObject({
    zone: "Asia/Tokyo",
    runs: [{ local: expect.stringMatching(/ 02:00:00$/) }, {}, {}, {}, {}],
  });
});

// [what is typed, whether that is a yes]
it.each([
  ["y\r", true],
  ["Yes \r", true],
  ["n\r", false],
  ["\r", false],
  ["\x03", false],
  ["\x04", false],
])("%j at the question is a yes: %j", async (typed, isYes) => {
  const input = new PassThrough();
  const asked = ask(createInterface({ input, output: new PassThrough(), terminal: true }), "Run it?");
  input.write(typed);
  expect(await asked).toBe(isYes);
});

describe("a reader of its output", () => {
  const print = (redirection: string) => {
    const command = `node --import tsx provider/cli.ts schedule --count 1000 "rate(1h)" ${redirection}; echo "\${PIPESTATUS[0]}" >&2`;
    return spawnSync("bash", ["-c", command], { cwd: ROOT, encoding: "utf8" }).stderr;
  };

  it("may leave when it has seen enough", () => {
    expect(print("| head -1 > /dev/null")).toBe("0\n");
    expect(print("| true")).toBe("0\n");
  });

  it("that takes nothing is a failure", () => {
    expect(print("> /dev/full")).toMatch(/^Cannot write to standard output: ENOSPC: .*\n1\n$/);
  });
});
