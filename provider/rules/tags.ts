/** The tags of an invocation that are the resource's own, by which it finds again what it could not record. */

/** Key of the tag by which a run that was cut off before its id was saved is found again. */
export const RUN_TAG_KEY = "pulumi-cloud-assistant";

/** The tag that all such runs share, so that one listing finds them: the service documents no search for a key alone. */
export const UNSAVED_TAG = { key: "pulumi-cloud-assistant-unsaved", value: "true" } as const;

/** Keys of the tags that a run has of its own until its id is saved. */
export const OWN_TAG_KEYS: readonly string[] = [RUN_TAG_KEY, UNSAVED_TAG.key];
