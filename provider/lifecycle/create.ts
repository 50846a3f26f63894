/** create: starts the run, or takes over the one that is named, and waits for it. */
import { declare } from "../rules/inputs";
import type { Call } from "../runs/call";
import { startRun } from "../runs/start";
import { waitForRuns } from "../runs/wait";
import { adoptInvocation } from "./adopt";
import { concludeRuns } from "./conclude";
import type { Created, Properties } from "./state";

/** Waits for the machines, runs the command once, and waits for its end; or takes over the invocation that `adopt` names. */
export async function create(call: Call, properties: Properties): Promise<Created> {
  const inputs = declare(properties);
  const { session } = call;
  if (inputs.adopt !== undefined && !session.adopted.has(call.urn))
    return adoptInvocation(call, inputs.adopt, inputs, properties);
  const region = session.connect(inputs.regionId);
  const { invokeId, agentVersion } = await startRun(call, region, inputs);
  const runs = [{ invokeId, instanceIds: inputs.instanceIds }];
  const waited = await waitForRuns(call, region, inputs, runs, {});
  region.ending.add(invokeId);
  return { id: invokeId, outputs: await concludeRuns(call, properties, inputs, { invokeId, agentVersion, ...waited }) };
}
