/** The owner tag follows the resource: to another stack, another name, another parent. */
import { type InvocationRecord, tagInvocation, untagInvocations } from "../cloud/actions";
import type { Client } from "../cloud/client";
import { formatOwner, identify, parseOwner } from "../rules/identity";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";

/**
 * A run that a state holds, and whose tags name another resource, as after `pulumi stack rename` or `state move`: whoever takes the
 * old name would take it for its own. Where it may not be tagged, it keeps them.
 */
export async function claimRun(
  client: Client,
  urn: string,
  backend: string,
  { invokeId, tags }: InvocationRecord,
): Promise<void> {
  const owner = parseOwner(tags[OWNER_TAG_KEY]);
  const identity = identify(urn, backend);
  if (owner === undefined || owner.shard !== undefined || owner.resource === identity.resource) return;
  try {
    await tagInvocation(client, { invokeId, tags: { [OWNER_TAG_KEY]: formatOwner(identity, owner) } });
    if (tags[UNSAVED_TAG_KEY] !== undefined)
      await untagInvocations(client, { invokeIds: [invokeId], tagKeys: [UNSAVED_TAG_KEY] });
  } catch {
    // The next update that sees it tries again.
  }
}
