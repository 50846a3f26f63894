/** What is kept of a rollout between two updates: the plan, and where each machine stands, in a few bytes for each. */
import type { Amount } from "./amount";
import type { Facts } from "./facts";
import type { Plan } from "./plan";
import { judgeMachine, type Standing, surveyPlan } from "./standing";

/** How a rollout stands after an update. */
export type RolloutStatus = "Succeeded" | "Paused" | "Stopped";

/** Plain, so that it can be saved as it is. What a failed machine reported is kept beside it, by instance id. */
export interface RolloutRecord {
  generation: string;
  status: RolloutStatus;
  /** The last attempt, from 1. */
  attempt: number;
  /** Machines when the generation began. */
  fleet: number;
  /** The `waves` of the program by which the plan was made. */
  targets: Amount[];
  /** Ids of all machines, wave by wave in the plan's order. */
  machines: string[];
  /** Machines of each wave. */
  sizes: number[];
  /** Where each of them stands, as counted letters in the same order: `"100s3f97h"`. */
  standings: string;
  /** When the last run or check of the attempt ended, milliseconds since 1970; absent when none did. */
  endedAtMs?: number;
}

/** What is kept of a machine. */
export type RecordedStanding = "held" | "running" | "unchecked" | "succeeded" | "failed" | "again" | "skipped";

const LETTERS = {
  held: "h",
  running: "r",
  unchecked: "c",
  succeeded: "s",
  failed: "f",
  again: "a",
  skipped: "k",
} as const satisfies Record<RecordedStanding, string>;

const STANDING_OF = new Map(
  (Object.keys(LETTERS) as RecordedStanding[]).map((standing) => [LETTERS[standing] as string, standing]),
);

/** A check that was not answered in this update is asked again by the next one. A machine that is gone is not kept. */
const RECORDED: { [S in Standing]: RecordedStanding | undefined } = {
  held: "held",
  again: "again",
  running: "running",
  unchecked: "unchecked",
  checking: "unchecked",
  notYet: "unchecked",
  succeeded: "succeeded",
  failed: "failed",
  skipped: "skipped",
  gone: undefined,
};

/** What is to be saved at the end of an update. */
export function formatRecord(generation: string, status: RolloutStatus, plan: Plan, facts: Facts): RolloutRecord {
  const waves = plan.waves.map((ids) =>
    ids.flatMap((id) => {
      const standing = RECORDED[judgeMachine(facts.machines.get(id), plan, facts.attempt)];
      return standing === undefined ? [] : [{ id, standing }];
    }),
  );
  const members = waves.flat();
  const { endedAtMs } = surveyPlan(plan, facts);
  return {
    generation,
    status,
    attempt: facts.attempt,
    fleet: plan.fleet,
    targets: [...plan.policy.waves],
    machines: members.map(({ id }) => id),
    sizes: waves.map(({ length }) => length),
    standings: formatStandings(members.map(({ standing }) => standing)),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  };
}

export function formatStandings(standings: readonly RecordedStanding[]): string {
  let text = "";
  let count = 0;
  for (const [i, standing] of standings.entries()) {
    count++;
    if (standings[i + 1] === standing) continue;
    text += `${count}${LETTERS[standing]}`;
    count = 0;
  }
  return text;
}

/** A machine as it was recorded. */
export interface RecordedMachine {
  instanceId: string;
  /** From 1. */
  wave: number;
  standing: RecordedStanding;
}

/**
 * The machines of a record, wave by wave.
 *
 * @throws {RangeError} when the record does not have one standing and one wave for each machine
 */
export function listRecorded({ machines, sizes, standings }: RolloutRecord): RecordedMachine[] {
  const all = [...standings.matchAll(/(\d{1,9})([a-z])/g)].flatMap(([, count, letter = ""]) =>
    new Array<RecordedStanding | undefined>(Number(count)).fill(STANDING_OF.get(letter)),
  );
  const waves = sizes.flatMap((size, i) => new Array<number>(size).fill(i + 1));
  if (all.length !== machines.length || waves.length !== machines.length || all.includes(undefined))
    throw new RangeError(
      `Cannot read the state of a rollout: it must have a wave and a standing for each of its ${machines.length} machines: it has ${waves.length} and ${all.length}`,
    );
  return machines.map((instanceId, i) => ({
    instanceId,
    wave: waves[i] ?? 1,
    standing: all[i] ?? "held",
  }));
}

/**
 * The record that the next generation goes by when it changes live schedules in place: each invocation keeps its wave, since
 * it is changed as a whole.
 */
export function carryRecord(record: RolloutRecord, generation: string): RolloutRecord {
  const { endedAtMs: _, ...plan } = record;
  const count = record.machines.length;
  return { ...plan, generation, attempt: 1, fleet: count, status: "Paused", standings: count > 0 ? `${count}h` : "" };
}
