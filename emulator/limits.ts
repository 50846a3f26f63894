/**
 * The numbers the service imposes, read here a second time on purpose: if they were shared with the provider, the agreement of the two would prove nothing.
 * Source unless noted: parameter descriptions of the API, version 2014-05-26, as of 2026.
 */

export const MAX_INSTANCES_PER_INVOCATION = 100;
export const MAX_INSTANCES_PER_STOP = 50;
export const MAX_INSTANCES_PER_STATUS_CALL = 100;
export const MAX_INSTANCES_PER_INSTALL = 50;
export const MAX_INSTANCE_IDS_PER_DESCRIBE = 100;
export const MAX_RESOURCE_TAGS = 10;
export const MAX_TAGS = 20;
export const MAX_TAG_KEY_CHARACTERS = 64;
export const MAX_TAG_VALUE_CHARACTERS = 128;
export const MAX_TAGGED_RESOURCES = 50;

export const MAX_PARAMETERS_PASSED = 10;
export const MAX_PARAMETERS_DEFINED = 20;
export const MAX_PARAMETER_NAME_CHARACTERS = 64;
/** Content and parameters together, after Base64. */
export const MAX_CONTENT_BASE64_BYTES = 24 * 1024;
export const MAX_COMMAND_NAME_CHARACTERS = 128;
export const MAX_DESCRIPTION_CHARACTERS = 512;
export const MAX_WORKING_DIR_CHARACTERS = 200;
export const MAX_LAUNCHER_BYTES = 1024;
export const MAX_USERNAME_CHARACTERS = 255;
export const MAX_CLIENT_TOKEN_CHARACTERS = 64;
export const MAX_CONTAINER_NAME_CHARACTERS = 255;

export const MIN_TIMEOUT_SECONDS = 10;
export const DEFAULT_TIMEOUT_SECONDS = 60;
/** Not documented: an upper bound exists (`InvalidTimeout.ExceedLimit`), no page gives it. */
export const MAX_TIMEOUT_SECONDS = 24 * 60 * 60;
export const MIN_CRON_GAP_SECONDS = 10;
export const MIN_RATE_SECONDS = 60;
export const MAX_RATE_SECONDS = 7 * 24 * 60 * 60;

export const DEFAULT_PAGE_SIZE = 10;
export const MAX_PAGE_SIZE = 50;
export const MIN_INSTANCES_PAGE_SIZE = 10;
export const MAX_INSTANCES_PAGE_SIZE = 100;

export const RECORD_RETENTION_DAYS = 30;
export const MAX_RECORDS = 10_000;
export const DEFAULT_COMMAND_QUOTA = 500;
export const DEFAULT_DAILY_INVOCATION_QUOTA = 5_000;
/** Not documented: how long a ClientToken is remembered. */
export const CLIENT_TOKEN_LIFETIME_HOURS = 24;
export const MAX_CLIENT_TOKENS = 100_000;

/** A delivery must reach the machine within this time. */
export const DELIVERY_TIMEOUT_SECONDS = 60;
export const HEARTBEAT_SECONDS = 60;
/** An agent counts as alive while its last heartbeat is no older. */
export const HEARTBEAT_LIFETIME_SECONDS = 120;

/** Distance of a V3 request's date from the gateway's clock; the V1 page gives 31 minutes, its error table 15. */
export const SIGNATURE_WINDOW_SECONDS = 15 * 60;
export const MAX_NONCES = 100_000;

/** Not documented: the largest N of `InstanceId.N` that the gateway takes; beyond every limit of an operation. */
export const MAX_LIST_ELEMENTS = 10_000;
export const MAX_BODY_BYTES = 1024 * 1024;
export const MAX_HEADER_BYTES = 512 * 1024;
/** The longest that an answer is held back. */
export const MAX_DELAY_MS = 60 * 60 * 1_000;
export const MAX_JOURNAL_ENTRIES = 10_000;
export const MAX_JOURNAL_BYTES = 32 * 1024 * 1024;
export const MAX_EVENTS = 10_000;
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;
/** Real scripts take their time: so many are over in some seconds. */
export const MAX_RUNS_PER_ADVANCE = 1_000;
