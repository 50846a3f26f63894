/** The `Parameters` of a call: a JSON object of names and scalar values, as text. */

export interface PassedParameters {
  /** False: not a JSON object. */
  readonly isObject: boolean;
  /** Names as written, repetitions included. */
  readonly names: readonly string[];
  readonly hasNestedValue: boolean;
  readonly values: Readonly<Record<string, string>>;
}

const NOTHING: PassedParameters = { isObject: true, names: [], hasNestedValue: false, values: {} };

export function parsePassed(text: string | undefined): PassedParameters {
  if (!text) return NOTHING;
  const parsed = parseObject(text);
  if (parsed === undefined) return { ...NOTHING, isObject: false };
  const entries = Object.entries(parsed);
  const scalars = entries.filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return {
    isObject: true,
    names: scalars.length === entries.length ? findNames(text) : Object.keys(parsed),
    hasNestedValue: scalars.length !== entries.length,
    values: Object.fromEntries(scalars.map(([name, value]) => [name, String(value)])),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** A string, with the colon behind it, or what stands between two; one after the other, so that nothing is read twice. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[^"]+/gsy;

/** JSON.parse keeps the last of two equal names; in a flat object every string before a colon is a name. */
function findNames(text: string): readonly string[] {
  return [...text.matchAll(TOKEN)]
    .filter(([, , colon]) => colon !== undefined)
    .map(([, literal = '""']) => String(JSON.parse(literal)));
}

/** Names are case-insensitive. */
export function hasRepeatedName(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size !== names.length;
}

export function areNamesDefined(names: readonly string[], defined: readonly string[]): boolean {
  const known = new Set(defined.map((name) => name.toLowerCase()));
  return names.every((name) => known.has(name.toLowerCase()));
}
