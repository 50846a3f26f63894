/** The tags of an invocation that are the resource's own, by which it finds again what it could not record. */

/** Its value says whose run it is and what it does: see `identity.ts`. */
export const OWNER_TAG_KEY = "pulumi-cloud-assistant";

/**
 * On a run until its id was seen in a state. Its value is the stack's digest, so that one listing finds all such runs of a
 * stack: the service documents no search for a key alone.
 */
export const UNSAVED_TAG_KEY = "pulumi-cloud-assistant-unsaved";

/** Keys of the tags that are the resource's own. */
export const OWN_TAG_KEYS: readonly string[] = [OWNER_TAG_KEY, UNSAVED_TAG_KEY];
