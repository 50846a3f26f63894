/** What a single known value must be: each rule says what is wrong with it, or nothing. */
import {
  MAX_CONTENT_BASE64_BYTES,
  MAX_INSTANCES_PER_INVOCATION,
  MAX_LAUNCHER_BYTES,
  MAX_PARAMETER_KEY_CHARACTERS,
  MAX_PARAMETERS,
  MAX_RESOURCE_TAGS,
  MAX_TAG_KEY_CHARACTERS,
  MAX_TAG_VALUE_CHARACTERS,
  MAX_TAGS,
  MIN_TIMEOUT_SECONDS,
} from "./limits";
import { OWN_TAG_KEYS } from "./tags";
import { isUnknown } from "./unknown";
import { agree } from "./words";

/** Says what is wrong with one known value, or nothing. */
export type Rule = (value: unknown) => string | undefined;

const quote = (value: string) => JSON.stringify(value);

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Says of a value only its type: it may be a secret. */
const wrongType = (wanted: string, value: unknown, remedy?: string) =>
  `must be ${wanted}: current value is of type ${typeName(value)}${remedy ? `; ${remedy}` : ""}`;

export function text(max: number, pattern?: RegExp, shape?: string): Rule {
  return (value) => {
    if (typeof value !== "string") return wrongType("a string", value);
    if (value.length === 0 || value.length > max)
      return `must have 1 to ${max} characters: current value has ${value.length}`;
    if (pattern && !pattern.test(value)) return `must be ${shape}: current value is ${quote(value)}`;
    return undefined;
  };
}

export function integer(unit: string, min: number, max = Number.POSITIVE_INFINITY): Rule {
  const range = max === Number.POSITIVE_INFINITY ? `, ${min} or more` : ` from ${min} to ${max}`;
  return (value) => {
    if (typeof value !== "number")
      return wrongType("a number", value, typeof value === "string" ? "write it without quotes" : undefined);
    if (!Number.isInteger(value) || value < min || value > max)
      return `must be a whole number of ${unit}${range}: current value is ${value}`;
    return undefined;
  };
}

/** @param remedies what to do about a value that the API knows and `Invocation` does not */
export function oneOf(values: readonly string[], remedies: Readonly<Record<string, string>> = {}): Rule {
  const allowed = `one of ${values.map(quote).join(", ")}`;
  return (value) => {
    if (typeof value !== "string") return wrongType(allowed, value);
    if (values.includes(value)) return undefined;
    const remedy = Object.hasOwn(remedies, value) ? `; ${remedies[value]}` : "";
    return `must be ${allowed}: current value is ${quote(value)}${remedy}`;
  };
}

export const flag: Rule = (value) => {
  if (typeof value === "boolean") return undefined;
  return wrongType("true or false", value, typeof value === "string" ? "write it without quotes" : undefined);
};

export const anyList: Rule = (value) =>
  Array.isArray(value) ? undefined : wrongType("an array", value, "write it in brackets");

const INSTANCE_ID = /^m?i-[A-Za-z0-9*]+$/;

/** Ids named in a message; more would hide its end. */
const MAX_NAMED = 12;

const idsUpTo =
  (most: number): Rule =>
  (value) => {
    if (!Array.isArray(value)) return wrongType("an array of instance ids", value, "write it in brackets");
    const malformed = value.filter((id) => typeof id !== "string" || !(isUnknown(id) || INSTANCE_ID.test(id)));
    if (malformed.length > 0) {
      const named = malformed.slice(0, MAX_NAMED).map((id) => (typeof id === "string" ? quote(id) : typeName(id)));
      const more = malformed.length > MAX_NAMED ? ` and ${malformed.length - MAX_NAMED} more` : "";
      return `must hold ids that start with "i-" or "mi-": ${named.join(", ")}${more} ${agree(malformed.length, "does", "do")} not; pass the ids of instances, such as instance.id`;
    }
    if (value.length === 0)
      return "must name at least 1 instance: it is empty; add the id of one, or remove the resource";
    const distinct = new Set(value.filter((id) => !isUnknown(id))).size;
    if (distinct > most)
      return `must name 1 to ${most} instances: current count is ${distinct}; declare a Rollout, which takes any number`;
    return undefined;
  };

/** Instances of one invocation. */
export const idList = idsUpTo(MAX_INSTANCES_PER_INVOCATION);
/** Instances of a rollout. */
export const fleetIdList = idsUpTo(Number.POSITIVE_INFINITY);

/** Undefined where it is none. */
export function asMap(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function wrongEntry(name: string, value: unknown): string {
  const remedy =
    typeof value === "number" || typeof value === "boolean"
      ? "write it in quotes"
      : `pass text, or remove ${quote(name)}`;
  return `must have string values: the value of ${quote(name)} is of type ${typeName(value)}; ${remedy}`;
}

/** Values are never in a message: a parameter may be a secret. */
export const parameterMap: Rule = (value) => {
  const map = asMap(value);
  if (!map) return wrongType("an object of names and string values", value);
  const names = Object.keys(map);
  if (names.length > MAX_PARAMETERS)
    return `must have at most ${MAX_PARAMETERS} entries: current count is ${names.length}; put several values into one`;
  for (const name of names) {
    if (name.length === 0 || name.length > MAX_PARAMETER_KEY_CHARACTERS)
      return `must have names of 1 to ${MAX_PARAMETER_KEY_CHARACTERS} characters: ${quote(name)} has ${name.length}`;
    if (typeof map[name] !== "string") return wrongEntry(name, map[name]);
    const twin = names.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
    if (twin !== undefined)
      return `must name a parameter once: ${quote(name)} and ${quote(twin)} are the same to the service; remove one`;
  }
  return undefined;
};

const RESERVED_TAG_KEY = /^(aliyun|acs:)/i;
const ADDRESS = /https?:\/\//i;

function checkTag(key: string, value: unknown): string | undefined {
  if (key.length === 0 || key.length > MAX_TAG_KEY_CHARACTERS)
    return `must have keys of 1 to ${MAX_TAG_KEY_CHARACTERS} characters: ${quote(key)} has ${key.length}`;
  if (RESERVED_TAG_KEY.test(key))
    return `must not have keys that start with "aliyun" or "acs:", which are the service's own: ${quote(key)} does`;
  if (ADDRESS.test(key)) return `must not have keys with "http://" or "https://" in them: ${quote(key)} does`;
  if (typeof value !== "string") return wrongEntry(key, value);
  if (isUnknown(value)) return undefined;
  if (value.length > MAX_TAG_VALUE_CHARACTERS)
    return `must have values of at most ${MAX_TAG_VALUE_CHARACTERS} characters: the value of ${quote(key)} has ${value.length}`;
  if (ADDRESS.test(value))
    return `must not have values with "http://" or "https://" in them: the value of ${quote(key)} does`;
  return undefined;
}

function tagMap(checkKeys: (keys: readonly string[]) => string | undefined): Rule {
  return (value) => {
    const map = asMap(value);
    if (!map) return wrongType("an object of tag keys and string values", value);
    const reasons = Object.entries(map).map(([key, tag]) => checkTag(key, tag));
    return checkKeys(Object.keys(map)) ?? reasons.find((reason) => reason !== undefined);
  };
}

export const resourceTagMap = tagMap(({ length }) => {
  if (length === 0) return "must hold at least 1 tag: it is empty; add one, or give instanceIds instead";
  if (length > MAX_RESOURCE_TAGS)
    return `must hold at most ${MAX_RESOURCE_TAGS} tags: current count is ${length}; remove some`;
  return undefined;
});

/** The others are the resource's own, by which a run that was cut off is found again. */
const MAX_OWN_TAGS = MAX_TAGS - OWN_TAG_KEYS.length;

export const ownTagMap = tagMap((keys) => {
  if (keys.length > MAX_OWN_TAGS)
    return `must hold at most ${MAX_OWN_TAGS} tags, since the service takes ${MAX_TAGS} and ${OWN_TAG_KEYS.length} are the resource's own: current count is ${keys.length}; remove some`;
  const taken = keys.find((key) => OWN_TAG_KEYS.includes(key));
  if (taken !== undefined)
    return `must not hold ${quote(taken)}, the resource's own tag, by which it finds its run again; use another key`;
  return undefined;
});

/** A script, of which no message repeats a part: it may be a secret. */
export const content: Rule = (value) => {
  if (typeof value !== "string")
    return wrongType("a string, the text of the script", value, "read it from its file as text");
  if (value === "") return "must hold a script: it is empty; write what is to run";
  const bytes = Math.ceil(Buffer.byteLength(value) / 3) * 4;
  return bytes <= MAX_CONTENT_BASE64_BYTES
    ? undefined
    : `must have at most ${MAX_CONTENT_BASE64_BYTES} bytes once it is encoded as Base64: current value has ${bytes}; shorten it, or fetch the long part on the machine`;
};

export const launcher: Rule = (value) => {
  if (typeof value !== "string") return wrongType("a string", value);
  const bytes = Buffer.byteLength(value);
  return bytes >= 1 && bytes <= MAX_LAUNCHER_BYTES
    ? undefined
    : `must have 1 to ${MAX_LAUNCHER_BYTES} bytes: current value has ${bytes}`;
};

/** The members of `onDelete`. */
const HOOK: Readonly<Record<string, Rule>> = {
  commandContent: content,
  commandId: text(255),
  parameters: parameterMap,
  timeout: integer("seconds", MIN_TIMEOUT_SECONDS),
};

export const hook: Rule = (value) => {
  const map = asMap(value);
  if (!map) return wrongType("an object such as { commandContent }", value);
  const given = Object.keys(map).filter((name) => map[name] !== undefined && map[name] !== null);
  const strange = given.find((name) => !Object.hasOwn(HOOK, name));
  if (strange !== undefined)
    return `must hold nothing but ${Object.keys(HOOK).join(", ")}: it holds ${quote(strange)}; remove it`;
  const isOpen = isUnknown(map.commandContent) || isUnknown(map.commandId);
  const commands = ["commandContent", "commandId"].filter((name) => given.includes(name)).length;
  if (commands !== 1 && !(isOpen && commands === 2))
    return `must hold either commandContent, the script, or commandId: it holds ${commands === 0 ? "neither; write what is to run" : "both; remove one"}`;
  const wrong = given.flatMap((name) => {
    const reason = isUnknown(map[name]) ? undefined : HOOK[name]?.(map[name]);
    return reason === undefined ? [] : [`${name} ${reason}`];
  });
  return wrong.length > 0 ? `is wrong: ${wrong.join("; ")}` : undefined;
};
