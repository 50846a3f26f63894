// The questions for a real account, put to the emulator; and the emulator held against what real accounts have answered.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { drivenClock, type Emulator, startEmulator } from "../../emulator";
import { type Interview, type InterviewSettings, interview } from "../../tools/live/interview";
import { QUESTIONS } from "../../tools/live/questions";
import { formatRecord, type LiveRecord, readRecords, writeRecord } from "../../tools/live/record";
import { type Call, connect } from "../../tools/live/service";

const START = Date.parse("2026-06-01T00:00:00Z");
const REPOSITORY = path.resolve(__dirname, "../..");

const open = (machines = 1): Promise<Emulator> => startEmulator({ clock: drivenClock(START), instances: machines });

/** Time is the emulator's: whatever is waited for passes at once. */
function settle(emulator: Emulator, more: Partial<InterviewSettings> = {}): InterviewSettings {
  let waitedMs = 0;
  return {
    regionId: emulator.regionId,
    instanceIds: emulator.instanceIds,
    call: connect({ regionId: emulator.regionId, endpoint: emulator.url, key: emulator }),
    now: () => START + waitedMs,
    async wait(ms) {
      await emulator.advance(ms);
      waitedMs += ms;
    },
    tokenMinutes: 8,
    keepRunning: false,
    say: () => {},
    ...more,
  };
}

async function ask(machines: number): Promise<Interview> {
  const emulator = await open(machines);
  const told = await interview(settle(emulator));
  await emulator.stop();
  return told;
}

/** What is there, and what of it lives. */
async function look(emulator: Emulator) {
  const call = connect({ regionId: emulator.regionId, endpoint: emulator.url, key: emulator });
  const { body: listed } = await call("DescribeCommands", {});
  const { body: found } = await call("DescribeInvocations", { PageSize: "50" });
  const { body: machines } = await call("DescribeInstances", {});
  const live = found.Invocations.Invocation.filter(({ InvocationStatus }: { InvocationStatus: string }) =>
    ["Pending", "Running", "Scheduled", "Stopping"].includes(InvocationStatus),
  );
  return {
    commands: listed.TotalCount,
    live: live.length,
    machines: machines.Instances.Instance.map(({ Status }: { Status: string }) => Status),
  };
}
const CLEAN = { commands: 0, live: 0, machines: ["Running"] };

test("there are ten questions, each with its name", () => {
  expect(new Set(QUESTIONS.map(({ name }) => name)).size).toBe(10);
});

describe("the emulator with one machine", () => {
  let emulator: Emulator;
  let told: Interview;
  beforeAll(async () => {
    emulator = await open();
    told = await interview(settle(emulator));
  });
  afterAll(() => emulator.stop());

  test("answers every question", () => {
    expect(told.record.unanswered).toEqual({});
    expect(Object.keys(told.record.answers).sort()).toEqual(QUESTIONS.map(({ name }) => name).sort());
    expect(told.record).toMatchObject({ regionId: "cn-hangzhou", machines: 1, agentVersion: "2.2.3.857" });
  });

  test("is left as it was", async () => {
    expect(told.left).toEqual([]);
    expect(await look(emulator)).toEqual(CLEAN);
  });

  test("was watched for as long as a token was to be", () => {
    expect(told.record.answers.tokenLife?.measured?.rememberedForSeconds).toBeGreaterThanOrEqual(480);
  });

  test("stopped and rebooted the machine", () => {
    const actions = emulator.journal().map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["StopInstance", "StartInstance"]));
    expect(told.record.answers.exit194?.verdict).toMatchObject({ isRebooted: true, witness: "Success" });
  });

  test("has no id in the file", () => {
    const text = formatRecord(told.record);
    expect(text).not.toMatch(/i-emulated|[ct]-[0-9a-f]{8}/);
    expect(JSON.parse(text)).toMatchObject({ machines: 1 });
  });
});

test("a second machine takes part in what one alone cannot show", async () => {
  const { record, left } = await ask(2);
  expect([record.unanswered, left]).toEqual([{}, []]);
  expect(record.answers.addBack?.verdict).toMatchObject({
    machines: 2,
    afterStop: { invocation: "Scheduled", machine: "Cancelled" },
  });
});

test("a machine that is to be kept running is neither stopped nor rebooted", async () => {
  const emulator = await open();
  const { record } = await interview(settle(emulator, { keepRunning: true }));
  const actions = new Set(emulator.journal().map(({ action }) => action));
  await emulator.stop();
  expect(Object.keys(record.unanswered)).toEqual(QUESTIONS.filter(({ power }) => power).map(({ name }) => name));
  expect([actions.has("StopInstance"), actions.has("RebootInstance")]).toEqual([false, false]);
});

describe("half-way", () => {
  test("a question that is refused has no answer; the others are asked, and all is put back", async () => {
    const emulator = await open();
    emulator.inject({ kind: "forbidden", action: "ModifyInvocationAttribute" });
    emulator.inject({ kind: "forbidden", action: "DescribeInvocationResults" });
    const { record, left } = await interview(settle(emulator));
    emulator.clearFaults();
    expect(record.answers.addBack?.verdict).toMatchObject({ adding: "refused with Forbidden.RAM" });
    expect(record.unanswered).toEqual({
      listOrder: expect.stringMatching(/^DescribeInvocationResults was refused with Forbidden\.RAM: /),
    });
    expect([left, await look(emulator)]).toEqual([[], CLEAN]);
    await emulator.stop();
  });

  test.each(QUESTIONS.map(({ name }) => name))("broken off in %s, all is put back", async (name) => {
    const emulator = await open();
    const settings = settle(emulator);
    let isIn = false;
    let isBroken = false;
    const title = QUESTIONS.find((question) => question.name === name)?.title ?? "";
    const whole = interview({
      ...settings,
      say: (line) => {
        isIn ||= line.endsWith(title);
      },
      async wait(ms) {
        // The first wait of the question, and all after it.
        isBroken ||= isIn && ms > 0;
        if (isBroken) throw new Error("broken off");
        await settings.wait(ms);
      },
    });
    // Clean-up waits in real time then, which the emulator's clock has to follow.
    const following = setInterval(() => void emulator.advance(1_000), 50);
    const settled = await whole.then(
      ({ left }) => left,
      (error: Error) => error.message,
    );
    clearInterval(following);
    expect(["broken off", []]).toContainEqual(settled);
    expect(await look(emulator)).toEqual(CLEAN);
    await emulator.stop();
  });

  test("what was made by calls whose answers were lost is removed", async () => {
    const emulator = await open();
    const settings = settle(emulator, { keepRunning: true });
    const calls = new Map<string, number>();
    const losing: Call = async (action, parameters) => {
      const answer = await settings.call(action, parameters);
      const count = (calls.get(action) ?? 0) + 1;
      calls.set(action, count);
      if (/^(Create|Invoke)Command$/.test(action) && count % 3 === 0)
        throw new Error(`the answer of ${action} is lost`);
      return answer;
    };
    const { record, left } = await interview({ ...settings, call: losing });
    expect(Object.values(record.unanswered)).toContain("the answer of CreateCommand is lost");
    expect([left, await look(emulator)]).toEqual([[], CLEAN]);
    await emulator.stop();
  });

  // One Ctrl-C reaches npm, tsx and the process itself, and tsx hands its own on.
  test.each(["SIGINT", "SIGTERM"] as const)("ended by %s, twice, all is put back", async (signal) => {
    const emulator = await startEmulator({ instances: 1 });
    const [instanceId = ""] = emulator.instanceIds;
    const child = spawn(
      path.join(REPOSITORY, "node_modules/.bin/tsx"),
      ["tools/live/live.ts", "--instance", instanceId],
      { cwd: REPOSITORY, detached: true, env: { ...process.env, ...emulator.environment } },
    );
    const exit = once(child, "exit");
    let said = "";
    await new Promise<void>((resolve) => {
      child.stderr.on("data", (chunk) => {
        said += chunk;
        if (said.includes("4/10")) resolve();
      });
    });
    for (let times = 0; times < 2; times++) process.kill(-(child.pid ?? 0), signal);
    await exit;
    expect(await look(emulator)).toEqual(CLEAN);
    await emulator.stop();
  });

  test("what a run left that was killed is removed by the next", async () => {
    const emulator = await open();
    const call = connect({ regionId: emulator.regionId, endpoint: emulator.url, key: emulator });
    const killed: Call = async (action, parameters) => {
      if (action === "StopInvocation" || action === "DeleteCommand") throw new Error("killed");
      return call(action, parameters);
    };
    const { left } = await interview(settle(emulator, { call: killed, keepRunning: true }));
    expect(left.length).toBeGreaterThan(0);
    expect((await look(emulator)).commands).toBeGreaterThan(0);
    const again = await interview(settle(emulator, { keepRunning: true }));
    expect([again.left, await look(emulator)]).toEqual([[], CLEAN]);
    await emulator.stop();
  });
});

describe("nothing is asked", () => {
  test.each<[string, readonly string[], string]>([
    ["of a machine that is not there", ["i-0"], "i-0 does not exist in this region"],
    ["of Windows", ["i-windows"], "i-windows runs windows"],
    ["of a machine that is stopped", ["i-stopped"], "i-stopped is Stopped"],
    ["of one whose agent is silent", ["i-silent"], "the agent of i-silent does not answer"],
    ["of several that do not suit", ["i-stopped", "i-windows"], "i-stopped is Stopped; i-windows runs windows"],
  ])("%s", async (_title, instanceIds, problem) => {
    const emulator = await startEmulator({
      clock: drivenClock(START),
      instances: [
        { instanceId: "i-windows", osType: "windows" },
        { instanceId: "i-stopped", status: "Stopped" },
        { instanceId: "i-silent", agent: { online: false } },
      ],
    });
    const refused = await interview(settle(emulator, { instanceIds })).catch((error: Error) => error.message);
    const changes = emulator.journal().filter(({ action }) => !action.startsWith("Describe"));
    await emulator.stop();
    expect([refused, changes]).toEqual([
      `Cannot ask: each machine must run Linux and an agent that answers: ${problem}`,
      [],
    ]);
  });

  const run = (...options: string[]) => {
    const { ALIBABA_CLOUD_REGION: _, ...env } = process.env;
    const tsx = path.join(REPOSITORY, "node_modules/.bin/tsx");
    return spawnSync(tsx, ["tools/live/live.ts", ...options], { cwd: REPOSITORY, env, encoding: "utf8" });
  };

  test.each<[string[], string]>([
    [
      [],
      "Cannot ask: one machine, or two, must be named with --instance i-…: there is none. The first is stopped, started and rebooted, once each\n",
    ],
    [
      ["--instance", "all"],
      'Cannot ask: one machine, or two, must be named with --instance i-…: it is "all". The first is stopped, started and rebooted, once each\n',
    ],
    [["--instance", "i-a"], "Cannot ask: the region must be named with --region, or ALIBABA_CLOUD_REGION be set\n"],
    [["--instances", "i-a"], "Unknown option '--instances'; see --help\n"],
    [
      ["--instance", "i-a", "--region", "cn-hangzhou", "--token-minutes", "long"],
      'Cannot ask: --token-minutes must be a whole number: current value is "long"\n',
    ],
  ])("%j", (options, stderr) => {
    expect(run(...options)).toMatchObject({ status: 2, stdout: "", stderr });
  });

  test("--help tells every option", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const option of ["instance", "region", "keep-running", "token-minutes", "output"]) {
      expect(stdout).toContain(`  --${option} `);
    }
  });
});

describe("a record", () => {
  test("is read as it was written, and none is there before", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "live-test-"));
    const record: LiveRecord = {
      ...{ regionId: "cn-hangzhou", seenAt: "2026-12-01T00:00:00.000Z", agentVersion: "2.2.4.1", osName: "Linux" },
      ...{ machines: 1, answers: { dryRun: { verdict: { right: "accepted" } } }, unanswered: {} },
    };
    expect(readRecords(path.join(folder, "live"))).toEqual([]);
    writeRecord(path.join(folder, "live", "cn-hangzhou.json"), record);
    expect(readRecords(path.join(folder, "live"))).toEqual([["cn-hangzhou.json", record]]);
    rmSync(folder, { recursive: true });
  });

  test("holds no id of a machine, a command, an invocation or an account", () => {
    const texts = [
      "i-bp1abcdefgh",
      "mi-hz012345678",
      "c-hz0123456",
      "t-7d2a745b412b4601b2d47f6a768d0000",
      "1234567890123456",
    ];
    const answers = Object.fromEntries(texts.map((text) => [`of ${text}`, { verdict: { text: `x ${text} y` } }]));
    const text = formatRecord({
      ...{
        regionId: "cn-hangzhou",
        seenAt: "",
        agentVersion: "2.2.3.857",
        osName: "",
        machines: 1,
        answers,
        unanswered: {},
      },
    });
    for (const each of texts) expect(text).not.toContain(each);
    expect(text).toContain("2.2.3.857");
  });
});

/** What real accounts have answered, as far as anybody has asked. */
const records = readRecords();

if (records.length > 0) {
  describe.each(records)("the emulator's defaults answer as %s did", (_file, record) => {
    let emulated: LiveRecord;
    beforeAll(async () => {
      emulated = (await ask(record.machines)).record;
    });

    test.each(Object.entries(record.answers).map(([name, { verdict }]) => [name, verdict] as const))(
      "%s",
      (name, verdict) => {
        expect(emulated.answers[name]?.verdict).toEqual(verdict);
      },
    );
  });
}
