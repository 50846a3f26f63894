/** The machines of a rollout: which there are, in which zones, and which of them can take a command now. */
import { ApiError } from "../cloud/errors";
import type { InvocationInputs } from "../rules/inputs";
import { findUnfit, type Unfitness } from "../rules/preflight";
import type { Machine } from "../rules/rollout/order";
import { isUnknown } from "../rules/unknown";
import type { Call } from "./call";
import { describeError } from "./failure";
import { observe } from "./observe";
import type { Region } from "./session";

/** Ids of the machines that carry all of the tags now. */
export async function resolveTags(region: Region, tags: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await region.inventory.findTaggedInstances(tags).catch((error: unknown) => {
    const permission =
      error instanceof ApiError && error.kind === "denied"
        ? '; grant "ecs:DescribeInstances", or give instanceIds'
        : "";
    const failure = describeError("Cannot find the instances that carry resourceTags", error);
    if (failure instanceof Error && permission !== "") failure.message += permission;
    throw failure;
  });
  return found.map(({ instanceId }) => instanceId).sort();
}

/** The machines with their zones; where RAM does not tell, zones take no turns. */
export async function placeMachines({ inventory }: Region, instanceIds: readonly string[]): Promise<Machine[]> {
  const known = instanceIds.filter((id) => !isUnknown(id));
  const instances = await inventory.findInstances(known).catch((error: unknown) => {
    if (error instanceof ApiError && error.kind === "denied") return new Map<string, { zoneId: string }>();
    throw describeError("Cannot find the instances of the rollout", error);
  });
  return known.map((instanceId) => {
    const zoneId = instances.get(instanceId)?.zoneId;
    return { instanceId, ...(zoneId ? { zoneId } : {}) };
  });
}

/**
 * Why machines cannot take the command now. Without preflight nobody asks, and each is taken to be ready.
 *
 * @param fresh whether to ask anew what this session has asked already
 */
export async function findUnready(
  call: Call,
  region: Region,
  inputs: InvocationInputs,
  instanceIds: readonly string[],
  fresh: boolean,
): Promise<Map<string, Unfitness>> {
  if (inputs.preflight === false || instanceIds.length === 0) return new Map();
  const asked = { ...inputs, instanceIds: [...instanceIds] };
  const { facts } = await observe(call, region, asked, { fresh }).catch((error: unknown) => {
    throw describeError(`Cannot check the instances in region "${region.regionId}"`, error);
  });
  return findUnfit(asked, facts, call.session.clock.now());
}
