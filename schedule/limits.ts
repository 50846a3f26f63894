/** Every number that the service and its agent impose on a schedule, with its unit in the name and its source beside it. */

/** Timeout of a run when neither the invocation nor the command names one (SDK). */
export const DEFAULT_TIMEOUT_SECONDS = 60;

/** Smallest gap between two runs of a cron schedule; the effective Timeout is the other bound (SDK). */
export const MIN_CRON_GAP_SECONDS = 10;

/** Bounds of a rate; it must be longer than the effective Timeout as well (SDK). */
export const MIN_RATE_SECONDS = 60;
export const MAX_RATE_SECONDS = 7 * 24 * 60 * 60;

/** Years that the agent's cron knows (agent source, version 578). */
export const MIN_YEAR = 1970;
export const MAX_YEAR = 2099;

/** Longest rate that the agent counts without overflow (agent source, version 578). */
export const MAX_AGENT_RATE_SECONDS = 1_000 * 24 * 60 * 60;

/** Characters of a frequency that are read at all; ours, some three times the longest that means anything. */
export const MAX_FREQUENCY_CHARACTERS = 4_096;
