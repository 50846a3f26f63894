// One life of a stack, in a process of its own: what is planned is done on the real engine, and what came of it is counted.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Invocation } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { listInvocations } from "../../provider/cloud/search";
import { isLive } from "../../provider/rules/status";
import { ENGINE, isAlive, listDescendants, PROVIDER } from "../processes";
import { type Engine, openEngine, type Report } from "../pulumi/engine";
import { type Gate, openGate } from "./gate";
import { type Counts, findSideBySide, judgeRuns, judgeSchedules, type LiveSchedule } from "./judge";
import {
  type Attempt,
  type Boundary,
  type Cut,
  FLAKY,
  FLAKY_INSTANCE_ID,
  type Goal,
  INSTANCE_IDS,
  type Life,
  planLife,
  SLOW,
  type Step,
  type Victim,
} from "./plan";

/** What a life tells whoever started it. */
export interface Told {
  /** What was done and counted, line by line. */
  lines: string[];
  /** What must not be. */
  complaints: string[];
  /** What was really cut off. */
  cuts: { victim: Victim; boundary: string }[];
  /** Runs that were counted, of the schedules that were live, and operations that it took. */
  runs: number;
  schedules: number;
  operations: number;
}

/** Says on each machine what ran there, and fails or takes its time where its word says so. */
const CONTENT = [
  'echo "{{word}}" >> "$HOME/runs"',
  `if [ "{{ACS::InstanceId}}" = ${FLAKY_INSTANCE_ID} ]; then`,
  `  case "{{word}}" in ${FLAKY}*) if ! [ -e "$HOME/{{word}}" ]; then touch "$HOME/{{word}}"; exit 3; fi;; esac`,
  "fi",
  `case "{{word}}" in ${SLOW}*) sleep 1;; esac`,
].join("\n");

const COMMANDS = [
  { commandId: "c-once", name: "once", content: CONTENT },
  { commandId: "c-nightly", name: "nightly", content: 'echo "{{word}}"' },
];

/** Of an `up` to succeed: the second goes on where a run has failed. */
const MAX_SETTLES = 3;

/** An operation that takes longer hangs. The engine tries 30 s at each state that it cannot save. */
const OPERATION_MS = 600_000;

const program =
  ({ once, beat, nightly }: Goal) =>
  async () => {
    const declare = (name: string, { word, instanceIds }: Goal["beat"]) =>
      new Invocation(name, { commandId: "c-once", instanceIds, parameters: { word } });
    if (once) declare("once", once);
    declare("beat", beat);
    if (!nightly) return;
    const { word, ...rest } = nightly;
    new Invocation("nightly", { commandId: "c-nightly", parameters: { word }, ...rest });
  };

async function live({ steps, destroyed }: Life): Promise<Told> {
  const directory = mkdtempSync(path.join(tmpdir(), "chaos-"));
  const emulator = await startEmulator({
    instances: INSTANCE_IDS.map((instanceId) => ({ instanceId })),
    commands: COMMANDS,
    directory: path.join(directory, "machines"),
  });
  const told: Told = { lines: [], complaints: [], cuts: [], runs: 0, schedules: 0, operations: 0 };
  const service = look(emulator, path.join(directory, "machines"));
  const environment = { ...emulator.environment };
  const engine = await openEngine();
  const gate = await openGate({
    serviceUrl: emulator.url,
    stateDirectory: engine.stateDirectory,
    onAnswer: async (action) => {
      if (action === "InvokeCommand") told.complaints.push(...findSideBySide(await service.listSchedules()));
    },
  });
  const providers: number[] = [];
  const stage = {
    engine,
    gate,
    service,
    told,
    providers,
    environment: { ...environment, ALIBABA_CLOUD_ENDPOINT_ECS: gate.url },
  };
  try {
    const goals = await playSteps(stage, steps);
    await playEnd(stage, goals, destroyed);
  } catch (error) {
    if (error instanceof Unheard) told.lines.push(`  ${error.message}`);
    else told.complaints.push(error instanceof Error ? error.message : String(error));
  } finally {
    // A provider whose engine was killed lives on for a while.
    for (const pid of providers.filter(isAlive)) process.kill(pid, "SIGKILL");
    await gate.stop();
    engine.remove();
    await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return told;
}

interface Stage {
  engine: Engine;
  gate: Gate;
  service: Service;
  told: Told;
  environment: Readonly<Record<string, string>>;
  /** Processes that have outlived their engine. */
  providers: number[];
}

interface Goals {
  tried: Goal[];
  settled: Goal[];
}

async function playSteps(stage: Stage, steps: readonly Step[]): Promise<Goals> {
  const goals: Goals = { tried: [], settled: [] };
  for (const { attempts, goal } of steps) {
    let last: Report | undefined;
    for (const attempt of attempts) {
      goals.tried.push(attempt.goal);
      // One that edits nothing, after one that succeeded, would have nothing to do.
      if (!last?.succeeded || attempt.edits.length > 0) last = await attemptUp(stage, attempt);
    }
    goals.tried.push(goal);
    const isThere = last?.succeeded && isDeepStrictEqual(goal, attempts.at(-1)?.goal);
    const report = isThere && last ? last : await settle(stage, goal);
    goals.settled.push(goal);
    await takeStock(stage, goals, report);
  }
  return goals;
}

async function attemptUp(stage: Stage, { edits, goal, refreshes, cut }: Attempt): Promise<Report> {
  const { engine, environment } = stage;
  const what = [refreshes ? "up --refresh" : "up", edits.length > 0 ? `(${edits.join(", ")})` : ""].join(" ").trim();
  const skips = { PULUMI_SKIP_CHECKPOINTS: String(cut?.skipsCheckpoints === true) };
  return heard(
    await operate(stage, what, cut, () =>
      engine.up(program(goal), { refresh: refreshes, environment: { ...environment, ...skips } }),
    ),
  );
}

/**
 * The SDK ends a program without a word when it takes its engine to be down ("Resource monitor is terminating"), as it does for a while
 * at an address where one was killed in the same process: the engine then takes the program to declare nothing, and deletes everything.
 */
class Unheard extends Error {
  constructor() {
    super("the program was not heard by an engine at the address of one that was killed: what follows tells nothing");
    this.name = "Unheard";
  }
}

/** Whatever is declared, `beat` is. */
function heard(report: Report): Report {
  const isBeat = (step: string) => step.endsWith(" beat") && !step.startsWith("delete ");
  if (report.succeeded && !report.steps.some(isBeat)) throw new Unheard();
  return report;
}

/** Runs an operation that is cut off, unless it ends before the moment has come. */
async function operate(
  stage: Stage,
  what: string,
  cut: Cut | undefined,
  operation: () => Promise<Report>,
): Promise<Report> {
  const { engine, gate, told, providers } = stage;
  let restore: (() => void) | undefined;
  let isCut = false;
  if (cut)
    gate.arm(cut.boundary, () => {
      if (cut.victim === "saves") {
        restore = engine.loseSaves();
        isCut = true;
        return true;
      }
      const struck = strikeDown(cut.victim, providers);
      isCut = struck.isCut;
      return struck.isCallerAlive;
    });
  told.operations++;
  const begun = performance.now();
  const report = await within(operation(), `${what}`);
  gate.disarm();
  restore?.();
  if (isCut && cut) {
    told.cuts.push({ victim: cut.victim, boundary: describeBoundary(cut.boundary) });
    if (cut.victim === "engine" || cut.victim === "both") await engine.unlock();
  } else if (!report.succeeded) {
    told.complaints.push(...unexpected(report).map((reason) => `${what} failed, and nothing was cut off: ${reason}`));
  }
  const seconds = Math.round((performance.now() - begun) / 1000);
  const outcome = `${report.succeeded ? "succeeded" : "failed"} after ${seconds} s`;
  told.lines.push(`${what}: ${isCut && cut ? `${describeCut(cut)}, ` : ""}${outcome}`);
  return report;
}

/**
 * Kills engine, provider or both, as they run now.
 *
 * @param providers processes that have outlived their engine; those that are found are added
 */
export function strikeDown(victim: Victim, providers: number[]): { isCut: boolean; isCallerAlive: boolean } {
  const found = listDescendants();
  const pids = (pattern: RegExp) => found.filter(({ args }) => pattern.test(args)).map(({ pid }) => pid);
  const hosts = pids(PROVIDER).filter((pid) => !providers.includes(pid));
  providers.push(...hosts);
  const victims = [...(victim !== "provider" ? pids(ENGINE) : []), ...(victim !== "engine" ? hosts : [])];
  for (const pid of victims) process.kill(pid, "SIGKILL");
  return { isCut: victims.length > 0, isCallerAlive: victim === "engine" || hosts.length === 0 };
}

export const describeBoundary = ({ of, action, nth, side }: Boundary): string =>
  `${side} ${of === "save" ? "save" : (action ?? "call")} ${nth}`;

const describeCut = ({ victim, boundary, skipsCheckpoints }: Cut): string =>
  `${victim === "saves" ? "no save any more" : `${victim} killed`} ${describeBoundary(boundary)}${skipsCheckpoints ? ", without checkpoints" : ""}`;

/** An engine at the address of one that was killed: for a while the program in this process takes it to be down. */
const UNREACHED = /^error: One or more errors occurred: 14 UNAVAILABLE: No connection established/;

/** What fails as it is meant to is no surprise. */
const unexpected = ({ diagnostics }: Report): string[] => {
  const errors = diagnostics.filter((line) => line.startsWith("error") && line !== "error: update failed");
  return errors.length === 0
    ? ["it does not say why"]
    : errors.filter((line) => !line.includes(`"${FLAKY_INSTANCE_ID}": exited with code 3`) && !UNREACHED.test(line));
};

async function settle(stage: Stage, goal: Goal): Promise<Report> {
  const { engine, environment } = stage;
  const all = { ...environment, PULUMI_SKIP_CHECKPOINTS: "false" };
  const said: string[] = [];
  for (let n = 1; n <= MAX_SETTLES; n++) {
    const report = heard(
      await operate(stage, "up, undisturbed", undefined, () => engine.up(program(goal), { environment: all })),
    );
    said.push(...report.diagnostics);
    if (report.succeeded) return { ...report, diagnostics: said };
  }
  throw new Error(`no update succeeded out of ${MAX_SETTLES} that nothing disturbed`);
}

/** What is held, what is live and what has run, after an update that succeeded. */
async function takeStock(stage: Stage, { tried, settled }: Goals, { diagnostics }: Report): Promise<void> {
  const { engine, service, told } = stage;
  const nightly = settled.at(-1)?.nightly;
  const held = listHeld(await engine.resources());
  const live = await service.listSchedules();
  for (const stray of live.filter(({ invokeId }) => !held.includes(invokeId))) {
    const isSaid = diagnostics.some((line) => line.includes(`--stop ${stray.invokeId}`));
    if (!isSaid) continue;
    // As the warning says. It must not count as live.
    await service.stop(stray.invokeId);
    told.lines.push("  said what lives on in no state, and how to stop it: stopped by hand");
  }
  const left = await service.listSchedules();
  const counts = service.countRuns();
  told.complaints.push(...judgeSchedules(nightly, left, held), ...judgeRuns(tried, settled, counts));
  told.schedules += left.length;
}

async function playEnd(stage: Stage, goals: Goals, destroyed: readonly Cut[]): Promise<void> {
  const { engine, service, told, environment } = stage;
  const goal = goals.settled.at(-1);
  if (goal === undefined) return;
  await operate(stage, "refresh", undefined, () => engine.refresh());
  const again = heard(
    await operate(stage, "up, unchanged", undefined, () => engine.up(program(goal), { environment })),
  );
  const changed = again.steps.filter((step) => !/^(same|read) /.test(step));
  if (changed.length > 0) told.complaints.push(`an update after refresh did ${changed.join(", ")}`);
  await takeStock(stage, goals, again);
  for (const cut of destroyed) await operate(stage, "destroy", cut, () => engine.destroy());
  await operate(stage, "destroy, undisturbed", undefined, () => engine.destroy());
  const counts = service.countRuns();
  told.complaints.push(...judgeRuns(goals.tried, goals.settled, counts));
  const left = await service.listSchedules();
  told.complaints.push(...left.map(({ invokeId }) => `schedule ${invokeId} lives on after destroy`));
  const rest = Object.keys(await engine.resources());
  if (rest.length > 0) told.complaints.push(`${rest.join(", ")} is in the state after destroy`);
  told.runs = Object.values(counts).reduce((sum, by) => sum + Object.values(by).reduce((a, b) => a + b, 0), 0);
}

/** Ids of invocations that the state holds. */
const listHeld = (resources: Awaited<ReturnType<Engine["resources"]>>): string[] =>
  Object.values(resources).flatMap(({ id = "", outputs }) => [
    id,
    ...Object.values((outputs.results ?? {}) as Record<string, { invokeId: string }>).map(({ invokeId }) => invokeId),
  ]);

interface Service {
  listSchedules(): Promise<LiveSchedule[]>;
  stop(invokeId: string): Promise<void>;
  countRuns(): Counts;
}

/** The service as somebody else sees it, and what is written on its machines. */
function look({ regionId, environment }: Emulator, machines: string): Service {
  const client = createClient(resolveSettings(regionId, () => undefined, environment));
  return {
    async listSchedules() {
      const records = await listInvocations(client, { timed: true });
      return records.flatMap(({ invokeId, texts, parameters, tags, instances }) => {
        const live = instances.filter(({ invocationStatus }) => isLive(invocationStatus));
        if (live.length === 0) return [];
        const instanceIds = live.map(({ instanceId }) => instanceId);
        return [{ invokeId, frequency: texts.Frequency ?? "", word: parameters.word ?? "", tags, instanceIds }];
      });
    },
    stop: async (invokeId) => void (await client.call("StopInvocation", { InvokeId: invokeId })),
    countRuns() {
      const counts: Record<string, Record<string, number>> = {};
      for (const instanceId of INSTANCE_IDS) {
        const file = path.join(machines, instanceId, "root", "runs");
        const words = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
        for (const word of words)
          counts[word] = { ...counts[word], [instanceId]: (counts[word]?.[instanceId] ?? 0) + 1 };
      }
      return counts;
    },
  };
}

export async function within<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${OPERATION_MS / 1000} s`)), OPERATION_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function main(): Promise<void> {
  const [seed, number] = process.argv.slice(2).map(Number);
  if (seed === undefined || number === undefined) throw new TypeError("A life needs a seed and a number");
  const told = await live(planLife(seed, number));
  process.send?.(told, () => process.exit(0));
}

/** A program runs in this process, and cannot finish what it asks an engine that is killed. */
const UNAVAILABLE = 14;

process.on("unhandledRejection", (reason) => {
  if ((reason as { code?: unknown }).code !== UNAVAILABLE) throw reason;
});

if (require.main === module) void main();
