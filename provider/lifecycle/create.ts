/** create: starts the run, or takes over the one that is named or found, and waits for it. */
import { declare } from "../rules/inputs";
import type { Call } from "../runs/call";
import { ExpectedFailure } from "../runs/failure";
import { runHook } from "../runs/hook";
import { leadRuns } from "../runs/lead";
import { canBecome, describePurpose, findLeftRuns, isSameIntention, isSchedule, waitUntilShown } from "../runs/own";
import { stopPredecessor } from "../runs/predecessor";
import { TO_HAVE_IT_BACK } from "../runs/stop";
import { adoptInvocation, takeOver } from "./adopt";
import { concludeRuns } from "./conclude";
import { type Created, InvocationFailed, type Properties } from "./state";

/** Waits for the machines, runs the command once, and waits for its end; or takes over the invocation that `adopt` names. */
export async function create(call: Call, properties: Properties): Promise<Created> {
  const inputs = declare(properties);
  const { session } = call;
  session.hasActed = true;
  const known = session.known(call.urn);
  // It may be that of a resource which has another name by now.
  if (known.isRefreshed === true) await waitUntilShown(call);
  const adopted = known.isAdopted === true ? undefined : inputs.adopt;
  // With `--replace` the predecessor may be the very one that is taken over.
  if (known.state !== undefined && known.state.invokeId !== adopted)
    await runHook(call, session.connect(known.state.regionId), known.state);
  known.isCreated = true;
  const region = session.connect(inputs.regionId);
  const predecessors = adopted === undefined ? await stopPredecessor(call) : [];
  try {
    if (adopted !== undefined) return await adoptInvocation(call, adopted, inputs, properties);
    if (isSchedule(inputs.repeatMode)) {
      const purpose = describePurpose(call, inputs);
      const own = await findLeftRuns(call, region, purpose);
      const found = own.find((run) => canBecome(run, purpose) && (run.isUnsaved || isSameIntention(run, purpose)));
      if (found) return await takeOver(call, found, inputs, properties);
    }
    const led = await leadRuns(call, region, inputs, { instanceIds: inputs.instanceIds, predecessors }, [], {});
    const [invokeId = ""] = led.invokeIds;
    return { id: invokeId, outputs: await concludeRuns(call, properties, inputs, { ...led, invokeId }) };
  } catch (error) {
    const stopped = predecessors.filter((invokeId) => session.stopped.has(invokeId));
    const isHooked = known.state?.onDelete !== undefined;
    if ((stopped.length === 0 && !isHooked) || !(error instanceof ExpectedFailure) || error instanceof InvocationFailed)
      throw error;
    throw new ExpectedFailure(
      `${error.message}${stopped.length > 0 ? `; invocation "${stopped.join('", "')}", which it was to replace, is stopped, which the state does not show: run the update again once this is mended, or, ${TO_HAVE_IT_BACK}` : ""}${isHooked ? "; onDelete of what it was to replace has run, and does not run again" : ""}`,
      { cause: error },
    );
  }
}
