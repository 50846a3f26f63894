/** Waits for runs to come to an end. */
import type { InvocationRecord } from "../cloud/actions";
import { findInvocation } from "../cloud/search";
import { untilAborted, waitUntil } from "../cloud/wait";
import type { Declaration, RepeatMode } from "../rules/inputs";
import { DEFAULT_TIMEOUT_SECONDS } from "../rules/limits";
import { type Seen, showNewest } from "../rules/live";
import { judgeResults } from "../rules/outcome";
import { formatResults, type Results } from "../rules/results";
import { isTerminal, overallStatus, recordStatus, standingOf } from "../rules/status";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";
import { listIds } from "../rules/words";
import { type Bounds, boundWait, type Call } from "./call";
import { describeError, Interruption } from "./failure";
import type { Region } from "./session";

/** Seconds beyond the effective timeout that a wait lasts by default: delivery takes up to a minute. */
const WAIT_MARGIN_SECONDS = 90;

/** So long an interruption waits for the one look by which a new run is known. */
const LAST_LOOK_MS = 1_500;

/** How a person goes on where a wait ends before the run does. */
export interface Remedy {
  /** What to do, such as "run `pulumi up` again to go on waiting". */
  again: string;
  /** What sets the seconds of the wait. */
  setting: string;
}

const OF_UPDATE: Remedy = { again: "run `pulumi up` again to go on waiting", setting: "waitTimeout" };

/** A run to wait for, with the machines that must report; with `resourceTags` the service names them. */
export interface PendingRun {
  invokeId: string;
  instanceIds?: readonly string[] | undefined;
  /** Whether it was asked for just now, with the unsaved tag: the service may have answered an earlier life of the resource. */
  isNew?: boolean;
}

interface Wait {
  invokeId: string;
  results: Results;
  /** The invocation's own status, when it was seen. */
  status?: string;
  /** Why the wait ended before everything did. */
  unfinished?: string;
  /** Whether it belongs to an earlier life of the resource: nothing has run for this one. */
  isEarlier?: boolean;
}

export interface Waited {
  results: Results;
  status: string;
  unfinished: string[];
  /** Runs that were asked for, and turned out to be those of an earlier life. */
  earlier: PendingRun[];
}

/** Waits for the runs side by side and gives back their results over those that are kept. */
export async function waitForRuns(
  call: Call,
  region: Region,
  inputs: Declaration,
  runs: readonly PendingRun[],
  kept: Results,
  remedy = OF_UPDATE,
): Promise<Waited> {
  const seconds = inputs.waitTimeout ?? (await findTimeoutSeconds(region, inputs)) + WAIT_MARGIN_SECONDS;
  const bounds = boundWait(call, seconds, remedy.setting);
  const all = await Promise.all(runs.map((run) => waitForRun(call, region, inputs, run, bounds, remedy.again)));
  const waits = all.filter(({ isEarlier }) => isEarlier !== true);
  const results = Object.assign({ ...kept }, ...waits.map((wait) => wait.results)) as Results;
  return {
    results,
    status: combineStatus(results, waits, inputs.repeatMode),
    unfinished: waits.flatMap(({ unfinished }) => unfinished ?? []),
    earlier: runs.filter((_, i) => all[i]?.isEarlier === true),
  };
}

/** The service's own status where one invocation holds everything, else the same computed over all machines. */
export function combineStatus(
  results: Results,
  seen: readonly { invokeId: string; status?: string }[],
  repeatMode: RepeatMode,
): string {
  const [only, ...others] = seen;
  const everything = Object.values(results);
  if (only?.status && others.length === 0 && everything.every(({ invokeId }) => invokeId === only.invokeId))
    return recordStatus(only.status, everything, repeatMode);
  return everything.length > 0 ? overallStatus(everything.map((result) => standingOf(result, repeatMode))) : "Pending";
}

/** A timeout that cannot be asked for is taken to be the service's default. */
async function findTimeoutSeconds({ inventory }: Region, inputs: Declaration): Promise<number> {
  if (inputs.timeout !== undefined) return inputs.timeout;
  const { commandId } = inputs;
  const command = commandId === undefined ? undefined : await inventory.findCommand(commandId).catch(() => undefined);
  return command?.timeout || DEFAULT_TIMEOUT_SECONDS;
}

async function waitForRun(
  call: Call,
  region: Region,
  inputs: Declaration,
  run: PendingRun,
  { seconds, setting, ...bounds }: Bounds,
  again: string,
): Promise<Wait> {
  const { invokeId } = run;
  const { repeatMode } = inputs;
  const judge = (record: InvocationRecord | undefined) =>
    judgeResults(record && formatResults(record), {
      repeatMode,
      ...(run.instanceIds ? { instanceIds: run.instanceIds } : {}),
    });
  let lastSeen: InvocationRecord | undefined;
  let seenSoFar: Seen = { outputs: {} };
  try {
    const outcome = await waitUntil<InvocationRecord | undefined, InvocationRecord | undefined>({
      look: () => region.watch.look(invokeId, bounds.deadline),
      judge: (record) =>
        isEarlierLife(run, record) || judge(record).state === "settled"
          ? { state: "settled", value: record }
          : { state: "waiting" },
      onLook: (record) => {
        lastSeen = record;
        if (isEarlierLife(run, record)) return;
        const { progress } = judge(record);
        // What a machine prints may hold a secret that it was given.
        const newest = showNewest(record === undefined || call.isSecret ? {} : formatSeen(run, record), seenSoFar);
        seenSoFar = newest.seen;
        call.progress.status(newest.line === "" ? progress : `${progress}; ${newest.line}`);
      },
      ...bounds,
    });
    const record = outcome.state === "settled" ? outcome.value : await lookAgain(call, region, outcome.lastSeen);
    const isGone = outcome.state === "expired" && "lastSeen" in outcome && !record;
    const results = record ? formatSeen(run, record) : pendingResults(run);
    const seen = { invokeId, results, ...(record ? { status: record.invocationStatus } : {}) };
    if (outcome.state === "settled") return isEarlierLife(run, record) ? { ...seen, isEarlier: true } : seen;
    const obstacle = outcome.lastFailure ? `; the last look failed: ${outcome.lastFailure.message}` : "";
    const expiry = isGone
      ? describeAbsence(invokeId, seconds)
      : describeExpiry(invokeId, { seconds, setting, again }, record ? results : {}, repeatMode);
    return { ...seen, unfinished: expiry + obstacle };
  } catch (error) {
    // The command runs all the same: what is known is kept, and the next update goes on waiting.
    const failure = describeError(`Cannot see what invocation "${invokeId}" comes to`, error);
    const message = failure instanceof Error ? failure.message : String(failure);
    const cause =
      failure instanceof Interruption ? describeInterruption(invokeId) : `${message}; it may still be running`;
    const unfinished = `${cause} and was not stopped; ${again}`;
    if (!lastSeen) return settleUnseen({ invokeId, results: pendingResults(run), unfinished });
    return { invokeId, status: lastSeen.invocationStatus, results: formatSeen(run, lastSeen), unfinished };
  }

  /**
   * Of an answer that was never looked at nobody knows whether it is an earlier life's, which the next update would take for what
   * was asked for: an interruption waits for one look.
   */
  async function settleUnseen(wait: Wait): Promise<Wait> {
    if (run.isNew !== true) return wait;
    const client = region.calls.within({ deadline: call.session.clock.now() + LAST_LOOK_MS, interruptible: false });
    const look = findInvocation(client, invokeId, { includeOutput: true });
    const record = await untilAborted(look, AbortSignal.timeout(LAST_LOOK_MS)).catch(() => undefined);
    if (!record) return wait;
    const seen = { ...wait, results: formatSeen(run, record), status: record.invocationStatus };
    return isEarlierLife(run, record) ? { ...seen, isEarlier: true } : seen;
  }
}

/**
 * One token is one run, however long ago: of a resource that was destroyed and declared again, the answer may be its first
 * life's. Its unsaved tag is off by then.
 */
const isEarlierLife = ({ isNew }: PendingRun, record: InvocationRecord | undefined): boolean =>
  isNew === true && record?.tags[OWNER_TAG_KEY] !== undefined && record.tags[UNSAVED_TAG_KEY] === undefined;

/** The last look may have been at a listing, which leaves out what the machines printed that have ended. */
async function lookAgain(
  { session: { clock } }: Call,
  region: Region,
  seen: InvocationRecord | undefined,
): Promise<InvocationRecord | undefined> {
  if (!seen?.instances.some(({ finishTime }) => finishTime !== "")) return seen;
  const { invokeId } = seen;
  const client = region.calls.within({ deadline: clock.now() });
  return (await findInvocation(client, invokeId, { includeOutput: true }).catch(() => undefined)) ?? seen;
}

/** Only the machines that are waited for: others of the record have left it, or ran again elsewhere. */
function formatSeen({ invokeId, instanceIds }: PendingRun, record: InvocationRecord): Results {
  const instances = record.instances.filter(({ instanceId }) => instanceIds?.includes(instanceId) ?? true);
  return { ...pendingResults({ invokeId, instanceIds }), ...formatResults({ ...record, instances }) };
}

/** What is known of a run that was never seen: it was taken, no more. */
function pendingResults({ invokeId, instanceIds = [] }: PendingRun): Results {
  return Object.fromEntries(
    instanceIds.map((id) => [id, { status: "Pending", output: "", dropped: 0, repeats: 0, invokeId }]),
  );
}

function describeExpiry(
  invokeId: string,
  { seconds, setting, again }: Pick<Bounds, "seconds"> & Remedy,
  results: Results,
  repeatMode: RepeatMode,
): string {
  const counts = new Map<string, number>();
  for (const { status } of Object.values(results)) counts.set(status, (counts.get(status) ?? 0) + 1);
  const seen = [...counts].map(([status, n]) => `${n} ${status || "without a status"}`).join(", ") || "nothing";
  const open = Object.entries(results)
    .filter(([, result]) => !isTerminal(standingOf(result, repeatMode)))
    .map(([id]) => id);
  const verb = repeatMode === "Once" ? "finish" : "get scheduled on every instance";
  return `invocation "${invokeId}" did not ${verb} within ${seconds} s: last seen ${seen}${open.length > 0 ? ` (${listIds(open)})` : ""}; it was not stopped; ${again}, or raise ${setting}`;
}

const describeInterruption = (invokeId: string): string =>
  `interrupted while it waited for invocation "${invokeId}", which goes on`;

const describeAbsence = (invokeId: string, seconds: number): string =>
  `the service shows no record of invocation "${invokeId}", which it was asked for over ${seconds} s: records are kept for 30 days, so what it came to is not known; change triggers to run it again`;
