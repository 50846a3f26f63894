/** What became of a command on a machine each time that it ran, as the control API shows it. */
import type { Invocation, Result, Run, RunStatus } from "../region/records";
import { createResult } from "../region/result";
import type { Store } from "../region/store";

/** One run on one machine; of a schedule, one of many. */
export interface ResultView {
  readonly invokeId: string;
  readonly instanceId: string;
  /** The first is 1; 0: it never began. */
  readonly repeats: number;
  readonly status: RunStatus;
  readonly exitCode?: number;
  /** Milliseconds since the epoch; absent when it never began. */
  readonly startTime?: number;
  /** Milliseconds since the epoch; absent while it runs. */
  readonly finishTime?: number;
  readonly errorCode?: string;
}

/** A result with what it printed. */
export interface WholeResult extends ResultView {
  readonly errorInfo: string;
  readonly output: string;
  /** Bytes cut from the head of the output. */
  readonly dropped: number;
}

/** The newest `limit` of all that began or failed to, the oldest of them first. */
export function listResults(store: Store, limit: number): { readonly results: readonly ResultView[] } {
  const results: ResultView[] = [];
  for (const invocation of store.invocations.values())
    for (const run of invocation.runs.values())
      for (const result of listOf(run)) results.push(format(invocation, run, result));
  results.sort((a, b) => findInstant(a) - findInstant(b));
  return { results: results.slice(-limit) };
}

/** Undefined when there is none, or it is no longer kept. */
export function findResult(
  store: Store,
  { invokeId, instanceId, repeats }: { invokeId: string; instanceId: string; repeats: number },
): WholeResult | undefined {
  const invocation = store.invocations.get(invokeId);
  const run = invocation?.runs.get(instanceId);
  const result = run && listOf(run).find((each) => each.repeats === repeats);
  if (invocation === undefined || run === undefined || result === undefined) return undefined;
  const { errorInfo, dropped, output } = result;
  return { ...format(invocation, run, result), errorInfo, dropped, output: output.toString("utf8") };
}

/** The earlier ones, and the last one if there was any: what waits for its time has none yet. */
function listOf(run: Run): readonly Result[] {
  const hasLast = run.startTime !== undefined || run.finishTime !== undefined;
  return hasLast ? [...run.history, findLast(run)] : run.history;
}

/** A schedule that was cancelled between two runs has not cancelled the one before. */
function findLast(run: Run): Result {
  const { status, runStatus, ranUntil } = run;
  const isBetween = status === "Cancelled" && runStatus !== undefined;
  return isBetween ? { ...createResult(run), status: runStatus, finishTime: ranUntil } : createResult(run);
}

const format = ({ invokeId }: Invocation, { instanceId }: Run, result: Result): ResultView => ({
  ...{ invokeId, instanceId, repeats: result.repeats, status: result.status },
  ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
  ...(result.startTime === undefined ? {} : { startTime: result.startTime }),
  ...(result.finishTime === undefined ? {} : { finishTime: result.finishTime }),
  ...(result.errorCode === "" ? {} : { errorCode: result.errorCode }),
});

const findInstant = ({ startTime, finishTime }: ResultView): number => startTime ?? finishTime ?? 0;
