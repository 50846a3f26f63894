import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Agent,
  type AgentChoices,
  type AgentOptions,
  createAgent,
  type Report,
  type Task,
} from "../../../emulator/agent/agent";
import { MAX_QUEUED_TASKS, MAX_RUNNING_TASKS } from "../../../emulator/agent/pool";
import { type DrivenClock, drivenClock } from "../../../emulator/clock";
import { appears, isAlive, isGone } from "../alive";

const START = Date.parse("2026-06-01T00:00:00Z");

let directory: string;
let clock: DrivenClock;
let agent: Agent;
/** What the agent did to the machine and what became of the agent. */
let events: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-"));
  clock = drivenClock(START, { patienceMs: 5_000 });
  events = [];
  agent = startAgent();
});

afterEach(async () => {
  await agent.close();
  rmSync(directory, { recursive: true });
});

function startAgent(options: Partial<AgentOptions> = {}): Agent {
  return createAgent({
    instanceId: "i-1",
    directory,
    clock,
    timeZone: "UTC",
    onPower: (event) => events.push(event),
    onCrash: (reason) => events.push(`crash: ${reason}`),
    ...options,
  });
}

/** The agent as another choice makes it. */
function choose(choices: Partial<AgentChoices>): void {
  agent = startAgent({ choices });
}

/** For stories in which a script goes on until the clock ends it: there is no use in waiting long for it. */
function hurry(choices: Partial<AgentChoices> = {}): void {
  clock = drivenClock(START, { patienceMs: 300 });
  choose(choices);
}

/** Resolves when a script has got on by itself; a test that waits in vain runs into its timeout. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

let taskCount = 0;

/** A task whose script is plain text. */
type Given = Partial<Omit<Task, "content">> & { content?: string };

/** Hands a task over and gives the reports about it as they come. */
function submit(given: Given, onReport: (report: Report) => void = () => {}): { invokeId: string; reports: Report[] } {
  const invokeId = given.invokeId ?? `t-${++taskCount}`;
  const reports: Report[] = [];
  const task: Task = {
    invokeId,
    repeatMode: "Once",
    creationTime: clock.now(),
    type: "RunShellScript",
    timeoutSeconds: 60,
    workingDir: "",
    username: "",
    launcher: "",
    terminationMode: "Process",
    ...given,
    content: Buffer.from(given.content ?? "true"),
  };
  agent.submit(task, (report) => {
    reports.push(report);
    onReport(report);
  });
  return { invokeId, reports };
}

/** Seconds since the story began. */
const seconds = (instant: number | undefined): string => (instant === undefined ? "-" : `${(instant - START) / 1000}`);

/** One report in a line: status, runs so far, exit code, output, error code, begin and end. */
const brief = ({ status, repeats, exitCode, output, errorCode, startTime, finishTime, final }: Report): string =>
  [
    `${status}#${repeats}`,
    ...(exitCode === undefined ? [] : [`exit ${exitCode}`]),
    ...(output.length === 0 ? [] : [JSON.stringify(output.toString())]),
    ...(errorCode === "" ? [] : [errorCode]),
    ...(startTime === undefined && finishTime === undefined ? [] : [`${seconds(startTime)}..${seconds(finishTime)}`]),
    ...(final ? ["final"] : []),
  ].join(" ");

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe("a task that runs once", () => {
  // [title, task, its end]
  const cases: [string, Given, string[]][] = [
    ["succeeds", { content: "echo done" }, ["Running#1 0..-", 'Success#1 exit 0 "done\\n" 0..0 final']],
    ["fails", { content: "echo no; exit 3" }, ["Running#1 0..-", 'Failed#1 exit 3 "no\\n" ExitCodeNonzero 0..0 final']],
    ["has nowhere to run", { workingDir: "/nowhere" }, ["Invalid#1 DirectoryNotExists -..0 final"]],
    ["has no shell", { type: "RunBatScript" }, ["Error#1 ExecutionException -..0 final"]],
    [
      "has built-in parameters",
      { content: "echo {{ACS::InstanceId}}", builtIns: { InstanceId: "i-1" } },
      ["Running#1 0..-", 'Success#1 exit 0 "i-1\\n" 0..0 final'],
    ],
    [
      "has built-in parameters that are not looked for",
      { content: "echo {{ACS::Foo}}" },
      ["Running#1 0..-", 'Success#1 exit 0 "{{ACS::Foo}}\\n" 0..0 final'],
    ],
    [
      "asks for a built-in parameter that there is not",
      { content: "echo {{ACS::Foo}}", builtIns: { InstanceId: "i-1" } },
      ["Invalid#1 InvalidEnvironmentParameter -..0 final"],
    ],
  ];

  test.each(cases)("%s", async (_, task, said) => {
    const { reports } = submit(task);
    await clock.advance(0);
    expect(reports.map(brief)).toEqual(said);
    expect(agent.activeTaskCount).toBe(0);
  });

  test.each(["InvalidEnvironmentParameter", "InvalidSystemBuiltInParameter"] as const)(
    "that asks for a built-in parameter that there is not is told so as %s",
    async (unknownBuiltIn) => {
      choose({ unknownBuiltIn });
      const { reports } = submit({ content: "echo {{ACS::Foo}}", builtIns: {} });
      await clock.advance(0);
      expect(reports).toMatchObject([
        { status: "Invalid", errorCode: unknownBuiltIn, errorInfo: "The environment parameter Foo is invalid" },
      ]);
    },
  );

  test("outlives its Timeout and is killed then", async () => {
    hurry();
    const { reports } = submit({ content: "echo begun; sleep 1000", timeoutSeconds: 10 });
    await clock.advance(9_999);
    expect(agent.activeTaskCount).toBe(1);
    await clock.advance(2);
    expect(reports.map(brief)).toEqual([
      "Running#1 0..-",
      'Running#1 "begun\\n" 0..-',
      'Timeout#1 "begun\\n" ExecutionTimeout 0..10 final',
    ]);
  });

  test("has made it in time when its Timeout falls due while its last words are waited for", async () => {
    clock = drivenClock(START, { patienceMs: 10 });
    agent = startAgent();
    const file = join(directory, "pid");
    const content = `sleep 1000 & echo $$ > '${file}.part'; mv '${file}.part' '${file}'`;
    const { reports } = submit({ content, timeoutSeconds: 10 });
    await appears(file);
    const pid = Number(readFileSync(file, "utf8"));
    await until(() => !isAlive(pid) && !existsSync(`/proc/${pid}`));
    await clock.advance(20_000);
    await until(() => agent.activeTaskCount === 0);
    expect(reports.at(-1)).toMatchObject({ status: "Success", exitCode: 0, final: true });
  });

  test("is told about while it runs, a piece every three seconds", async () => {
    hurry();
    const go = join(directory, "go");
    const { reports } = submit({ content: `head -c 9000 /dev/zero; until [ -e '${go}' ]; do sleep 0.01; done` });
    await clock.advance(2_999);
    expect(reports).toHaveLength(1);
    await clock.advance(30_000);
    expect(reports.map(({ status, output }) => [status, output.length])).toEqual([
      ["Running", 0],
      ["Running", 2048],
      ["Running", 4096],
      ["Running", 6144],
    ]);
    writeFileSync(go, "");
    await until(() => agent.activeTaskCount === 0);
    expect(reports.at(-1)).toMatchObject({ status: "Success", dropped: 0 });
    expect(reports.at(-1)?.output.length).toBe(9000);
  });

  test("is told about while it runs, as it may, all of it every second", async () => {
    hurry({ runningOutput: "tail" });
    const go = join(directory, "go");
    const { reports } = submit({ content: `for i in 1 2 3; do echo $i; done; until [ -e '${go}' ]; do :; done` });
    await clock.advance(5_000);
    expect(reports.map(brief)).toEqual(["Running#1 0..-", 'Running#1 "1\\n2\\n3\\n" 0..-']);
    writeFileSync(go, "");
    await agent.close();
  });

  test("handed over twice runs once", async () => {
    const { invokeId, reports } = submit({ content: "echo once" });
    const again = submit({ invokeId, content: "echo twice" });
    await clock.advance(0);
    expect(reports.map(brief)).toEqual(["Running#1 0..-", 'Success#1 exit 0 "once\\n" 0..0 final']);
    expect(again.reports).toEqual([]);
  });
});

describe("a task with a schedule", () => {
  test("rests, runs at its times, rests again", async () => {
    const { reports } = submit({ repeatMode: "Period", frequency: "0 */20 * * * ?", content: "echo run" });
    await clock.advance(HOUR_MS);
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 1200..-",
      'Scheduled#1 exit 0 "run\\n" 1200..1200',
      "Running#2 2400..-",
      'Scheduled#2 exit 0 "run\\n" 2400..2400',
      "Running#3 3600..-",
      'Scheduled#3 exit 0 "run\\n" 3600..3600',
    ]);
  });

  test("goes on after a run that failed", async () => {
    const { reports } = submit({ repeatMode: "Period", frequency: "rate(1h)", content: "exit 5" });
    await clock.advance(2 * HOUR_MS);
    expect(reports.filter(({ finishTime }) => finishTime).map(brief)).toEqual([
      "Scheduled#1 exit 5 ExitCodeNonzero 3600..3600",
      "Scheduled#2 exit 5 ExitCodeNonzero 7200..7200",
    ]);
  });

  test("a rate counts from the creation, not from the delivery", async () => {
    const creationTime = START - 10 * MINUTE_MS;
    const { reports } = submit({ repeatMode: "Period", frequency: "rate(1h)", creationTime });
    await clock.advance(HOUR_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Running#1 3000..-", "Scheduled#1 exit 0 3000..3000"]);
  });

  test("in the machine's own zone when it names none", async () => {
    agent = startAgent({ timeZone: "Asia/Kolkata" });
    const { reports } = submit({ repeatMode: "Period", frequency: "0 0 6 * * ?" });
    await clock.advance(HOUR_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Running#1 1800..-", "Scheduled#1 exit 0 1800..1800"]);
  });

  // [frequency, script, its end]
  const exhausted: [string, string, string][] = [
    ["at(2026-06-01 00:30:00)", "exit 0", "Success#1 exit 0 1800..1800 final"],
    ["at(2026-06-01 00:30:00)", "exit 4", "Failed#1 exit 4 ExitCodeNonzero 1800..1800 final"],
    ["at(2026-06-01 08:30:00 Asia/Shanghai)", "exit 0", "Success#1 exit 0 1800..1800 final"],
    ["0 30 0 1 6 ? 2026", "exit 0", "Success#1 exit 0 1800..1800 final"],
  ];

  test.each(exhausted)("%s is over with its last run: %s", async (frequency, content, end) => {
    const { reports } = submit({ repeatMode: "Period", frequency, content });
    await clock.advance(DAY_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Running#1 1800..-", end]);
  });

  test("skips a run while the last one is under way", async () => {
    hurry();
    const go = join(directory, "go");
    const { reports } = submit({
      repeatMode: "Period",
      frequency: "rate(1m)",
      content: `until [ -e '${go}' ]; do sleep 0.01; done`,
      timeoutSeconds: 3600,
    });
    await clock.advance(3 * MINUTE_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Running#1 60..-"]);
    writeFileSync(go, "");
    await until(() => agent.activeTaskCount === 0);
    await clock.advance(MINUTE_MS);
    expect(reports.slice(2).map(brief)).toEqual([
      "Scheduled#1 exit 0 60..180",
      "Running#2 240..-",
      "Scheduled#2 exit 0 240..240",
    ]);
  });

  test("that ends while its last run is skipped is over with the run under way", async () => {
    hurry();
    const { reports } = submit({
      repeatMode: "Period",
      frequency: "*/30 59 23 1 6 ? 2026",
      content: "sleep 1000",
      timeoutSeconds: 45,
    });
    await clock.advance(2 * DAY_MS);
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 86340..-",
      "Timeout#1 ExecutionTimeout 86340..86385 final",
    ]);
  });

  // [frequency, error code, what the agent says]
  const refused: [string, string, string][] = [
    ["0 0 24 * * ?", "BadCronExpression", "syntax error in hour field: '24'"],
    ["0 0 * * *", "BadCronExpression", "InvalidCronExpression"],
    ["0 0 0 30 2 ?", "CronExpressionExpired", "CronExpressionExpired"],
    ["0 0 0 * * ? GMT+08:00", "InvalidGMTOffsetForTimezone", "InvalidGMTOffsetForTimezone"],
    ["0 0 0 * * ? CST", "TimezoneInformationCorrupt", "TimezoneInformationCorrupt"],
    ["rate(5x)", "InvalidRateExpression", "InvalidRateExpression"],
    ["rate(1001d)", "RateFrequencyTooLarge", "RateFrequencyTooLarge"],
    ["at(tomorrow)", "InvalidAtExpression", "InvalidAtExpression"],
    ["at(2026-05-31 23:59:59)", "AtExpressionExpired", "AtExpressionExpired"],
  ];

  test.each(refused)("%s is Invalid: %s", (frequency, errorCode, errorInfo) => {
    const { reports } = submit({ repeatMode: "Period", frequency });
    expect(reports).toEqual([
      { status: "Invalid", repeats: 0, output: Buffer.alloc(0), dropped: 0, errorCode, errorInfo, final: true },
    ]);
  });

  test("west of Greenwich meets the skipped hour and never fires again, until it is registered anew", async () => {
    clock = drivenClock(Date.parse("2026-03-08T05:30:00Z"));
    agent = startAgent({ timeZone: "America/New_York" });
    const { reports } = submit({ repeatMode: "Period", frequency: "0 0 * * * ?" });
    await clock.advance(DAY_MS);
    expect(reports.map(({ status, repeats }) => `${status}#${repeats}`)).toEqual([
      "Scheduled#0",
      "Running#1",
      "Scheduled#1",
    ]);
    await agent.powerOff();
    agent.boot();
    await clock.advance(HOUR_MS);
    expect(reports.at(-1)).toMatchObject({ status: "Scheduled", repeats: 2 });
  });
});

describe("a changed task", () => {
  test("runs by its new schedule, with no run in between missed", async () => {
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1h)" });
    await clock.advance(90 * MINUTE_MS);
    agent.modify(invokeId, { frequency: "rate(20m)" });
    await clock.advance(30 * MINUTE_MS);
    const starts = reports.filter(({ status }) => status === "Running").map(({ startTime }) => seconds(startTime));
    expect(starts).toEqual(["3600", "6000", "7200"]);
  });

  test("has its new content at the next run, and gives the run under way up", async () => {
    hurry();
    const file = join(directory, "pid");
    const { invokeId, reports } = submit({
      repeatMode: "Period",
      frequency: "rate(1m)",
      content: `echo old; echo $$ > '${file}.part'; mv '${file}.part' '${file}'; sleep 1000`,
    });
    await clock.advance(MINUTE_MS);
    agent.modify(invokeId, { content: Buffer.from("echo new") });
    expect(await isGone(Number(readFileSync(file, "utf8")))).toBe(true);
    await until(() => agent.activeTaskCount === 0);
    await clock.advance(MINUTE_MS);
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 60..-",
      "Scheduled#1",
      "Running#2 120..-",
      'Scheduled#2 exit 0 "new\\n" 120..120',
    ]);
  });

  test("where dash is the shell, the run that was given up goes on, side by side with the next", async () => {
    hurry({ shell: "dash" });
    const [file, go, past] = ["pid", "go", "past"].map((name) => join(directory, name)) as [string, string, string];
    const { invokeId, reports } = submit({
      repeatMode: "Period",
      frequency: "rate(1m)",
      content: `echo $$ > '${file}.part'; mv '${file}.part' '${file}'; until [ -e '${go}' ]; do sleep 0.01; done; mkdir '${past}'`,
      timeoutSeconds: 3600,
    });
    await clock.advance(MINUTE_MS);
    agent.modify(invokeId, { frequency: "rate(2m)", content: Buffer.from("echo new") });
    await until(() => agent.activeTaskCount === 0);
    await clock.advance(MINUTE_MS);
    expect(reports.at(-1)).toMatchObject({ status: "Scheduled", repeats: 2, output: Buffer.from("new\n") });
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(true);
    writeFileSync(go, "");
    await appears(past);
    expect(reports.at(-1)).toMatchObject({ repeats: 2, output: Buffer.from("new\n") });
  });

  test("to what it was does not touch the run under way", async () => {
    hurry();
    const go = join(directory, "go");
    const content = `until [ -e '${go}' ]; do sleep 0.01; done; echo done`;
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1m)", content });
    await clock.advance(MINUTE_MS);
    agent.modify(invokeId, { frequency: "rate(1m)", content: Buffer.from(content) });
    writeFileSync(go, "");
    await until(() => agent.activeTaskCount === 0);
    expect(reports.slice(2).map(brief)).toEqual(['Scheduled#1 exit 0 "done\\n" 60..60']);
  });

  test("has its new content at the next run, and lets the run under way finish, as it may", async () => {
    hurry({ changeRunning: "finish" });
    const go = join(directory, "go");
    const { invokeId, reports } = submit({
      repeatMode: "Period",
      frequency: "rate(1m)",
      content: `until [ -e '${go}' ]; do sleep 0.01; done; echo old`,
    });
    await clock.advance(MINUTE_MS);
    agent.modify(invokeId, { content: Buffer.from("echo new") });
    writeFileSync(go, "");
    await until(() => agent.activeTaskCount === 0);
    await clock.advance(MINUTE_MS);
    const outputs = reports.filter(({ exitCode }) => exitCode === 0).map(({ output }) => output.toString());
    expect(outputs).toEqual(["old\n", "new\n"]);
  });

  test("with a schedule that is refused is Invalid", () => {
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1h)" });
    agent.modify(invokeId, { frequency: "at(2020-01-01 00:00:00)" });
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Invalid#0 AtExpressionExpired final"]);
  });

  test("with a schedule that is refused while it runs is Invalid at once, and the run is given up", async () => {
    hurry();
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1m)", content: "sleep 1000" });
    await clock.advance(MINUTE_MS);
    agent.modify(invokeId, { frequency: "rate(5x)" });
    await until(() => agent.activeTaskCount === 0);
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 60..-",
      "Scheduled#1",
      "Invalid#1 InvalidRateExpression final",
    ]);
  });

  test("with a schedule that is refused while it runs is Invalid when the run may finish and is over", async () => {
    hurry({ changeRunning: "finish" });
    const go = join(directory, "go");
    const content = `until [ -e '${go}' ]; do sleep 0.01; done`;
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1m)", content });
    await clock.advance(MINUTE_MS);
    agent.modify(invokeId, { frequency: "rate(5x)" });
    writeFileSync(go, "");
    await until(() => agent.activeTaskCount === 0);
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 60..-",
      "Invalid#1 exit 0 InvalidRateExpression 60..60 final",
    ]);
  });

  test("on a machine that is off runs by its new schedule after the boot", async () => {
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1h)" });
    await agent.powerOff();
    agent.modify(invokeId, { frequency: "rate(30m)" });
    await clock.advance(45 * MINUTE_MS);
    agent.boot();
    await clock.advance(HOUR_MS);
    const starts = reports.filter(({ status }) => status === "Running").map(({ startTime }) => seconds(startTime));
    expect(starts).toEqual(["3600", "5400"]);
  });

  test("that the agent does not have is ignored", () => {
    agent.modify("t-nobody", { content: Buffer.from("true") });
    expect(agent.activeTaskCount).toBe(0);
  });
});

describe("a stopped task", () => {
  test("that waits for its time is Cancelled and never runs", async () => {
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1h)" });
    agent.stop(invokeId);
    await clock.advance(DAY_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Cancelled#0 -..0 final"]);
  });

  test.each([
    ["pieces", 'Terminated#1 "" 0..1 final'],
    ["tail", 'Terminated#1 "begun\\n" 0..1 final'],
  ] as const)("that runs is Terminated, with what had been sent: %s", async (runningOutput, end) => {
    hurry({ runningOutput });
    const { invokeId, reports } = submit({ content: "echo begun; sleep 1000" });
    await clock.advance(1_000);
    agent.stop(invokeId);
    await clock.advance(0);
    expect(brief(reports.at(-1) as Report)).toEqual(end.replace(' ""', ""));
  });

  test("that runs is Terminated, and what was printed after the last piece is lost", async () => {
    hurry();
    const { invokeId, reports } = submit({ content: "echo begun; sleep 1000" });
    await clock.advance(3_000);
    agent.stop(invokeId);
    await clock.advance(0);
    expect(reports.map(brief)).toEqual([
      "Running#1 0..-",
      'Running#1 "begun\\n" 0..-',
      'Terminated#1 "begun\\n" 0..3 final',
    ]);
  });

  test("that is periodic and runs is Terminated and does not come again", async () => {
    hurry();
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: "rate(1m)", content: "sleep 1000" });
    await clock.advance(MINUTE_MS);
    agent.stop(invokeId);
    await clock.advance(DAY_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Running#1 60..-", "Terminated#1 60..60 final"]);
  });

  test("that waits for its turn is Cancelled", async () => {
    for (let count = 0; count < MAX_RUNNING_TASKS; count++) submit({ content: "sleep 1000" });
    const { invokeId, reports } = submit({ content: "echo ran" });
    agent.stop(invokeId);
    expect(reports.map(brief)).toEqual(["Cancelled#0 -..0 final"]);
    expect(agent.activeTaskCount).toBe(MAX_RUNNING_TASKS);
  });

  test("that waits for its turn is Cancelled, and runs all the same as the agent may have it", async () => {
    choose({ stopWaiting: "run" });
    const [go, ran] = ["go", "ran"].map((name) => join(directory, name)) as [string, string];
    for (let count = 0; count < MAX_RUNNING_TASKS; count++) {
      submit({ content: `until [ -e '${go}' ]; do sleep 0.02; done` });
    }
    const { invokeId, reports } = submit({ content: `mkdir '${ran}'` });
    agent.stop(invokeId);
    expect(agent.activeTaskCount).toBe(MAX_RUNNING_TASKS + 1);
    writeFileSync(go, "");
    await clock.advance(0);
    expect(reports.map(brief)).toEqual(["Cancelled#0 -..0 final"]);
    expect([existsSync(ran), agent.activeTaskCount]).toEqual([true, 0]);
  });

  test("is killed as by Process where ProcessTree is not known", async () => {
    choose({ processTree: "ignore" });
    const file = join(directory, "child");
    const content = `sleep 1000 & echo $! > '${file}.part'; mv '${file}.part' '${file}'; wait`;
    const { invokeId, reports } = submit({ content, terminationMode: "ProcessTree" });
    await appears(file);
    agent.stop(invokeId);
    await clock.advance(0);
    expect(reports.at(-1)?.status).toBe("Terminated");
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(true);
  });

  test.each(["Process", "ProcessTree"] as const)("is killed as TerminationMode %s says", async (terminationMode) => {
    const file = join(directory, "child");
    const content = `sleep 1000 & echo $! > '${file}.part'; mv '${file}.part' '${file}'; wait`;
    const { invokeId, reports } = submit({ content, terminationMode });
    await appears(file);
    agent.stop(invokeId);
    await clock.advance(0);
    expect(reports.at(-1)?.status).toBe("Terminated");
    const child = Number(readFileSync(file, "utf8"));
    expect(terminationMode === "Process" ? isAlive(child) : await isGone(child)).toBe(true);
  });

  test("that the agent does not have is ignored", () => {
    agent.stop("t-nobody");
    expect(agent.activeTaskCount).toBe(0);
  });
});

describe("the agent's pool", () => {
  const go = () => join(directory, "go");
  const waiting = () => `until [ -e '${go()}' ]; do sleep 0.02; done`;

  test("runs 10 at a time, and in the end all", async () => {
    const tasks = Array.from({ length: 75 }, () => submit({ content: waiting() }));
    expect(tasks.filter(({ reports }) => reports.length === 1)).toHaveLength(MAX_RUNNING_TASKS);
    expect(agent.activeTaskCount).toBe(75);
    writeFileSync(go(), "");
    await clock.advance(0);
    expect(new Set(tasks.map(({ reports }) => reports.at(-1)?.status))).toEqual(new Set(["Success"]));
    expect(agent.activeTaskCount).toBe(0);
  }, 30_000);

  test("may let 50 wait and refuse the next", async () => {
    choose({ taskLimit: "refuse" });
    const tasks = Array.from({ length: MAX_RUNNING_TASKS + MAX_QUEUED_TASKS }, () => submit({ content: waiting() }));
    const refused = submit({});
    expect(tasks.filter(({ reports }) => reports.length === 1)).toHaveLength(MAX_RUNNING_TASKS);
    expect(agent.activeTaskCount).toBe(60);
    expect(refused.reports).toEqual([
      {
        status: "Error",
        runStatus: "Error",
        repeats: 0,
        output: Buffer.alloc(0),
        dropped: 0,
        errorCode: "TaskConcurrencyLimit",
        errorInfo: "The machine runs 10 tasks and 50 more wait.",
        final: true,
      },
    ]);

    writeFileSync(go(), "");
    await clock.advance(0);
    expect(tasks.map(({ reports }) => reports.at(-1)?.status)).toEqual(tasks.map(() => "Success"));
    expect(agent.activeTaskCount).toBe(0);
  }, 30_000);

  test("takes those that wait in the order in which they came", async () => {
    for (let count = 0; count < MAX_RUNNING_TASKS; count++) submit({ content: waiting() });
    const started: string[] = [];
    for (const invokeId of ["t-first", "t-second", "t-third"]) {
      submit({ invokeId }, ({ status }) => {
        if (status === "Running") started.push(invokeId);
      });
    }
    writeFileSync(go(), "");
    await clock.advance(0);
    expect(started).toEqual(["t-first", "t-second", "t-third"]);
  });

  test("full: a periodic task loses that run alone", async () => {
    hurry({ taskLimit: "refuse" });
    const { reports } = submit({ repeatMode: "Period", frequency: "rate(1m)" });
    for (let count = 0; count < 60; count++) submit({ content: waiting(), timeoutSeconds: 86_400 });
    await clock.advance(MINUTE_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Scheduled#0 TaskConcurrencyLimit"]);
    writeFileSync(go(), "");
    await until(() => agent.activeTaskCount === 0);
    await clock.advance(MINUTE_MS);
    expect(reports.at(-1)).toMatchObject({ status: "Scheduled", repeats: 1, exitCode: 0 });
  }, 30_000);
});

describe("a machine that goes down and comes up", () => {
  // [exit code, type, what happens]
  const power: [number, Task["type"], string[]][] = [
    [193, "RunShellScript", ["stop"]],
    [194, "RunShellScript", ["reboot"]],
    [3009, "RunPowerShellScript", ["stop"]],
    [3010, "RunPowerShellScript", ["reboot"]],
    [3010, "RunShellScript", []],
    [194, "RunPowerShellScript", []],
  ];

  test.each(power)("exit code %i of a %s: %j", async (exitCode, type, expected) => {
    agent = startAgent({ outcomes: { "*": { exitCode } } });
    const { reports } = submit({ type });
    await clock.advance(0);
    expect(events).toEqual(expected);
    expect(reports.at(-1)).toMatchObject({ status: "Failed", exitCode, errorCode: "ExitCodeNonzero", final: true });
  });

  test("a real script's exit code 194 reboots it", async () => {
    submit({ content: "exit 194" });
    await clock.advance(0);
    expect(events).toEqual(["reboot"]);
  });

  test("what runs and what waits is interrupted", async () => {
    hurry();
    const running = submit({ content: "echo begun; sleep 1000" });
    for (let count = 1; count < MAX_RUNNING_TASKS; count++) submit({ content: "sleep 1000" });
    const queued = submit({});
    await clock.advance(3_000);
    await agent.powerOff();
    expect(running.reports.at(-1)).toEqual({
      status: "Error",
      runStatus: "Error",
      repeats: 1,
      output: Buffer.from("begun\n"),
      dropped: 0,
      errorCode: "ExecutionInterrupted",
      errorInfo: "The machine was switched off while the command ran.",
      startTime: START,
      finishTime: START + 3_000,
      final: true,
    });
    expect(queued.reports.map(brief)).toEqual(["Error#0 ExecutionInterrupted final"]);
    expect(agent.activeTaskCount).toBe(0);
  });

  test("NextRebootOnly runs at the next boot and never again", async () => {
    const { reports } = submit({ repeatMode: "NextRebootOnly", content: "echo up" });
    await clock.advance(DAY_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0"]);
    await reboot();
    await reboot();
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 86400..-",
      'Success#1 exit 0 "up\\n" 86400..86400 final',
    ]);
  });

  test("EveryReboot runs at every boot", async () => {
    const { reports } = submit({ repeatMode: "EveryReboot", content: "exit 1" });
    await reboot();
    await reboot();
    expect(reports.map(brief)).toEqual([
      "Scheduled#0",
      "Running#1 0..-",
      "Scheduled#1 exit 1 ExitCodeNonzero 0..0",
      "Running#2 0..-",
      "Scheduled#2 exit 1 ExitCodeNonzero 0..0",
    ]);
  });

  test("EveryReboot that is stopped does not run at the next boot", async () => {
    const { invokeId, reports } = submit({ repeatMode: "EveryReboot" });
    agent.stop(invokeId);
    await reboot();
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Cancelled#0 -..0 final"]);
  });

  test("a schedule stands still while the machine is off and goes on after the boot", async () => {
    const { reports } = submit({ repeatMode: "Period", frequency: "rate(1h)" });
    await agent.powerOff();
    await clock.advance(150 * MINUTE_MS);
    expect(reports.map(brief)).toEqual(["Scheduled#0"]);
    agent.boot();
    await clock.advance(HOUR_MS);
    expect(reports.slice(1).map(brief)).toEqual(["Running#1 10800..-", "Scheduled#1 exit 0 10800..10800"]);
  });

  test("a schedule whose time passed while the machine was off is Invalid after the boot", async () => {
    const { reports } = submit({ repeatMode: "Period", frequency: "at(2026-06-01 01:00:00)" });
    await agent.powerOff();
    await clock.advance(2 * HOUR_MS);
    agent.boot();
    expect(reports.map(brief)).toEqual(["Scheduled#0", "Invalid#0 AtExpressionExpired final"]);
  });

  test("a task handed over while it is off comes back", async () => {
    await agent.powerOff();
    expect(agent.isOnline).toBe(false);
    const { reports } = submit({});
    expect(reports).toEqual([
      {
        status: "Error",
        repeats: 0,
        output: Buffer.alloc(0),
        dropped: 0,
        errorCode: "ClientNotRunning",
        errorInfo: "The Cloud Assistant Agent does not run on the machine.",
        final: true,
      },
    ]);
  });

  test("booting a machine that is on changes nothing", async () => {
    const { reports } = submit({ repeatMode: "EveryReboot" });
    agent.boot();
    await clock.advance(0);
    expect(reports.map(brief)).toEqual(["Scheduled#0"]);
  });

  async function reboot(): Promise<void> {
    await agent.powerOff();
    agent.boot();
    await clock.advance(0);
  }
});

describe("a schedule that crashes the agent", () => {
  const CRASHING = "0 0 22-2 * * ?";

  test("takes it offline, and what ran is lost", async () => {
    const other = submit({ content: "sleep 1000" });
    const { reports } = submit({ repeatMode: "Period", frequency: CRASHING });
    expect(agent.isOnline).toBe(false);
    expect(events).toEqual(["crash: index out of range [0] with length 0"]);
    await clock.advance(0);
    expect(reports).toEqual([]);
    expect(other.reports.map(brief)).toEqual(["Running#1 0..-", "Error#1 ClientRestarted 0..0 final"]);
  });

  test("lets no other schedule fire until it is stopped", async () => {
    const other = submit({ repeatMode: "Period", frequency: "rate(1h)" });
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: CRASHING });
    await clock.advance(90 * MINUTE_MS);
    expect(other.reports.map(brief)).toEqual(["Scheduled#0"]);

    agent.stop(invokeId);
    expect(agent.isOnline).toBe(true);
    expect(reports.map(brief)).toEqual(["Cancelled#0 -..5400 final"]);
    await clock.advance(HOUR_MS);
    expect(other.reports.slice(1).map(brief)).toEqual(["Running#1 7200..-", "Scheduled#1 exit 0 7200..7200"]);
  });

  test("lets the agent come back when it is changed to one that can be read", async () => {
    const { invokeId, reports } = submit({ repeatMode: "Period", frequency: CRASHING });
    agent.modify(invokeId, { frequency: "rate(1h)" });
    expect(agent.isOnline).toBe(true);
    await clock.advance(HOUR_MS);
    expect(reports.map(brief)).toEqual(["Running#1 3600..-", "Scheduled#1 exit 0 3600..3600"]);
  });

  test("crashes it again at the next boot", async () => {
    submit({ repeatMode: "Period", frequency: CRASHING });
    await agent.powerOff();
    agent.boot();
    expect(agent.isOnline).toBe(false);
    expect(events).toHaveLength(2);
  });
});

describe("scripted outcomes", () => {
  const outcomes = {
    patch: { exitCode: 3, output: "patched", durationMs: 5_000 },
    "Get-Date": { output: "today" },
  };

  test("stand in for scripts, by the command's name or its content, and take their time", async () => {
    agent = startAgent({ outcomes });
    const byName = submit({ type: "RunPowerShellScript", commandName: "patch", content: "Get-Date" });
    const byContent = submit({ type: "RunBatScript", content: "Get-Date" });
    const neither = submit({ content: "echo real" });
    await clock.advance(10_000);
    expect(byName.reports.at(-1)).toMatchObject({ status: "Failed", exitCode: 3, finishTime: START + 5_000 });
    expect(byName.reports.at(-1)?.output.toString()).toBe("patched");
    expect(byContent.reports.map(brief)).toEqual(["Running#1 0..-", 'Success#1 exit 0 "today" 0..0 final']);
    expect(neither.reports.at(-1)?.output.toString()).toBe("real\n");
  });

  test("time out and can be stopped like scripts", async () => {
    agent = startAgent({ outcomes: { "*": { durationMs: DAY_MS } } });
    const timed = submit({ timeoutSeconds: 30 });
    const stopped = submit({});
    await clock.advance(20_000);
    agent.stop(stopped.invokeId);
    await clock.advance(20_000);
    expect(timed.reports.at(-1)).toMatchObject({ status: "Timeout", finishTime: START + 30_000 });
    expect(stopped.reports.at(-1)).toMatchObject({ status: "Terminated", finishTime: START + 20_000 });
  });
});

test("of a schedule, the number of bytes that are not kept stays what it was in later runs", async () => {
  const file = join(directory, "ran");
  const { reports } = submit({
    repeatMode: "Period",
    frequency: "rate(1m)",
    content: `[ -d '${file}' ] && echo short || { mkdir '${file}'; head -c 30000 /dev/zero; }`,
  });
  await clock.advance(2 * MINUTE_MS);
  expect(reports.filter(({ runStatus }) => runStatus).map(({ output, dropped }) => [output.length, dropped])).toEqual([
    [24_576, 5424],
    [6, 5424],
  ]);
});

test("a closed agent says nothing more, and leaves nothing behind", async () => {
  const file = join(directory, "child");
  const { reports } = submit({
    content: `setsid sleep 1000 & echo $! > '${file}.part'; mv '${file}.part' '${file}'; wait`,
  });
  submit({ repeatMode: "Period", frequency: "rate(1m)" });
  await appears(file);
  await agent.close();
  await clock.advance(HOUR_MS);
  expect(reports.map(({ status }) => status)).toEqual(["Running"]);
  expect(await isGone(Number(readFileSync(file, "utf8")))).toBe(true);
});

test("an agent that never ran a script leaves the disk alone", () => {
  submit({ repeatMode: "Period", frequency: "rate(1h)" });
  expect(existsSync(join(directory, "root"))).toBe(false);
});
