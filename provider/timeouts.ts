/** Reads `customTimeouts`, by which a program bounds what the engine does to a resource. Dynamic handlers are not told of them. */
import type { CustomTimeouts } from "@pulumi/pulumi";

/** Seconds that an operation may take, of those that the program bounds. */
export type Limits = Partial<Record<"create" | "update" | "delete", number>>;

const OPERATIONS = ["create", "update", "delete"] as const;

/** The bounds in seconds; undefined when there is none. A text that is no duration is left to the engine, which refuses it. */
export function parseTimeouts(timeouts: CustomTimeouts | undefined): Limits | undefined {
  const bounds = OPERATIONS.map((operation) => [operation, parseDuration(timeouts?.[operation])] as const);
  const given = bounds.filter(([, seconds]) => seconds !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** Go's units, as the engine reads them. */
const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};
const DURATION = /^\+?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /([\d.]+)([^\d.]+)/g;

/** Seconds of "1h30m"; to the engine, none at all is no bound. */
function parseDuration(text: unknown): number | undefined {
  if (typeof text !== "string" || !DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(PART)].map(([, count, unit = ""]) => Number(count) * (UNIT_SECONDS[unit] ?? 0));
  return parts.reduce((sum, seconds) => sum + seconds, 0) || undefined;
}
