// The package as its users have it: packed, installed by npm and by pnpm into projects of their own, on every Node and SDK
// that it says it takes, through the life of a stack and through an upgrade in the middle of it.
// CI runs the rows marked as corners: the smallest and the newest.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { pack } from "../../tools/pack";
import { createProject, type Project, type ProjectOptions } from "./project";

jest.setTimeout(300_000);

type Row = [
  node: number,
  sdk: string,
  manager: ProjectOptions["manager"],
  language: ProjectOptions["language"],
  corner: string,
];

const ROWS: Row[] = [
  [20, "3.216.0", "npm", "typescript", " (smallest corner)"],
  [20, "3.248.0", "pnpm", "javascript", ""],
  [22, "3.216.0", "pnpm", "typescript", ""],
  [22, "3.248.0", "npm", "javascript", ""],
  [22, "latest", "pnpm", "typescript", ""],
  [24, "3.216.0", "npm", "javascript", ""],
  [24, "3.248.0", "pnpm", "typescript", ""],
  [24, "latest", "pnpm", "javascript", " (newest corner)"],
];

const BEFORE = "0 0 2 * * ? Asia/Shanghai";
const AFTER = "0 30 3 * * ? Asia/Shanghai";
/** What stands in the state as the provider; pnpm's store lies below another package's folder. */
const PROVIDERS = { npm: readProvider("installed.txt"), pnpm: readProvider("nested.txt") };

function readProvider(file: string): string {
  return readFileSync(path.resolve(__dirname, "../fixtures/shim", file), "utf8");
}

let directory: string;
let previous: string;
let next: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "packed-"));
  previous = pack(directory, "0.0.1-previous").archive;
  next = pack(directory, "0.0.2-next").archive;
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(ROWS)("Node %i, SDK %s, %s, %s%s", (node, sdk, manager, language) => {
  let emulator: Emulator;
  let project: Project;

  const countCalls = (action: string) => emulator.journal().filter((entry) => entry.action === action).length;

  beforeAll(async () => {
    emulator = await startEmulator({
      instances: [{ instanceId: "i-life1" }, { instanceId: "i-life2" }],
      commands: [{ commandId: "c-life", name: "life", content: 'echo "hello from {{ACS::InstanceId}}"' }],
    });
    project = await createProject({ node, sdk, manager, language, environment: emulator.environment });
    await project.install(previous);
  });

  afterAll(async () => {
    project.remove();
    await emulator.stop();
  });

  test("the emulator starts from the installed package", async () => {
    const script = `
      require("pulumi-cloud-assistant/emulator").startEmulator({ instances: 1 }).then(async (emulator) => {
        process.stdout.write(emulator.instanceIds.join());
        await emulator.stop();
      });`;
    expect(await project.evaluate(script)).toBe("i-emulated0001");
  });

  test("the plugin starts from where Pulumi.yaml names it", async () => {
    const script = `
      const { execFileSync } = require("node:child_process");
      process.stdout.write(execFileSync("node_modules/.bin/pulumi-resource-cloudassistant", ["--version"]));`;
    expect(await project.evaluate(script)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("a first update runs the command once and sets the schedule", async () => {
    const { changes, outputs, providers } = await project.run("up", { frequency: BEFORE });
    expect(changes).toEqual({ create: 3 });
    expect(outputs).toMatchObject({ printed: ["hello from i-life1", "hello from i-life2"], frequency: BEFORE });
    expect(providers).toEqual([PROVIDERS[manager], PROVIDERS[manager]]);
    expect(countCalls("InvokeCommand")).toBe(2);
  });

  test("a change of the schedule is made in place", async () => {
    const { changes, outputs } = await project.run("up", { frequency: AFTER });
    expect(changes).toEqual({ same: 2, update: 1 });
    expect(outputs.frequency).toBe(AFTER);
    expect(countCalls("InvokeCommand")).toBe(2);
    expect(countCalls("ModifyInvocationAttribute")).toBe(1);
  });

  test("after an upgrade of the package nothing differs", async () => {
    await project.install(next);
    expect(await project.evaluate('process.stdout.write(require("pulumi-cloud-assistant/package.json").version)')).toBe(
      "0.0.2-next",
    );
    emulator.clearJournal();
    expect((await project.run("preview", { frequency: AFTER })).changes).toEqual({ same: 3 });
    const { changes, providers } = await project.run("up", { frequency: AFTER });
    expect(changes).toEqual({ same: 3 });
    expect(providers).toEqual([PROVIDERS[manager], PROVIDERS[manager]]);
    expect(emulator.journal()).toEqual([]);
  });

  test("the upgraded package destroys what the previous one made", async () => {
    await project.run("destroy");
    expect(countCalls("StopInvocation")).toBe(1);
  });
});
