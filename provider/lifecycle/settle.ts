/** Waits for runs to come to an end and turns what they came to into outputs, or into the failure that a person reads. */
import { describeInvocations, type InvocationRecord } from "../cloud/actions";
import { waitUntil } from "../cloud/wait";
import type { Progress } from "../progress";
import { describeFailures, listIds } from "../rules/failures";
import { countInstances, type InvocationInputs } from "../rules/inputs";
import { DEFAULT_TIMEOUT_SECONDS } from "../rules/limits";
import { judgeInstances } from "../rules/outcome";
import { DEFAULT_MAX_OUTPUT_BYTES, failedInstances, formatResults, type Results } from "../rules/results";
import { isLive, overallStatus } from "../rules/status";
import { clock, type Region } from "./configure";
import { boundWait, type Limit } from "./limit";
import { describeError } from "./message";
import { formatOutputs, InvocationFailed, type Settled } from "./state";

type Properties = Record<string, unknown>;

/** Seconds beyond the effective timeout that a wait lasts by default: delivery takes up to a minute. */
const WAIT_MARGIN_SECONDS = 90;

/** A run to wait for, with the machines that must report; with `resourceTags` the service names them. */
export interface PendingRun {
  invokeId: string;
  instanceIds?: readonly string[] | undefined;
}

interface Wait {
  invokeId: string;
  results: Results;
  /** The invocation's own status, when it was seen. */
  status?: string;
  /** Why the wait ended before everything did. */
  unfinished?: string;
}

/** Waits for the runs side by side and gives back their results over those that are kept. */
export async function settleRuns(
  region: Region,
  inputs: InvocationInputs,
  runs: readonly PendingRun[],
  kept: Results,
  progress: Progress,
  limit?: Limit,
): Promise<{ results: Results; status: string; unfinished: string[] }> {
  const ownSeconds = inputs.waitTimeout ?? (await findTimeoutSeconds(region, inputs)) + WAIT_MARGIN_SECONDS;
  const bound = boundWait(ownSeconds, "waitTimeout", limit);
  const waits = await Promise.all(runs.map((run) => waitForRun(region, inputs, run, bound, progress)));
  const results = Object.assign({ ...kept }, ...waits.map((wait) => wait.results)) as Results;
  return {
    results,
    status: combineStatus(results, waits),
    unfinished: waits.flatMap(({ unfinished }) => unfinished ?? []),
  };
}

/** The service's own status where one invocation holds everything, else the same computed over all machines. */
export function combineStatus(results: Results, seen: readonly { invokeId: string; status?: string }[]): string {
  const [only, ...others] = seen;
  const everything = Object.values(results);
  if (only?.status && others.length === 0 && everything.every(({ invokeId }) => invokeId === only.invokeId))
    return only.status;
  return everything.length > 0 ? overallStatus(everything.map(({ status }) => status)) : "Pending";
}

/** A timeout that cannot be asked for is taken to be the service's default. */
async function findTimeoutSeconds(region: Region, inputs: InvocationInputs): Promise<number> {
  if (inputs.timeout !== undefined) return inputs.timeout;
  const command = await region.facts.findCommand(inputs.commandId).catch(() => undefined);
  return command?.timeout || DEFAULT_TIMEOUT_SECONDS;
}

async function waitForRun(
  region: Region,
  inputs: InvocationInputs,
  run: PendingRun,
  bound: Limit,
  progress: Progress,
): Promise<Wait> {
  const { invokeId } = run;
  const { repeatMode } = inputs;
  const { seconds, deadline } = bound;
  const judge = (record: InvocationRecord | undefined) =>
    judgeInstances(record?.instances, { repeatMode, ...(run.instanceIds ? { instanceIds: run.instanceIds } : {}) });
  try {
    const outcome = await waitUntil<InvocationRecord | undefined, InvocationRecord | undefined>({
      look: () => region.watch.look(invokeId, deadline),
      judge: (record) =>
        judge(record).state === "settled" ? { state: "settled", value: record } : { state: "waiting" },
      onLook: (record) => progress.status(judge(record).progress),
      clock,
      deadline,
    });
    const record = outcome.state === "settled" ? outcome.value : await lookAgain(region, outcome.lastSeen);
    const isGone = outcome.state === "expired" && "lastSeen" in outcome && !record;
    const results = record ? formatSeen(run, record, inputs) : pendingResults(run);
    const seen = { invokeId, results, ...(record ? { status: record.invocationStatus } : {}) };
    if (outcome.state === "settled") return seen;
    const obstacle = outcome.lastFailure ? `; the last look failed: ${outcome.lastFailure.message}` : "";
    const expiry = isGone
      ? describeAbsence(invokeId, seconds)
      : describeExpiry(invokeId, bound, record ? results : {}, inputs);
    return { ...seen, unfinished: expiry + obstacle };
  } catch (error) {
    // The command runs all the same: what is known is kept, and the next update goes on waiting.
    const failure = describeError(`Cannot see what invocation "${invokeId}" comes to`, error);
    const message = failure instanceof Error ? failure.message : String(failure);
    return {
      invokeId,
      results: pendingResults(run),
      unfinished: `${message}; it may still be running and was not stopped; run \`pulumi up\` again to go on waiting`,
    };
  }
}

/** The last look may have been at a listing, which leaves out what the machines printed that have ended. */
async function lookAgain(region: Region, seen: InvocationRecord | undefined): Promise<InvocationRecord | undefined> {
  if (!seen?.instances.some(({ finishTime }) => finishTime !== "")) return seen;
  const { invokeId } = seen;
  const client = region.calls.within({ deadline: clock.now() });
  const page = await describeInvocations(client, { invokeId, includeOutput: true }).catch(() => undefined);
  return page?.invocations.find((record) => record.invokeId === invokeId) ?? seen;
}

/** Only the machines that are waited for: others of the record have left it, or ran again elsewhere. */
function formatSeen(
  { invokeId, instanceIds }: PendingRun,
  record: InvocationRecord,
  inputs: InvocationInputs,
): Results {
  const instances = record.instances.filter(({ instanceId }) => instanceIds?.includes(instanceId) ?? true);
  return {
    ...pendingResults({ invokeId, instanceIds }),
    ...formatResults(invokeId, instances, maxOutputBytes(inputs)),
  };
}

export const maxOutputBytes = (inputs: Pick<InvocationInputs, "maxOutputBytes">): number =>
  inputs.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;

/** What is known of a run that was never seen: it was taken, no more. */
function pendingResults({ invokeId, instanceIds = [] }: PendingRun): Results {
  return Object.fromEntries(
    instanceIds.map((id) => [id, { status: "Pending", output: "", dropped: 0, repeats: 0, invokeId }]),
  );
}

function describeExpiry(invokeId: string, bound: Limit, results: Results, inputs: InvocationInputs): string {
  const counts = new Map<string, number>();
  for (const { status } of Object.values(results)) counts.set(status, (counts.get(status) ?? 0) + 1);
  const seen = [...counts].map(([status, n]) => `${n} ${status}`).join(", ") || "nothing";
  const open = Object.keys(results).filter((id) => isLive(results[id]?.status ?? ""));
  const verb = inputs.repeatMode === "Once" ? "finish" : "get scheduled on every instance";
  return `invocation "${invokeId}" did not ${verb} within ${bound.seconds} s: last seen ${seen}${open.length > 0 ? ` (${listIds(open)})` : ""}; it was not stopped; run \`pulumi up\` again to go on waiting, or raise ${bound.setting}`;
}

const describeAbsence = (invokeId: string, seconds: number): string =>
  `the service shows no record of invocation "${invokeId}", which it was asked for over ${seconds} s: records are kept for 30 days, so what it came to is not known; change triggers to run it again`;

/**
 * The outputs of what was settled. A machine on which it failed, or a wait that expired, fails the update and keeps the
 * state, unless the program wants to go on.
 */
export async function concludeRuns(
  properties: Properties,
  inputs: InvocationInputs,
  settled: Settled & { unfinished: string[] },
  progress: Progress,
): Promise<Properties> {
  const outputs = formatOutputs(properties, settled);
  const failed = failedInstances(settled.results, inputs.repeatMode);
  const total = Object.keys(settled.results).length;
  const ran = [...new Set(failed.map((instanceId) => settled.results[instanceId]?.invokeId ?? settled.invokeId))];
  const lines = describeFailures(settled.results, failed, properties.__secret === true);
  const reasons = [
    ...(failed.length > 0
      ? [
          `command "${inputs.commandId}" failed on ${failed.length} of ${countInstances(total)} (${ran.length === 1 ? "invocation" : "invocations"} ${listIds(ran)})`,
        ]
      : []),
    ...lines,
    ...settled.unfinished,
  ];
  if (reasons.length === 0) return outputs;
  if (inputs.onFailure === "warn") {
    for (const reason of reasons) await progress.warn(reason);
    return outputs;
  }
  throw new InvocationFailed(settled.invokeId, outputs, reasons, properties.__provider);
}
