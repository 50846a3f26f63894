/** Takes over an invocation that somebody else started: nothing runs, and what differs is changed in place or refused. */
import { describeInvocations } from "../cloud/actions";
import { judgeChanges } from "../rules/changes";
import type { Declaration, InvocationInputs } from "../rules/inputs";
import { observeInputs } from "../rules/observed";
import { cutResults, formatResults, statusOf } from "../rules/results";
import { listIds } from "../rules/words";
import type { Call } from "../runs/call";
import { ExpectedFailure, expected } from "../runs/failure";
import { type Created, type Properties, SCHEMA_VERSION } from "./state";
import { update } from "./update";

export async function adoptInvocation(
  call: Call,
  invokeId: string,
  inputs: Declaration,
  properties: Properties,
): Promise<Created> {
  const region = call.session.connect(inputs.regionId);
  const { invocations } = await expected(`Cannot adopt invocation "${invokeId}"`, () =>
    describeInvocations(region.calls, { invokeId, includeOutput: true }),
  );
  const [record] = invocations;
  if (!record)
    throw new ExpectedFailure(
      `Cannot adopt invocation "${invokeId}": there is none in region "${inputs.regionId}", or its record has expired; correct the id or the region, or remove adopt`,
    );
  const observed = observeInputs(inputs.regionId, record);
  // What the program leaves to the service, and what the service does not tell, is as the program has it.
  const comparable = Object.entries(inputs).map(([name, value]) => [
    name,
    observed[name as keyof InvocationInputs] ?? value,
  ]);
  const outcome = {
    invokeId,
    status: statusOf(record),
    results: cutResults(formatResults(record), inputs.maxOutputBytes),
  };
  const state = {
    ...(Object.fromEntries(comparable) as InvocationInputs),
    ...(observed.parameters ? { parameters: observed.parameters } : {}),
    ...(inputs.tags ? { tags: record.tags } : {}),
    ...outcome,
    schemaVersion: SCHEMA_VERSION,
  };
  const { replace, resume } = judgeChanges(state, inputs);
  if (replace.length > 0)
    throw new ExpectedFailure(
      `Cannot adopt invocation "${invokeId}": it differs in what cannot be changed in place: ${replace.map(({ reason }) => reason).join("; ")}; make the program say what it does now, or remove adopt`,
    );
  if (resume.again.length > 0)
    throw new ExpectedFailure(
      `Cannot adopt invocation "${invokeId}": it did not come to what was asked on ${listIds(resume.again)}, and taking it over runs nothing again; set onFailure to "warn" to take it over as it is, or remove adopt to run the command anew`,
    );
  // With `--replace` the predecessor may stand for the very same invocation, and must not stop it.
  region.resumed.add(invokeId);
  await call.progress.note(`took over invocation "${invokeId}" (${record.invocationStatus}), nothing was run`);
  return { id: invokeId, outputs: await update(call, invokeId, state as unknown as Properties, properties) };
}
