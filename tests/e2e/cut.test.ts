// Engine and provider are killed while the service starts everything that a program declares; then the program is edited, and
// applied. One cut, and a row for each edit.
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { ENGINE } from "../../tools/processes";
import { onEngine, type Report } from "./engine";
import { front } from "./front";
import { type Live, openStage, type Stage } from "./stage";

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const ON_A = { commandId: "c-count", instanceIds: ["i-a"] };
const says = (word: string) => ({ parameters: { word } });

interface Row {
  name: string;
  before: InvocationArgs;
  /** Undefined: taken out of the program. */
  after: InvocationArgs | undefined;
  /** What is said of it, ids as "t-…". */
  said: string[];
  /** How often its words ran in the end, by machine. */
  runs: Record<string, Record<string, number>>;
  /** What is live in the end. */
  live: Partial<Live>[];
}

const WENT_ON = 'info: goes on with invocation "t-…", which an earlier update had started and could not record';
const STOPPED = [
  'info: stops invocation "t-…", which an earlier update had started for other inputs and could not record, before this one runs',
  'info: invocation "t-…", which an earlier update had started for other inputs and could not record, was stopped before this one runs',
];

const schedule = (name: string, edit: InvocationArgs, live: Partial<Live>, said: string[] = [WENT_ON]): Row => {
  const before = { ...ON_A, ...says(name), frequency: NIGHTLY };
  return { name, before, after: { ...before, ...edit }, said, runs: {}, live: [live] };
};

const ROWS: Row[] = [
  schedule("frequency", { frequency: "0 30 2 * * ? Asia/Shanghai" }, { frequency: "0 30 2 * * ? Asia/Shanghai" }),
  schedule("machine", { instanceIds: ["i-a", "i-b"] }, { instanceIds: ["i-a", "i-b"] }),
  schedule("tags", { tags: { team: "ops" } }, { tags: expect.objectContaining({ team: "ops" }) }),
  schedule("spelling", { frequency: "0 0 2 ? * * Asia/Shanghai" }, { frequency: NIGHTLY }),
  schedule("timeout", { timeout: 30 }, {}, STOPPED),
  {
    name: "joined",
    before: { commandId: "c-count", instanceIds: ["i-a", "i-b"], ...says("joined") },
    after: { commandId: "c-count", instanceIds: ["i-a", "i-b", "i-c"], ...says("joined") },
    said: [WENT_ON],
    runs: { joined: { "i-a": 1, "i-b": 1, "i-c": 1 } },
    live: [],
  },
  {
    name: "edited",
    before: { ...ON_A, ...says("long") },
    after: { ...ON_A, ...says("short") },
    said: STOPPED,
    runs: { long: { "i-a": 1 }, short: { "i-a": 1 } },
    live: [],
  },
  {
    name: "removed",
    before: { ...ON_A, ...says("removed"), frequency: NIGHTLY },
    after: undefined,
    said: [],
    runs: {},
    live: [{ frequency: NIGHTLY }],
  },
];

const program = (which: "before" | "after") => async () => {
  for (const { name, [which]: args } of ROWS) if (args) new Invocation(name, args);
};

const plain = (text: string) => text.replace(/\bt-\w+/g, "t-…");

onEngine("everything is cut off in InvokeCommand, and then edited", () => {
  let stage: Stage;
  let applied: Report;
  let live: Live[];

  beforeAll(async () => {
    stage = await openStage(["i-a", "i-b", "i-c"].map((instanceId) => ({ instanceId })));
    const { engine } = stage;
    stage.killDuring("InvokeCommand", [ENGINE, front.process], ROWS.length);
    expect((await engine.up(program("before"), { parallel: ROWS.length })).succeeded).toBe(false);
    await engine.unlock();
    expect(Object.keys(await engine.resources())).toEqual([]);
    applied = await engine.up(program("after"));
    live = await stage.live();
  });

  afterAll(() => stage.stop());

  test("one invocation for each, and no second one but where the first was stopped", () => {
    expect(applied.succeeded).toBe(true);
    const started = stage.emulator.journal().filter(({ action }) => action === "InvokeCommand");
    // Of those that are edited to what nothing can be changed to, and on the machine that joined.
    expect(started).toHaveLength(ROWS.length + 3);
  });

  test.each(ROWS.map((row) => [row.name, row] as const))("%s", async (name, row) => {
    const own = applied.diagnostics.filter((line) => line.includes(` ${name}: `) && !line.includes("next runs"));
    expect(own.map((line) => plain(line).replace(` ${name}: `, ": "))).toEqual(row.said);
    for (const [word, counts] of Object.entries(row.runs)) expect(stage.count(word)).toEqual(counts);
    const mine = live.filter(({ tags }) => tags["pulumi-cloud-assistant"]?.endsWith(`story/dev/${name}`));
    expect(mine).toEqual(row.live.map((expected) => expect.objectContaining(expected)));
    const held = (await stage.engine.resources())[name];
    if (row.after && mine.length > 0) expect(mine.map(({ invokeId }) => invokeId)).toEqual([held?.id]);
  });

  test("what was taken out of the program is named under the stack, with the command that stops it", () => {
    const [stray] = live.filter(({ tags }) => tags["pulumi-cloud-assistant"]?.endsWith("story/dev/removed"));
    // The engine itself says which operations are pending.
    expect(applied.diagnostics.filter((line) => line.startsWith("warning: invocation"))).toEqual([
      `warning: invocation "${stray?.invokeId}" of resource "story/dev/removed" is Scheduled, and nothing has shown yet that a state holds it: if \`pulumi stack --show-ids\` does not list it, nor that of a stack it was moved to, it lives on unseen; stop it then with \`npx cloud-assistant runs --region cn-hangzhou --stop ${stray?.invokeId}\``,
    ]);
  });

  test("destroy stops what the state holds, and names the other one again", async () => {
    const destroyed = await stage.engine.destroy();
    const [stray, ...others] = await stage.live();
    expect(others).toEqual([]);
    expect(destroyed.diagnostics).toContainEqual(expect.stringContaining(`--stop ${stray?.invokeId}\``));
    expect(stage.count("short")).toEqual({ "i-a": 1 });
  });
});
