import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Script, Shell } from "../../../emulator/agent/commandline";
import { type Ending, killAll, startScript } from "../../../emulator/agent/process";
import { createSandbox } from "../../../emulator/agent/sandbox";
import { appears, isAlive, isGone } from "../alive";

const directory = mkdtempSync(join(tmpdir(), "process-"));
const sandbox = createSandbox(directory);
const groups = new Set<number>();
mkdirSync(join(directory, "opt/app"));

afterEach(() => killAll(groups, sandbox));
afterAll(() => rmSync(directory, { recursive: true }));

const script: Script = {
  name: "t-1",
  type: "RunShellScript",
  content: Buffer.alloc(0),
  workingDir: "",
  username: "",
  launcher: "",
};

/** A script in plain text, and the shell that starts it. */
type Given = Partial<Omit<Script, "content">> & { content: string; shell?: Shell };

const start = ({ content, shell = "bash", ...given }: Given, onOutput?: () => void) =>
  startScript({ ...script, ...given, content: Buffer.from(content) }, { sandbox, groups, shell }, onOutput);

async function run(given: Given): Promise<{ ending: Ending; output: string; dropped: number }> {
  const started = start(given);
  const ending = await started.ended;
  const { output, dropped } = started.output.read();
  return { ending, output: output.toString(), dropped };
}

const SHELLS = ["bash", "dash"] as const;

describe("what a script does, and what is seen of it", () => {
  // [title, script, exit code, output]
  const cases: [string, Given, number, string][] = [
    ["prints", { content: "echo hello" }, 0, "hello\n"],
    ["is empty", { content: "" }, 0, ""],
    ["exits with a code of its own", { content: "exit 7" }, 7, ""],
    ["is not there", { content: "no-such-program 2>/dev/null" }, 127, ""],
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
    ["runs for another user", { content: 'echo "$HOME"; pwd', username: "admin" }, 0, "/home/admin\n/home/admin\n"],
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

  test.each(cases.flatMap(([title, given, ...seen]) => SHELLS.map((shell) => [title, shell, given, ...seen] as const)))(
    "%s, with %s",
    async (_, shell, given, exitCode, output) => {
      const seen = await run({ ...given, shell });
      expect({ ...seen, output: seen.output.replaceAll(directory, "") }).toEqual({
        ending: { exitCode },
        output,
        dropped: 0,
      });
    },
  );
});

describe("what keeps a script from running", () => {
  // [title, script, ending]
  const cases: [string, Given, Ending][] = [
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
      "a launcher that no command line can hold",
      { content: "echo ran", launcher: "a\0b" },
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
  expect(names).toEqual(["HOME", "LANG", "PATH", "PWD"]);
});

describe("a signal that ends the script", () => {
  // [signal, exit code where dash starts it and what dash says, exit code where bash becomes it]
  const cases: [string, number, string][] = [
    ["KILL", 137, "Killed\n"],
    ["TERM", 143, "Terminated\n"],
    ["SEGV", 139, "Segmentation fault\n"],
  ];

  test.each(cases)("%s, with dash", async (signal, exitCode, output) => {
    const seen = await run({ content: `kill -${signal} $$`, shell: "dash" });
    // A core may have been dumped.
    expect({ ...seen, output: seen.output.replace(" (core dumped)", "") }).toEqual({
      ending: { exitCode },
      output,
      dropped: 0,
    });
  });

  test.each(cases)("%s, with bash", async (signal) => {
    expect(await run({ content: `kill -${signal} $$`, shell: "bash" })).toEqual({
      ending: { exitCode: -1 },
      output: "",
      dropped: 0,
    });
  });
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
      if (running.output.read().output.toString() === "first\n") resolve();
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

  test("is heard for a moment after the script's end, and no longer", async () => {
    const go = join(directory, "late");
    const said = join(directory, "said");
    const { ending, output } = await run({
      content: `(sleep 0.05; echo soon; until [ -e '${go}' ]; do sleep 0.01; done; echo late; mkdir '${said}') & echo now; exit 3`,
    });
    expect({ ending, output }).toEqual({ ending: { exitCode: 3 }, output: "now\nsoon\n" });
    writeFileSync(go, "");
    // Nobody listens, and the pipe is open all the same: whoever writes to a closed one dies of it.
    await appears(said);
    expect(existsSync(said)).toBe(true);
  });

  test("does not delay the end when it has let go of the output", async () => {
    const { ending, output } = await run({ content: "sleep 1000 > /dev/null 2>&1 & echo $!" });
    expect(ending).toEqual({ exitCode: 0 });
    expect(isAlive(Number(output))).toBe(true);
  });

  test("may log more than a pipe holds", async () => {
    const done = join(directory, "logged");
    await run({ content: `(head -c 3000000 /dev/zero; echo done > '${done}') &` });
    await appears(done);
    expect(existsSync(done)).toBe(true);
  });
});

describe("killing", () => {
  const child = join(directory, "child");
  const content = `sleep 1000 & echo $! > '${child}.part'; mv '${child}.part' '${child}'; wait`;

  async function startParent(shell?: Shell): Promise<{ running: ReturnType<typeof start>; pid: number }> {
    rmSync(child, { force: true });
    const running = start({ content, ...(shell && { shell }) });
    await appears(child);
    return { running, pid: Number(readFileSync(child, "utf8")) };
  }

  test("Process kills the script and spares what it started", async () => {
    const { running, pid } = await startParent();
    running.kill("Process");
    expect(await running.ended).toEqual({ exitCode: -1 });
    expect(isAlive(pid)).toBe(true);
  });

  test.each(SHELLS)("ProcessTree kills all of it, with %s", async (shell) => {
    const { running, pid } = await startParent(shell);
    running.kill("ProcessTree");
    expect(await running.ended).toEqual({ exitCode: -1 });
    expect(await isGone(pid)).toBe(true);
  });

  test.each([
    ["setsid", "setsid sh -c"],
    ["set -m", "set -m; sh -c"],
  ])("ProcessTree spares what left the group by %s", async (way, leave) => {
    const file = join(directory, `left by ${way}`);
    const running = start({
      content: `${leave} "echo \\$\\$ > '${file}.part'; mv '${file}.part' '${file}'; exec sleep 1000" & sleep 1000`,
    });
    await appears(file);
    running.kill("ProcessTree");
    await running.ended;
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(true);
  });

  // The agent kills the process that it started. With bash, that is the script; dash waits for the script, which goes on without it.
  test.each([
    ["bash", false],
    ["dash", true],
  ] as const)("Process, with %s: the script goes on: %s", async (shell, goesOn) => {
    const [itself, go, past] = ["itself", "go-on", "past"].map((name) => join(directory, `${shell}-${name}`)) as [
      string,
      string,
      string,
    ];
    const running = start({
      shell,
      content: `echo $$ > '${itself}.part'; mv '${itself}.part' '${itself}'; until [ -e '${go}' ]; do :; done; echo > '${past}'`,
    });
    await appears(itself);
    const pid = Number(readFileSync(itself, "utf8"));
    running.kill("Process");
    expect(await running.ended).toEqual({ exitCode: -1 });
    if (!goesOn) {
      expect(await isGone(pid)).toBe(true);
      return;
    }
    writeFileSync(go, "");
    await appears(past);
    expect(await isGone(pid)).toBe(true);
  });

  test("a script that is over cannot be killed, which is no harm", async () => {
    const running = start({ content: "exit 3" });
    await running.ended;
    expect([running.kill("Process"), running.kill("ProcessTree")]).toEqual([false, false]);
    expect(await running.ended).toEqual({ exitCode: 3 });
  });
});

test("many scripts at a time keep their outputs apart", async () => {
  const names = Array.from({ length: 40 }, (_, number) => `t-${number}`);
  const outputs = await Promise.all(names.map((name) => run({ name, content: `echo ${name}` })));
  expect(outputs.map(({ output }) => output.trim())).toEqual(names);
});
