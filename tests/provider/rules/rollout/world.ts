/**
 * A service and a fleet on which rollouts are played to their end: time is driven, outcomes, lost answers and kills come by
 * chance. `update` is the plain loop of an effect side: observe, next, act. Laws that hold at every moment are held here.
 */
import type { ObservedInstance } from "../../../../provider/rules/results";
import {
  assessRisk,
  type Facts,
  type Failure,
  formatRecord,
  formatRolloutOutputs,
  formatRolloutTag,
  gatherFacts,
  nameGeneration,
  next,
  type PendingShard,
  type Plan,
  parseRolloutTag,
  planRollout,
  type RolloutPolicy,
  type RolloutRecord,
  resumeRollout,
  type Shard,
  type Step,
  type Survey,
  surveyPlan,
  type Verdict,
} from "../../../../provider/rules/rollout";
import { lastWaveOf } from "../../../../provider/rules/rollout/plan";

const RESOURCE = "web";

/** What comes of one run or check of a machine. */
export type Outcome = "succeeds" | "fails" | "notYet" | "released";

interface Run {
  instanceId: string;
  endsAtMs: number;
  outcome: Outcome;
  stoppedAtMs?: number;
}

interface Invocation {
  invokeId: string;
  tag: string;
  shard: Shard;
  generation: string;
  runs: Run[];
  startedAtMs: number;
  shown?: ObservedInstance[];
  /** Whether a state holds it, so that no update looks for it any more. */
  isSaved: boolean;
}

export interface Chances {
  /** What a machine comes to; asked once for each run and check. */
  outcome: (instanceId: string, shard: Shard) => Outcome;
  durationMs: (instanceId: string) => number;
  isReady: (instanceId: string) => boolean;
  /** Whether the answer to a start is lost, and whether the start had acted. */
  answer: () => "given" | "lostAfter" | "lostBefore";
  /** Whether the update is killed here: asked before and after each action. */
  isKilled: () => boolean;
}

/** What a state holds. */
export interface Saved {
  record: RolloutRecord;
  failures: Record<string, Failure>;
  /** The generation before this one. */
  predecessor?: string;
  version: unknown;
}

export interface Program {
  version: unknown;
  policy: RolloutPolicy;
}

export interface Ended {
  saved: Saved;
  verdict: Verdict;
  plan: Plan;
  facts: Facts;
  /** Machines on which this update started a run, in order. */
  ran: string[];
  /** Machines that it checked. */
  checked: string[];
  looks: number;
  calls: number;
}

class Killed extends Error {}

export class World {
  nowMs = 0;
  /** Zone of each machine that exists. */
  readonly machines = new Map<string, string>();
  readonly invocations: Invocation[] = [];
  /** How often it ran on a machine in one generation and attempt. */
  readonly turns = new Map<string, number>();
  /** Machines that had failed when an attempt began. */
  readonly failedBefore = new Map<string, number>();
  /** Whether policy and fleet stay as they are, so that the bound of failures holds at every look. */
  isSteady = true;
  chances: Chances;

  constructor(chances: Chances) {
    this.chances = chances;
  }

  /** The service starts an invocation, or answers the one that it started for the same tag. */
  invoke(tag: string, instanceIds: readonly string[]): Invocation {
    const known = this.invocations.find((invocation) => invocation.tag === tag && !invocation.isSaved);
    if (known) {
      if (String(known.runs.map(({ instanceId }) => instanceId)) !== String(instanceIds))
        fail(`IdempotentParameterMismatch: ${tag}`);
      return known;
    }
    const { generation, resource: _, ...shard } = parseRolloutTag(tag) ?? fail(`no tag: ${tag}`);
    if (instanceIds.length < 1 || instanceIds.length > 100) fail(`${instanceIds.length} machines in one call`);
    const invocation: Invocation = {
      invokeId: `t-${this.invocations.length + 1}`,
      tag,
      shard,
      generation,
      startedAtMs: this.nowMs,
      isSaved: false,
      runs: instanceIds.map((instanceId) => ({
        instanceId,
        endsAtMs: this.nowMs + this.chances.durationMs(instanceId),
        outcome: this.machines.has(instanceId) ? this.chances.outcome(instanceId, shard) : "released",
      })),
    };
    this.invocations.push(invocation);
    if (shard.kind === "run")
      for (const id of instanceIds) {
        const turn = `${generation} ${shard.attempt} ${id}`;
        this.turns.set(turn, (this.turns.get(turn) ?? 0) + 1);
        if (this.turns.get(turn) !== 1) throw new Error(`${id} ran twice in attempt ${shard.attempt}`);
        if (this.hasFailedCheck(generation, id, shard)) throw new Error(`${id} ran again where its check had failed`);
        if (this.runsOf(generation, id).some((run) => run.shard.attempt < shard.attempt && run.isGood))
          throw new Error(`${id} had succeeded and ran again in attempt ${shard.attempt}`);
      }
    return invocation;
  }

  /** What a machine ran in a generation, as it ended. */
  runsOf(generation: string, instanceId: string): { shard: Shard; isGood: boolean }[] {
    return this.invocations
      .filter((invocation) => invocation.generation === generation && invocation.shard.kind === "run")
      .flatMap(({ shard, runs }) =>
        runs
          .filter((run) => run.instanceId === instanceId)
          .map((run) => ({
            shard,
            isGood: run.outcome === "succeeds" && !this.hasFailedCheck(generation, instanceId, shard),
          })),
      );
  }

  private hasFailedCheck(generation: string, instanceId: string, { attempt }: Shard): boolean {
    return this.invocations.some(
      (invocation) =>
        invocation.generation === generation &&
        invocation.shard.kind === "check" &&
        invocation.shard.attempt >= attempt &&
        invocation.runs.some((run) => run.instanceId === instanceId && run.outcome === "fails"),
    );
  }

  /** Machines on which a run of a generation is under way now. */
  countRunning(generation: string): number {
    return this.invocations
      .filter((invocation) => invocation.generation === generation && invocation.shard.kind === "run")
      .reduce((sum, { runs }) => sum + runs.filter((run) => isUnderWay(run, this.nowMs)).length, 0);
  }

  show(invocation: Invocation): ObservedInstance[] {
    const { runs, startedAtMs } = invocation;
    const isOver = runs.every((run) => !isUnderWay(run, this.nowMs));
    if (invocation.shown) return invocation.shown;
    const shown = runs.map((run) => {
      const stopped = run.stoppedAtMs !== undefined && run.stoppedAtMs < run.endsAtMs;
      const isOver = !isUnderWay(run, this.nowMs);
      const endMs = stopped ? (run.stoppedAtMs ?? 0) : run.endsAtMs;
      const failed = { succeeds: "Success", fails: "Failed", notYet: "Failed", released: "Aborted" }[run.outcome];
      return {
        instanceId: run.instanceId,
        invocationStatus: isOver ? (stopped ? "Terminated" : failed) : "Running",
        ...(isOver && !stopped ? { exitCode: { succeeds: 0, fails: 1, notYet: 75, released: 0 }[run.outcome] } : {}),
        output: "",
        dropped: 0,
        errorCode: isOver && !stopped && run.outcome === "released" ? "InstanceReleased" : "",
        errorInfo: "",
        startTime: iso(startedAtMs),
        finishTime: isOver ? iso(endMs) : "",
        repeats: 1,
      };
    });
    // What is over does not change any more.
    if (isOver) invocation.shown = shown;
    return shown;
  }

  stop(invokeId: string, instanceIds: readonly string[]): void {
    for (const run of this.invocations.find((invocation) => invocation.invokeId === invokeId)?.runs ?? [])
      if (instanceIds.includes(run.instanceId) && isUnderWay(run, this.nowMs)) run.stoppedAtMs = this.nowMs;
  }

  /** Lets time pass until the next machine ends. */
  advanceToNextEnd(): void {
    const ends = this.invocations.flatMap(({ runs, shown }) =>
      shown ? [] : runs.filter((run) => isUnderWay(run, this.nowMs)).map(({ endsAtMs }) => endsAtMs),
    );
    this.nowMs = ends.length > 0 ? Math.min(...ends) : this.nowMs + 1_000;
  }
}

const isUnderWay = ({ endsAtMs, stoppedAtMs = Number.POSITIVE_INFINITY }: Run, nowMs: number): boolean =>
  endsAtMs > nowMs && stoppedAtMs > nowMs;

const texts = new Map<number, string>();

function iso(ms: number): string {
  const text = texts.get(ms) ?? new Date(ms).toISOString();
  texts.set(ms, text);
  return text;
}

const fail = (reason: string): never => {
  throw new Error(reason);
};

/** What one `pulumi up` does; undefined when it is killed, and then nothing is saved. */
export function update(world: World, program: Program, state: Saved | undefined): Ended | undefined {
  try {
    return play(world, program, state);
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

function play(world: World, { version, policy }: Program, state: Saved | undefined): Ended {
  const { chances } = world;
  const isSame = state !== undefined && JSON.stringify(state.version) === JSON.stringify(version);
  const predecessor = isSame ? state.predecessor : state?.record.generation;
  const generation = nameGeneration({ version }, predecessor);
  const record = isSame ? state.record : undefined;
  const known = world.invocations.filter((invocation) => invocation.generation === generation && !invocation.isSaved);
  const placed = new Map(
    known.flatMap(({ shard, runs }) => runs.map(({ instanceId }) => [instanceId, shard.wave] as const)),
  );
  const machines = [...world.machines].map(([instanceId, zoneId]) => ({ instanceId, zoneId }));
  const plan = planRollout({ machines, seed: "urn:web", policy, record, placed });
  expectPartition(plan, [...world.machines.keys()]);
  const beginning = resumeRollout(plan, record, isSame ? state.failures : {});
  const started = new Map<Invocation, number>();
  const pending = new Map<string, PendingShard>();
  const notReady = new Map<string, string>();
  const gone = new Set<string>();
  const ran: string[] = [];
  const checked: string[] = [];
  let looks = 0;
  let calls = 0;
  let isStopped = false;
  const act = (action: () => void) => {
    if (chances.isKilled()) throw new Killed();
    calls++;
    action();
    if (chances.isKilled()) throw new Killed();
  };
  const look = (): Facts => {
    looks++;
    if (looks > 20_000) throw new Error("the rollout does not end");
    // A lost answer is asked for again, with the same tag.
    for (const [tag, { instanceIds, startedAtMs = 0 }] of pending)
      if (chances.answer() === "given")
        act(() => {
          const invocation = world.invoke(tag, instanceIds);
          if (!known.includes(invocation)) known.push(invocation);
          started.set(invocation, startedAtMs);
          pending.delete(tag);
        });
    return gatherFacts(
      plan,
      beginning,
      {
        shards: known.map((invocation) => {
          const startedAtMs = started.get(invocation);
          return {
            shard: invocation.shard,
            invokeId: invocation.invokeId,
            instanceIds: invocation.runs.map(({ instanceId }) => instanceId),
            instances: world.show(invocation),
            ...(startedAtMs === undefined ? {} : { startedAtMs }),
          };
        }),
        pending: [...pending.values()],
        notReady,
        gone,
      },
      "Once",
    );
  };
  const begin = ({ shard, instanceIds }: Step["start"][number]) => {
    for (const id of instanceIds) if (!world.machines.has(id)) gone.add(id);
    const existing = instanceIds.filter((id) => !gone.has(id));
    const ready = existing.filter((id) => shard.kind === "check" || chances.isReady(id));
    for (const id of existing) if (!ready.includes(id)) notReady.set(id, "the instance is not running");
    (shard.kind === "run" ? ran : checked).push(...ready);
    if (ready.length === 0) return;
    const tag = formatRolloutTag({ resource: RESOURCE, generation, ...shard });
    act(() => {
      const answer = chances.answer();
      if (answer !== "given") pending.set(tag, { shard, instanceIds: ready, startedAtMs: world.nowMs });
      if (answer === "lostBefore") return;
      const invocation = world.invoke(tag, ready);
      if (answer === "lostAfter") return;
      known.push(invocation);
      started.set(invocation, world.nowMs);
    });
  };
  for (;;) {
    const facts = look();
    const step = next(plan, facts, world.nowMs);
    const survey = surveyPlan(plan, facts);
    expectOrder(plan, facts, survey, step);
    for (const { invokeId, instanceIds } of step.stop) act(() => world.stop(invokeId, instanceIds));
    if (isStopped && step.start.length > 0) throw new Error("something started after the stop");
    isStopped ||= survey.isExceeded;
    for (const batch of step.start) begin(batch);
    if (step.start.length > 0) expectRoom(world, generation, plan);
    if (world.isSteady) expectBound(world, generation, plan, facts, survey);
    if (step.verdict) {
      if (chances.isKilled()) throw new Killed();
      for (const invocation of known) invocation.isSaved = true;
      const saved: Saved = {
        record: JSON.parse(JSON.stringify(formatRecord(generation, step.verdict.status, plan, facts))),
        failures: formatRolloutOutputs(plan, facts).failures,
        ...(predecessor === undefined ? {} : { predecessor }),
        version,
      };
      return { saved, verdict: step.verdict, plan, facts, ran, checked, looks, calls };
    }
    if (step.start.length > 0) continue;
    if (step.wait.for === "machines") world.advanceToNextEnd();
    else {
      if (step.wait.untilMs <= world.nowMs) fail("waits for the past");
      world.nowMs = step.wait.untilMs;
    }
  }
}

function expectPartition(plan: Plan, ids: readonly string[]): void {
  const planned = plan.waves.flat();
  const distinct = new Set(planned);
  if (planned.length !== ids.length || distinct.size !== ids.length || !ids.every((id) => distinct.has(id)))
    fail("the plan does not hold each machine once");
}

/** A wave begins when all before it have ended, and those that failed before come first. */
function expectOrder(plan: Plan, facts: Facts, survey: Survey, { start }: Step): void {
  if (start.length === 0) return;
  const waves = survey.waves.slice(0, lastWaveOf(plan));
  const taken = new Set<string>();
  for (const { shard, instanceIds } of start) {
    if (shard.wave > waves.length) throw new Error(`wave ${shard.wave} begins beyond through`);
    for (const id of instanceIds) {
      if (taken.has(id)) throw new Error(`${id} is started twice`);
      taken.add(id);
      if (!plan.waves[shard.wave - 1]?.includes(id)) throw new Error(`${id} is not of wave ${shard.wave}`);
      const machine = facts.machines.get(id);
      if (shard.kind === "check") continue;
      if (machine?.attempt === facts.attempt) throw new Error(`${id} has had its turn`);
      const isAgain = machine !== undefined;
      const isEarly = waves.some(({ open, openAgain }, i) =>
        isAgain ? i + 1 < shard.wave && openAgain > 0 : openAgain > 0 || (i + 1 < shard.wave && open > 0),
      );
      if (isEarly) throw new Error(`wave ${shard.wave} begins before one before it has ended`);
    }
  }
}

function expectRoom(world: World, generation: string, plan: Plan): void {
  const running = world.countRunning(generation);
  if (running > plan.budget.concurrency) throw new Error(`${running} run at the same time`);
}

function expectBound(world: World, generation: string, plan: Plan, facts: Facts, { total }: Survey): void {
  const failed = total.failed + total.again;
  const attempt = `${generation} ${facts.attempt}`;
  const before = world.failedBefore.get(attempt) ?? failed;
  world.failedBefore.set(attempt, before);
  const begun = plan.waves.findLastIndex((ids) => ids.some((id) => facts.machines.has(id))) + 1;
  const bound = assessRisk(plan).findLast(({ wave }) => wave <= begun)?.failed ?? 0;
  if (failed > Math.max(before, bound)) throw new Error(`${failed} have failed, and at worst ${bound} may`);
}
