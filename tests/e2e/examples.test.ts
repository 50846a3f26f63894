// Every example lives on the real engine as its overlays say: the program stays, the overlay is the change.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ConfigMap, PulumiFn } from "@pulumi/pulumi/automation";
import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onEngine, openEngine, type Report } from "./engine";

const EXAMPLES = path.resolve(__dirname, "../../examples");

type Config = Readonly<Record<string, string>>;

const loadProgram = (example: string): PulumiFn => require(path.join(EXAMPLES, example));
const loadConfig = (example: string, overlay: string): Config => require(path.join(EXAMPLES, example, overlay)).config;
const loadSeeds = (example: string): EmulatorOptions => {
  const file = path.join(EXAMPLES, example, "emulator.json");
  // Without seeds it begins empty, and machines come through the control API.
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { control: true };
};

/** What an example must be told before it is run, as its README says. */
const CONFIGURED: Record<string, ConfigMap> = {
  bootstrap: { vswitchId: { value: "vsw-1" }, securityGroups: { value: '["sg-1"]' } },
};

/** What one step of an example's life leads to. */
interface Step {
  /** The overlay that is applied; none: the example as it is. */
  overlay?: "update" | "replace" | "fail";
  /** Refused before anything is touched. */
  isRefused?: boolean;
  /** What the engine does, in this order unless it is parallel. */
  steps?: string[];
  isParallel?: boolean;
  /** Commands that are run or scheduled. */
  runs?: number;
  /** The errors of a step that fails; ids of invocations as "t-…". */
  errors?: string[];
  outputs?: Record<string, unknown>;
}

const REPLACED = (name: string) => [`create-replacement ${name}`, `replace ${name}`, `delete-replaced ${name}`];
/** A live schedule is stopped before another is set. */
const STOPPED_FIRST = (name: string) => [`delete-replaced ${name}`, `replace ${name}`, `create-replacement ${name}`];

/** How the engine words a failure of `check`. */
const refusal = (name: string, property: string, value: string, reason: string) =>
  `error ${name}: pulumi-nodejs:dynamic/cloudassistant:Invocation resource '${name}': property ${property} value ${value} has a problem: ${reason}`;

const LIVES: Record<string, Step[]> = {
  script: [
    { steps: ["create setup"], runs: 1, outputs: { printed: ["i-web1 is set up", "i-web2 is set up"] } },
    {
      overlay: "update",
      steps: ["update setup"],
      runs: 1,
      outputs: { printed: ["i-web1 is set up", "i-web2 is set up", "i-web3 is set up"] },
    },
    { overlay: "replace", steps: REPLACED("setup"), runs: 1, outputs: { printed: ["Linux", "Linux", "Linux"] } },
    {
      overlay: "fail",
      errors: [
        'error setup: 1 error occurred:\n\t* the script failed on 3 of 3 instances (invocation "t-…")\n    "i-web1", "i-web2", "i-web3": exited with code 28; last lines of "i-web1":\n        no space left',
        "error: update failed",
      ],
    },
  ],
  quickstart: [
    { outputs: { nightlyStatus: "Scheduled" } },
    {
      overlay: "update",
      isParallel: true,
      steps: ["same now", "update nightly"],
      outputs: { nightlyStatus: "Scheduled" },
    },
    {
      overlay: "replace",
      isParallel: true,
      steps: [...REPLACED("now"), ...STOPPED_FIRST("nightly")],
      outputs: { nightlyStatus: "Scheduled" },
    },
    {
      overlay: "fail",
      isRefused: true,
      errors: [
        refusal(
          "nightly",
          "frequency",
          "{60 0 2 * * ? Asia/Shanghai}",
          'Cannot parse frequency "60 0 2 * * ? Asia/Shanghai": expected a second from 0 to 59, found "60" (at offset 0)',
        ),
      ],
    },
  ],
  nightly: [
    { steps: ["create rotate"], outputs: { status: "Scheduled", frequency: "0 0 2 * * ? Asia/Shanghai" } },
    { overlay: "update", steps: ["update rotate"], outputs: { frequency: "0 30 2 * * ? Asia/Shanghai" } },
    { overlay: "replace", steps: STOPPED_FIRST("rotate"), outputs: { status: "Scheduled" } },
    {
      overlay: "fail",
      isRefused: true,
      errors: [
        refusal(
          "rotate",
          "frequency",
          "{0 0 2 ? * MON-SUN Asia/Shanghai}",
          'Cannot parse frequency "0 0 2 ? * MON-SUN Asia/Shanghai": the weekday range MON-SUN ends on Sunday, which the agent reads as empty, so it would never fire; write "*" or "SUN,MON-SAT" (at offset 10)',
        ),
      ],
    },
  ],
  drain: [
    { isParallel: true, steps: ["create server-10.0.0.1", "create server-10.0.0.2"], runs: 2 },
    { overlay: "update", isParallel: true, steps: ["same server-10.0.0.1", "delete server-10.0.0.2"], runs: 1 },
    { overlay: "replace", steps: REPLACED("server-10.0.0.1"), runs: 2 },
    {
      overlay: "fail",
      isRefused: true,
      errors: [
        refusal(
          "server-10.0.0.1",
          "onDelete",
          '{map[commandContent:{sed -i "/server 10.0.0.1:/d" upstreams.conf} timeout:{5}]}',
          "onDelete is wrong: timeout must be a whole number of seconds, 10 or more: current value is 5",
        ),
      ],
    },
  ],
  bootstrap: [
    {
      isParallel: true,
      steps: ["create web1", "create web2", "create bootstrap"],
      runs: 1,
      outputs: { results: { "i-web1": { output: "Complete!\n" }, "i-web2": { output: "Complete!\n" } } },
    },
    {
      overlay: "update",
      isParallel: true,
      steps: ["same web1", "same web2", "create web3", "update bootstrap"],
      runs: 1,
      outputs: { results: { "i-web1": { repeats: 1 }, "i-web3": { output: "Complete!\n" } } },
    },
    {
      overlay: "replace",
      isParallel: true,
      steps: ["same web1", "same web2", "same web3", ...REPLACED("bootstrap")],
      runs: 1,
    },
    {
      overlay: "fail",
      errors: [
        'error bootstrap: 1 error occurred:\n\t* the script failed on 3 of 3 instances (invocation "t-…")\n    "i-web1", "i-web2", "i-web3": exited with code 1; last lines of "i-web1":\n        Error: Unable to find a match',
        "error: update failed",
      ],
      runs: 1,
    },
  ],
  windows: [
    { steps: ["create hotfixes"], outputs: { missing: ["i-win1: KB5034441", "i-win2: none"] } },
    { overlay: "update", steps: ["update hotfixes"], runs: 0 },
    { overlay: "replace", steps: REPLACED("hotfixes") },
    {
      overlay: "fail",
      isRefused: true,
      errors: [
        refusal(
          "hotfixes",
          "instanceIds",
          "{[{i-win1} {i-web1}]}",
          'instanceIds must name instances that can run the command, but 1 of 2 cannot: "i-web1" runs Linux, and the command is a RunPowerShellScript; use a RunShellScript there',
        ),
      ],
    },
  ],
  reboot: [
    { steps: ["create mount"], outputs: { status: "Scheduled" } },
    { overlay: "update", steps: ["update mount"] },
    { overlay: "replace", steps: STOPPED_FIRST("mount"), outputs: { status: "Scheduled" } },
    {
      overlay: "fail",
      isRefused: true,
      errors: [
        refusal(
          "mount",
          "instanceIds",
          "{[{i-old1}]}",
          'instanceIds must name instances that can run the command, but 1 of 1 cannot: "i-old1" has agent 2.2.0.40, too old for repeatMode NextRebootOnly and EveryReboot, which came with 2.2.0.46; upgrade the agent',
        ),
      ],
    },
  ],
  results: [
    { steps: ["create role", "create follow"], outputs: { leader: "i-db1", told: "reading from i-db1.internal" } },
    { overlay: "update", steps: ["update role", "same follow"], runs: 0 },
    { overlay: "replace", steps: ["create-replacement role", "replace role", "same follow", "delete-replaced role"] },
    {
      overlay: "fail",
      errors: [
        'error role: 1 error occurred:\n\t* command "c-role" failed on 1 of 2 instances (invocation "t-…")\n    "i-db2": exited with code 1; last lines of "i-db2":\n        i-db2.internal\n        I follow',
        "error: update failed",
      ],
    },
  ],
  pipeline: [
    { steps: ["create deploy"], outputs: { deployed: ["i-web1 runs 1.0.0", "i-web2 runs 1.0.0"] } },
    { overlay: "update", steps: ["update deploy"], runs: 0 },
    {
      overlay: "replace",
      steps: REPLACED("deploy"),
      outputs: { deployed: ["i-web1 runs 1.1.0", "i-web2 runs 1.1.0"] },
    },
    {
      overlay: "fail",
      errors: [
        'error deploy: 1 error occurred:\n\t* command "c-deploy" failed on 2 of 2 instances (invocation "t-…")\n    "i-web1", "i-web2": exited with code 1; last lines of "i-web1":\n        the health check does not answer',
        "error: update failed",
      ],
    },
  ],
  fleet: [
    {
      steps: ["create agent", "create agent-fleet", "create agent-verdict"],
      outputs: { status: "Paused", succeeded: 1, held: 19 },
    },
    {
      overlay: "update",
      steps: ["same agent", "update agent-fleet", "update agent-verdict"],
      outputs: { status: "Succeeded", succeeded: 20, held: 0 },
    },
    {
      overlay: "replace",
      steps: ["same agent", "update agent-fleet", "update agent-verdict"],
      outputs: { status: "Succeeded", succeeded: 20, held: 0 },
    },
    {
      overlay: "fail",
      errors: [
        expect.stringMatching(
          /^error agent-verdict: stopped in wave 1 of 4: 1 of 1 machine of wave 1 has failed, and none is borne\n"i-web\d\d": exited with code 1; last lines of "i-web\d\d":\n {4}the health check does not answer\nheld: 19 machines have not been started/,
        ),
        "error: update failed",
      ],
    },
  ],
};

const REAL_PATH = process.env.PATH ?? "";

onEngine.each(Object.entries(LIVES))("examples/%s", (example, life) => {
  let emulator: Emulator;
  let engine: Engine;

  beforeAll(async () => {
    // In front of the real one, if there is one.
    process.env.PATH = `${path.join(__dirname, "alicloud")}${path.delimiter}${REAL_PATH}`;
    emulator = await startEmulator(loadSeeds(example));
    engine = await openEngine({ environment: emulator.environment, config: CONFIGURED[example] ?? {} });
  });

  afterAll(async () => {
    engine.remove();
    await emulator.stop();
    process.env.PATH = REAL_PATH;
  });

  /** A trial runs nothing. */
  const countRuns = () =>
    emulator
      .journal()
      .filter(({ action, parameters }) => /^(Invoke|Run)Command$/.test(action) && parameters.RepeatMode !== "DryRun")
      .length;

  const run = async ({ overlay, isRefused }: Step): Promise<Report> => {
    const config = overlay === undefined ? {} : loadConfig(example, overlay);
    await engine.setConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])));
    return isRefused ? engine.preview(loadProgram(example)) : engine.up(loadProgram(example));
  };

  test.each(life.map((step) => [step.overlay ?? "as it is", step] as const))("%s", async (_, step) => {
    const inOrder = (lines: string[]) => (step.isParallel ? [...lines].sort() : lines);
    const runsBefore = countRuns();
    const report = await run(step);
    const errors = report.diagnostics.filter((line) => line.startsWith("error"));
    expect(inOrder(errors.map((line) => line.replace(/"t-[0-9a-f]+"/g, '"t-…"')))).toEqual(inOrder(step.errors ?? []));
    expect(report.succeeded).toBe(step.errors === undefined);
    if (step.runs !== undefined) expect(countRuns() - runsBefore).toBe(step.runs);
    if (step.steps) expect(inOrder(report.steps)).toEqual(inOrder(step.steps));
    const outputs = Object.fromEntries(Object.entries(report.outputs).map(([name, { value }]) => [name, value]));
    if (step.outputs) expect(outputs).toMatchObject(step.outputs);
  });

  test("is destroyed, and called nothing that the pipeline's policy does not allow", async () => {
    expect((await engine.destroy()).succeeded).toBe(true);
    expect(await engine.resources()).toEqual({});
    const called = new Set(emulator.journal().map(({ action }) => action));
    const { Statement } = JSON.parse(readFileSync(path.join(EXAMPLES, "pipeline/policy.json"), "utf8"));
    const allowed = Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    expect([...called].filter((action) => !allowed.includes(`ecs:${action}`))).toEqual([]);
  });
});

test.each(Object.entries(LIVES))("every overlay of examples/%s is applied", (example, life) => {
  const files = readdirSync(path.join(EXAMPLES, example)).filter((file) => /^(update|replace|fail)\.ts$/.test(file));
  expect(life.flatMap(({ overlay }) => (overlay ? `${overlay}.ts` : [])).sort()).toEqual(files.sort());
});

const hasAlicloud = (process.env.PATH ?? "")
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, "pulumi-resource-alicloud")));

(hasAlicloud ? test : test.skip)("examples/bootstrap is previewed by the real alicloud provider", async () => {
  const emulator = await startEmulator();
  const engine = await openEngine({
    environment: { ...emulator.environment, ALICLOUD_SKIP_REGION_VALIDATION: "true" },
    config: {
      "alicloud:region": { value: emulator.regionId },
      ...CONFIGURED.bootstrap,
    },
  });
  const { succeeded, steps } = await engine.preview(loadProgram("bootstrap"));
  engine.remove();
  await emulator.stop();
  expect(succeeded).toBe(true);
  expect(steps.sort()).toEqual(["bootstrap", "web1", "web2"].map((name) => `create ${name}`));
});
