/** Before every call that has an effect, and each try of it: is the engine that asked for it still there? */
import type { Client } from "../cloud/client";
import type { Call } from "./call";
import { ExpectedFailure } from "./failure";
import type { Region } from "./session";

/**
 * A provider outlives an engine that was killed, for as long as it waits; by then another update may be under way.
 * @throws {ExpectedFailure} which nobody hears: it ends the step.
 */
async function assertEngine({ session }: Call): Promise<void> {
  if (!(await session.engine()))
    throw new ExpectedFailure("the engine that asked for this is gone: nothing more is done; run `pulumi up` again");
}

/** The service for calls that have an effect. A try may come minutes after the one before it, where the service throttles. */
export const act = (call: Call, region: Region): Client => region.calls.within({ before: () => assertEngine(call) });
