/**
 * What an operation takes, as a table: parameter name -> how its text becomes a value.
 * The gateway reads this table; an operation sees values only.
 */
import { invalidParameter, missingParameter, notSupported } from "../errors";
import { MAX_LIST_ELEMENTS } from "../limits";

/** Parameters as they arrived: everything is text. */
export type Given = ReadonlyMap<string, string>;

export interface Parameter<Value> {
  readonly type: "String" | "Boolean" | "Integer" | "Long" | "RepeatList";
  readonly required: boolean;
  /** Names of an element's members, when the list holds objects. */
  readonly members?: readonly string[];
  parse(name: string, given: Given): Value;
}

export type Takes = Readonly<Record<string, Parameter<unknown>>>;

/** The values an operation gets, by parameter name. */
export type Request<T extends Takes> = {
  readonly [Name in keyof T]: T[Name] extends Parameter<infer Value> ? Value : never;
};

export interface TagPair {
  readonly Key?: string;
  readonly Value?: string;
}

export function parseRequest<T extends Takes>(takes: T, given: Given): Request<T> {
  const values = Object.entries(takes).map(([name, parameter]) => [name, parameter.parse(name, given)]);
  return Object.fromEntries(values) as Request<T>;
}

export const string: Parameter<string | undefined> = {
  type: "String",
  required: false,
  parse: (name, given) => given.get(name),
};

export const requiredString: Parameter<string> = {
  type: "String",
  required: true,
  parse: (name, given) => {
    const text = given.get(name);
    if (!text) throw missingParameter(name);
    return text;
  },
};

export const boolean: Parameter<boolean | undefined> = {
  type: "Boolean",
  required: false,
  parse: (name, given) => {
    const text = given.get(name)?.toLowerCase();
    if (!text) return undefined;
    if (text !== "true" && text !== "false") throw invalidParameter(name);
    return text === "true";
  },
};

function parseWholeNumber(name: string, given: Given): number | undefined {
  const text = given.get(name);
  if (!text) return undefined;
  const value = Number(text);
  if (!/^-?\d{1,18}$/.test(text) || !Number.isSafeInteger(value)) throw invalidParameter(name);
  return value;
}

export const integer: Parameter<number | undefined> = { type: "Integer", required: false, parse: parseWholeNumber };
export const long: Parameter<number | undefined> = { type: "Long", required: false, parse: parseWholeNumber };

/** A length of time in seconds, which is never negative. */
export const seconds: Parameter<number | undefined> = {
  type: "Long",
  required: false,
  parse: (name, given) => {
    const value = parseWholeNumber(name, given);
    if (value !== undefined && value < 0) throw invalidParameter(name);
    return value;
  },
};

/** What stands after `Name.` in each key that begins so: an element's number, and after it what `rest` matches. */
function listElements(name: string, given: Given, rest: RegExp): { index: number; rest: string; text: string }[] {
  const elements = [];
  for (const [key, text] of given) {
    if (!key.startsWith(`${name}.`)) continue;
    const [, number = "", after = ""] = /^([1-9]\d{0,8})(.*)$/s.exec(key.slice(name.length + 1)) ?? [];
    const index = Number(number);
    if (number === "" || index > MAX_LIST_ELEMENTS || !rest.test(after)) throw invalidParameter(name, key);
    elements.push({ index, rest: after, text });
  }
  return elements.sort((a, b) => a.index - b.index);
}

/** The elements `Name.1`, `Name.2`, … in the order of their numbers; empty when there are none. */
export const list: Parameter<readonly string[]> = {
  type: "RepeatList",
  required: false,
  parse: (name, given) => listElements(name, given, /^$/).map(({ text }) => text),
};

export const requiredList: Parameter<readonly string[]> = {
  type: "RepeatList",
  required: true,
  parse: (name, given) => {
    const values = list.parse(name, given);
    if (values.length === 0) throw missingParameter(name);
    return values;
  },
};

/** The elements `Name.1.Key`, `Name.1.Value`, …; empty when there are none. */
export const tagList: Parameter<readonly TagPair[]> = {
  type: "RepeatList",
  required: false,
  members: ["Key", "Value"],
  parse: (name, given) => {
    const pairs = new Map<number, { Key?: string; Value?: string }>();
    for (const { index, rest, text } of listElements(name, given, /^\.(key|value)$/i)) {
      const pair = pairs.get(index) ?? {};
      pair[rest.toLowerCase() === ".key" ? "Key" : "Value"] = text;
      pairs.set(index, pair);
    }
    return [...pairs.values()];
  },
};

export const requiredTagList: Parameter<readonly TagPair[]> = {
  ...tagList,
  required: true,
  parse: (name, given) => {
    const pairs = tagList.parse(name, given);
    if (pairs.length === 0) throw missingParameter(name);
    return pairs;
  },
};

/** A parameter of the service that the emulator does not act on: to ignore a filter would be a lie, so giving it is refused. */
export function notEmulated(type: "String" | "Boolean" | "Integer" | "RepeatList"): Parameter<undefined> {
  return {
    type,
    required: false,
    parse: (name, given) => {
      const asked = [...given.keys()].find((key) => key === name || key.startsWith(`${name}.`));
      if (asked !== undefined) throw notSupported(asked);
      return undefined;
    },
  };
}
