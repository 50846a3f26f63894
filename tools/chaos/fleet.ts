// One life of a rollout over 250 machines, in a process of its own: three versions, each struck down again and again on its way,
// and every machine is counted that ran one of them another number of times than once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { Rollout } from "pulumi-cloud-assistant";
import { startEmulator } from "pulumi-cloud-assistant/emulator";
import { isAlive } from "../processes";
import { type Engine, openEngine, type Report } from "../pulumi/engine";
import { type Gate, openGate } from "./gate";
import { describeBoundary, strikeDown, type Told, within } from "./life";
import type { Boundary } from "./plan";

const MACHINES = 250;
const VERSIONS = ["c-one", "c-two", "c-three"];
/** About so many in a hundred fail, which is borne; and how long it takes on a machine. */
const FAILS_PERCENT = 2;
const DURATION_MS = 300;

interface Blow {
  victim: "provider" | "engine" | "both";
  boundary: Boundary;
}

/** Where an update of a rollout may be struck: of its calls those that have an effect most of all. */
const blow: fc.Arbitrary<Blow> = fc.record({
  victim: fc.constantFrom("provider", "engine", "both"),
  boundary: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        of: fc.constant("call" as const),
        action: fc.constant("InvokeCommand"),
        nth: fc.integer({ min: 1, max: 3 }),
        side: fc.constantFrom("before", "after"),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        of: fc.constant("call" as const),
        nth: fc.integer({ min: 8, max: 40 }),
        side: fc.constantFrom("before", "after"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        of: fc.constant("save" as const),
        nth: fc.integer({ min: 1, max: 5 }),
        side: fc.constantFrom("before", "after"),
      }),
    },
  ),
});

const life = fc.array(fc.array(blow, { minLength: 3, maxLength: 6 }), {
  minLength: VERSIONS.length,
  maxLength: VERSIONS.length,
});

async function live(blows: readonly (readonly Blow[])[]): Promise<Told> {
  const directory = mkdtempSync(path.join(tmpdir(), "chaos-"));
  const emulator = await startEmulator({
    instances: MACHINES,
    commands: VERSIONS.map((commandId) => ({ commandId, name: commandId, content: commandId })),
    outcomes: [{ percent: FAILS_PERCENT, exitCode: 3, durationMs: DURATION_MS }, { durationMs: DURATION_MS }],
    directory,
  });
  const told: Told = { lines: [], complaints: [], cuts: [], runs: 0, schedules: 0, operations: 0 };
  const counts = new Map<string, number>();
  const counting = countRuns(emulator.events(), counts);
  const engine = await openEngine();
  const gate = await openGate({
    serviceUrl: emulator.url,
    stateDirectory: engine.stateDirectory,
    onAnswer: async () => {},
  });
  const environment = { ...emulator.environment, ALIBABA_CLOUD_ENDPOINT_ECS: gate.url };
  const providers: number[] = [];
  try {
    for (const [i, commandId] of VERSIONS.entries()) {
      const program = async () => {
        new Rollout("fleet", {
          commandId,
          instanceIds: [...emulator.instanceIds],
          maxFailures: "10%",
          canaryFailures: 1,
        });
      };
      const up = () => engine.up(program, { environment });
      for (const each of blows[i] ?? []) await strike({ engine, gate, told, providers, up }, each);
      await settle(told, up);
      const wrong = emulator.instanceIds.filter((id) => counts.get(id) !== i + 1);
      told.complaints.push(
        ...wrong.map((id) => `${commandId}: ${id} has run ${counts.get(id) ?? 0} times, ${i + 1} wanted`),
      );
    }
    told.operations++;
    const destroyed = await within(engine.destroy(), "destroy");
    if (!destroyed.succeeded) told.complaints.push(`destroy failed: ${destroyed.diagnostics.join("; ")}`);
  } catch (error) {
    told.complaints.push(error instanceof Error ? error.message : String(error));
  } finally {
    // A provider whose engine was killed lives on for a while.
    for (const pid of providers.filter(isAlive)) process.kill(pid, "SIGKILL");
    await gate.stop();
    engine.remove();
    await emulator.stop();
    await counting;
    rmSync(directory, { recursive: true, force: true });
  }
  told.runs = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return told;
}

async function countRuns(
  events: ReturnType<Awaited<ReturnType<typeof startEmulator>>["events"]>,
  counts: Map<string, number>,
): Promise<void> {
  for await (const event of events)
    if (event.kind === "run" && event.phase === "started")
      counts.set(event.instanceId, (counts.get(event.instanceId) ?? 0) + 1);
}

interface Stage {
  engine: Engine;
  gate: Gate;
  told: Told;
  providers: number[];
  up: () => Promise<Report>;
}

async function strike({ engine, gate, told, providers, up }: Stage, { victim, boundary }: Blow): Promise<void> {
  let isCut = false;
  gate.arm(boundary, () => {
    const struck = strikeDown(victim, providers);
    isCut = struck.isCut;
    return struck.isCallerAlive;
  });
  told.operations++;
  const report = await within(up(), "up");
  gate.disarm();
  told.lines.push(
    `up: ${isCut ? `${victim} killed ${describeBoundary(boundary)}` : "nothing was cut"}, ${report.succeeded ? "succeeded" : "failed"}`,
  );
  if (!isCut && !report.succeeded)
    told.complaints.push(`up failed, and nothing was cut off: ${report.diagnostics.join("; ")}`);
  if (!isCut) return;
  told.cuts.push({ victim, boundary: describeBoundary(boundary) });
  if (victim !== "provider") await engine.unlock();
}

/** An engine at the address of one that was killed is taken to be down for a while, so the first may fail. */
async function settle(told: Told, up: () => Promise<Report>): Promise<void> {
  for (let n = 1; n <= 3; n++) {
    told.operations++;
    const report = await within(up(), "up, undisturbed");
    told.lines.push(`up, undisturbed: ${report.succeeded ? "succeeded" : `failed: ${report.diagnostics.join("; ")}`}`);
    if (report.succeeded) return;
  }
  throw new Error("no update succeeded out of 3 that nothing disturbed");
}

async function main(): Promise<void> {
  const [seed = 1, number = 1] = process.argv.slice(2).map(Number);
  const [blows = []] = fc.sample(life, { seed: Math.imul(seed, 7919) + number, numRuns: 1 });
  const told = await live(blows);
  process.send?.(told, () => process.exit(0));
}

if (require.main === module) void main();
