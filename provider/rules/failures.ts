/** Puts what went wrong on the machines into lines for a person: one line per reason, not per machine. */
import { explainInstanceError } from "./codes";
import type { InstanceResult, Results } from "./results";
import { tailOf } from "./results";
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

/** Says what one machine's result means, without naming the machine. */
export function describeResult(result: InstanceResult): string {
  const { status, exitCode, errorCode = "", errorInfo = "" } = result;
  if (status === "Failed" && exitCode !== undefined && exitCode !== 0) return `exited with code ${exitCode}`;
  const explanation = explainInstanceError(errorCode, errorInfo) || STATUS_SENTENCES[status];
  const code = errorCode && errorCode !== status ? ` (${errorCode})` : "";
  return explanation ? `${status}${code}: ${explanation}` : `${status}${code}`;
}

/** The last lines of an output, indented for a message; empty when there are none. */
function formatLastLines(id: string, result: InstanceResult): string {
  const lines = tailOf(result.output, LAST_BYTES).tail.trimEnd().split(/\r?\n/).slice(-LAST_LINES);
  if (lines.join("").trim() === "") return "";
  const { dropped } = result;
  const head = dropped > 0 ? ` (before them ${count(dropped, "byte")} ${agree(dropped, "is", "are")} not kept)` : "";
  return `; last lines of "${id}"${head}:\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

/**
 * One line per reason with the machines it holds for, and the last lines of output of the first of them.
 *
 * @param secretOutput whether the output must not be shown, since a parameter is a secret
 */
export function describeFailures(results: Results, ids: readonly string[], secretOutput: boolean): string[] {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const result = results[id];
    if (!result) continue;
    const reason = describeResult(result);
    groups.set(reason, [...(groups.get(reason) ?? []), id]);
  }
  return [...groups].map(([reason, members]) => {
    const [first = ""] = members;
    const result = results[first];
    const lines = result ? formatLastLines(first, result) : "";
    const shown = secretOutput && lines !== "" ? "; the output is not shown, since a parameter is a secret" : lines;
    return `${listIds(members)}: ${reason}${shown}`;
  });
}
