// `cloud-assistant run` against the emulator.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Emulator, startEmulator } from "../../../emulator";
import { systemClock } from "../../../provider/cloud/clock";
import { Interruption } from "../../../provider/runs/failure";
import { main, type Surroundings } from "../../../provider/runs/run";

let emulator: Emulator;
let told: string[];
beforeEach(async () => {
  told = [];
  emulator = await startEmulator({
    instances: [
      { instanceId: "i-a", tags: { role: "web" } },
      { instanceId: "i-b", tags: { role: "web" } },
    ],
  });
});
afterEach(() => emulator.stop());

const run = (args: readonly string[], more: Partial<Surroundings> = {}) =>
  main(args, {
    environment: emulator.environment,
    clock: systemClock,
    tell: (line) => void told.push(line),
    confirm: undefined,
    read: () => Buffer.from(""),
    listen: () => new AbortController().signal,
    ...more,
  });
const effects = () => emulator.journal().flatMap(({ action }) => (action.startsWith("Describe") ? [] : [action]));
const BOTH = ["--instance-id", "i-a", "--instance-id", "i-b", "--yes"];

test("runs a script and prints what each machine printed", async () => {
  const { exitCode, stdout, stderr } = await run([...BOTH, "--", "echo", "hello", "{{ACS::InstanceId}}"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^== i-a: Success \(\S+Z\)\nhello i-a\n\n== i-b: Success \(\S+Z\)\nhello i-b\n$/);
  expect(effects()).toEqual(["RunCommand"]);
  expect(told).toContain("2 of 2 finished");
});

test("a file, with values, on the machines with a tag", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "run-"));
  const file = path.join(folder, "greet.sh");
  writeFileSync(file, "#!/bin/sh\necho {{word}}\n");
  const { exitCode, stdout } = await run([
    "--tag",
    "role=web",
    "--parameter",
    "word=a=b",
    "--yes",
    "--json",
    "--",
    file,
  ]);
  rmSync(folder, { recursive: true });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    invokeId: expect.stringMatching(/^t-/),
    status: "Success",
    results: {
      "i-a": expect.objectContaining({ output: "a=b\n", exitCode: 0 }),
      "i-b": expect.objectContaining({ output: "a=b\n", exitCode: 0 }),
    },
  });
});

test("exits with the code of the worst machine", async () => {
  const script = "echo no; [ {{ACS::InstanceId}} = i-a ] && exit 3; exit 7";
  const { exitCode, stdout } = await run([...BOTH, "--", script]);
  expect(exitCode).toBe(7);
  expect(stdout).toBe("== i-a: exited with code 3\nno\n\n== i-b: exited with code 7\nno\n");
});

test("says how much of an output is not there", async () => {
  const { stdout } = await run(["--instance-id", "i-a", "--yes", "--", "seq 6000"]);
  expect(stdout).not.toContain("\n1\n");
  const lost = Buffer.from(Array.from({ length: 6000 }, (_, i) => `${i + 1}\n`).join("")).length - 24_576;
  expect(stdout.split("\n")[0]).toMatch(/^== i-a: Success \(\S+\); /);
  expect(stdout.split("\n")[0]).toMatch(new RegExp(`; ${lost} bytes of its output are not kept$`));
});

test("what a machine reports names options as well", async () => {
  const { stdout } = await run(["--instance-id", "i-a", "--yes", "--working-dir", "/nowhere", "--", "true"]);
  expect(stdout).toBe(
    "== i-a: Invalid (DirectoryNotExists): the working directory does not exist on the instance; correct --working-dir or create it\n",
  );
});

test("with 1 where a machine has no code of its own", async () => {
  emulator.inject({ kind: "agentSilent", instanceId: "i-a", times: 1 });
  const { exitCode, stdout } = await run([...BOTH, "--", "true"]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^== i-a: Aborted \(ClientNotResponse\): /);
});

describe("asks before it runs", () => {
  const args = ["--instance-id", "i-a", "--", "true"];

  test("and runs", async () => {
    const asked: string[] = [];
    const confirm = async (question: string) => asked.push(question) > 0;
    expect((await run(args, { confirm })).exitCode).toBe(0);
    expect(asked).toEqual(['Run the script on 1 instance ("i-a") in region "cn-hangzhou"?']);
  });

  test("and does not", async () => {
    expect(await run(args, { confirm: async () => false })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "Nothing was run\n",
    });
    expect(effects()).toEqual([]);
  });

  test("where there is somebody", async () => {
    expect(await run(args)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'Nothing was run on 1 instance ("i-a"): there is nobody to ask; add --yes\n',
    });
  });
});

// [arguments, what is said]
test.each<[string[], string]>([
  [BOTH, "No script given: write it after --, or the name of a file"],
  [["--yes", "--", "true"], "--instance-id must be given: name the instances to run on, or give --tag"],
  [["--tag", "role", "--", "true"], '--tag must be KEY=VALUE: current value is "role"'],
  [["--parameter", "=x", ...BOTH, "--", "true"], '--parameter must be KEY=VALUE: current value is "=x"'],
  [["--tag", "role=web", "--tag", "role=db", "--", "true"], '--tag must name each key once: "role" is there twice'],
  [
    ["--tag", "role=web", ...BOTH, "--", "true"],
    "--tag must not be given together with --instance-id: the service takes one or the other; remove one",
  ],
  [
    ["--instance-id", "i-a,i-b", "--yes", "--", "true"],
    '--instance-id must hold ids that start with "i-" or "mi-": "i-a,i-b" does not; pass the ids of instances',
  ],
  [["--timeout", "1m", ...BOTH, "--", "true"], '--timeout must be a whole number of seconds: current value is "1m"'],
  [
    ["--windows-password-name", "p", ...BOTH, "--", "true"],
    "--windows-password-name must be given together with --username: it is the password of that Windows user",
  ],
  [["--yes", "--instance-id", "i-a", "--", ""], "the script must hold a script: it is empty; write what is to run"],
  [
    ["--timeout", "5", ...BOTH, "--", "true"],
    "--timeout must be a whole number of seconds, 10 or more: current value is 5",
  ],
  [
    ["--type", "RunBatScript", ...BOTH, "--", "dir"],
    '--instance-id must name instances that can run the command, but 2 of 2 cannot: "i-a", "i-b" run Linux, and the command is a RunBatScript; use a RunShellScript there',
  ],
  [
    ["--parameter", "b=1", ...BOTH, "--", "echo {{a}}"],
    '--parameter must hold only what stands in {{…}} in the script: "b" is not among "a"; correct the spelling, or remove it',
  ],
  [["--what", ...BOTH, "--", "true"], "Unknown option '--what'"],
  [
    ["--region", "", ...BOTH, "--", "true"],
    "No region given: write --region, or set ALICLOUD_REGION or ALIBABA_CLOUD_REGION",
  ],
])("%j is refused", async (args, message) => {
  const { exitCode, stderr } = await run(args);
  expect([exitCode, stderr.split("\n")[0]]).toEqual([2, message]);
  expect(effects()).toEqual([]);
});

test("a machine that cannot run it: nothing is run anywhere, and the command line is not to blame", async () => {
  emulator.updateInstance("i-b", { status: "Stopped" });
  expect(await run([...BOTH, "--", "true"])).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      '--instance-id must name instances that can run the command, but 1 of 2 cannot: "i-b" is Stopped, not Running; start it first\n',
  });
  expect(effects()).toEqual([]);
});

test("without a region nothing is asked", async () => {
  const { exitCode, stderr } = await run([...BOTH, "--", "true"], { environment: {} });
  expect([exitCode, stderr.split("\n")[0]]).toEqual([
    2,
    "No region given: write --region, or set ALICLOUD_REGION or ALIBABA_CLOUD_REGION",
  ]);
});

test("standard input is a script where - stands", async () => {
  const read = () => Buffer.from("echo piped\nexit 4\n");
  const { exitCode, stdout } = await run(["--instance-id", "i-a", "--yes", "--", "-"], { read });
  expect([exitCode, stdout]).toEqual([4, "== i-a: exited with code 4\npiped\n"]);
});

test("what is no UTF-8 is refused", async () => {
  const read = () => Buffer.from("echo \u00fc", "latin1");
  expect(await run([...BOTH, "--", "-"], { read })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "The script must be UTF-8: standard input is not; convert it\n",
  });
});

test.each([
  ["deploy.sh", 127, 'there is no file "deploy.sh" here'],
  ["/", 126, '"/" is a folder here and no file'],
])("a word that looks like a file and names none is the script, and that is told: %s", async (word, code, why) => {
  const { exitCode } = await run([...BOTH, "--", word]);
  expect(exitCode).toBe(code);
  expect(told[0]).toBe(`warning: ${why}, so that this very word is the script`);
});

test("Ctrl-C ends the wait, not the run", async () => {
  const interruption = new AbortController();
  const tell = (line: string) => {
    told.push(line);
    if (line.startsWith("0 of 1")) interruption.abort(new Interruption());
  };
  const args = ["--instance-id", "i-a", "--yes", "--json", "--", "sleep 5"];
  const { exitCode, stdout, stderr } = await run(args, { tell, listen: () => interruption.signal });
  const { invokeId, results } = JSON.parse(stdout);
  expect([exitCode, results["i-a"].exitCode]).toEqual([130, undefined]);
  expect(stderr).toBe(
    `interrupted while it waited for invocation "${invokeId}", which goes on and was not stopped; see what it comes to with \`aliyun ecs DescribeInvocationResults --RegionId cn-hangzhou --InvokeId ${invokeId} --ContentEncoding PlainText\`\n`,
  );
  expect(effects()).toEqual(["RunCommand"]);
});

test("before it has begun, Ctrl-C has nothing run", async () => {
  const listen = () => AbortSignal.abort(new Interruption());
  expect(await run([...BOTH, "--", "true"], { listen })).toEqual({
    exitCode: 130,
    stdout: "",
    stderr: "interrupted, and nothing more was begun; run the same command again to go on\n",
  });
  expect(effects()).toEqual([]);
});

test("no tag is no instance, in the words of the command line", async () => {
  const { exitCode, stderr } = await run(["--tag", "role=none", "--yes", "--", "true"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^Cannot run the script: no instance carries all of --tag; correct them, or tag the instances /,
  );
});

test("where the answer is lost, it may have started, and where to look is told", async () => {
  emulator.inject({ action: "RunCommand", kind: "dropAfter" });
  const clock = { ...systemClock, sleep: async () => {} };
  const { exitCode, stdout, stderr } = await run(["--instance-id", "i-a", "--yes", "--", "true"], { clock });
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^Cannot tell whether the script runs: Cannot call RunCommand .*; it may have started all the same: look for it with `aliyun ecs DescribeInvocations --RegionId cn-hangzhou` before you run it again\n$/,
  );
});

test("says what the service refuses", async () => {
  emulator.inject({ action: "RunCommand", kind: "forbidden" });
  const { exitCode, stderr } = await run([...BOTH, "--", "true"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Cannot run the script: Cannot call RunCommand at .*Forbidden\.RAM/);
});

test("helps", async () => {
  expect((await run(["--help"])).stdout).toMatch(/^Usage: cloud-assistant run \[options\] -- SCRIPT \| FILE \| -\n/);
});
