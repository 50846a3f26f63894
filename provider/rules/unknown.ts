/**
 * Answers whether a property is already known. In a preview the engine sends a sentinel text in place of a value that
 * only exists after the update, whatever the property's type, and rules let it pass untouched.
 */

/** What stands for a value of any type; the engine reads it as that of a text, and takes it for any other all the same. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One sentinel per type of value (pulumi `sdk/go/common/resource/plugin/rpc.go`). */
const SENTINELS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** Whether the value itself is not known yet. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && SENTINELS.has(value);
}

/** The value, if it is known by itself; what is in it may be unknown. */
export const known = <T>(value: T): T | undefined => (isUnknown(value) ? undefined : value);

/** Whether the value, or anything in it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}
