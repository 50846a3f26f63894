/** Who else may stand for an invocation that is adopted, and would stop it when he is deleted. */
import type { InvocationRecord } from "../cloud/actions";
import { identify, parseOwner } from "../rules/identity";
import { isLive } from "../rules/status";
import { OWNER_TAG_KEY } from "../rules/tags";
import type { Call } from "../runs/call";

/** What is over cannot be stopped; only a resource of this package leaves its name. */
export async function warnOfManager(call: Call, { invokeId, invocationStatus, tags }: InvocationRecord): Promise<void> {
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
