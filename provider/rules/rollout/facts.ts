/**
 * What was observed of a rollout: puts what the state holds and what the service shows together, machine by machine. What is
 * not saved is found by its tags, so that the same comes out after a kill.
 */
import { describeResult } from "../failures";
import type { RepeatMode } from "../inputs";
import { formatResults, type InstanceResult, type ObservedInstance } from "../results";
import { isLive, isTerminal, isUnmet } from "../status";
import type { Plan } from "./plan";
import { formatSeries, type Shard } from "./tag";

/** Exit code of a check that says: not healthy yet, ask again (`EX_TEMPFAIL` of sysexits.h). */
const NOT_YET_EXIT_CODE = 75;

/** Codes of a machine that no longer exists (troubleshooting page of Cloud Assistant). */
const GONE_CODES = new Set(["InstanceNotExists", "InstanceReleased", "InstanceDeregistered"]);

/** Why a machine counts as failed. */
export interface Failure {
  /** What failed: the run itself, the check after it, or it could not be tried; or somebody has stopped its schedule since. */
  cause: "run" | "check" | "notReady" | "stopped";
  /** In a person's words, without the machine. */
  reason: string;
  /** What the service reported; absent where nothing ran. */
  result?: InstanceResult;
}

/** What a machine came to in its last attempt. */
export interface MachineFacts {
  /** The attempt in which it ran last, was to run, or failed its check. */
  attempt: number;
  /** Whether it runs, or ran, in this attempt because it had failed in an earlier one. */
  again?: true;
  /** `gone`: it was released, and leaves the plan. */
  run: "running" | "succeeded" | "failed" | "notReady" | "gone";
  /** What came of the check; absent before it was asked. */
  check?: "running" | "healthy" | "failed" | "notYet";
  /** When this update asked the check first and last. */
  firstAskedAtMs?: number;
  lastAskedAtMs?: number;
  /** When the run or its check ended. */
  endedAtMs?: number;
  failure?: Failure;
}

/** Machines on which one invocation is to be stopped. */
export interface Stop {
  invokeId: string;
  instanceIds: string[];
}

/** All that `next` is told beside the plan and the time. */
export interface Facts {
  /** The attempt of this update, from 1. */
  attempt: number;
  /** By instance id; a machine that is not there has not been started. */
  machines: ReadonlyMap<string, MachineFacts>;
  /** The highest shard so far of each series ({@link formatSeries}). */
  shards: ReadonlyMap<string, number>;
  /** What still runs on machines that have left the plan. */
  leaving: readonly Stop[];
  /** The invocation of the generation before that is live on a machine. */
  predecessors: ReadonlyMap<string, string>;
  /** Whether such an invocation is changed in place; otherwise it is stopped before its successor starts. */
  isInPlace: boolean;
  /** When the last wave ended of which the machines do not tell. */
  endedAtMs?: number;
}

/** What an update knows when it begins: {@link resumeRollout}. */
export interface Beginning {
  attempt: number;
  machines: ReadonlyMap<string, MachineFacts>;
  endedAtMs?: number;
}

/** An invocation as the service shows it. */
export interface ObservedInvocation {
  invokeId: string;
  /** All machines that it was started on, whether the service shows them yet or not. */
  instanceIds: readonly string[];
  /** Those that it shows. */
  instances: readonly ObservedInstance[];
}

/** A start that is under way: its machines are waited for, or its answer was lost and the run is looked for. */
export interface PendingShard {
  shard: Shard;
  instanceIds: readonly string[];
  /** When this update started it; absent where an earlier one did. */
  startedAtMs?: number;
}

/** An invocation of this generation, by what its tag says. */
export interface ObservedShard extends ObservedInvocation, PendingShard {
  /** When this update saw first that all its machines were settled: schedules have no time at which they end. */
  settledAtMs?: number;
}

/** What an update has seen by now. */
export interface Observed {
  /**
   * Found by their tags, and started by this update; and those on which the record says that machines are running.
   */
  shards: readonly ObservedShard[];
  /** Started by this update, and not known to the service yet. */
  pending?: readonly PendingShard[];
  /** Machines that this update did not start on, with the reason in a person's words. */
  notReady?: ReadonlyMap<string, string>;
  /** Machines that no longer exist. */
  gone?: ReadonlySet<string>;
  /** Live invocations of the generation before. */
  predecessors?: readonly ObservedInvocation[];
  /** Whether they are changed in place. */
  isInPlace?: boolean;
  /** Settled ones of this generation, which may be live on machines that have left. */
  left?: readonly ObservedInvocation[];
}

/**
 * Machines that were under way when the last update ended, and are in no invocation that is found: nothing has come to them,
 * since the answer was lost with the call, and they take their turn; or the service has forgotten what came of it.
 */
export function settleUnseen(
  beginning: Beginning,
  shards: readonly Pick<ObservedShard, "instanceIds">[],
  hasForgotten: boolean,
): Beginning {
  const seen = new Set(shards.flatMap(({ instanceIds }) => instanceIds));
  const machines = [...beginning.machines].flatMap(([id, machine]): [string, MachineFacts][] => {
    if (machine.run !== "running" || seen.has(id)) return [[id, machine]];
    return hasForgotten ? [[id, { ...machine, run: "failed", failure: FORGOTTEN }]] : [];
  });
  return { ...beginning, machines: new Map(machines) };
}

const FORGOTTEN: Failure = { cause: "run", reason: "was under way, and the service no longer knows what came of it" };

/**
 * The facts of one look.
 *
 * @param repeatMode when what is rolled out runs: a one-shot has to end, anything else to be taken
 */
export function gatherFacts(plan: Plan, beginning: Beginning, observed: Observed, repeatMode: RepeatMode): Facts {
  const { shards, pending = [], predecessors = [], left = [], isInPlace = false } = observed;
  const sorted = [...shards, ...pending.map((start) => ({ ...start, invokeId: "", instances: [] }))].sort(
    (a, b) => a.shard.attempt - b.shard.attempt || a.shard.wave - b.shard.wave || a.shard.shard - b.shard.shard,
  );
  const attempt = Math.max(beginning.attempt, sorted.at(-1)?.shard.attempt ?? 0);
  const machines = new Map(beginning.machines);
  for (const invocation of sorted) if (invocation.shard.kind === "run") addRuns(machines, invocation, repeatMode);
  for (const [id, reason] of observed.notReady ?? [])
    addTurn(machines, id, attempt, judgeNotReady(machines.get(id), reason));
  for (const invocation of sorted) if (invocation.shard.kind === "check") addChecks(machines, invocation);
  for (const id of observed.gone ?? []) addGone(machines, id, attempt);
  const isMember = new Set(plan.waves.flat());
  return {
    attempt,
    machines,
    shards: countShards(sorted),
    leaving: findLeaving([...shards, ...predecessors, ...left], isMember),
    predecessors: new Map(
      predecessors.flatMap((invocation) => findLive(invocation).map((id) => [id, invocation.invokeId] as const)),
    ),
    isInPlace,
    ...(beginning.endedAtMs === undefined ? {} : { endedAtMs: beginning.endedAtMs }),
  };
}

function addRuns(machines: Map<string, MachineFacts>, invocation: ObservedShard, repeatMode: RepeatMode): void {
  const { shard, invokeId, instanceIds, settledAtMs } = invocation;
  const byId = new Map(invocation.instances.map((instance) => [instance.instanceId, instance]));
  for (const id of instanceIds) {
    const instance = byId.get(id);
    const endedAtMs = instance ? (parseTime(instance.finishTime) ?? settledAtMs) : undefined;
    addTurn(machines, id, shard.attempt, {
      ...judgeRun(invokeId, instance, repeatMode),
      ...(endedAtMs === undefined ? {} : { endedAtMs }),
    });
  }
}

/** What is known of the same attempt, or of a later one, stands; but a run that was under way, or did not start, may have gone on. */
function addTurn(
  machines: Map<string, MachineFacts>,
  id: string,
  attempt: number,
  turn: Omit<MachineFacts, "attempt" | "again">,
): void {
  const earlier = machines.get(id);
  const isFinal = earlier && earlier.run !== "running" && earlier.run !== "notReady";
  if (earlier && (earlier.attempt > attempt || (earlier.attempt === attempt && isFinal))) return;
  const again = earlier !== undefined && (earlier.again === true || earlier.attempt < attempt);
  machines.set(id, { attempt, ...turn, ...(again ? { again } : {}) });
}

/** One that has failed, and is not ready when it is to run again, is a failure whatever `unready` says: it may be why. */
function judgeNotReady(earlier: MachineFacts | undefined, reason: string): Pick<MachineFacts, "run" | "failure"> {
  const { failure } = earlier ?? {};
  if (failure === undefined || failure.cause === "notReady")
    return { run: "notReady", failure: { cause: "notReady", reason } };
  const [first] = failure.reason.split(NOT_READY_AGAIN);
  return { run: "failed", failure: { cause: failure.cause, reason: `${first}${NOT_READY_AGAIN}${reason}` } };
}

const NOT_READY_AGAIN = ", and was not ready to run again: ";

function judgeRun(
  invokeId: string,
  instance: ObservedInstance | undefined,
  repeatMode: RepeatMode,
): Pick<MachineFacts, "run" | "failure"> {
  if (instance === undefined || !isSettled(instance, repeatMode)) return { run: "running" };
  if (!isUnmet(instance.invocationStatus, repeatMode)) return { run: "succeeded" };
  if (GONE_CODES.has(instance.errorCode)) return { run: "gone" };
  const result = resultOf(invokeId, instance);
  return { run: "failed", failure: { cause: "run", reason: describeResult(result), result } };
}

/** A one-shot is settled on a machine when it has ended there, anything else as soon as the machine has taken it. */
const isSettled = ({ invocationStatus }: ObservedInstance, repeatMode: RepeatMode): boolean =>
  isTerminal(invocationStatus) ||
  (repeatMode !== "Once" && (invocationStatus === "Scheduled" || invocationStatus === "Running"));

function addChecks(machines: Map<string, MachineFacts>, invocation: ObservedShard): void {
  const byId = new Map(invocation.instances.map((instance) => [instance.instanceId, instance]));
  for (const id of invocation.instanceIds) {
    const machine = machines.get(id);
    if (machine?.run !== "succeeded" || machine.attempt > invocation.shard.attempt) continue;
    const checked = judgeCheck(machine, invocation, byId.get(id));
    if (checked) machines.set(id, checked);
  }
}

/** "Not yet" counts only where this update asked: the one before may have been told hours ago. */
function judgeCheck(
  machine: MachineFacts,
  { invokeId, shard, startedAtMs }: ObservedShard,
  instance: ObservedInstance | undefined,
): MachineFacts | undefined {
  const asked =
    startedAtMs === undefined
      ? {}
      : { firstAskedAtMs: machine.firstAskedAtMs ?? startedAtMs, lastAskedAtMs: startedAtMs };
  if (instance === undefined || !isTerminal(instance.invocationStatus))
    return { ...machine, ...asked, check: "running" };
  const endedAtMs = parseTime(instance.finishTime) ?? machine.endedAtMs;
  const ended = { ...machine, ...asked, ...(endedAtMs === undefined ? {} : { endedAtMs }) };
  if (instance.invocationStatus === "Success") return { ...ended, check: "healthy" };
  if (instance.exitCode === NOT_YET_EXIT_CODE && instance.invocationStatus === "Failed")
    return startedAtMs === undefined ? undefined : { ...ended, check: "notYet" };
  if (GONE_CODES.has(instance.errorCode)) return { ...ended, run: "gone" };
  const result = resultOf(invokeId, instance);
  const reason = `the check: ${describeResult(result)}`;
  // A run of an earlier attempt that is found unhealthy in this one has failed in this one.
  return { ...ended, attempt: shard.attempt, check: "failed", failure: { cause: "check", reason, result } };
}

/** A machine that failed in this attempt and was released since still counts: the new version may be why. */
function addGone(machines: Map<string, MachineFacts>, id: string, attempt: number): void {
  const known = machines.get(id);
  const hasFailed = known?.run === "failed" || known?.check === "failed";
  if (known && hasFailed && known.attempt === attempt) return;
  machines.set(id, { attempt: known?.attempt ?? attempt, run: "gone" });
}

/** What the state keeps of the output is cut to `maxOutputBytes` there. */
function resultOf(invokeId: string, instance: ObservedInstance): InstanceResult {
  const results = formatResults({ invokeId, texts: {}, instances: [instance] });
  return results[instance.instanceId] as InstanceResult;
}

function parseTime(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function countShards(shards: readonly ObservedShard[]): Map<string, number> {
  const highest = new Map<string, number>();
  for (const { shard } of shards) {
    const series = formatSeries(shard);
    highest.set(series, Math.max(highest.get(series) ?? 0, shard.shard));
  }
  return highest;
}

/** Machines on which an invocation is live and not being stopped; one that the service does not show yet is. */
function findLive({ instanceIds, instances }: ObservedInvocation): string[] {
  const statuses = new Map(instances.map(({ instanceId, invocationStatus }) => [instanceId, invocationStatus]));
  return instanceIds.filter((id) => {
    const status = statuses.get(id) ?? "Pending";
    return isLive(status) && status !== "Stopping";
  });
}

function findLeaving(invocations: readonly ObservedInvocation[], isMember: ReadonlySet<string>): Stop[] {
  return invocations.flatMap((invocation) => {
    const instanceIds = findLive(invocation).filter((id) => !isMember.has(id));
    return instanceIds.length > 0 ? [{ invokeId: invocation.invokeId, instanceIds }] : [];
  });
}
