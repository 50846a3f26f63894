/** Puts what went wrong on the machines into lines for a person: one line per reason, not per machine. */
import { explainInstanceError } from "./codes";
import type { InstanceResult, Results } from "./results";
import { tailOf } from "./results";

const LAST_LINES = 10;
const LAST_BYTES = 1000;

/** Says what one machine's result means, without naming the machine. */
export function describeResult(result: InstanceResult): string {
  const { status, exitCode, errorCode = "", errorInfo = "" } = result;
  if (status === "Failed" && exitCode !== undefined && exitCode !== 0) return `exited with code ${exitCode}`;
  const explanation = explainInstanceError(errorCode, errorInfo);
  const code = errorCode && errorCode !== status ? ` (${errorCode})` : "";
  return explanation ? `${status}${code}: ${explanation}` : `${status}${code}`;
}

/** `"i-a", "i-b" and 3 more`. */
export function listIds(ids: readonly string[], most = 12): string {
  const named = ids
    .slice(0, most)
    .map((id) => `"${id}"`)
    .join(", ");
  return ids.length > most ? `${named} and ${ids.length - most} more` : named;
}

/** The last lines of an output, indented for a message; empty when there are none. */
function formatLastLines(id: string, result: InstanceResult): string {
  const lines = tailOf(result.output, LAST_BYTES).tail.trimEnd().split("\n").slice(-LAST_LINES);
  if (lines.join("").trim() === "") return "";
  const dropped = result.dropped > 0 ? ` (${result.dropped} bytes before what is kept were dropped)` : "";
  return `; last lines of "${id}"${dropped}:\n${lines.map((line) => `    ${line}`).join("\n")}`;
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
    const lines =
      !result || secretOutput
        ? "; its output is not shown, since a parameter is a secret"
        : formatLastLines(first, result);
    return `${listIds(members)}: ${reason}${lines}`;
  });
}
