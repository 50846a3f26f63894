/**
 * How a rollout goes, as a program says it: turns the raw arguments into a normalized policy, or says everything that is wrong
 * with them. Unknown values pass untouched; a rule over several arguments waits until it knows them all.
 */
import type { InputFailure } from "../declaration";
import { MAX_CONTENT_BASE64_BYTES, MAX_PARAMETER_KEY_CHARACTERS, MAX_PARAMETERS, MIN_TIMEOUT_SECONDS } from "../limits";
import { containsUnknown, isUnknown } from "../unknown";
import { type Amount, parsePercentage } from "./amount";

/** What a machine that is not ready means: a failure, or nothing but a line that names it. */
export type Unready = "fail" | "skip";

/** What runs on the machines of a wave after the wave. */
export interface RolloutCheck {
  /** The command to run: a `c-…` id, or the name of a public command. Give this or `commandContent`. */
  commandId?: string;
  /** The script itself, at most 24 KB after Base64. Give this or `commandId`. */
  commandContent?: string;
  /** 0 to 10 values for the `{{names}}` of the command. */
  parameters?: Record<string, string>;
  /** Seconds, from 10 to 86,400, in which a machine must become healthy, and which one run may take at most. Default 300. */
  timeout: number;
}

/**
 * How a rollout goes over its machines. An amount is a number of machines or a percentage such as `"10%"`, with up to three
 * decimals, of the machines that the fleet had when the generation began; percentages are rounded toward fewer machines at risk.
 * A change of any of these runs nothing anew.
 */
export interface RolloutPolicy {
  /**
   * How many machines have had their turn by the end of each wave, rising up to `"100%"`; 1 to 100 waves. A change counts for
   * waves that have not begun. Default `[1, "10%", "50%", "100%"]`.
   */
  waves: Amount[];
  /** Failures that are borne; more stop the rollout. Default 0. */
  maxFailures: Amount;
  /**
   * The same for the first wave alone, a percentage being one of that wave's machines. Default 0; with a single wave that of
   * `maxFailures`.
   */
  canaryFailures: Amount;
  /** Machines on which it may run at the same time, at least 1. Default: all of a wave. */
  concurrency?: Amount;
  /** Whether no more machines are ever under way than may still fail, and one. Default `false`. */
  strict: boolean;
  /** Seconds of rest between two waves, 0 to 86,400. Default 0. */
  pauseSeconds: number;
  /**
   * What runs on the machines of a wave after the wave: a machine is healthy when it exits with code 0, not healthy yet with 75,
   * and has failed with anything else. With `strict` it runs after every part of a wave. Default: nothing.
   */
  check?: RolloutCheck;
  /** The wave, counted from 1, after which this update stops and succeeds as `Paused`. Default: the last. */
  through?: number;
  /** Ids of machines that come first, in this order. A change counts for waves that have not begun. Default: none. */
  first: string[];
  /**
   * What a machine is that does not run, or whose agent is not there in `agentTimeout`: with `fail` a failure; with `skip` it
   * is listed, and tried again by the next update that runs anything. Default `fail`.
   */
  unready: Unready;
}

/** Cumulative targets of the waves when the program gives none. */
export const DEFAULT_WAVES: readonly Amount[] = [1, "10%", "50%", "100%"];

/** Seconds in which a machine must become healthy when the check gives none. */
const DEFAULT_CHECK_TIMEOUT_SECONDS = 300;

/** What counts where the program says nothing; what is not here is absent, or follows from another argument. */
export const DEFAULT_POLICY = {
  waves: DEFAULT_WAVES,
  maxFailures: 0,
  strict: false,
  pauseSeconds: 0,
  first: [],
  unready: "fail",
} as const satisfies Partial<Record<keyof RolloutPolicy, unknown>>;

/** What `parsePolicy` found: the arguments to keep, and either all of them known and right, or what is wrong. */
export interface ParsedPolicy {
  /** The policy's arguments with their defaults, unknown values included. */
  properties: Record<string, unknown>;
  /** The same typed; absent when something is unknown or wrong. */
  policy?: RolloutPolicy;
  failures: InputFailure[];
}

/** Says what is wrong with one known value, or nothing. */
type Rule = (value: unknown) => string | undefined;

const DAY_SECONDS = 24 * 60 * 60;
const MAX_WAVES = 100;

/** Ids named in a message; more would hide its end. */
const MAX_NAMED = 12;

const quote = (value: unknown): string => JSON.stringify(value);

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const wrongType = (wanted: string, value: unknown, remedy?: string) =>
  `must be ${wanted}: current value is of type ${typeName(value)}${remedy ? `; ${remedy}` : ""}`;

const WITHOUT_QUOTES = "write it without quotes";
const whenText = (value: unknown, remedy: string) => (typeof value === "string" ? remedy : undefined);

function integer(unit: string, min: number, max: number): Rule {
  return (value) => {
    if (typeof value !== "number") return wrongType("a number", value, whenText(value, WITHOUT_QUOTES));
    if (!Number.isInteger(value) || value < min || value > max)
      return `must be a whole number of ${unit} from ${min} to ${max}: current value is ${value}`;
    return undefined;
  };
}

const flag: Rule = (value) =>
  typeof value === "boolean" ? undefined : wrongType("true or false", value, whenText(value, WITHOUT_QUOTES));

/** @param min the least number; a percentage may be 0 only where a number may */
function amount(min: number): Rule {
  const shape = `a whole number of machines, ${min} or more, or a percentage such as "10%"`;
  return (value) => {
    if (typeof value === "number")
      return Number.isInteger(value) && value >= min ? undefined : `must be ${shape}: current value is ${value}`;
    if (typeof value !== "string") return wrongType(shape, value);
    const percentage = parsePercentage(value);
    if (percentage !== undefined && (percentage > 0 || min === 0)) return undefined;
    const remedy = /^\d+$/.test(value) ? `; ${WITHOUT_QUOTES}, or with "%" after it` : "";
    return `must be ${shape}, ${min === 0 ? "from" : "above"} 0 to 100 with up to three decimals: current value is ${quote(value)}${remedy}`;
  };
}

const target = amount(1);
const WHOLE_FLEET = "100%";

const waveList: Rule = (value) => {
  if (!Array.isArray(value)) return wrongType("an array of numbers and percentages", value, "write it in brackets");
  if (value.length === 0 || value.length > MAX_WAVES)
    return `must hold 1 to ${MAX_WAVES} waves: current count is ${value.length}`;
  for (const [i, entry] of value.entries()) {
    const reason = isUnknown(entry) ? undefined : target(entry);
    if (reason !== undefined) return `${reason} (wave ${i + 1})`;
  }
  const targets: Amount[] = value.filter((entry) => !isUnknown(entry));
  const descent =
    findDescent(targets.filter((entry) => typeof entry === "number")) ??
    findDescent(targets.filter((entry) => typeof entry === "string"));
  if (descent !== undefined) return descent;
  const last = value.at(-1);
  if (!isUnknown(last) && (typeof last !== "string" || parsePercentage(last) !== parsePercentage(WHOLE_FLEET)))
    return `must end with ${quote(WHOLE_FLEET)}, the whole fleet: the last wave is ${quote(last)}; add ${quote(WHOLE_FLEET)}, and give through to stop before it`;
  return undefined;
};

/** Numbers and percentages cannot be compared before the fleet is known; a wave that adds no machine is empty then. */
function findDescent(targets: readonly Amount[]): string | undefined {
  const size = (entry: Amount) => (typeof entry === "number" ? entry : (parsePercentage(entry) ?? 0));
  const at = targets.findIndex((entry, i) => i > 0 && size(entry) <= size(targets[i - 1] ?? 0));
  if (at < 0) return undefined;
  return `must rise, since each is the number of machines that have had their turn by then: ${quote(targets[at])} comes after ${quote(targets[at - 1])}`;
}

const idList: Rule = (value) => {
  if (!Array.isArray(value)) return wrongType("an array of instance ids", value, "write it in brackets");
  const wrong = value.find((id) => typeof id !== "string");
  if (wrong !== undefined)
    return `must hold instance ids: one is of type ${typeName(wrong)}; pass the ids of instances, such as instance.id`;
  const known = value.filter((id) => !isUnknown(id));
  const twice = known.find((id, i) => known.indexOf(id) !== i);
  return twice === undefined ? undefined : `must name a machine once: ${quote(twice)} is there twice; remove one`;
};

const UNREADY: readonly Unready[] = ["fail", "skip"];

const unready: Rule = (value) => {
  const allowed = `one of ${UNREADY.map(quote).join(", ")}`;
  if (typeof value !== "string") return wrongType(allowed, value);
  return UNREADY.some((known) => known === value) ? undefined : `must be ${allowed}: current value is ${quote(value)}`;
};

function asMap(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Values are never in a message: a parameter may be a secret. */
const parameterMap: Rule = (value) => {
  const map = asMap(value);
  if (!map) return wrongType("an object of names and string values", value);
  const names = Object.keys(map);
  if (names.length > MAX_PARAMETERS)
    return `must have at most ${MAX_PARAMETERS} entries: current count is ${names.length}; put several values into one`;
  const long = names.find((name) => name.length === 0 || name.length > MAX_PARAMETER_KEY_CHARACTERS);
  if (long !== undefined)
    return `must have names of 1 to ${MAX_PARAMETER_KEY_CHARACTERS} characters: ${quote(long)} has ${long.length}`;
  const wrong = names.find((name) => typeof map[name] !== "string");
  if (wrong === undefined) return undefined;
  return `must have string values: the value of ${quote(wrong)} is of type ${typeName(map[wrong])}; write it in quotes, or remove ${quote(wrong)}`;
};

const commandId: Rule = (value) => {
  if (typeof value !== "string") return wrongType("a string", value);
  return value.length >= 1 && value.length <= 255
    ? undefined
    : `must have 1 to 255 characters: current value has ${value.length}`;
};

const content: Rule = (value) => {
  if (typeof value !== "string") return wrongType("a string", value);
  if (value === "") return "must not be empty: write the script, or remove check";
  const bytes = 4 * Math.ceil(Buffer.byteLength(value) / 3);
  return bytes <= MAX_CONTENT_BASE64_BYTES
    ? undefined
    : `must have at most ${MAX_CONTENT_BASE64_BYTES} bytes after Base64: current value has ${bytes}; fetch the long part on the machine`;
};

const CHECK_RULES: { [K in keyof Required<RolloutCheck>]: Rule } = {
  commandId,
  commandContent: content,
  parameters: parameterMap,
  timeout: integer("seconds", MIN_TIMEOUT_SECONDS, DAY_SECONDS),
};

const healthCheck: Rule = (value) => {
  const map = asMap(value);
  if (!map) return wrongType("an object such as { commandId: command.id }", value);
  for (const [name, entry] of Object.entries(map)) {
    if (!Object.hasOwn(CHECK_RULES, name))
      return `must hold no ${quote(name)}: it takes ${Object.keys(CHECK_RULES).join(", ")}; remove it`;
    if (entry === undefined || entry === null || isUnknown(entry)) continue;
    const reason = CHECK_RULES[name as keyof RolloutCheck](name === "parameters" ? withoutUnknown(entry) : entry);
    if (reason !== undefined) return `is wrong: ${name} ${reason}`;
  }
  const given = ["commandId", "commandContent"].filter((name) => map[name] !== undefined && map[name] !== null);
  if (given.length === 0) return "must say what runs: give commandId or commandContent";
  if (given.length === 2) return "must not hold both commandId and commandContent: remove one";
  return undefined;
};

/** A value that is not known yet may be of any type: as text it passes every rule for the values of a map. */
const withoutUnknown = (value: unknown): unknown => {
  const map = asMap(value);
  return map ? Object.fromEntries(Object.entries(map).map(([k, v]) => [k, isUnknown(v) ? "" : v])) : value;
};

/** One rule per argument; the compiler holds the list complete. */
export const POLICY_RULES: { [K in keyof Required<RolloutPolicy>]: Rule } = {
  waves: waveList,
  maxFailures: amount(0),
  canaryFailures: amount(0),
  concurrency: amount(1),
  strict: flag,
  pauseSeconds: integer("seconds", 0, DAY_SECONDS),
  check: healthCheck,
  through: integer("waves", 1, MAX_WAVES),
  first: idList,
  unready,
};

/** The name of every argument that says how a rollout goes, and none that says what runs. */
export const POLICY_NAMES = Object.keys(POLICY_RULES) as (keyof RolloutPolicy)[];

/**
 * Checks and normalizes how a rollout goes.
 *
 * @param raw what the program declared, other inputs among it; unknown values as the engine's sentinels. `instanceIds`, when
 *   they are given, are those that `first` may name
 * @returns the arguments to keep, and every failure at once
 */
export function parsePolicy(raw: Readonly<Record<string, unknown>>): ParsedPolicy {
  const properties: Record<string, unknown> = {};
  const failures: InputFailure[] = [];
  const refuse = (property: string, reason: string) => failures.push({ property, reason: `${property} ${reason}` });
  for (const name of POLICY_NAMES) {
    const value = raw[name];
    if (value === undefined || value === null) continue;
    properties[name] = value;
    const reason = isUnknown(value) ? undefined : POLICY_RULES[name](value);
    if (reason !== undefined) refuse(name, reason);
  }
  fillDefaults(properties);
  const isSettled = (...names: (keyof RolloutPolicy)[]) =>
    names.every((name) => !isUnknown(properties[name]) && !failures.some(({ property }) => property === name));

  const { waves, through, maxFailures, canaryFailures, first } = properties;
  if (isSettled("waves", "through") && Array.isArray(waves) && typeof through === "number" && through > waves.length)
    refuse(
      "through",
      `must be one of the ${waves.length} waves: current value is ${through}; lower it, or remove it to go through all`,
    );
  if (
    isSettled("maxFailures", "canaryFailures") &&
    typeof maxFailures === "number" &&
    typeof canaryFailures === "number"
  )
    if (canaryFailures > maxFailures)
      refuse(
        "canaryFailures",
        `must be at most maxFailures, which counts in the first wave as well: current values are ${canaryFailures} and ${maxFailures}; raise maxFailures`,
      );
  if (isSettled("first")) {
    const strangers = findStrangers(first, raw.instanceIds);
    if (strangers.length > 0)
      refuse("first", `must name machines of instanceIds: ${nameIds(strangers)} not among them; remove or correct it`);
  }
  if (failures.length > 0 || containsUnknown(properties)) return { properties, failures };
  return { properties, policy: properties as unknown as RolloutPolicy, failures };
}

function fillDefaults(properties: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(DEFAULT_POLICY))
    properties[name] ??= Array.isArray(value) ? [...value] : value;
  const { waves, maxFailures } = properties;
  // A single wave has no canary. While the waves are not known, nor is this.
  if (properties.canaryFailures === undefined && !isUnknown(waves))
    properties.canaryFailures = Array.isArray(waves) && waves.length === 1 ? maxFailures : 0;
  const check = asMap(properties.check);
  if (check) properties.check = { ...check, timeout: check.timeout ?? DEFAULT_CHECK_TIMEOUT_SECONDS };
}

function findStrangers(first: unknown, instanceIds: unknown): string[] {
  if (!Array.isArray(first) || !Array.isArray(instanceIds) || containsUnknown(instanceIds)) return [];
  const fleet = new Set(instanceIds);
  return first.filter((id) => !isUnknown(id) && !fleet.has(id));
}

function nameIds(ids: readonly string[]): string {
  const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : "";
  return `${ids.slice(0, MAX_NAMED).map(quote).join(", ")}${more} ${ids.length === 1 ? "is" : "are"}`;
}
