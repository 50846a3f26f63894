/**
 * Reads the fields of an answer. The service is free with absence and type: a field may be missing or empty,
 * a number may be a string, a list may be wrapped in an object or absent when it is empty.
 */

export type Fields = Record<string, unknown>;

/** Text; "" when there is none. */
export function parseText(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

/** A number; `undefined` when there is none. */
export function parseNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** A boolean: the documents give strings where samples show booleans, and the reverse. */
export const parseBoolean = (value: unknown): boolean => parseText(value).toLowerCase() === "true";

/** Base64 as UTF-8 text; bytes that are not UTF-8 become U+FFFD. */
export const parseBase64 = (value: unknown): string => Buffer.from(parseText(value), "base64").toString("utf8");

/** An object; an empty one when there is none. */
export const parseFields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** The fields that hold a text, a number or a boolean, as text. */
export const parseTexts = (fields: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== null && typeof value !== "object")
      .map(([name, value]) => [name, parseText(value)]),
  );

/** The list in `{ "Tag": [...] }`, or bare as in some samples; an empty one when there is none. */
export function parseList(wrapper: unknown, name: string): unknown[] {
  const list = Array.isArray(wrapper) ? wrapper : parseFields(wrapper)[name];
  return Array.isArray(list) ? list : [];
}

/** `{ "Tag": [{ "TagKey": …, "TagValue": … }] }` as a map; some samples show `Key` and `Value`. */
export const parseTags = (wrapper: unknown): Record<string, string> =>
  Object.fromEntries(
    parseList(wrapper, "Tag")
      .map(parseFields)
      .map((tag) => [parseText(tag.TagKey ?? tag.Key), parseText(tag.TagValue ?? tag.Value)]),
  );

/** `Parameters` is JSON text; one generation of the documents shows an object. */
export function parseParameters(value: unknown): Record<string, string> {
  const parameters = typeof value === "string" ? parseJson(value) : value;
  return Object.fromEntries(Object.entries(parseFields(parameters)).map(([name, text]) => [name, parseText(text)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
