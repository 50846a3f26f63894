/**
 * What the agent itself did (aliyun_assist_client, v578, run as a daemon against a stand-in of its server), asked of the emulator over HTTP.
 * Each row's expectation was seen there; where shells differ, both were.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Choices, drivenClock, type EmulatorOptions } from "../../../emulator";
import { appears, isAlive } from "../alive";
import { createCommand, invoke, look, lookAtHistory, lookAtRun, succeed } from "../calls";
import type { Changes } from "../cases";
import { openService } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");
const MACHINES = Array.from({ length: 5 }, (_, number) => `i-seen${number}`);
const [ONE = ""] = MACHINES;

type Service = Awaited<ReturnType<typeof openService>>;

let directory: string;
const services: Partial<Record<Choices["shell"], Service>> = {};

const open = (shell: Choices["shell"], options: EmulatorOptions): Promise<Service> =>
  openService({ instances: MACHINES.map((instanceId) => ({ instanceId })), choices: { shell }, ...options });

/** For what takes minutes. */
const openDriven = (shell: Choices["shell"] = "bash"): Promise<Service> =>
  open(shell, { clock: drivenClock(START, { patienceMs: 300 }) });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "observed-"));
  for (const shell of ["bash", "dash"] as const) {
    services[shell] = await open(shell, { directory: join(directory, shell) });
  }
});
afterAll(async () => {
  await Promise.all(Object.values(services).map((service) => service.close()));
  rmSync(directory, { recursive: true, force: true });
});

const serviceWith = (shell: Choices["shell"]): Service => {
  const service = services[shell];
  if (service === undefined) throw new Error(`No service with ${shell} is open`);
  return service;
};

/** Resolves when it is so; a test that waits in vain runs into its timeout. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate);
}

/** Runs a script once on some machines, and gives what is told of each. */
async function run(
  service: Service,
  content: string,
  { machines = [ONE], command = {} }: { machines?: readonly string[]; command?: Changes } = {},
): Promise<{ exitCode: number | undefined; output: string; errorCode: string }[]> {
  const commandId = await createCommand(service, content, command);
  const targets = Object.fromEntries(machines.map((id, index) => [`InstanceId.${index + 1}`, id]));
  const invokeId = await invoke(service, commandId, targets);
  await until(async () => !["Pending", "Running"].includes((await look(service, invokeId)).InvocationStatus));
  return (await look(service, invokeId)).InvokeInstances.InvokeInstance.map(
    ({ ExitCode, Output, ErrorCode }: { ExitCode?: number; Output: string; ErrorCode: string }) => ({
      exitCode: ExitCode,
      output: Output,
      errorCode: ErrorCode,
    }),
  );
}

const homeOf = (shell: Choices["shell"], machine: string): string => join(directory, shell, machine, "root");

describe.each(["bash", "dash"] as const)("output that others write, with %s", (shell) => {
  // [script, exit code, output, what the file F holds]
  const cases: [string, number, string, string | undefined][] = [
    ["#!/bin/bash\nexec > >(tee F) 2>&1; echo one; echo two", 0, "one\ntwo\n", "one\ntwo\n"],
    [
      "#!/bin/bash\nexec > >(tee -a F | cat) 2>&1; echo one; sleep 0.5; echo two; exit 3",
      3,
      "one\ntwo\n",
      "one\ntwo\n",
    ],
    ['sh -c "echo x; sleep 0.02; echo y" &', 0, "x\ny\n", undefined],
    ["(sleep 0.05; echo late) & echo now", 0, "now\nlate\n", undefined],
  ];

  test.each(cases)(
    "%j is whole, 20 times of 20",
    async (content, exitCode, output, file) => {
      for (let round = 0; round < 4; round++) {
        for (const machine of MACHINES) rmSync(join(homeOf(shell, machine), "F"), { force: true });
        const seen = await run(serviceWith(shell), content, { machines: MACHINES });
        expect(seen).toEqual(
          MACHINES.map(() => ({ exitCode, output, errorCode: exitCode === 0 ? "" : "ExitCodeNonzero" })),
        );
        if (file === undefined) continue;
        const files = MACHINES.map((machine) => readFileSync(join(homeOf(shell, machine), "F"), "utf8"));
        expect(files).toEqual(MACHINES.map(() => file));
      }
    },
    60_000,
  );

  test("a child that prints 1.5 s after the end lives on, unheard", async () => {
    const seen = await run(serviceWith(shell), "(sleep 1.5; echo x; mkdir M) &");
    expect(seen).toEqual([{ exitCode: 0, output: "", errorCode: "" }]);
    await appears(join(homeOf(shell, ONE), "M"));
    expect(existsSync(join(homeOf(shell, ONE), "M"))).toBe(true);
  });

  test("a daemon that logs to its output lives on", async () => {
    const content =
      "(n=0; while :; do n=$((n+1)); echo log $n; [ $n != 40 ] || mkdir D; sleep 0.02; done) & echo $! > daemon";
    const [seen] = await run(serviceWith(shell), content);
    expect(seen?.exitCode).toBe(0);
    await appears(join(homeOf(shell, ONE), "D"));
    expect(isAlive(Number(readFileSync(join(homeOf(shell, ONE), "daemon"), "utf8")))).toBe(true);
  });
});

describe("built-in parameters", () => {
  const ENABLED: Changes = { EnableParameter: "true" };

  // [what stands in the command, what runs where parameters are enabled]
  test.each([
    ["{{ACS::InstanceId}}", ONE],
    ["{{ ACS :: InstanceId }}", ONE],
    ["{{acs::InstanceId}}", "{{acs::InstanceId}}"],
  ])("%s: %s", async (written, printed) => {
    const [enabled] = await run(serviceWith("bash"), `echo '${written}'`, { command: ENABLED });
    expect(enabled).toEqual({ exitCode: 0, output: `${printed}\n`, errorCode: "" });
    const [plain] = await run(serviceWith("bash"), `echo '${written}'`);
    expect(plain).toEqual({ exitCode: 0, output: `${written}\n`, errorCode: "" });
  });

  test.each(["{{ACS::Foo}}", "{{ACS::instanceid}}"])("%s: nothing runs", async (written) => {
    const [enabled] = await run(serviceWith("bash"), `mkdir ran; echo '${written}'`, { command: ENABLED });
    expect(enabled).toEqual({ exitCode: undefined, output: "", errorCode: "InvalidEnvironmentParameter" });
    expect(existsSync(join(homeOf("bash", ONE), "ran"))).toBe(false);
  });

  test("--format '{{.Names}}' is left alone in a command without parameters, also in one to begin with", async () => {
    const service = serviceWith("bash");
    const content = "echo --format '{{.Names}}'";
    const [seen] = await run(service, content);
    expect(seen?.output).toBe("--format {{.Names}}\n");
    const CommandId = service.emulator.addCommand({ name: "names", content });
    const { Commands } = await succeed(service, "DescribeCommands", { CommandId });
    expect(Commands.Command[0]).toMatchObject({ EnableParameter: false, ParameterNames: { ParameterName: [] } });
  });
});

describe("the environment", () => {
  test.each(["USER", "LOGNAME", "TMPDIR", "TZ"])("has no %s", async (name) => {
    for (const shell of ["bash", "dash"] as const) {
      const [seen] = await run(serviceWith(shell), `set -u; echo "$${name}"; echo on`);
      expect(seen?.exitCode).not.toBe(0);
      expect(seen?.output).not.toMatch(/^on$/m);
    }
  });

  test("has a SHELL where bash makes one", async () => {
    const content = "env | grep -c ^SHELL= ; set | grep -c ^SHELL=";
    const [bash] = await run(serviceWith("bash"), content);
    const [dash] = await run(serviceWith("dash"), content);
    expect([bash?.output, dash?.output]).toEqual(["0\n1\n", "0\n0\n"]);
  });
});

describe("content that is not UTF-8", () => {
  /** `echo '你好'` in GBK, and what comes after it. */
  const gbk = (after: string): Buffer =>
    Buffer.concat([Buffer.from("6563686f2027c4e3bac3270a", "hex"), Buffer.from(after, "latin1")]);

  test.each([
    ["GBK", gbk("")],
    ["a binary payload after exit 0", gbk("exit 0\n\x7fELF\x00\xff\xfe\x80")],
    ["13 KB of GBK", gbk(`# ${"\xc4\xe3".repeat(6_500)}\n`)],
  ])("%s: bytes in, bytes out", async (_, content) => {
    const service = serviceWith("bash");
    const CommandContent = content.toString("base64");
    const commandId = await createCommand(service, CommandContent, { ContentEncoding: "Base64" });
    const InvokeId = await invoke(service, commandId, { "InstanceId.1": ONE });
    await until(async () => (await look(service, InvokeId)).InvocationStatus === "Success");
    const { Commands } = await succeed(service, "DescribeCommands", { CommandId: commandId });
    expect(Commands.Command[0].CommandContent).toBe(CommandContent);
    const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId, IncludeOutput: "true" });
    const [seen] = Invocations.Invocation[0].InvokeInstances.InvokeInstance;
    expect([seen.ExitCode, Buffer.from(seen.Output, "base64").toString("latin1")]).toEqual([0, "\xc4\xe3\xba\xc3\n"]);
  });

  test("Base64 without padding is refused", async () => {
    const { body } = await serviceWith("bash").call("CreateCommand", {
      Name: "test",
      Type: "RunShellScript",
      CommandContent: "ZWNobyAxMg",
    });
    expect(body.Code).toBe("CmdContent.DecodeError");
  });
});

describe("a signal that ends a script", () => {
  // [signal, exit code and text with dash; with bash it is -1, and no text]
  test.each([
    ["KILL", 137, "Killed"],
    ["TERM", 143, "Terminated"],
    ["SEGV", 139, "Segmentation fault"],
  ])("%s", async (signal, exitCode, said) => {
    const content = `kill -${signal} $$`;
    const [dash] = await run(serviceWith("dash"), content);
    expect({ ...dash, output: dash?.output.replace(" (core dumped)", "") }).toEqual({
      exitCode,
      output: `${said}\n`,
      errorCode: "ExitCodeNonzero",
    });
    const [bash] = await run(serviceWith("bash"), content);
    expect(bash).toEqual({ exitCode: -1, output: "", errorCode: "ExitCodeNonzero" });
  });
});

describe("a time-out and a stop", () => {
  /** Says where it is, and then waits to be told to go on. */
  const waiting = (place: string): string =>
    `echo begun; mkdir '${place}/here'; until [ -d '${place}/go' ]; do sleep 0.01; done; mkdir '${place}/past'`;

  // [what ends it, the shell, whether the script goes on]
  test.each([
    ["time-out", "bash", false],
    ["time-out", "dash", true],
    ["stop", "bash", false],
    ["stop", "dash", true],
  ] as const)("%s, with %s: the script goes on: %s", async (what, shell, goesOn) => {
    const service = await openDriven(shell);
    const place = mkdtempSync(join(directory, "wait-"));
    const commandId = await createCommand(service, waiting(place), { Timeout: "10" });
    const invokeId = await invoke(service, commandId, { "InstanceId.1": ONE });
    await service.emulator.advance(1_000);
    await appears(join(place, "here"));
    await service.emulator.advance(3_000);
    if (what === "stop") await succeed(service, "StopInvocation", { InvokeId: invokeId });
    await service.emulator.advance(10_000);
    const seen = await lookAtRun(service, invokeId);
    expect(seen).toMatchObject(
      what === "stop"
        ? { InvocationStatus: "Terminated", InstanceInvokeStatus: "Stopped", ErrorCode: "", Output: "begun\n" }
        : {
            InvocationStatus: "Timeout",
            InstanceInvokeStatus: "Failed",
            ErrorCode: "ExecutionTimeout",
            ErrorInfo: "the command execution has been timeout.",
            Output: "begun\n",
          },
    );
    expect(seen).not.toHaveProperty("ExitCode");
    mkdirSync(join(place, "go"));
    if (goesOn) await appears(join(place, "past"));
    expect(existsSync(join(place, "past"))).toBe(goesOn);
    await service.close();
  });
});

test("39,600 bytes over 12 s: the first 6,144, the last 18,432, a hole between; while it runs, 2,048 more every 3 s", async () => {
  const service = await openDriven();
  const place = mkdtempSync(join(directory, "slow-"));
  const text = Array.from({ length: 39_600 / 8 }, (_, line) => String(line).padStart(7, "0"))
    .join("\n")
    .concat("\n");
  writeFileSync(join(place, "text"), text);
  const content = `for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    until [ -d '${place}'/$n ]; do sleep 0.01; done
    head -c $((n * 3300)) '${place}/text' | tail -c 3300; mkdir '${place}'/said-$n
  done`;
  const commandId = await createCommand(service, content);
  const invokeId = await invoke(service, commandId, { "InstanceId.1": ONE });
  await service.emulator.advance(100);
  const lengths: number[] = [];
  for (let second = 1; second <= 12; second++) {
    mkdirSync(join(place, String(second)));
    await appears(join(place, `said-${second}`));
    await service.emulator.advance(1_000);
    lengths.push((await lookAtRun(service, invokeId)).Output.length);
  }
  expect(lengths.slice(0, 11)).toEqual([0, 0, 2048, 2048, 2048, 4096, 4096, 4096, 6144, 6144, 6144]);
  await service.emulator.advance(1_000);
  const seen = await lookAtRun(service, invokeId);
  expect(seen).toMatchObject({ InvocationStatus: "Success", Dropped: 39_600 - 24_576 });
  expect(seen.Output === text.slice(0, 6_144) + text.slice(-18_432)).toBe(true);
  await service.close();
}, 60_000);

test("`dropped` in later runs of a schedule is what it was", async () => {
  const service = await openDriven();
  const commandId = await createCommand(
    service,
    "[ -d long ] && echo short || { mkdir long; head -c 30000 /dev/zero; }",
  );
  const invokeId = await invoke(service, commandId, { "InstanceId.1": ONE, Frequency: "rate(5m)" });
  await service.emulator.advance(660_000);
  const history = await lookAtHistory(service, invokeId);
  expect(history.map(({ Output, Dropped }) => [Output.length, Dropped])).toEqual([
    [6, 5_424],
    [24_576, 5_424],
  ]);
  await service.close();
});

test("75 tasks at once all run in the end, 10 at a time", async () => {
  const service = serviceWith("bash");
  const commandId = await createCommand(service, "until [ -d open ]; do sleep 0.02; done");
  const invokeIds: string[] = [];
  for (let task = 0; task < 75; task++) invokeIds.push(await invoke(service, commandId, { "InstanceId.1": ONE }));
  const states = async (): Promise<string[]> =>
    Promise.all(invokeIds.map(async (invokeId) => (await lookAtRun(service, invokeId)).InvocationStatus));
  await until(async () => (await states()).filter((state) => state === "Running").length === 10);
  expect((await states()).filter((state) => state === "Pending")).toHaveLength(65);
  mkdirSync(join(homeOf("bash", ONE), "open"));
  await until(async () => !(await states()).some((state) => state === "Pending" || state === "Running"));
  expect(new Set(await states())).toEqual(new Set(["Success"]));
}, 60_000);
