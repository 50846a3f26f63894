/** Takes over an invocation that somebody else started: nothing runs, and what differs is changed in place or refused. */
import type { CreateResult } from "@pulumi/pulumi/dynamic";
import { describeInvocations } from "../cloud/actions";
import type { Progress } from "../progress";
import { judgeChanges } from "../rules/changes";
import { listIds } from "../rules/failures";
import type { InvocationInputs } from "../rules/inputs";
import { observeInputs } from "../rules/observed";
import { formatResults } from "../rules/results";
import { connect } from "./configure";
import type { Limit } from "./limit";
import { expected } from "./message";
import { maxOutputBytes } from "./settle";
import { ExpectedFailure, formatOutputs, SCHEMA_VERSION } from "./state";
import { bringUpToDate } from "./update";

type Properties = Record<string, unknown>;

/**
 * Resources of this run that came about by the `adopt` that their program still has. A replacement of such a one runs
 * anew, and `create` is not told that it replaces: `check` is, since the engine calls it with the old inputs first.
 */
const adopted = new Set<unknown>();

export const noteAdopted = (urn: unknown): void => void adopted.add(urn);

export const hasAdopted = (urn: unknown): boolean => urn !== undefined && adopted.has(urn);

export async function adoptInvocation(
  invokeId: string,
  inputs: InvocationInputs,
  properties: Properties,
  progress: Progress,
  limit: Limit | undefined,
): Promise<CreateResult> {
  const region = connect(inputs.regionId);
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
  const settled = {
    invokeId,
    status: record.invocationStatus,
    results: formatResults(invokeId, record.instances, maxOutputBytes(inputs)),
  };
  const state = {
    ...(Object.fromEntries(comparable) as InvocationInputs),
    ...(observed.parameters ? { parameters: observed.parameters } : {}),
    ...(inputs.tags ? { tags: record.tags } : {}),
    ...settled,
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
  await progress.note(`took over invocation "${invokeId}" (${record.invocationStatus}), nothing was run`);
  const { outs } = await bringUpToDate(invokeId, state as unknown as Properties, properties, limit);
  return { id: invokeId, outs: outs ?? formatOutputs(properties, settled) };
}
