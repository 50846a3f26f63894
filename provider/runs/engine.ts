/** Before every call that has an effect: is the engine that asked for it still there? */
import type { Call } from "./call";
import { ExpectedFailure } from "./failure";

/**
 * A provider outlives an engine that was killed, for as long as it waits; by then another update may be under way.
 * @throws {ExpectedFailure} which nobody hears: it ends the step.
 */
export async function assertEngine({ session }: Call): Promise<void> {
  if (!(await session.engine()))
    throw new ExpectedFailure("the engine that asked for this is gone: nothing more is done; run `pulumi up` again");
}
