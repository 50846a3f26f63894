/** Where an update takes up a rollout: what the one before left, and what of it has another turn. */
import { isExceeded } from "./budget";
import type { Beginning, Failure, MachineFacts } from "./facts";
import { lastWaveOf, type Plan } from "./plan";
import { listRecorded, type RecordedMachine, type RolloutRecord, type RolloutStatus } from "./record";

/** What each status says, and what the next update does: for the docs, and for the messages. */
export const STATUSES = {
  Succeeded: {
    meaning: "every machine has had its turn, and no more have failed than is borne",
    next: "nothing runs until something changes",
  },
  Paused: {
    meaning:
      "the wave in `through` has ended, or machines said to the end of the check's timeout that they are not healthy yet",
    next: "nothing is different until `through` is raised; after a check it begins with the check",
  },
  Stopped: {
    meaning: "more machines have failed than is borne: the update fails, and the rest is held",
    next: "runs again on the machines that failed, wave by wave, then goes on with those that were held",
  },
} as const satisfies Record<RolloutStatus, { meaning: string; next: string }>;

/**
 * What an update knows of a generation before it looks at the service. Another attempt begins after a stop, and when failures
 * that were borne are borne no more; what an update that was cut off had begun is an attempt that goes on.
 *
 * @param record what the state holds of this generation; undefined when nothing was saved yet
 * @param failures what the state holds of the machines that failed
 */
export function resumeRollout(
  plan: Plan,
  record: RolloutRecord | undefined,
  failures: Readonly<Record<string, Failure>> = {},
): Beginning {
  if (record === undefined) return { attempt: 1, machines: new Map() };
  const waveOf = new Map(plan.waves.flatMap((ids, i) => ids.map((id) => [id, i + 1] as const)));
  const members = listRecorded(record).filter(({ instanceId }) => waveOf.has(instanceId));
  const isSkipped = ({ instanceId, standing }: RecordedMachine) =>
    standing === "skipped" ||
    (standing === "failed" && plan.policy.unready === "skip" && failures[instanceId]?.cause === "notReady");
  const isFailed = (machine: RecordedMachine) =>
    machine.standing === "again" || (machine.standing === "failed" && !isSkipped(machine));
  const failed = members.filter(isFailed);
  const inCanary = failed.filter(({ instanceId }) => waveOf.get(instanceId) === plan.budget.canaryWave).length;
  const isAnother = record.status === "Stopped" || isExceeded(plan.budget, failed.length, inCanary);
  const recorded = new Map(members.map((machine) => [machine.instanceId, machine]));
  const lastWave = lastWaveOf(plan);
  const runsAnything = [...waveOf].some(([id, wave]) => {
    const machine = recorded.get(id);
    if (wave > lastWave) return false;
    if (machine === undefined || machine.standing === "held" || machine.standing === "again") return true;
    // What was skipped would be a failure now, untried.
    if (machine.standing === "skipped" && plan.policy.unready === "fail") return true;
    return isAnother && isFailed(machine);
  });
  const machines = new Map<string, MachineFacts>();
  for (const machine of members) {
    const facts = recall(machine, record.attempt, failures[machine.instanceId]);
    if (facts && !(runsAnything && isSkipped(machine))) machines.set(machine.instanceId, facts);
  }
  return {
    attempt: isAnother ? record.attempt + 1 : record.attempt,
    machines,
    // Whoever runs an update after a stop wants no rest before it.
    ...(isAnother || record.endedAtMs === undefined ? {} : { endedAtMs: record.endedAtMs }),
  };
}

function recall(
  { standing }: RecordedMachine,
  attempt: number,
  failure: Failure = { cause: "run", reason: "failed in an earlier update" },
): MachineFacts | undefined {
  switch (standing) {
    case "held":
      return undefined;
    case "running":
      return { attempt, run: "running" };
    case "unchecked":
      return { attempt, run: "succeeded" };
    case "succeeded":
      return { attempt, run: "succeeded", check: "healthy" };
    case "failed":
      return recallFailure(attempt, failure);
    case "again":
      return recallFailure(attempt - 1, failure);
    case "skipped":
      return { attempt, run: "notReady", failure: { cause: "notReady", reason: "was not ready in an earlier update" } };
    default:
      return standing satisfies never;
  }
}

function recallFailure(attempt: number, failure: Failure): MachineFacts {
  switch (failure.cause) {
    case "run":
    case "stopped":
      return { attempt, run: "failed", failure };
    case "check":
      return { attempt, run: "succeeded", check: "failed", failure };
    case "notReady":
      return { attempt, run: "notReady", failure };
    default:
      return failure.cause satisfies never;
  }
}
