// Processes that really die between the call and the saved state: the run is found again, and happens once.
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { ENGINE, listDescendants } from "../../tools/processes";
import { type Engine, onEngine, openEngine } from "./engine";
import { front, only } from "./front";

let emulator: Emulator;
let engine: Engine;
let reactions: { action: string; happens: () => void }[] = [];

beforeEach(async () => {
  reactions = [];
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }],
    commands: [
      {
        commandId: "c-count",
        name: "count",
        // Tells how often it ran on the machine; fails once on one of them, where the first word is "flaky".
        content: [
          "echo run >> runs; wc -l < runs",
          'if [ "{{word}} {{ACS::InstanceId}}" = "flaky i-b" ] && ! [ -e repaired ]; then touch repaired; exit 3; fi',
        ].join("\n"),
      },
      { commandId: "c-slow", name: "slow", content: "echo run >> runs; wc -l < runs; sleep 8" },
    ],
    log: (line) => {
      const reaction = reactions.find(({ action }) => line.includes(` ${action} `));
      reactions = reactions.filter((other) => other !== reaction);
      reaction?.happens();
    },
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

/** Does something at the next call of an action, before it is answered. */
const react = (action: string, happens: () => void) => void reactions.push({ action, happens });

const program = (args: InvocationArgs) => async () => {
  new Invocation("run", args);
};

function findDescendant(pattern: RegExp): number {
  const found = listDescendants().find(({ args }) => pattern.test(args));
  if (found === undefined) throw new Error(`There is no process that runs ${pattern}`);
  return found.pid;
}

const PROVIDER = front.process;

/** Holds the next answer of an action, whose effect is there at once, and kills the processes meanwhile. */
function killDuring(action: string, ...patterns: RegExp[]): void {
  emulator.inject({ action, kind: "slow", ms: 600_000, times: 1 });
  // All are looked for before the first is killed, which takes its children from us.
  react(action, () => {
    for (const pid of patterns.map(findDescendant)) process.kill(pid, "SIGKILL");
  });
}

const invocations = () => emulator.journal().filter(({ action }) => action === "InvokeCommand");

const outputs = async () =>
  Object.values(((await engine.resources()).run?.outputs.results ?? {}) as Record<string, { output: string }>).map(
    ({ output }) => output,
  );

const BOTH = { commandId: "c-count", instanceIds: ["i-a", "i-b"], parameters: { word: "steady" } };
const FOUND = /^info run: goes on with invocation "t-\w+", which an earlier update had started and could not record$/;

onEngine("killed between the call and the saved state", () => {
  test.each([
    ["the provider, before it has the answer", "InvokeCommand", [PROVIDER]],
    ["the provider, while it waits", "DescribeInvocations", [PROVIDER]],
    ["engine and provider, before they have the answer", "InvokeCommand", [ENGINE, PROVIDER]],
  ])("%s: the next update goes on with the run", async (_, action, victims) => {
    // The first DescribeInvocations looks for an interrupted run.
    if (action === "DescribeInvocations") react("InvokeCommand", () => killDuring(action, ...victims));
    else killDuring(action, ...victims);
    expect((await engine.up(program(BOTH))).succeeded).toBe(false);
    await engine.unlock();
    expect(invocations()).toHaveLength(1);
    expect((await engine.resources()).run).toBeUndefined();

    const resumed = await engine.up(program(BOTH));
    expect(resumed.diagnostics.filter((line) => line.startsWith("info run"))).toEqual([expect.stringMatching(FOUND)]);
    expect([resumed.succeeded, resumed.steps]).toEqual([true, ["create run"]]);
    expect(invocations()).toHaveLength(1);
    expect(await outputs()).toEqual(["1\n", "1\n"]);
  });

  test("an update that runs again where it failed", async () => {
    const flaky = program({ ...BOTH, parameters: { word: "flaky" } });
    expect((await engine.up(flaky)).succeeded).toBe(false);
    killDuring("InvokeCommand", PROVIDER);
    expect((await engine.up(flaky)).succeeded).toBe(false);
    const resumed = await engine.up(flaky);
    expect([resumed.succeeded, resumed.steps]).toEqual([true, ["update run"]]);
    expect(resumed.diagnostics).toContainEqual(expect.stringMatching(FOUND));
    expect(invocations()).toHaveLength(2);
    expect(await outputs()).toEqual(["1\n", "2\n"]);
  });
});

onEngine("interrupted with Ctrl-C", () => {
  only("dynamic", "an interrupted update")(
    "the update ends when the run does, and the next one has nothing left to do",
    async () => {
      react("InvokeCommand", () => {
        emulator.inject({ action: "DescribeInvocations", kind: "slow", ms: 1_500, times: 1 });
        react("DescribeInvocations", () => process.kill(findDescendant(ENGINE), "SIGINT"));
      });
      expect((await engine.up(program(BOTH))).succeeded).toBe(false);
      expect(await outputs()).toEqual(["1\n", "1\n"]);
      const next = await engine.up(program(BOTH));
      expect([next.succeeded, next.steps]).toEqual([true, ["same run"]]);
      expect(invocations()).toHaveLength(1);
    },
  );
});

onEngine("interrupted with Ctrl-C", () => {
  only("plugin", "an interrupted update")(
    "the update ends before the run does, its state kept, and the next one goes on waiting for the same run",
    async () => {
      const slow = program({ commandId: "c-slow", instanceIds: ["i-a", "i-b"] });
      react("InvokeCommand", () => react("DescribeInvocations", () => process.kill(findDescendant(ENGINE), "SIGINT")));
      const report = await engine.up(slow);
      expect(report.succeeded).toBe(false);
      expect(report.diagnostics).toContainEqual(
        expect.stringMatching(
          /interrupted while it waited for invocation "t-\w+", which goes on and was not stopped; run `pulumi up` again to go on waiting/,
        ),
      );
      const { run } = await engine.resources();
      expect(run?.id).toMatch(/^t-/);
      expect(["Pending", "Running"]).toContain(run?.outputs.status);

      const next = await engine.up(slow);
      expect([next.succeeded, next.steps]).toEqual([true, ["update run"]]);
      expect(await outputs()).toEqual(["1\n", "1\n"]);
      expect(invocations()).toHaveLength(1);
    },
  );
});

onEngine("a replacement on demand", () => {
  const NIGHTLY = { ...BOTH, frequency: "0 0 2 * * ? Asia/Shanghai" };
  const REPLACED = ["create-replacement run", "replace run", "delete-replaced run"];

  test("of a live schedule takes it over, so that two never run side by side; with --refresh it starts anew", async () => {
    const nightly = program(NIGHTLY);
    await engine.up(nightly);
    const first = (await engine.resources()).run;
    const replace = [first?.urn ?? ""];
    const kept = await engine.up(nightly, { replace });
    expect(kept.steps).toEqual(REPLACED);
    expect(kept.diagnostics).toContainEqual(
      expect.stringMatching(
        /^warning run: invocation "t-\w+" is not stopped: .*use `pulumi up --refresh --replace <urn>`/,
      ),
    );
    expect((await engine.resources()).run?.id).toBe(first?.id);
    expect(invocations()).toHaveLength(1);

    expect((await engine.up(nightly, { replace, refresh: true })).steps).toEqual(expect.arrayContaining(REPLACED));
    const second = (await engine.resources()).run;
    expect(second?.id).not.toBe(first?.id);
    await engine.refresh();
    expect((await engine.resources()).run?.outputs).toMatchObject({ invokeId: second?.id, status: "Scheduled" });
    const effects = emulator.journal().filter(({ action }) => /^(Invoke|Stop)/.test(action));
    expect(effects.map(({ action }) => action)).toEqual(["InvokeCommand", "StopInvocation", "InvokeCommand"]);
    await engine.destroy();
  });
});
