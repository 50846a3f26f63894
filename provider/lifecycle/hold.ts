/** Which other resource stands for the same invocation, as far as this run of the engine and the owner tag show, and would stop it. */
import type { InvocationRecord } from "../cloud/actions";
import { identify, parseOwner } from "../rules/identity";
import { isLive } from "../rules/status";
import { OWNER_TAG_KEY } from "../rules/tags";
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

/** What a refresh has shown under a name that the resource no longer has is this one's alone. */
export function release({ urn, session }: Call, invokeIds: readonly string[]): void {
  for (const invokeId of invokeIds) {
    const holder = session.holders.get(invokeId);
    if (holder === undefined || holder === urn || session.known(holder).isRefreshed !== true) continue;
    session.holders.delete(invokeId);
    delete session.known(holder).state;
  }
}

/** What is over cannot be stopped; only a resource of this package leaves its name. */
export async function warnOfHolder(call: Call, { invokeId, invocationStatus, tags }: InvocationRecord): Promise<void> {
  if (!isLive(invocationStatus)) return;
  const owner = parseOwner(tags[OWNER_TAG_KEY]);
  if (owner?.resource === identify(call.urn, call.session.backend).resource) return;
  const advice = "retainOnDelete: true before it is taken out of its program, since its delete stops the invocation";
  await call.progress.warn(
    owner === undefined
      ? `if another resource stands for invocation "${invokeId}" so far, such as an EcsInvocation, give that one ${advice}`
      : `resource "${owner.name}" stands for invocation "${invokeId}" so far: give that one ${advice}`,
  );
}
