/** Which resources of a stack stand for the same invocation, as far as this run of the engine has shown them. */
import type { Call } from "../runs/call";

/** Notes that the resource stands for these invocations, and warns where another one does. */
export async function hold({ urn, session: { holders }, progress }: Call, invokeIds: readonly string[]): Promise<void> {
  for (const invokeId of invokeIds) {
    const holder = holders.get(invokeId);
    if (holder === undefined) holders.set(invokeId, urn);
    else if (holder !== urn)
      await progress.warn(
        `invocation "${invokeId}" is that of "${holder}" as well: whichever is deleted or replaced first stops it for both; remove one of the two, with the option retainOnDelete`,
      );
  }
}
