/** Turns what runs came to into outputs, or into the failure that a person reads. */

import { describeDeliveries, describeExits, describeFailures } from "../rules/failures";
import type { Declaration } from "../rules/inputs";
import { cutResults, failedInstances } from "../rules/results";
import { nameCommand } from "../rules/run";
import { agree, countInstances, listIds } from "../rules/words";
import type { Call } from "../runs/call";
import { formatOutputs, InvocationFailed, type Outcome, type Properties } from "./state";

/**
 * The outputs of runs that were waited for. A machine on which it failed, or a wait that expired, fails the update and
 * keeps the state, unless the program wants to go on.
 */
export async function concludeRuns(
  { progress, isSecret }: Call,
  properties: Properties,
  inputs: Declaration,
  outcome: Outcome & { unfinished: string[] },
): Promise<Properties> {
  // What is said is said of everything that the machines printed, of which the state keeps a part.
  const results = cutResults(outcome.results, inputs.maxOutputBytes);
  const outputs = formatOutputs(properties, { ...outcome, results });
  const exits = inputs.repeatMode === "Once" ? describeExits(outcome.results) : [];
  for (const line of [...exits, ...describeDeliveries(outcome.results, isSecret)]) await progress.warn(line);
  const failed = failedInstances(outcome.results, inputs.repeatMode);
  const total = Object.keys(outcome.results).length;
  const ran = [...new Set(failed.map((instanceId) => outcome.results[instanceId]?.invokeId ?? outcome.invokeId))];
  const lines = describeFailures(outcome.results, failed, { isSecret, maxOutputBytes: inputs.maxOutputBytes });
  const head = `${nameCommand(inputs)} failed on ${failed.length} of ${countInstances(total)} (${agree(ran.length, "invocation", "invocations")} ${listIds(ran)})`;
  const reasons = [...(failed.length > 0 ? [[head, ...lines]] : []), ...outcome.unfinished.map((line) => [line])];
  if (reasons.length === 0) return outputs;
  if (inputs.onFailure === "warn") {
    for (const reason of reasons) await progress.warn(reason.join("\n"));
    return outputs;
  }
  throw new InvocationFailed(outcome.invokeId, outputs, reasons);
}
