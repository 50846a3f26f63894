/** Turns the service's per-instance records into the `results` output: bounded, comparable, plain. */
import { findExit } from "./exits";
import { INPUTS, type RepeatMode } from "./inputs";
import { isKnown, isTerminal, isUnmet, recordStatus, standingOf } from "./status";

/** What happened on one machine. Times are the service's UTC texts; fields that the service left empty are absent. */
export interface InstanceResult {
  /** The service's `InvocationStatus` of this machine, such as `Success`, `Failed` or `Scheduled`. */
  status: string;
  /** Exit code of the last run; absent while there is none. */
  exitCode?: number;
  /** What the machine does at this exit code: `stop` (193, on Windows 3009) or `restart` (194, 3010, 1641). Such a run has not failed. */
  exitEffect?: "stop" | "restart";
  /** The tail of what the last run printed, at most `maxOutputBytes` bytes. */
  output: string;
  /** Bytes of output that are not kept: dropped by the service, or cut to `maxOutputBytes`. */
  dropped: number;
  /** The service's code for what went wrong, such as `ExitCodeNonzero`. */
  errorCode?: string;
  /** The service's sentence for it. */
  errorInfo?: string;
  /** When the last run began, UTC, ISO 8601; absent while there is none. */
  startTime?: string;
  /** When the last run ended, UTC, ISO 8601; absent while it has not. */
  finishTime?: string;
  /** Runs so far. */
  repeats: number;
  /** Where the whole output of the last run lies; absent without `ossOutputDelivery`, and where it could not be delivered. */
  ossOutputUri?: string;
  /** Whether it is there: `InProgress`, `Finished` or `Failed`; absent without `ossOutputDelivery`. A failed delivery is no failed run. */
  ossOutputStatus?: string;
  /** Why it is not: the service's code and sentence. */
  ossOutputError?: string;
  /**
   * The invocation that ran here: another than the resource's own where it was run again, or where the machine joined later; ""
   * where a refresh found a machine that carries `resourceTags` and has not run it yet.
   */
  invokeId: string;
}

/** From instance id to what happened there. */
export type Results = Record<string, InstanceResult>;

/** One machine of an invocation, as the service reports it. */
export interface ObservedInstance {
  instanceId: string;
  invocationStatus: string;
  exitCode?: number;
  output: string;
  dropped: number;
  errorCode: string;
  errorInfo: string;
  startTime: string;
  finishTime: string;
  repeats: number;
  ossOutputUri?: string;
  ossOutputStatus?: string;
  ossOutputErrorCode?: string;
  ossOutputErrorInfo?: string;
}

/** The record of one invocation, as far as its results go. */
export interface ObservedRecord {
  invokeId: string;
  /** Texts of the record, as the API spells their names. */
  texts: Readonly<Record<string, string>>;
  instances: readonly ObservedInstance[];
}

/** The last bytes of a text, whole characters only, and how many bytes were cut. */
export function tailOf(text: string, maxBytes: number): { tail: string; cutBytes: number } {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return { tail: text, cutBytes: 0 };
  let start = bytes.length - maxBytes;
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return { tail: bytes.subarray(start).toString(), cutBytes: start };
}

/** The status of the whole invocation; one that is not known, of an invocation whose machines are all done, follows from theirs. */
export function statusOf(record: ObservedRecord): string {
  const repeatMode = (record.texts.RepeatMode || "Once") as RepeatMode;
  return recordStatus(record.texts.InvocationStatus ?? "", Object.values(formatResults(record)), repeatMode);
}

/** The `results` of one observed invocation, each machine's output whole. */
export function formatResults({ invokeId, texts, instances }: ObservedRecord): Results {
  const byId = [...instances].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  return Object.fromEntries(
    byId.map((instance) => [instance.instanceId, formatResult(invokeId, instance, texts.CommandType ?? "")]),
  );
}

/** Statuses of runs that the agent ended, or never began. */
const OF_THE_AGENT = ["Timeout", "Terminated", "Stopped", "Cancelled", "Aborted", "Invalid", "Error"];

function formatResult(invokeId: string, instance: ObservedInstance, commandType: string): InstanceResult {
  const { invocationStatus: status, exitCode } = instance;
  const ended = instance.finishTime !== "";
  // A run that has not ended is reported with exit code 0; one that says neither that it runs nor when it ended has it all the same.
  const isTold = exitCode !== undefined && (ended || !isKnown(status));
  // The code of a run that was ended is not the script's.
  const exit = isTold && !OF_THE_AGENT.includes(status) ? findExit(commandType, exitCode) : undefined;
  return {
    status,
    ...(isTold ? { exitCode } : {}),
    ...(exit ? { exitEffect: exit.effect } : {}),
    output: instance.output,
    dropped: instance.dropped,
    ...(instance.errorCode ? { errorCode: instance.errorCode } : {}),
    ...(instance.errorInfo ? { errorInfo: instance.errorInfo } : {}),
    ...(instance.startTime ? { startTime: instance.startTime } : {}),
    ...(ended ? { finishTime: instance.finishTime } : {}),
    repeats: instance.repeats,
    ...formatDelivery(instance),
    invokeId,
  };
}

/** What became of the whole output. */
function formatDelivery({
  ossOutputUri,
  ossOutputStatus,
  ossOutputErrorCode,
  ossOutputErrorInfo,
}: ObservedInstance): Pick<InstanceResult, "ossOutputUri" | "ossOutputStatus" | "ossOutputError"> {
  const error = [ossOutputErrorCode, ossOutputErrorInfo].filter(Boolean).join(": ");
  return {
    ...(ossOutputUri ? { ossOutputUri } : {}),
    ...(ossOutputStatus ? { ossOutputStatus } : {}),
    ...(error ? { ossOutputError: error } : {}),
  };
}

/** Cuts each machine's output to its last bytes. */
export function cutResults(results: Results, maxOutputBytes: number): Results {
  const entries = Object.entries(results).map(([id, result]): [string, InstanceResult] => {
    const { tail, cutBytes } = tailOf(result.output, maxOutputBytes);
    return [id, { ...result, output: tail, dropped: result.dropped + cutBytes }];
  });
  return Object.fromEntries(entries);
}

/**
 * Cuts outputs evenly until all of them together fit. The engine takes the state of a failed step in a response header,
 * and Node sends no header block over 64 KiB.
 */
export function fitResults(results: Results, maxBytes: number): Results {
  const bytes = (kept: Results) => Buffer.byteLength(JSON.stringify(kept));
  const { default: first = 0 } = INPUTS.maxOutputBytes;
  let fitted = results;
  for (let each = first; bytes(fitted) > maxBytes; each = Math.floor(each / 2)) {
    fitted = cutResults(fitted, each);
    if (each === 0) break;
  }
  return fitted;
}

/** The machines on which it did not come to what was asked: a one-shot that did not succeed, a schedule that is not in force. */
export function failedInstances(results: Results, repeatMode: RepeatMode): string[] {
  return Object.entries(results)
    .filter(([, result]) => isUnmet(standingOf(result, repeatMode), repeatMode))
    .map(([id]) => id);
}

/**
 * Whether a one-shot is over on every machine, and all that it left is here. A state that was saved by a failed step may
 * have let times and output go.
 */
export function areFinal(results: Results): boolean {
  const all = Object.values(results);
  const isFinal = (result: InstanceResult) =>
    isTerminal(standingOf(result, "Once")) &&
    result.finishTime !== undefined &&
    result.dropped === 0 &&
    result.ossOutputStatus !== "InProgress";
  return all.length > 0 && all.every(isFinal);
}

/** The result of a machine that has joined and has not run it yet: it belongs to no invocation. */
export const JOINED: Readonly<InstanceResult> = { status: "Pending", output: "", dropped: 0, repeats: 0, invokeId: "" };

export const hasRun = ({ invokeId }: InstanceResult): boolean => invokeId !== "";

/** Every invocation that a resource stands for: its own, and those of machines that were run again. */
export function invokeIdsOf(invokeId: string, results: Results): string[] {
  return [
    ...new Set([
      invokeId,
      ...Object.values(results)
        .filter(hasRun)
        .map((result) => result.invokeId),
    ]),
  ];
}
