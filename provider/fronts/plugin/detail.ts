/** Which properties differ, and how: the engine shows it, and holds `replaceOnChanges` against it. */
import type { Properties } from "../../lifecycle/state";

export type Kind = "add" | "delete" | "update";

/** By the path of a property, such as `timeout`, `parameters.word` or `tags["a.b"]`. */
export type ChangedProperties = Record<string, { kind: Kind; isReplaced: boolean }>;

/** The properties themselves: on a row the engine shows no path, and nothing that is not among these. */
export const listProperties = (changed: ChangedProperties): string[] => [
  ...new Set(Object.keys(changed).map((path) => path.replace(/[.[].*/s, ""))),
];

const isMap = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/**
 * @param names the inputs that differ in meaning
 * @param replaces those that demand a new resource
 */
export function describeChanged(
  names: readonly string[],
  replaces: readonly string[],
  olds: Properties,
  news: Properties,
): ChangedProperties {
  return Object.fromEntries(
    names.flatMap((name) =>
      listPaths(name, olds[name], news[name]).map(([path, kind]) => [
        path,
        { kind, isReplaced: replaces.includes(name) },
      ]),
    ),
  );
}

function listPaths(path: string, old: unknown, now: unknown): [string, Kind][] {
  if (isAbsent(old)) return [[path, "add"]];
  if (isAbsent(now)) return [[path, "delete"]];
  if (!isMap(old) || !isMap(now)) return [[path, "update"]];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  if (differing.some((key) => key.endsWith("\\"))) return [[path, "update"]];
  return differing.flatMap((key) => listPaths(formatPath(path, key), old[key], now[key]));
}

/** In a path the engine knows one escape, that of a quote; a backslash at the end of a key would escape the closing one. */
const formatPath = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}["${key.replaceAll('"', '\\"')}"]`;
