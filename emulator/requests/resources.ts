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

/** Changes the tags of a resource; those of an invocation may be seen late, see `Choices.tagDelayMs`. */
export function changeTags(
  store: Store,
  resourceType: string,
  resourceId: string,
  change: (tags: Map<string, string>) => void,
): void {
  const tags = findTags(store, resourceType, resourceId);
  if (tags === undefined) return;
  const isLate = resourceType.toLowerCase() === "invocation";
  store.later(isLate ? store.choices.tagDelayMs : 0, () => change(tags));
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
