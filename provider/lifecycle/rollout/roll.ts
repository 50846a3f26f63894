/** Rolls out: looks, asks the rules what comes next, does it, until there is a verdict or the time is over. */
import { describeExits } from "../../rules/failures";
import type { Declaration } from "../../rules/inputs";
import { DEFAULT_TIMEOUT_SECONDS } from "../../rules/limits";
import {
  describePause,
  describeProgress,
  describeStop,
  describeWarnings,
  describeWaveEnd,
  type Facts,
  gatherFacts,
  listEndedWaves,
  next,
  type Plan,
  type RolloutPolicy,
  type Step,
  surveyPlan,
  type Verdict,
} from "../../rules/rollout";
import type { Observed } from "../../rules/rollout/facts";
import type { Batch, Wait } from "../../rules/rollout/next";
import type { RolloutCheck } from "../../rules/rollout/policy";
import { makeRun, type Run } from "../../rules/run";
import { countInstances, listIds } from "../../rules/words";
import type { Call } from "../../runs/call";
import { ExpectedFailure } from "../../runs/failure";
import { findUnready } from "../../runs/fleet";
import type { Region } from "../../runs/session";
import type { Shards } from "../../runs/shards";
import type { Planned } from "./plan";

/** Pauses between two looks, and how they grow. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const GROWTH = 1.5;

/** Seconds beyond the timeout of what runs that a wave is waited for: delivery takes up to a minute. */
const WAIT_MARGIN_SECONDS = 90;

/** What an update came to. */
export interface Rolled {
  facts: Facts;
  status: Verdict["status"];
  /** Why the update fails; empty when it does not. */
  reasons: string[];
}

export interface Roll {
  inputs: Declaration;
  policy: RolloutPolicy;
  planned: Planned;
  shards: Shards;
  isInPlace: boolean;
}

export async function rollOut(call: Call, region: Region, roll: Roll): Promise<Rolled> {
  const { inputs, policy, planned, shards, isInPlace } = roll;
  const { plan, beginning } = planned;
  const { session, progress, limit, signal, isSecret } = call;
  const { clock } = session;
  const { repeatMode } = inputs;
  const waitSeconds = await findWaitSeconds(region, inputs, policy);
  const notReady = new Map<string, string>();
  const gone = new Set<string>();
  /** Machines that are about to be ready, and since when they are waited for. */
  const starting = new Map<string, number>();
  let sinceMs = clock.now();
  let pauseMs = FIRST_PAUSE_MS;

  const observe = (): Observed => ({
    ...roll.shards,
    shards: shards.known,
    pending: shards.pending,
    predecessors: shards.predecessors,
    left: shards.left,
    notReady,
    gone,
    isInPlace,
  });
  const gather = (): Facts => gatherFacts(plan, beginning, observe(), repeatMode);
  const ended = new Set(listEndedWaves(plan, gather()));

  const sayEnds = async (facts: Facts) => {
    for (const wave of listEndedWaves(plan, facts)) {
      if (ended.has(wave)) continue;
      ended.add(wave);
      await progress.note(describeWaveEnd(plan, facts, wave));
    }
  };

  /** The batches without machines that cannot take them; those that are about to be ready wait for their turn. */
  const sift = async (batches: readonly Batch[]): Promise<Batch[]> => {
    const ids = batches.flatMap(({ shard, instanceIds }) => (shard.kind === "run" ? instanceIds : []));
    const unready = await findUnready(call, region, inputs, ids, true);
    const now = clock.now();
    for (const id of ids) {
      const { kind, reason } = unready.get(id) ?? {};
      if (kind === "starting" && now < (starting.get(id) ?? now) + inputs.agentTimeout * 1_000) {
        if (!starting.has(id)) starting.set(id, now);
        continue;
      }
      starting.delete(id);
      if (kind === "absent") gone.add(id);
      else if (reason !== undefined) notReady.set(id, reason);
    }
    return batches.flatMap((batch) => {
      const instanceIds = batch.instanceIds.filter((id) => !unready.has(id) || batch.change !== undefined);
      return instanceIds.length > 0 ? [{ ...batch, instanceIds }] : [];
    });
  };

  const start = async ({ shard, instanceIds, change, stopFirst }: Batch): Promise<void> => {
    for (const stop of stopFirst) await shards.stopFully(stop);
    if (change !== undefined) return shards.change(shard, change, inputs, instanceIds);
    await shards.start(
      shard,
      shard.kind === "run" ? makeRun(inputs, instanceIds) : makeCheck(inputs, policy.check, instanceIds),
    );
  };

  const startAll = async (batches: readonly Batch[]): Promise<boolean> => {
    const before = notReady.size + gone.size;
    const ready = await sift(batches);
    // Machines that turned out not to be ready may be more failures than are borne: that is judged before anything starts.
    if (notReady.size + gone.size > before) return true;
    // One that fails must not leave the answers of others unheard.
    const outcomes = await Promise.allSettled(ready.map(start));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    return ready.length > 0;
  };

  const lead = async (): Promise<Rolled> => {
    for (;;) {
      const facts = gather();
      const step = next(plan, facts, clock.now());
      await sayEnds(facts);
      for (const stop of step.stop) await shards.stop(stop);
      if (step.verdict) return conclude(call, roll, facts, step.verdict);
      if (step.start.length > 0 && (await startAll(step.start))) {
        sinceMs = clock.now();
        pauseMs = FIRST_PAUSE_MS;
        continue;
      }
      progress.status(
        step.start.length > 0
          ? describeStarting(starting, step.wait.wave, plan)
          : describeProgress(plan, facts, step.wait, repeatMode),
      );
      const isWaiting = step.wait.for === "machines" && step.start.length === 0;
      const own = { deadline: sinceMs + waitSeconds * 1_000, seconds: waitSeconds, setting: "waitTimeout" };
      const bound = isWaiting ? (limit && limit.deadline < own.deadline ? limit : own) : limit;
      if (bound && clock.now() >= bound.deadline)
        return { ...endUnfinished(plan, facts, step, bound, isSecret), facts };
      const untilMs = step.wait.for === "machines" ? clock.now() + pauseMs : step.wait.untilMs;
      if (step.wait.for !== "machines") sinceMs = untilMs;
      await clock.sleep(Math.max(0, Math.min(untilMs, bound?.deadline ?? untilMs) - clock.now()), signal);
      pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS);
      await shards.look(bound?.deadline ?? clock.now() + LONGEST_PAUSE_MS);
    }
  };

  return lead().catch((error: unknown) => {
    const facts = gather();
    // What has begun is kept, and the verdict fails.
    if (!(error instanceof ExpectedFailure) || signal?.aborted || facts.machines.size === 0) throw error;
    return { ...endCutShort(plan, facts, error.message, isSecret), facts };
  });
}

/** What of the inputs a check shares with what it checks: user, folder and container among them. */
const SHARED = [
  "regionId",
  "username",
  "windowsPasswordName",
  "workingDir",
  "containerId",
  "containerName",
  "terminationMode",
  "resourceGroupId",
  "tags",
] as const;

function makeCheck(inputs: Declaration, check: RolloutCheck | undefined, instanceIds: readonly string[]): Run {
  const how = Object.fromEntries(SHARED.map((name) => [name, inputs[name]]));
  const type = check?.commandContent === undefined ? {} : { type: inputs.type ?? "RunShellScript" };
  return makeRun({ ...how, ...check, ...type, repeatMode: "Once" } as unknown as Declaration, instanceIds);
}

async function findWaitSeconds({ inventory }: Region, inputs: Declaration, { check }: RolloutPolicy): Promise<number> {
  if (inputs.waitTimeout !== undefined) return inputs.waitTimeout;
  const { commandId } = inputs;
  const command =
    inputs.timeout === undefined && commandId !== undefined
      ? await inventory.findCommand(commandId).catch(() => undefined)
      : undefined;
  const seconds = inputs.timeout ?? (command?.timeout || DEFAULT_TIMEOUT_SECONDS);
  return Math.max(seconds, check?.timeout ?? 0) + WAIT_MARGIN_SECONDS;
}

const describeStarting = (starting: ReadonlyMap<string, number>, wave: number, plan: Plan): string =>
  `wave ${wave} of ${plan.waves.length}: waiting until ${listIds([...starting.keys()], 3)} can take a command`;

async function conclude(call: Call, { planned, shards }: Roll, facts: Facts, verdict: Verdict): Promise<Rolled> {
  const { progress, isSecret } = call;
  const { plan } = planned;
  for (const line of describeExits(shards.exits)) await progress.warn(line);
  if (verdict.status === "Stopped") {
    const reasons = describeStop(plan, facts, isSecret);
    // The reasons are the verdict's to tell; where that is left out, as by --target, the stop is not passed over.
    await progress.warn(String(reasons[0]));
    return { facts, status: "Stopped", reasons };
  }
  const warnings = describeWarnings(plan, facts, isSecret);
  if (warnings.length > 0) await progress.warn(warnings.join("\n"));
  if (verdict.status === "Paused") await progress.note(describePause(plan, facts, verdict));
  return { facts, status: verdict.status, reasons: [] };
}

/** The time is over: what runs goes on at the service, and the next update with it. */
function endUnfinished(
  plan: Plan,
  facts: Facts,
  { wait }: Step,
  { seconds, setting }: { seconds: number; setting: string },
  isSecret: boolean,
): Omit<Rolled, "facts"> {
  const line = `wave ${(wait as Wait).wave} of ${plan.waves.length} did not end within ${seconds} s: ${describeUnderWay(plan, facts)}; nothing was stopped; run \`pulumi up\` again to go on, or raise ${setting}`;
  return endOpen(plan, facts, line, isSecret);
}

/** Something that has to do with no machine keeps it from going on. */
const endCutShort = (plan: Plan, facts: Facts, reason: string, isSecret: boolean): Omit<Rolled, "facts"> =>
  endOpen(
    plan,
    facts,
    `${reason}; ${describeUnderWay(plan, facts)}; nothing was stopped; run \`pulumi up\` again to go on`,
    isSecret,
  );

function endOpen(plan: Plan, facts: Facts, line: string, isSecret: boolean): Omit<Rolled, "facts"> {
  const { total, isExceeded } = surveyPlan(plan, facts);
  const isStopped = isExceeded || total.failed + total.again > plan.budget.borne;
  return {
    status: isStopped ? "Stopped" : "Paused",
    reasons: isStopped ? [line, ...describeStop(plan, facts, isSecret)] : [line],
  };
}

function describeUnderWay(plan: Plan, facts: Facts): string {
  const open = plan.waves.flat().filter((id) => {
    const { run, check } = facts.machines.get(id) ?? {};
    return run === "running" || check === "running";
  });
  return open.length > 0
    ? `${countInstances(open.length)} ${open.length === 1 ? "is" : "are"} still under way (${listIds(open)})`
    : "none is under way";
}
