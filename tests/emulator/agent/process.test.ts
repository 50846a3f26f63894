import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ending, killAll, type Script, startScript } from "../../../emulator/agent/process";
import { createSandbox } from "../../../emulator/agent/sandbox";
import { appears, isAlive, isGone } from "../alive";

const directory = mkdtempSync(join(tmpdir(), "process-"));
const sandbox = createSandbox(directory, "Asia/Shanghai");
const groups = new Set<number>();
mkdirSync(join(directory, "opt/app"));

afterEach(() => killAll(groups, sandbox));
afterAll(() => rmSync(directory, { recursive: true }));

const script: Script = {
  name: "t-1",
  type: "RunShellScript",
  content: "",
  workingDir: "",
  username: "",
  launcher: "",
};

const start = (given: Partial<Script>, onOutput?: () => void) =>
  startScript({ ...script, ...given }, sandbox, groups, onOutput);

async function run(given: Partial<Script>): Promise<{ ending: Ending; output: string; dropped: number }> {
  const started = start(given);
  const ending = await started.ended;
  const { output, dropped } = started.read();
  return { ending, output: output.toString(), dropped };
}

describe("what a script does, and what is seen of it", () => {
  // [title, script, exit code, output]
  const cases: [string, Partial<Script>, number, string][] = [
    ["prints", { content: "echo hello" }, 0, "hello\n"],
    ["is empty", { content: "" }, 0, ""],
    ["exits with a code of its own", { content: "exit 7" }, 7, ""],
    ["is not there", { content: "no-such-program 2>/dev/null" }, 127, ""],
    ["ends by a signal", { content: "kill -TERM $$" }, -1, ""],
    ["prints to both streams, in order", { content: "echo 1; echo 2 >&2; echo 3; echo 4 >&2" }, 0, "1\n2\n3\n4\n"],
    ["opens its streams by name", { content: "echo out >/dev/stdout; echo err >/dev/stderr" }, 0, "out\nerr\n"],
    ["reads from a closed stdin", { content: "cat; echo done" }, 0, "done\n"],
    ["has a shebang", { content: "#!/usr/bin/env -S awk -f\nBEGIN { print 6 * 7 }" }, 0, "42\n"],
    ["has Windows line ends only in its text", { content: "printf 'a\\r\\n'" }, 0, "a\r\n"],
    [
      "prints without a newline and more than a pipe holds",
      { content: "head -c 200000 /dev/zero | tr '\\0' x | tail -c 5" },
      0,
      "xxxxx",
    ],
    ["starts at home", { content: "pwd; cd; pwd" }, 0, "/root\n/root\n"],
    ["starts in its working directory", { content: "pwd", workingDir: "/opt/app" }, 0, "/opt/app\n"],
    [
      "runs for another user",
      { content: 'echo "$USER $HOME"; pwd', username: "admin" },
      0,
      "admin /home/admin\n/home/admin\n",
    ],
    ["asks for the time zone", { content: "date +%z" }, 0, "+0800\n"],
    ["has a launcher", { content: "BEGIN { print FILENAME 1 }", launcher: "awk -f" }, 0, "1\n"],
    [
      "has a launcher that names the file",
      { content: "X", launcher: 'echo before {{ACS::ScriptFileName|Ext(".py")}} after' },
      0,
      "before /var/lib/cloud-assistant/t-1.py after\n",
    ],
    [
      "has a launcher that names the file loosely",
      { content: "X", launcher: "echo {{ acs::scriptfilename }}" },
      0,
      "/var/lib/cloud-assistant/t-1\n",
    ],
  ];

  test.each(cases)("%s", async (_, given, exitCode, output) => {
    const seen = await run(given);
    expect({ ...seen, output: seen.output.replaceAll(directory, "") }).toEqual({
      ending: { exitCode },
      output,
      dropped: 0,
    });
  });
});

describe("what keeps a script from running", () => {
  // [title, script, ending]
  const cases: [string, Partial<Script>, Ending][] = [
    [
      "a working directory that is not there",
      { content: "echo ran", workingDir: "/opt/nothing" },
      {
        refused: "Invalid",
        errorCode: "DirectoryNotExists",
        errorInfo: 'The specified directory does not exist: "/opt/nothing".',
      },
    ],
    [
      "a Windows batch file",
      { content: "@echo ran", type: "RunBatScript" },
      {
        refused: "Error",
        errorCode: "ExecutionException",
        errorInfo: "The machine has no shell for a RunBatScript.",
      },
    ],
    [
      "a user name that no environment can hold",
      { content: "echo ran", username: "a\0b" },
      {
        refused: "Error",
        errorCode: "ExecutionException",
        errorInfo: "The script cannot be started: ERR_INVALID_ARG_VALUE.",
      },
    ],
  ];

  test.each(cases)("%s", async (_, given, ending) => {
    expect(await run(given)).toEqual({ ending, output: "", dropped: 0 });
  });
});

test("a script sees nothing of the emulator's environment", async () => {
  process.env.EMULATOR_SECRET = "hidden";
  const { output } = await run({ content: "env | cut -d = -f 1 | sort" });
  delete process.env.EMULATOR_SECRET;
  const names = output
    .trim()
    .split("\n")
    .filter((name) => !["_", "OLDPWD", "SHLVL"].includes(name));
  expect(names).toEqual(["HOME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "TMPDIR", "TZ", "USER"]);
});

test("a script is a file that anyone may run", async () => {
  await run({ content: "echo hello" });
  const file = join(directory, "var/lib/cloud-assistant/t-1.sh");
  expect(readFileSync(file, "utf8")).toBe("echo hello");
  expect(statSync(file).mode & 0o777).toBe(0o755);
});

test("of a large output the tail is kept and the rest is counted, in bounded memory", async () => {
  const before = process.memoryUsage().rss;
  const { ending, output, dropped } = await run({ content: "head -c 100000000 /dev/zero; echo end" });
  expect({ ending, bytes: output.length, end: output.slice(-4), dropped }).toEqual({
    ending: { exitCode: 0 },
    bytes: 24_576,
    end: "end\n",
    dropped: 100_000_004 - 24_576,
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
}, 30_000);

test("output is seen while the script runs", async () => {
  const go = join(directory, "go");
  await new Promise<void>((resolve) => {
    const running = start({ content: `echo first; until [ -e '${go}' ]; do :; done; echo second` }, () => {
      if (running.read().output.toString() === "first\n") resolve();
    });
  });
});

describe("what a script leaves in the background", () => {
  test("does not hold the script up, and lives on", async () => {
    const { ending, output } = await run({ content: "sleep 1000 & echo $!" });
    expect(ending).toEqual({ exitCode: 0 });
    expect(isAlive(Number(output))).toBe(true);
  });

  test("that floods the output does not hold the script up either", async () => {
    const { ending } = await run({ content: "yes & sleep 0.1" });
    expect(ending).toEqual({ exitCode: 0 });
  });

  test.each([
    ["in the script's group", "sleep 1000 & echo $!"],
    ["in a session of its own", "setsid sleep 1000 & echo $!"],
  ])("dies with the machine, %s", async (_, content) => {
    const pid = Number((await run({ content })).output);
    killAll(groups, sandbox);
    expect(await isGone(pid)).toBe(true);
  });

  test("is remembered only while it lives", async () => {
    groups.clear();
    await run({ content: "true & wait" });
    expect(groups.size).toBe(0);
  });
});

describe("killing", () => {
  const child = join(directory, "child");
  const content = `sleep 1000 & echo $! > '${child}.part'; mv '${child}.part' '${child}'; wait`;

  async function startParent(): Promise<{ running: ReturnType<typeof start>; pid: number }> {
    rmSync(child, { force: true });
    const running = start({ content });
    await appears(child);
    return { running, pid: Number(readFileSync(child, "utf8")) };
  }

  test("Process kills the script and spares what it started", async () => {
    const { running, pid } = await startParent();
    running.kill("Process");
    expect(await running.ended).toEqual({ exitCode: -1 });
    expect(isAlive(pid)).toBe(true);
  });

  test("ProcessTree kills all of it", async () => {
    const { running, pid } = await startParent();
    running.kill("ProcessTree");
    expect(await running.ended).toEqual({ exitCode: -1 });
    expect(await isGone(pid)).toBe(true);
  });

  test("a script that is over cannot be killed, which is no harm", async () => {
    const running = start({ content: "exit 3" });
    await running.ended;
    running.kill("Process");
    running.kill("ProcessTree");
    expect(await running.ended).toEqual({ exitCode: 3 });
  });
});

test("many scripts at a time keep their outputs apart", async () => {
  const names = Array.from({ length: 40 }, (_, number) => `t-${number}`);
  const outputs = await Promise.all(names.map((name) => run({ name, content: `echo ${name}` })));
  expect(outputs.map(({ output }) => output.trim())).toEqual(names);
});
