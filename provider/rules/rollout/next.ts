/**
 * What a rollout does next: what to start and to stop, what to wait for, or how it ends. It is asked after every look, and knows
 * nothing but the plan, what was observed, and the time.
 */

import { MAX_INSTANCES_PER_INVOCATION } from "../limits";
import { spareFailures } from "./budget";
import type { Facts, MachineFacts, Stop } from "./facts";
import { lastWaveOf, type Plan } from "./plan";
import type { RolloutCheck } from "./policy";
import { isAgain, judgeMachine, type Standing, type Survey, surveyPlan } from "./standing";
import { formatSeries, type Shard } from "./tag";

/** What the docs say of it. */
export const STEP_RULES = [
  "Machines that failed in an earlier attempt come first, wave by wave; then those that never ran, wave by wave. A wave begins when the one before it has ended, its check included, and rested.",
  "It is judged after every look: as soon as more machines have failed than is borne, nothing more is started, and what is under way is waited for.",
  "With `concurrency`, a machine takes its turn as soon as another has ended. With `strict`, no more are under way or unchecked than may still fail, and one.",
  'A check that says "not yet" is asked again every 15 seconds until its timeout, the last time at its very end; then the rollout pauses.',
] as const;

/** Seconds after which a check that said "not yet" is asked again. */
const CHECK_INTERVAL_SECONDS = 15;

/** An invocation to start. */
export interface Batch {
  /** What its tag says. */
  shard: Shard;
  /** 1 to 100 machines. */
  instanceIds: string[];
  /** The live invocation of the generation before that is changed in place instead; these are all its machines. */
  change?: string;
  /** Live invocations of the generation before, to be stopped on these machines first. */
  stopFirst: Stop[];
}

/** What is waited for until the next look. */
export type Wait =
  /** Machines under way, in this wave. */
  | { for: "machines"; wave: number; isStopping: boolean }
  /** The rest before this wave. */
  | { for: "rest"; wave: number; untilMs: number }
  /** The time at which a check is asked again. */
  | { for: "check"; wave: number; untilMs: number };

interface Paused {
  status: "Paused";
  wave: number;
  because: "through" | "check";
}

/** How a rollout ends. */
export type Verdict = { status: "Succeeded" } | Paused | { status: "Stopped" };

export type Step = {
  /** What to stop, since its machines have left. */
  stop: readonly Stop[];
  start: readonly Batch[];
} & ({ wait: Wait; verdict?: never } | { verdict: Verdict; wait?: never });

/** The machines that have their turn now: those of one wave that run again, or those that never ran. */
interface Turn {
  wave: number;
  again: boolean;
}

/**
 * The next step. A caller stops and starts what it says, and asks again after a look or at the time that is waited for,
 * until there is a verdict.
 *
 * @param nowMs milliseconds since 1970, by the clock that the facts have their times from
 */
export function next(plan: Plan, facts: Facts, nowMs: number): Step {
  const survey = surveyPlan(plan, facts);
  const isUnderWay = survey.total.running + survey.total.checking > 0;
  const turn = findTurn(plan, survey);
  const end = (verdict: Verdict): Step => {
    if (!isUnderWay) return { stop: facts.leaving, start: [], verdict };
    const wave = 1 + survey.waves.findIndex(({ counts }) => counts.running + counts.checking > 0);
    return {
      stop: facts.leaving,
      start: [],
      wait: { for: "machines", wave, isStopping: verdict.status === "Stopped" },
    };
  };
  if (survey.isExceeded) return end({ status: "Stopped" });
  if (turn === undefined) return end(judgeEnd(plan, survey));
  const { start, wait } = takeTurn(plan, facts, survey, turn, nowMs);
  if (wait === undefined) return end(judgePause(plan, survey, { wave: turn.wave, because: "check" }));
  return { stop: facts.leaving, start, wait };
}

function findTurn(plan: Plan, { waves }: Survey): Turn | undefined {
  const within = waves.slice(0, lastWaveOf(plan));
  const again = within.findIndex(({ openAgain }) => openAgain > 0);
  if (again >= 0) return { wave: again + 1, again: true };
  const wave = within.findIndex(({ open }) => open > 0);
  return wave >= 0 ? { wave: wave + 1, again: false } : undefined;
}

/** How it ends when nothing is left to do. */
function judgeEnd(plan: Plan, survey: Survey): Verdict {
  const { waves } = survey;
  const isDone = waves.every(({ open, openAgain }) => open + openAgain === 0);
  const wave = plan.policy.through ?? waves.length;
  const verdict = judgePause(plan, survey, { wave, because: "through" });
  return isDone && verdict.status === "Paused" ? { status: "Succeeded" } : verdict;
}

/** Machines that failed in an earlier attempt, and have had no other turn yet, are failures all the same. */
const judgePause = ({ budget }: Plan, { total }: Survey, pause: Omit<Paused, "status">): Verdict =>
  total.failed + total.again > budget.borne ? { status: "Stopped" } : { status: "Paused", ...pause };

/** @returns no wait when nothing can be done before somebody looks at the machines that are not healthy yet */
function takeTurn(
  plan: Plan,
  facts: Facts,
  survey: Survey,
  turn: Turn,
  nowMs: number,
): { start: Batch[]; wait?: Wait } {
  const { budget, policy } = plan;
  const { wave } = turn;
  const members = listMembers(plan, facts, turn);
  const startable = members.filter(({ standing }) => standing === "held" || standing === "again").map(({ id }) => id);
  const machines: Wait = { for: "machines", wave, isStopping: false };
  if (startable.length > 0) {
    const restUntilMs = hasBegun(members, facts)
      ? undefined
      : (survey.endedAtMs ?? -Infinity) + policy.pauseSeconds * 1_000;
    if (restUntilMs !== undefined && restUntilMs > nowMs && policy.pauseSeconds > 0)
      return { start: [], wait: { for: "rest", wave, untilMs: restUntilMs } };
    const undecided = members.filter(({ standing }) => UNDECIDED.has(standing)).length;
    const failedInCanary = survey.waves[budget.canaryWave - 1]?.counts.failed ?? 0;
    const spare = spareFailures(budget, wave, survey.total.failed, failedInCanary);
    const room = Math.min(
      budget.concurrency - survey.total.running,
      policy.strict ? spare + 1 - survey.total.running - undecided : Number.POSITIVE_INFINITY,
    );
    const start = batchRuns(facts, turn, startable, room, survey.total.running + undecided > 0);
    if (start.length > 0) return { start, wait: machines };
  }
  if (members.some(({ standing }) => standing === "running" || standing === "checking") || survey.total.running > 0)
    return { start: [], wait: machines };
  return askChecks(facts, policy.check, turn, members, nowMs);
}

/** Machines that have run, and may still turn out to have failed. */
const UNDECIDED: ReadonlySet<Standing> = new Set(["unchecked", "checking", "notYet"]);

interface Member {
  id: string;
  standing: Standing;
  machine: MachineFacts | undefined;
}

function listMembers(plan: Plan, facts: Facts, { wave, again }: Turn): Member[] {
  const members: Member[] = [];
  for (const id of plan.waves[wave - 1] ?? []) {
    const machine = facts.machines.get(id);
    const standing = judgeMachine(machine, plan, facts.attempt);
    if (isAgain(machine, standing) === again) members.push({ id, standing, machine });
  }
  return members;
}

/** Whether a machine that has its turn now has had it in this attempt: then the rest before it is over. */
const hasBegun = (members: readonly Member[], { attempt }: Facts): boolean =>
  members.some(({ machine }) => machine?.attempt === attempt && machine.run !== "gone");

/** As many as there is room for, in invocations of at most 100. What is changed in place is changed as a whole. */
function batchRuns(facts: Facts, turn: Turn, startable: readonly string[], room: number, isUnderWay: boolean): Batch[] {
  if (room < 1) return [];
  const groups: { ids: string[]; change?: string }[] = [];
  const changed = new Map<string, string[]>();
  let fresh: string[] | undefined;
  for (const id of startable) {
    const predecessor = facts.isInPlace && !turn.again ? facts.predecessors.get(id) : undefined;
    const group = predecessor === undefined ? fresh : changed.get(predecessor);
    if (group && (predecessor !== undefined || group.length < MAX_INSTANCES_PER_INVOCATION)) {
      group.push(id);
      continue;
    }
    const ids = [id];
    if (predecessor === undefined) fresh = ids;
    else changed.set(predecessor, ids);
    groups.push(predecessor === undefined ? { ids } : { ids, change: predecessor });
  }
  const batches: Batch[] = [];
  let left = room;
  const number = numberShards(facts, "run", turn.wave);
  for (const { ids, change } of groups) {
    if (left < 1) break;
    if (change !== undefined && ids.length > left && (isUnderWay || batches.length > 0)) break;
    const instanceIds = change === undefined ? ids.slice(0, left) : ids;
    left -= instanceIds.length;
    batches.push({
      shard: number(),
      instanceIds,
      ...(change === undefined ? {} : { change }),
      stopFirst: change === undefined ? findPredecessors(facts, instanceIds) : [],
    });
  }
  return batches;
}

function findPredecessors({ predecessors }: Facts, instanceIds: readonly string[]): Stop[] {
  const stops = new Map<string, Stop>();
  for (const id of instanceIds) {
    const invokeId = predecessors.get(id);
    if (invokeId === undefined) continue;
    const stop = stops.get(invokeId) ?? { invokeId, instanceIds: [] };
    stop.instanceIds.push(id);
    stops.set(invokeId, stop);
  }
  return [...stops.values()];
}

function numberShards({ shards, attempt }: Facts, kind: Shard["kind"], wave: number): () => Shard {
  let shard = shards.get(formatSeries({ kind, wave, attempt })) ?? 0;
  return () => {
    shard++;
    return { kind, wave, shard, attempt };
  };
}

/** Asks those that were not asked yet, or whose time has come again; nobody is asked after the check's timeout. */
function askChecks(
  facts: Facts,
  check: RolloutCheck | undefined,
  turn: Turn,
  members: readonly Member[],
  nowMs: number,
): { start: Batch[]; wait?: Wait } {
  const { wave } = turn;
  const due: string[] = [];
  let untilMs: number | undefined;
  for (const { id, standing, machine } of members) {
    const askAtMs = standing === "unchecked" ? nowMs : standing === "notYet" ? findNextAsk(check, machine) : undefined;
    if (askAtMs === undefined) continue;
    if (askAtMs <= nowMs) due.push(id);
    else untilMs = Math.min(untilMs ?? askAtMs, askAtMs);
  }
  if (due.length > 0) {
    const number = numberShards(facts, "check", wave);
    const start: Batch[] = [];
    for (let i = 0; i < due.length; i += MAX_INSTANCES_PER_INVOCATION)
      start.push({ shard: number(), instanceIds: due.slice(i, i + MAX_INSTANCES_PER_INVOCATION), stopFirst: [] });
    return { start, wait: { for: "machines", wave, isStopping: false } };
  }
  return untilMs === undefined ? { start: [] } : { start: [], wait: { for: "check", wave, untilMs } };
}

/** When a machine that is not healthy yet is asked again; undefined when its time is over. */
function findNextAsk(check: RolloutCheck | undefined, machine: MachineFacts | undefined): number | undefined {
  const { firstAskedAtMs, lastAskedAtMs } = machine ?? {};
  if (check === undefined || firstAskedAtMs === undefined || lastAskedAtMs === undefined) return undefined;
  const deadlineMs = firstAskedAtMs + check.timeout * 1_000;
  if (lastAskedAtMs >= deadlineMs) return undefined;
  return Math.min(lastAskedAtMs + CHECK_INTERVAL_SECONDS * 1_000, deadlineMs);
}
