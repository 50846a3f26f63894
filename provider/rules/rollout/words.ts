/** Says a rollout in a person's words: before it runs, while it runs, at the end of each wave, and when it has ended. */
import { describeFailures } from "../failures";
import type { RepeatMode } from "../inputs";
import { MAX_OUTPUT_BYTES } from "../limits";
import type { Results } from "../results";
import { agree, arePlural, count, listIds } from "../words";
import type { Facts, Failure } from "./facts";
import type { Verdict, Wait } from "./next";
import { lastWaveOf, type Plan } from "./plan";
import { assessRisk } from "./risk";
import { type Counts, judgeMachine, membersOf, type Standing, surveyPlan, type WaveSurvey } from "./standing";

/** Waves and reasons named in a message; more would hide its end. */
const MAX_WAVES_NAMED = 12;
const MAX_REASONS = 12;

const countMachines = (n: number): string => count(n, "machine");

/** The first ones and the last one, so that a message stays short. */
function shorten<T>(items: readonly T[], format: (item: T, i: number) => string): string[] {
  if (items.length <= MAX_WAVES_NAMED) return items.map(format);
  const last = items.length - 1;
  return [...items.slice(0, MAX_WAVES_NAMED - 1).map(format), `… ${format(items[last] as T, last)}`];
}

/**
 * The plan and the risk of a rollout that begins: `wave 1: 1 machine; wave 2: 99; stops when more than 5 of 100 fail; at worst 99
 * machines have failed by the end of wave 2`.
 */
export function describePlan(plan: Plan): string {
  const waves = plan.waves.flatMap((ids, i) => (ids.length > 0 ? [{ wave: i + 1, count: ids.length }] : []));
  if (waves.length === 0) return "no machines";
  return [describeWaves(waves), ...describeLimits(plan)].join("; ");
}

/** @param names inputs that are not known before the update */
export function describeUnknown(names: readonly string[]): string {
  const [are, them] = arePlural(...names) ? ["are", "them"] : ["is", "it"];
  return `${names.join(", ")} ${are} not known before the update, and the plan with ${them}: the update says it before anything runs`;
}

const describeWaves = (waves: readonly { wave: number; count: number }[]): string =>
  shorten(waves, ({ wave, count }, i) => `wave ${wave}: ${i === 0 ? countMachines(count) : count}`).join("; ");

function describeLimits(plan: Plan): string[] {
  const { policy } = plan;
  const last = lastWaveOf(plan);
  return [
    describeBudget(plan),
    ...describeRisk(plan),
    ...(policy.pauseSeconds > 0 ? [`rests ${policy.pauseSeconds} s between waves`] : []),
    ...(last < plan.waves.length ? [`pauses after wave ${last}`] : []),
  ];
}

/** When it stops; of what can never be exceeded nothing is said. */
function describeBudget({ budget: { borne, canaryBorne, canaryWave }, fleet, waves }: Plan): string {
  if (borne === 0) return fleet === 1 ? "stops when it fails" : `stops when one of ${fleet} fails`;
  const canaryStops = canaryBorne < Math.min(borne, waves[canaryWave - 1]?.length ?? 0);
  const inCanary = `${canaryBorne === 0 ? "one" : `more than ${canaryBorne}`} in wave ${canaryWave}`;
  if (borne < fleet) return `stops when more than ${borne} of ${fleet} fail${canaryStops ? `, or ${inCanary}` : ""}`;
  return canaryStops ? `stops when ${inCanary} fail${canaryBorne === 0 ? "s" : ""}` : "no failure stops it";
}

/** That one machine may fail when it is alone goes without saying. */
function describeRisk(plan: Plan): string[] {
  const risks = assessRisk(plan).filter(({ machines, failed }) => machines > 1 || failed > 1);
  if (risks.length === 0) return [];
  const named = shorten(risks, ({ wave, failed }, i) =>
    i === 0
      ? `${countMachines(failed)} ${agree(failed, "has", "have")} failed by the end of wave ${wave}`
      : `${failed} of wave ${wave}`,
  );
  return [`at worst ${named.join(", ")}`];
}

/** What an update will do with a rollout that has begun already; empty when nothing runs. */
export function describeResumption(plan: Plan, facts: Facts): string[] {
  const last = lastWaveOf(plan);
  const within = plan.waves.slice(0, last).map((ids) => group(ids, plan, facts));
  const all = (standing: Standing) => within.flatMap((standings) => standings.get(standing) ?? []);
  const again = all("again");
  const stopped = again.filter((id) => facts.machines.get(id)?.failure?.cause === "stopped");
  const failed = again.filter((id) => !stopped.includes(id));
  const held = within.flatMap((standings, i) => {
    const ids = standings.get("held") ?? [];
    return ids.length > 0 ? [{ wave: i + 1, count: ids.length, ids }] : [];
  });
  const underWay = [...all("running"), ...all("checking")];
  const unchecked = [...all("unchecked"), ...all("notYet")];
  const leaving = new Set(facts.leaving.flatMap(({ instanceIds }) => instanceIds));
  const [first, ...others] = held;
  const parts = [
    ...(leaving.size > 0 ? [`stops what runs on ${countMachines(leaving.size)} no longer of the fleet`] : []),
    ...(underWay.length > 0 ? [`waits for ${countMachines(underWay.length)} under way`] : []),
    ...(failed.length > 0 ? [`runs again on ${countMachines(failed.length)} that failed (${listIds(failed)})`] : []),
    ...(stopped.length > 0
      ? [`starts again on ${countMachines(stopped.length)} where somebody has stopped it (${listIds(stopped)})`]
      : []),
    ...(unchecked.length > 0 ? [`checks ${countMachines(unchecked.length)} (${listIds(unchecked)})`] : []),
    ...(first ? [`goes on with wave ${first.wave}: ${countMachines(first.count)} (${listIds(first.ids)})`] : []),
    ...(others.length > 0 ? [describeWaves(others)] : []),
  ];
  if (parts.length === 0) return [];
  return again.length + held.length > 0 ? [...parts, ...describeLimits(plan)] : parts;
}

function group(ids: readonly string[], plan: Plan, facts: Facts): Map<Standing, string[]> {
  const standings = new Map<Standing, string[]>();
  for (const id of ids) {
    const standing = judgeMachine(facts.machines.get(id), plan, facts.attempt);
    const members = standings.get(standing);
    if (members) members.push(id);
    else standings.set(standing, [id]);
  }
  return standings;
}

const OVER: readonly Standing[] = ["succeeded", "failed", "skipped", "unchecked", "checking", "notYet"];

const sum = (counts: Counts, standings: readonly Standing[]): number =>
  standings.reduce((n, standing) => n + counts[standing], 0);

/**
 * For the resource's row: `wave 3 of 4: 312 of 400 finished, 3 failed (5 borne)`.
 *
 * @param repeatMode when what is rolled out runs: anything but a one-shot is scheduled, and does not finish
 */
export function describeProgress(plan: Plan, facts: Facts, wait: Wait, repeatMode: RepeatMode): string {
  const { waves, total } = surveyPlan(plan, facts);
  const counts = waves[wait.wave - 1]?.counts ?? total;
  const name = `wave ${wait.wave} of ${plan.waves.length}`;
  const { budget } = plan;
  const borne = wait.wave === budget.canaryWave ? budget.canaryBorne : budget.borne;
  const failed = total.failed > 0 ? `, ${total.failed} failed (${borne} borne)` : "";
  switch (wait.for) {
    case "rest":
      return `${name} begins at ${formatTime(wait.untilMs)}${failed}`;
    case "check":
      return `${name}: ${counts.notYet} of ${membersOf(counts)} not healthy yet, asks again at ${formatTime(wait.untilMs)}${failed}`;
    case "machines": {
      if (wait.isStopping) return `stopping: waits for ${countMachines(total.running + total.checking)}${failed}`;
      if (counts.checking > 0)
        return `${name}: ${counts.succeeded} of ${membersOf(counts)} healthy, ${counts.checking} being checked${failed}`;
      return `${name}: ${sum(counts, OVER)} of ${membersOf(counts)} ${repeatMode === "Once" ? "finished" : "scheduled"}${failed}`;
    }
    default:
      return wait satisfies never;
  }
}

const formatTime = (ms: number): string => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

/** Waves in which nothing is left to do, counted from 1; empty ones are none of them. */
export function listEndedWaves(plan: Plan, facts: Facts): number[] {
  const { waves } = surveyPlan(plan, facts);
  return waves.flatMap(({ open, openAgain, counts }, i) =>
    open + openAgain === 0 && membersOf(counts) > 0 ? [i + 1] : [],
  );
}

/** The line that stays at the end of a wave: `wave 3 of 4 ended: 397 of 400 succeeded, 3 failed`. */
export function describeWaveEnd(plan: Plan, facts: Facts, wave: number): string {
  const counts = surveyPlan(plan, facts).waves[wave - 1]?.counts;
  if (counts === undefined) return `wave ${wave} of ${plan.waves.length} ended`;
  return [
    `wave ${wave} of ${plan.waves.length} ended: ${counts.succeeded} of ${membersOf(counts)} succeeded`,
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped, since not ready`] : []),
  ].join(", ");
}

/** Machines with the same reason. */
interface Reason {
  failure: Failure;
  ids: string[];
}

/** The most frequent first. */
function groupReasons(ids: readonly string[], facts: Facts): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const id of ids) {
    const { failure = { cause: "run", reason: "failed" } } = facts.machines.get(id) ?? {};
    const key = `${failure.cause} ${failure.reason}`;
    const known = reasons.get(key);
    if (known) known.ids.push(id);
    else reasons.set(key, { failure, ids: [id] });
  }
  return [...reasons.values()].sort((a, b) => b.ids.length - a.ids.length);
}

/**
 * One line per reason, the most frequent first, with its machines and the last lines of the first of them.
 *
 * @param isSecret whether the output must not be shown, since an input is a secret
 */
export function describeReasons(ids: readonly string[], facts: Facts, isSecret: boolean): string[] {
  const reasons = groupReasons(ids, facts);
  const lines = reasons.slice(0, MAX_REASONS).map(({ failure, ids: members }) => {
    const count = members.length > 1 ? `${countMachines(members.length)}: ` : "";
    return `${count}${describeReason(failure, members, facts, isSecret)}`;
  });
  const left = reasons.slice(MAX_REASONS);
  const machines = left.reduce((n, { ids: members }) => n + members.length, 0);
  return left.length === 0
    ? lines
    : [
        ...lines,
        `and ${left.length} more reasons, on ${countMachines(machines)}; failures in the state holds all of them`,
      ];
}

function describeReason({ cause, reason, result }: Failure, ids: readonly string[], facts: Facts, isSecret: boolean) {
  if (result === undefined) return `${listIds(ids)}: ${reason}`;
  const results: Results = Object.fromEntries(
    ids.map((id) => [id, facts.machines.get(id)?.failure?.result ?? result] as const),
  );
  const [line = ""] = describeFailures(results, ids, { isSecret, maxOutputBytes: MAX_OUTPUT_BYTES });
  return cause === "check" ? `at the check, ${line}` : line;
}

const listFailed = (plan: Plan, facts: Facts): string[] => listStanding(plan, facts, "failed", "again");

/** Why the update fails: how many failed and where, the reasons, what was held, and what the next update does. */
export function describeStop(plan: Plan, facts: Facts, isSecret: boolean): string[] {
  const { waves } = surveyPlan(plan, facts);
  const failed = listFailed(plan, facts);
  return [
    describeExcess(plan, facts),
    ...describeReasons(failed, facts, isSecret),
    ...describeUnhealthy(plan, facts),
    ...describeSkipped(plan, facts),
    ...describeHeld(waves.map(({ counts }) => counts.held)),
    describeNext(plan, waves, failed.length),
  ];
}

function describeExcess(plan: Plan, facts: Facts): string {
  const { budget } = plan;
  const { waves, total } = surveyPlan(plan, facts);
  const stoppedIn = waves.findLastIndex(({ counts }) => counts.failed > 0) + 1;
  const where = stoppedIn > 0 ? ` in wave ${stoppedIn} of ${plan.waves.length}` : "";
  const canary = waves[budget.canaryWave - 1]?.counts;
  const [failed, members, most, of] =
    total.failed + total.again <= budget.borne && canary
      ? [canary.failed, membersOf(canary), budget.canaryBorne, ` of wave ${budget.canaryWave}`]
      : [total.failed + total.again, membersOf(total), budget.borne, ""];
  const limit = most === 0 ? "none is borne" : `at most ${most} ${agree(most, "is", "are")} borne`;
  return `stopped${where}: ${failed} of ${countMachines(members)}${of} ${agree(failed, "has", "have")} failed, and ${limit}`;
}

/** `held: 488 machines have not been started (88 of wave 3, 400 of wave 4)`. */
function describeHeld(held: readonly number[]): string[] {
  const waves = held.flatMap((count, i) => (count > 0 ? [{ count, wave: i + 1 }] : []));
  const total = waves.reduce((n, { count }) => n + count, 0);
  if (total === 0) return [];
  const named = shorten(waves, ({ count, wave }) => `${count} of wave ${wave}`).join(", ");
  return [`held: ${countMachines(total)} ${agree(total, "has", "have")} not been started (${named})`];
}

function describeNext(plan: Plan, waves: readonly WaveSurvey[], failed: number): string {
  const first = waves.findIndex(({ counts }) => counts.failed + counts.again > 0) + 1;
  const last = Math.max(first, lastWaveOf(plan));
  const when = first > lastWaveOf(plan) ? `raise through to ${first}: ` : "";
  const again = `${when}the next \`pulumi up\` runs again on the ${failed === 1 ? "machine" : countMachines(failed)} that failed`;
  const countHeld = (of: readonly WaveSurvey[]) => of.reduce((n, { counts }) => n + counts.held, 0);
  const [next, held] = [countHeld(waves.slice(0, last)), countHeld(waves)];
  if (next === 0) return again;
  const rest =
    next === held ? `the ${held} that ${agree(held, "was", "were")} held` : `the ${next} held up to wave ${last}`;
  return `${again}${failed === 1 ? "" : ", wave by wave"}, then goes on with ${rest}`;
}

function describeSkipped(plan: Plan, facts: Facts): string[] {
  return groupReasons(listStanding(plan, facts, "skipped"), facts).map(
    ({ failure, ids }) => `skipped: ${listIds(ids)}: ${failure.reason}; the next update that runs anything tries again`,
  );
}

function listStanding(plan: Plan, facts: Facts, ...standings: Standing[]): string[] {
  return plan.waves.flatMap((ids) =>
    ids.filter((id) => standings.includes(judgeMachine(facts.machines.get(id), plan, facts.attempt))),
  );
}

function describeUnhealthy(plan: Plan, facts: Facts): string[] {
  const ids = listStanding(plan, facts, "notYet");
  if (ids.length === 0) return [];
  const machines = `${countMachines(ids.length)} ${agree(ids.length, "is", "are")} not healthy after ${plan.policy.check?.timeout} s`;
  return [
    `${machines}: ${listIds(ids)}; look at ${ids.length === 1 ? "it" : "them"}, or raise the timeout of check; the next \`pulumi up\` asks again`,
  ];
}

/** What a rollout that did not stop leaves to be warned of: failures that were borne, machines that are not healthy yet or were skipped. */
export function describeWarnings(plan: Plan, facts: Facts, isSecret: boolean): string[] {
  const failed = listFailed(plan, facts);
  const { total } = surveyPlan(plan, facts);
  const { borne } = plan.budget;
  const n = failed.length;
  return [
    ...(n > 0
      ? [
          `${n} of ${countMachines(membersOf(total))} ${agree(n, "has", "have")} failed, and ${borne} ${agree(borne, "is", "are")} borne: nothing runs there again until something changes`,
          ...describeReasons(failed, facts, isSecret),
        ]
      : []),
    ...describeUnhealthy(plan, facts),
    ...describeSkipped(plan, facts),
  ];
}

/** `paused after wave 2 of 4: 900 machines are held; raise through to go on`, or in a wave when a check has not come to an end. */
export function describePause(
  plan: Plan,
  facts: Facts,
  { wave, because }: Extract<Verdict, { status: "Paused" }>,
): string {
  const { held } = surveyPlan(plan, facts).total;
  const where = `wave ${wave} of ${plan.waves.length}`;
  const rest = `${countMachines(held)} ${agree(held, "is", "are")} held`;
  return because === "through"
    ? `paused after ${where}: ${rest}; raise through to go on`
    : `paused in ${where}, since not all are healthy: ${rest}; the next \`pulumi up\` begins with the check`;
}
