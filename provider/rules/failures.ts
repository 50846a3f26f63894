/** Puts what went wrong on the machines into lines for a person: one line per reason, not per machine. */
import { explainInstanceError, mayHaveRunInPart } from "./codes";
import { findExit } from "./exits";
import { showLines } from "./printed";
import type { InstanceResult, Results } from "./results";
import { tailOf } from "./results";
import { isKnown } from "./status";
import { agree, count, listIds } from "./words";

const LAST_LINES = 10;
const LAST_BYTES = 1000;

/** Statuses that the service gives without a code. */
const STATUS_SENTENCES: Readonly<Record<string, string>> = {
  Timeout: explainInstanceError("ExecutionTimeout", ""),
  Cancelled: "it was stopped from outside before it started; run the update again",
  Terminated: "it was stopped from outside while it ran; run the update again",
  Stopped: "it was stopped from outside; run the update again",
};

/** The service's sentence may quote what it was given. */
const withoutWords = ({ errorInfo: _, ...result }: InstanceResult): InstanceResult => result;

/** Says what one machine's result means, without naming the machine. */
export function describeResult(result: InstanceResult): string {
  const { status, exitCode, errorCode = "", errorInfo = "" } = result;
  if ((status === "Failed" || !isKnown(status)) && exitCode !== undefined && exitCode !== 0)
    return `exited with code ${exitCode}`;
  const explanation = explainInstanceError(errorCode, tailOf(errorInfo, LAST_BYTES).tail) || STATUS_SENTENCES[status];
  const code = errorCode && errorCode !== status ? ` (${errorCode})` : "";
  if (!explanation && !isKnown(status))
    return `ended ${status ? `with the status ${JSON.stringify(status)}, which is not known here` : "without a status"}${code}`;
  const part = mayHaveRunInPart(status, errorCode) ? "; the command may have run in part" : "";
  return (explanation ? `${status}${code}: ${explanation}` : `${status}${code}`) + part;
}

/** The last lines of an output, indented for a message; empty when there are none. */
function formatLastLines(id: string, { output, dropped }: InstanceResult, maxOutputBytes: number): string {
  const lines = showLines(output);
  // A line may show nothing of what it holds, such as a change of colour: the last of what is shown are wanted.
  const shown = lines.slice(0, lines.findLastIndex((line) => line.trim() !== "") + 1).slice(-LAST_LINES);
  const { tail } = tailOf(shown.join("\n"), LAST_BYTES);
  if (tail.trim() === "") return "";
  const lost = dropped + tailOf(output, maxOutputBytes).cutBytes;
  const note = lost > 0 ? ` (${count(lost, "byte")} of its output ${agree(lost, "is", "are")} not kept)` : "";
  return `; last lines of "${id}"${note}:\n${tail.replace(/^/gm, "    ")}`;
}

export interface Telling {
  /** Whether what a machine says must not be shown, since an input is secret. */
  isSecret: boolean;
  /** Bytes of each output that the state keeps. */
  maxOutputBytes: number;
}

/**
 * One line per reason with the machines it holds for, and the last lines of output of the first of them.
 *
 * @param results whole, whatever of them is kept
 */
export function describeFailures(
  results: Results,
  ids: readonly string[],
  { isSecret, maxOutputBytes }: Telling,
): string[] {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const result = results[id];
    if (!result) continue;
    const reason = describeResult(isSecret ? withoutWords(result) : result);
    groups.set(reason, [...(groups.get(reason) ?? []), id]);
  }
  return [...groups].map(([reason, members]) => {
    const [first = ""] = members;
    const result = results[first];
    const lines = result ? formatLastLines(first, result, maxOutputBytes) : "";
    const shown = isSecret && lines !== "" ? "; the output is not shown, since an input is secret" : lines;
    return `${listIds(members)}: ${reason}${shown}`;
  });
}

/** One line per exit code that has a meaning, with the machines that ended with it: it is no failure. */
export function describeExits(results: Results): string[] {
  const groups = new Map<string, string[]>();
  for (const [id, { exitCode, exitEffect }] of Object.entries(results)) {
    if (exitCode === undefined || exitEffect === undefined) continue;
    const words = findExit("", exitCode)?.words ?? `the instance ${exitEffect}s`;
    const said = `exited with code ${exitCode}, at which ${words}`;
    groups.set(said, [...(groups.get(said) ?? []), id]);
  }
  return [...groups].map(
    ([said, members]) => `${listIds(members)}: ${said}; that is no failure, and nothing runs again`,
  );
}

/** One line per reason for which whole outputs could not be delivered, with the machines it holds for: the runs have not failed. */
export function describeDeliveries(results: Results, isSecret = false): string[] {
  const groups = new Map<string, string[]>();
  for (const [id, { ossOutputStatus, ossOutputError = "no reason is given" }] of Object.entries(results)) {
    if (ossOutputStatus !== "Failed") continue;
    const reason = isSecret ? "the reason is not shown, since an input is secret" : ossOutputError;
    groups.set(reason, [...(groups.get(reason) ?? []), id]);
  }
  return [...groups].map(
    ([reason, members]) =>
      `${listIds(members)}: the whole output was not delivered to ossOutputDelivery (${reason}); see that the RAM role of the ${agree(members.length, "instance", "instances")} may write there`,
  );
}
