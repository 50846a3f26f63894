/** Reads `customTimeouts`, by which a program bounds what the engine does to a resource. Dynamic handlers are not told of them. */
import type { CustomTimeouts } from "@pulumi/pulumi";

/** Seconds that an operation may take, of those that the program bounds. */
export type Limits = Partial<Record<"create" | "update" | "delete", number>>;

const OPERATIONS = ["create", "update", "delete"] as const;

/** The bounds in seconds; undefined when there is none. What is no duration bounds nothing: see {@link refuseTimeouts}. */
export function parseTimeouts(timeouts: CustomTimeouts | undefined): Limits | undefined {
  const bounds = OPERATIONS.map((operation) => [operation, parseDuration(timeouts?.[operation])] as const);
  // To the engine, zero is no bound.
  const given = bounds.filter(([, seconds]) => seconds);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** What is wrong with them; the engine would end the program over it, in words of its own. */
export function refuseTimeouts(timeouts: CustomTimeouts | undefined): string[] {
  return Object.entries(timeouts ?? {})
    .filter(([, value]) => value !== undefined && value !== null && value !== "" && parseDuration(value) === undefined)
    .map(
      ([operation, value]) =>
        `customTimeouts.${operation} must be a duration such as "90s", "5m" or "1h30m": current value is ${typeof value === "string" ? JSON.stringify(value) : `of type ${typeof value}`}`,
    );
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
/** A number and a unit, where it stands. */
const PART = /(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(ns|us|µs|μs|ms|s|m|h)/y;

/** Seconds of "1h30m"; undefined for what is none. */
function parseDuration(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.startsWith("+") ? value.slice(1) : value;
  if (text === "0") return 0;
  let seconds = 0;
  PART.lastIndex = 0;
  for (let end = 0; end < text.length; end = PART.lastIndex) {
    const [, count, unit = ""] = PART.exec(text) ?? [];
    if (count === undefined) return undefined;
    seconds += Number(count) * (UNIT_SECONDS[unit] ?? 0);
  }
  return text === "" ? undefined : seconds;
}
