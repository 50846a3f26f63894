/**
 * Turns the raw properties of an `Invocation` into normalized inputs, or says everything that is wrong with them.
 * Unknown values pass untouched; a rule over several properties waits until it knows them all.
 */
import {
  MAX_CONTAINER_NAME_CHARACTERS,
  MAX_FREQUENCY_CHARACTERS,
  MAX_INSTANCES_PER_INVOCATION,
  MAX_LAUNCHER_BYTES,
  MAX_OUTPUT_BYTES,
  MAX_PARAMETER_KEY_CHARACTERS,
  MAX_PARAMETERS,
  MAX_RESOURCE_TAGS,
  MAX_TAG_KEY_CHARACTERS,
  MAX_TAG_VALUE_CHARACTERS,
  MAX_TAGS,
  MAX_USERNAME_CHARACTERS,
  MAX_WORKING_DIR_CHARACTERS,
  MIN_TIMEOUT_SECONDS,
} from "./limits";
import { OWN_TAG_KEYS } from "./run";
import { containsUnknown, isUnknown } from "./unknown";

export const REPEAT_MODES = ["Once", "Period", "NextRebootOnly", "EveryReboot"] as const;
/** When a command runs: once and now, by a schedule, at the next boot of each machine, or at every boot. */
export type RepeatMode = (typeof REPEAT_MODES)[number];
/** What a stop or a time-out ends: the process of the script alone, or all that it started as well. */
export type TerminationMode = "Process" | "ProcessTree";
/** Whether a machine on which a command fails fails the update, or only warns. */
export type OnFailure = "fail" | "warn";

/**
 * The inputs of an `Invocation` once they are known and normalized: ids sorted and distinct, region and repeat mode settled.
 * Names are those of the API's parameters. A value that is out of range fails the preview, and the message names the input.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand
 */
export interface InvocationInputs {
  /** The command to run: a `c-…` id, or the name of a public command; at most 255 characters. */
  commandId: string;
  /**
   * 1 to 100 distinct ids (`i-…` or managed `mi-…`); order and repetition mean nothing. Give this or `resourceTags`.
   * Of a live schedule they are changed in place; a one-shot runs again on all of them, so declare one `Invocation` per
   * machine where machines come and go.
   */
  instanceIds?: string[];
  /**
   * 1 to 10 tags that the instances carry, instead of `instanceIds`; keys of 1 to 64 characters, values of at most 128.
   * The service picks the instances when the run starts.
   */
  resourceTags?: Record<string, string>;
  /** Region of command and instances. Default: `alicloud:region` of the stack, then `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION`. */
  regionId: string;
  /**
   * `Once`, `Period`, `NextRebootOnly` or `EveryReboot`. Default: `Period` when `frequency` is given (and then the only one),
   * else `Once`.
   */
  repeatMode: RepeatMode;
  /**
   * When it runs: a cron expression of 6 fields with year and zone after them or not (`0 0 2 * * ? Asia/Shanghai`),
   * `rate(5m)` from 60 s to 7 d, or `at(2030-01-31 13:15:30)`. Two runs must be at least `timeout` (and 10 s) apart.
   * A change of a live schedule is made in place.
   */
  frequency?: string;
  /** The older switch of the API: `true` demands `frequency`, `false` forbids it. Needed for nothing. */
  timed?: boolean;
  /**
   * 0 to 10 values for the `{{names}}` of a command with `enableParameter`; names of 1 to 64 characters, values may be
   * empty. Together with the command at most 24 KB after Base64. A secret value makes `results` secret.
   * A change of a live schedule is made in place.
   */
  parameters?: Record<string, string>;
  /** Seconds after which a run is ended, from 10. Default: the command's own, which defaults to 60. */
  timeout?: number;
  /** User that runs it, at most 255 characters. Default: `root`, or `System` on Windows. */
  username?: string;
  /** Name of the encrypted OOS parameter with the password of `username` on Windows, at most 255 characters. */
  windowsPasswordName?: string;
  /** Directory it runs in, at most 200 characters. Default: the command's own, else the home of the user. */
  workingDir?: string;
  /** Container it runs in: 64 hexadecimal digits, with `docker://`, `containerd://` or `cri-o://` before them or not. Linux only. */
  containerId?: string;
  /** Name of the container it runs in, at most 255 characters. Linux only. */
  containerName?: string;
  /** What starts the script, at most 1,024 bytes, such as `python3 -u {{ACS::ScriptFileName|Ext(".py")}}`. */
  launcher?: string;
  /** What a stop or a time-out ends: `Process`, or `ProcessTree` with all that it started. Default: the service's. */
  terminationMode?: TerminationMode;
  /** Where the service puts the whole output, such as `oss://bucket/prefix`; at most 1,024 characters. */
  ossOutputDelivery?: string;
  /** Resource group of the invocation, an `rg-…` id. Default: the account's default group. */
  resourceGroupId?: string;
  /** Up to 18 tags of the invocation itself (two more are the resource's own); a change is made without a run. */
  tags?: Record<string, string>;
  /** Any values: when one of them changes, the command runs again on all its instances. */
  triggers?: unknown[];
  /** Whether to ask the service before a run whether it can work. Default `true`; `false` leaves only the local rules. */
  preflight?: boolean;
  /**
   * Whether preflight also has the service itself try it (`RepeatMode=DryRun`), which runs nothing. Needs
   * `ecs:InvokeCommand` at preview. Default `false`.
   */
  dryRun?: boolean;
  /** Seconds that an update waits for a starting machine or its agent, 0 to 86,400. Default 300. */
  agentTimeout?: number;
  /**
   * Seconds that an update waits for the end of a one-shot, or until every machine has taken a schedule; 1 to 604,800.
   * Default: the effective `timeout` + 90.
   */
  waitTimeout?: number;
  /** What a machine on which it fails means for the update. Default `fail`; `warn` lets it go on and does not run again. */
  onFailure?: OnFailure;
  /** Bytes of each machine's output (its tail) that are kept in the state, 0 to 24,576. Default 4096. */
  maxOutputBytes?: number;
  /** Id of a live invocation, started by hand or by another tool, to take over instead of running anything. */
  adopt?: string;
}

/** A refusal that names the property at fault, as Pulumi's `check` reports it. */
export interface InputFailure {
  property: string;
  reason: string;
}

/** What `parseInputs` found: the properties to keep, and either all of them known and right, or what is wrong. */
export interface ParsedInputs {
  /** Normalized properties, unknown values and those that start with `__` included. */
  properties: Record<string, unknown>;
  /** The same as typed inputs; absent when something is unknown or wrong. */
  inputs?: InvocationInputs;
  failures: InputFailure[];
}

/** Says what is wrong with one known value, or nothing. */
type Rule = (value: unknown) => string | undefined;

const quote = (value: string) => JSON.stringify(value);

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Says of a value only its type: it may be a secret. */
const wrongType = (wanted: string, value: unknown, remedy?: string) =>
  `must be ${wanted}: current value is of type ${typeName(value)}${remedy ? `; ${remedy}` : ""}`;

function text(max: number, pattern?: RegExp, shape?: string): Rule {
  return (value) => {
    if (typeof value !== "string") return wrongType("a string", value);
    if (value.length === 0 || value.length > max)
      return `must have 1 to ${max} characters: current value has ${value.length}`;
    if (pattern && !pattern.test(value)) return `must be ${shape}: current value is ${quote(value)}`;
    return undefined;
  };
}

function integer(unit: string, min: number, max = Number.POSITIVE_INFINITY): Rule {
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
function oneOf(values: readonly string[], remedies: Readonly<Record<string, string>> = {}): Rule {
  const allowed = `one of ${values.map(quote).join(", ")}`;
  return (value) => {
    if (typeof value !== "string") return wrongType(allowed, value);
    if (values.includes(value)) return undefined;
    const remedy = Object.hasOwn(remedies, value) ? `; ${remedies[value]}` : "";
    return `must be ${allowed}: current value is ${quote(value)}${remedy}`;
  };
}

const flag: Rule = (value) => {
  if (typeof value === "boolean") return undefined;
  return wrongType("true or false", value, typeof value === "string" ? "write it without quotes" : undefined);
};

const anyList: Rule = (value) =>
  Array.isArray(value) ? undefined : wrongType("an array", value, "write it in brackets");

const INSTANCE_ID = /^m?i-[A-Za-z0-9*]+$/;

/** Ids named in a message; more would hide its end. */
const MAX_NAMED = 12;

const idList: Rule = (value) => {
  if (!Array.isArray(value)) return wrongType("an array of instance ids", value, "write it in brackets");
  const malformed = value.filter((id) => typeof id !== "string" || !(isUnknown(id) || INSTANCE_ID.test(id)));
  if (malformed.length > 0) {
    const named = malformed.slice(0, MAX_NAMED).map((id) => (typeof id === "string" ? quote(id) : typeName(id)));
    const more = malformed.length > MAX_NAMED ? ` and ${malformed.length - MAX_NAMED} more` : "";
    return `must hold ids that start with "i-" or "mi-": ${named.join(", ")}${more} ${malformed.length === 1 ? "does" : "do"} not; pass the ids of instances, such as instance.id`;
  }
  if (value.length === 0)
    return "must name at least 1 instance: it is empty; add the id of one, or remove the resource";
  const distinct = new Set(value.filter((id) => !isUnknown(id))).size;
  if (distinct > MAX_INSTANCES_PER_INVOCATION)
    return `must name 1 to ${MAX_INSTANCES_PER_INVOCATION} instances: current count is ${distinct}; declare one Invocation per group of instances`;
  return undefined;
};

function asMap(value: unknown): Record<string, unknown> | undefined {
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
const parameterMap: Rule = (value) => {
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

const resourceTagMap = tagMap(({ length }) => {
  if (length === 0) return "must hold at least 1 tag: it is empty; add one, or give instanceIds instead";
  if (length > MAX_RESOURCE_TAGS)
    return `must hold at most ${MAX_RESOURCE_TAGS} tags: current count is ${length}; remove some`;
  return undefined;
});

/** The others are the resource's own, by which a run that was cut off is found again. */
const MAX_OWN_TAGS = MAX_TAGS - OWN_TAG_KEYS.length;

const ownTagMap = tagMap((keys) => {
  if (keys.length > MAX_OWN_TAGS)
    return `must hold at most ${MAX_OWN_TAGS} tags, since the service takes ${MAX_TAGS} and ${OWN_TAG_KEYS.length} are the resource's own: current count is ${keys.length}; remove some`;
  const taken = keys.find((key) => OWN_TAG_KEYS.includes(key));
  if (taken !== undefined)
    return `must not hold ${quote(taken)}, the resource's own tag, by which it finds its run again; use another key`;
  return undefined;
});

const launcher: Rule = (value) => {
  if (typeof value !== "string") return wrongType("a string", value);
  const bytes = Buffer.byteLength(value);
  return bytes >= 1 && bytes <= MAX_LAUNCHER_BYTES
    ? undefined
    : `must have 1 to ${MAX_LAUNCHER_BYTES} bytes: current value has ${bytes}`;
};

const DAY_SECONDS = 24 * 60 * 60;

/** One rule per input; the compiler holds the list complete. */
const RULES: { [K in keyof Required<InvocationInputs>]: Rule } = {
  commandId: text(255),
  instanceIds: idList,
  resourceTags: resourceTagMap,
  regionId: text(64, /^[a-z0-9-]+$/, 'a region id such as "cn-hangzhou"'),
  repeatMode: oneOf(REPEAT_MODES, { DryRun: "set dryRun to true instead" }),
  frequency: text(MAX_FREQUENCY_CHARACTERS),
  timed: flag,
  parameters: parameterMap,
  timeout: integer("seconds", MIN_TIMEOUT_SECONDS),
  username: text(MAX_USERNAME_CHARACTERS),
  windowsPasswordName: text(MAX_USERNAME_CHARACTERS),
  workingDir: text(MAX_WORKING_DIR_CHARACTERS),
  containerId: text(
    80,
    /^(docker:\/\/|containerd:\/\/|cri-o:\/\/)?[0-9a-fA-F]{64}$/,
    'a container id of 64 hexadecimal digits, with "docker://", "containerd://" or "cri-o://" before it or not',
  ),
  containerName: text(
    MAX_CONTAINER_NAME_CHARACTERS,
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'a container name of letters, digits, ".", "_" and "-" that starts with a letter or a digit',
  ),
  launcher,
  terminationMode: oneOf(["Process", "ProcessTree"]),
  ossOutputDelivery: text(1024, /^oss:\/\/[^/]/, 'a place such as "oss://bucket/prefix"'),
  resourceGroupId: text(64, /^rg-/, 'a resource group id such as "rg-123"'),
  tags: ownTagMap,
  triggers: anyList,
  preflight: flag,
  dryRun: flag,
  agentTimeout: integer("seconds", 0, DAY_SECONDS),
  waitTimeout: integer("seconds", 1, 7 * DAY_SECONDS),
  onFailure: oneOf(["fail", "warn"]),
  maxOutputBytes: integer("bytes", 0, MAX_OUTPUT_BYTES),
  adopt: text(255, /^t-/, 'the id of an invocation, such as "t-hz0jdfwd9f"'),
};

/** The name of every input. */
export const INPUT_NAMES = Object.keys(RULES) as (keyof InvocationInputs)[];

/** Outputs that the constructor seeds so that the engine keeps them, and their secrecy. They are not inputs. */
const SEEDED = new Set(["invokeId", "status", "results", "schemaVersion"]);

const isInputName = (name: string): name is keyof InvocationInputs => Object.hasOwn(RULES, name);

function checkInput(name: string, value: unknown): string | undefined {
  if (isInputName(name)) return RULES[name](value);
  const likely = findLikelyName(name);
  return `is not an input of Invocation; ${likely ? `write "${likely}"` : "remove it"}`;
}

/** What a person who mistypes an input may have meant: the API's own spelling. */
function findLikelyName(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/s$/, "");
  return INPUT_NAMES.find((known) => known.toLowerCase().replace(/s$/, "") === plain);
}

/**
 * Checks and normalizes the raw properties of an `Invocation`.
 *
 * @param raw what the program declared; unknown values as the engine's sentinels
 * @param defaultRegionId the region of the stack's configuration or the environment, used when `regionId` is absent
 * @returns the properties to keep, and every failure at once
 */
export function parseInputs(raw: Record<string, unknown>, defaultRegionId: string | undefined): ParsedInputs {
  const properties: Record<string, unknown> = {};
  const failures: InputFailure[] = [];
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || (value === null && !SEEDED.has(name))) continue;
    properties[name] = value;
    if (name.startsWith("__") || SEEDED.has(name) || isUnknown(value)) continue;
    const reason = checkInput(name, value);
    if (reason !== undefined) failures.push({ property: name, reason: `${name} ${reason}` });
  }
  properties.regionId ??= defaultRegionId;
  normalize(properties);
  failures.push(...checkTogether(properties, new Set(failures.map(({ property }) => property))));
  const inputs = pickInputs(properties);
  if (failures.length > 0 || containsUnknown(inputs)) return { properties, failures };
  return { properties, inputs, failures };
}

/** The inputs among an object's properties, such as those that an older state holds beside the outputs. */
export function pickInputs(properties: Record<string, unknown>): InvocationInputs {
  const names = INPUT_NAMES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, properties[name]])) as unknown as InvocationInputs;
}

/** Order and repetition of ids mean nothing; a frequency makes the service run periodically whatever else is said. */
function normalize(properties: Record<string, unknown>): void {
  const { instanceIds, frequency, repeatMode } = properties;
  if (Array.isArray(instanceIds)) properties.instanceIds = normalizeIds(instanceIds);
  if (repeatMode === undefined && !isUnknown(frequency))
    properties.repeatMode = frequency === undefined ? "Once" : "Period";
  if (properties.regionId === undefined) delete properties.regionId;
}

/** Two ids that are not known yet are the same sentinel, and may become different ids: each of them stays, at the end. */
function normalizeIds(ids: readonly unknown[]): unknown[] {
  const known = ids.filter((id) => !isUnknown(id));
  return [...[...new Set(known)].sort(), ...ids.filter(isUnknown)];
}

/** The rules over several properties. A property that failed alone, or is not known yet, is not judged with others. */
function checkTogether(properties: Record<string, unknown>, failed: ReadonlySet<string>): InputFailure[] {
  const failures: InputFailure[] = [];
  const given = (name: keyof InvocationInputs) => properties[name] !== undefined;
  const known = (...names: (keyof InvocationInputs)[]) =>
    names.every((name) => !isUnknown(properties[name]) && !failed.has(name));
  const refuse = (property: keyof InvocationInputs, reason: string) =>
    failures.push({ property, reason: `${property} ${reason}` });

  if (!given("commandId")) refuse("commandId", "must be given: pass the id of the command to run, such as command.id");
  if (!given("regionId"))
    refuse(
      "regionId",
      'must be given: set it here, as "alicloud:region" in the stack configuration, or as ALIBABA_CLOUD_REGION in the environment',
    );
  if (!given("instanceIds") && !given("resourceTags"))
    refuse("instanceIds", "must be given: name the instances to run on, or give resourceTags");
  if (known("instanceIds", "resourceTags") && given("instanceIds") && given("resourceTags"))
    refuse(
      "resourceTags",
      "must not be given together with instanceIds: the service takes one or the other; remove one",
    );

  if (known("repeatMode", "frequency")) {
    if (properties.repeatMode === "Period" && !given("frequency"))
      refuse(
        "frequency",
        'must be given when repeatMode is "Period": write a schedule such as "0 0 2 * * ? Asia/Shanghai"',
      );
    if (given("frequency") && properties.repeatMode !== "Period")
      refuse(
        "repeatMode",
        `must be "Period" or absent when frequency is given, since the service then runs it periodically whatever repeatMode says: current value is ${JSON.stringify(properties.repeatMode)}; remove one of the two`,
      );
  }
  if (known("timed", "frequency")) {
    if (properties.timed === true && !given("frequency"))
      refuse("timed", "must not be true without a frequency: give one, or remove timed");
    if (properties.timed === false && given("frequency"))
      refuse(
        "timed",
        "must not be false when frequency is given: the service runs it periodically all the same; remove one of the two",
      );
  }
  if (known("containerId", "containerName") && (given("containerId") || given("containerName"))) {
    for (const name of ["username", "workingDir", "windowsPasswordName"] as const) {
      if (known(name) && given(name))
        refuse(
          name,
          `must not be given for a command that runs in a container: the service ignores it there; remove ${name}`,
        );
    }
  } else if (known("username", "windowsPasswordName") && given("windowsPasswordName")) {
    if (!given("username"))
      refuse("windowsPasswordName", "must be given together with username: it is the password of that Windows user");
    else if (isSystemUser(properties.username))
      refuse(
        "windowsPasswordName",
        `must not be given when username is ${JSON.stringify(properties.username)}: this user needs none; remove windowsPasswordName`,
      );
  }
  if (known("dryRun", "preflight") && properties.dryRun === true && properties.preflight === false)
    refuse("dryRun", "must not be true when preflight is false: it is part of preflight; remove one of the two");
  return failures;
}

/** `System` runs a command on Windows where no user is given, and needs no password. */
export const isSystemUser = (username: unknown): boolean =>
  typeof username === "string" && username.toLowerCase() === "system";

/** "1 instance", "3 instances". */
export const countInstances = (n: number): string => `${n} instance${n === 1 ? "" : "s"}`;
