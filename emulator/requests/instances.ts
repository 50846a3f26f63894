/** Machines named all at once: `InstanceIds`, a JSON array as text, where other operations take `InstanceId.1`, `InstanceId.2`, … */
import type { Refusal } from "../gateway/action";
import { MAX_INSTANCE_IDS_PER_DESCRIBE } from "../limits";

/** Undefined when the text is no list of ids, or names too many. */
export function parseInstanceIds(text: string): readonly string[] | undefined {
  try {
    const ids: unknown = JSON.parse(text);
    if (!Array.isArray(ids) || ids.length > MAX_INSTANCE_IDS_PER_DESCRIBE) return undefined;
    return ids.every((id) => typeof id === "string") ? ids : undefined;
  } catch {
    return undefined;
  }
}

export const instanceIdsRefusal: Refusal<{ readonly InstanceIds: string | undefined }> = [
  "InvalidInstanceIds.Malformed",
  ({ InstanceIds }) => !!InstanceIds && parseInstanceIds(InstanceIds) === undefined,
];
