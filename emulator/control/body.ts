/** What a request of the control API says: a JSON object in its body, numbers in its query. */

/** @throws TypeError when the body is something else than a JSON object; SyntaxError when it is no JSON */
export function parseBody(body: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("The body must be a JSON object");
  }
  return { ...value };
}

/**
 * An instant of the query, milliseconds since the epoch; undefined when it names none.
 * @throws RangeError when it is none
 */
export function parseInstant(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const instant = Date.parse(text);
  if (!Number.isNaN(instant)) return instant;
  throw new RangeError(`"${name}" must be an instant in ISO 8601: current value is "${text}"`);
}

/**
 * A whole number of the query.
 * @throws RangeError when it is none, or out of bounds
 */
export function parseCount(
  query: URLSearchParams,
  name: string,
  { fallback, least = 0, most }: { fallback: number; least?: number; most: number },
): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
  throw new RangeError(`"${name}" must be a whole number from ${least} to ${most}: current value is "${text}"`);
}
