/** create: starts the run, or takes over the one that is named, and waits for it. */
import type { CreateResult } from "@pulumi/pulumi/dynamic";
import { progressOf } from "../progress";
import { pickInputs } from "../rules/inputs";
import { adoptInvocation, hasAdopted } from "./adopt";
import { connect } from "./configure";
import { startLimit } from "./limit";
import { concludeRuns, settleRuns } from "./settle";
import { startRun } from "./start";

type Properties = Record<string, unknown>;

/** Waits for the machines, runs the command once, and waits for its end; or takes over the invocation that `adopt` names. */
export async function create(properties: Properties): Promise<CreateResult> {
  const limit = startLimit(properties, "create");
  const inputs = pickInputs(properties);
  const progress = progressOf(properties.__urn);
  if (inputs.adopt !== undefined && !hasAdopted(properties.__urn))
    return adoptInvocation(inputs.adopt, inputs, properties, progress, limit);
  const region = connect(inputs.regionId);
  const { invokeId, agentVersion } = await startRun(
    region,
    inputs,
    String(properties.__urn ?? ""),
    progress,
    [],
    limit,
  );
  const run = { invokeId, instanceIds: inputs.instanceIds };
  const settled = await settleRuns(region, inputs, [run], {}, progress, limit);
  region.ending.add(invokeId);
  return {
    id: invokeId,
    outs: await concludeRuns(properties, inputs, { invokeId, agentVersion, ...settled }, progress),
  };
}
