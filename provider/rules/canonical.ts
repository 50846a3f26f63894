/** Writes a plain value as one text, so that values of the same meaning have the same text and no others have. */

/** Canonical text of a plain value: JSON with the keys of every object in order. */
export function formatCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatCanonical).join()}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${formatCanonical(entry)}`);
    return `{${entries.join()}}`;
  }
  return JSON.stringify(value) ?? "null";
}
