/** Waits until machines that are starting, and their agents, can take a command. */
import { waitUntil } from "../cloud/wait";
import type { Declaration } from "../rules/inputs";
import { nameCommand } from "../rules/run";
import { boundWait, type Call } from "./call";
import { describeError, ExpectedFailure } from "./failure";
import { type Observed, observe } from "./observe";
import type { Region } from "./session";

/** A machine that is starting, or whose agent has not reported yet, is waited for; anything else that is wrong ends it. */
export async function waitUntilReady(call: Call, region: Region, inputs: Declaration): Promise<Observed> {
  const { progress } = call;
  const { seconds, setting, ...bounds } = boundWait(call, inputs.agentTimeout, "agentTimeout");
  let fresh = false;
  const outcome = await waitUntil<Observed, Observed>({
    look: () => {
      const seen = observe(call, region, inputs, { fresh });
      fresh = true;
      return seen;
    },
    judge: (seen) =>
      seen.failures.length === 0 && seen.notReady.length > 0 ? { state: "waiting" } : { state: "settled", value: seen },
    onLook: ({ notReady }) => {
      if (notReady.length > 0)
        progress.status(
          `waiting for ${notReady.length} of ${inputs.instanceIds?.length ?? 0}: ${notReady[0]?.instanceId} ${notReady[0]?.reason}`,
        );
    },
    ...bounds,
    firstLookMs: 0,
  }).catch((error) => {
    throw describeError(`Cannot check the instances in region "${region.regionId}"`, error);
  });
  if (outcome.state === "settled") {
    const { failures } = outcome.value;
    if (failures.length > 0)
      throw new ExpectedFailure(
        `Cannot invoke ${nameCommand(inputs)}: ${failures.map(({ reason }) => reason).join("; ")}`,
      );
    return outcome.value;
  }
  const waiting = (outcome.lastSeen?.notReady ?? [])
    .map(({ instanceId, reason }) => `"${instanceId}" ${reason}`)
    .join("; ");
  throw new ExpectedFailure(
    `Cannot invoke ${nameCommand(inputs)}: not every instance got ready within ${seconds} s: ${waiting}; nothing was run; look at the instance, or raise ${setting}`,
  );
}
