/**
 * Every number the service imposes, with its unit in the name and its source beside it.
 * SDK: doc comments of `@alicloud/ecs20140526` 7.11.6. Limits differ between generations of the documents;
 * the newest text is followed. Those of a schedule stand in `schedule/limits.ts`.
 */

export { DEFAULT_TIMEOUT_SECONDS, MAX_FREQUENCY_CHARACTERS } from "../../schedule/limits";

/** Instances that one InvokeCommand may name (SDK; 50 in documents up to 2023, raisable as a quota). */
export const MAX_INSTANCES_PER_INVOCATION = 100;

/** Instances that one StopInvocation may name (SDK). */
export const MAX_INSTANCES_PER_STOP = 50;

/** ResourceTag pairs of one InvokeCommand (SDK). */
export const MAX_RESOURCE_TAGS = 10;

/** Tag pairs of one invocation (SDK). */
export const MAX_TAGS = 20;

/** Characters of a tag's key and value (SDK). */
export const MAX_TAG_KEY_CHARACTERS = 64;
export const MAX_TAG_VALUE_CHARACTERS = 128;

/** Parameters that one InvokeCommand may pass (SDK; a command may define 20). */
export const MAX_PARAMETERS = 10;

/** Parameters that a command, or a script, may name (SDK). */
export const MAX_PARAMETERS_DEFINED = 20;

/** Characters of a parameter's name (SDK). */
export const MAX_PARAMETER_KEY_CHARACTERS = 64;

/** Bytes of content and parameters together, after Base64 (SDK 7.11.6; 16 KB in 2021, 18 KB on pages in between). */
export const MAX_CONTENT_BASE64_BYTES = 24 * 1024;

/** The same as far as every region is known to take it: one refused 23,152 (seen by practitioners, 2026). */
export const MAX_SAFE_CONTENT_BASE64_BYTES = 18 * 1024;

/** Characters of Username and of WindowsPasswordName (SDK). */
export const MAX_USERNAME_CHARACTERS = 255;

/** Characters of WorkingDir (SDK). */
export const MAX_WORKING_DIR_CHARACTERS = 200;

/** Bytes of Launcher (SDK). */
export const MAX_LAUNCHER_BYTES = 1024;

/** Characters of ContainerName (troubleshooting page). */
export const MAX_CONTAINER_NAME_CHARACTERS = 255;

/** Smallest Timeout of an invocation (SDK). */
export const MIN_TIMEOUT_SECONDS = 10;

/** Bytes of a run's output that the service keeps, its tail (agent's log quota). */
export const MAX_OUTPUT_BYTES = 24 * 1024;
