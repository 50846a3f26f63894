/** The resources that TagResources and UntagResources know here, by type and id. */
import type { Refusal } from "../gateway/action";
import { MAX_TAGGED_RESOURCES } from "../limits";
import type { Store } from "../region/store";
import { hasDuplicates } from "./tags";

export function findTags(store: Store, resourceType: string, resourceId: string): Map<string, string> | undefined {
  switch (resourceType.toLowerCase()) {
    case "command":
      return store.commands.get(resourceId)?.tags;
    case "invocation":
      return store.invocations.get(resourceId)?.tags;
    case "instance":
      return store.machines.get(resourceId)?.tags;
    default:
      return undefined;
  }
}

const RESOURCE_TYPES = ["command", "invocation", "instance"];

export const resourceRefusals: readonly Refusal<{
  readonly ResourceType: string;
  readonly ResourceId: readonly string[];
}>[] = [
  ["InvalidResourceType.NotFound", ({ ResourceType }) => !RESOURCE_TYPES.includes(ResourceType.toLowerCase())],
  ["NumberExceed.ResourceIds", ({ ResourceId }) => ResourceId.length > MAX_TAGGED_RESOURCES],
  ["Duplicate.ResourceId", ({ ResourceId }) => hasDuplicates(ResourceId)],
  [
    "InvalidResourceId.NotFound",
    ({ ResourceType, ResourceId }, store) => ResourceId.some((id) => findTags(store, ResourceType, id) === undefined),
  ],
];
