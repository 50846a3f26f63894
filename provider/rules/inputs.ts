/**
 * Turns the raw properties of an `Invocation` into normalized inputs, or says everything that is wrong with them.
 * Unknown values pass untouched; a rule over several properties waits until it knows them all.
 */
import {
  MAX_CONTAINER_NAME_CHARACTERS,
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
import { containsUnknown, isUnknown } from "./unknown";

export const REPEAT_MODES = ["Once", "Period", "NextRebootOnly", "EveryReboot"] as const;
export type RepeatMode = (typeof REPEAT_MODES)[number];
export type TerminationMode = "Process" | "ProcessTree";
export type OnFailure = "fail" | "warn";

/**
 * The inputs of an `Invocation` once they are known and normalized: ids sorted and distinct, region and repeat mode settled.
 * Names are those of the API's parameters (`InvokeCommand`, API version 2014-05-26).
 */
export interface InvocationInputs {
  /** The command to run: a `c-…` id, or the name of a public command. */
  commandId: string;
  /**
   * 1 to 100 distinct ids (`i-…` or managed `mi-…`); order and repetition mean nothing. Give this or `resourceTags`.
   * Of a live schedule they are changed in place; a one-shot runs again on all of them, so declare one `Invocation` per
   * machine where machines come and go.
   */
  instanceIds?: string[];
  /** 1 to 10 tags that the instances carry, instead of `instanceIds`. The service picks the instances when the run starts. */
  resourceTags?: Record<string, string>;
  /** Region of command and instances. Default: `alicloud:region` of the stack, then `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION`. */
  regionId: string;
  /** Default: `Period` when `frequency` is given (and then the only one), else `Once`. */
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
   * 0 to 10 values for the `{{names}}` of a command with `enableParameter`. A secret value makes `results` secret.
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
  /** Name of the container it runs in. Linux only. */
  containerName?: string;
  /** What starts the script, at most 1,024 bytes, such as `python3 -u {{ACS::ScriptFileName|Ext(".py")}}`. */
  launcher?: string;
  /** What a stop or a time-out ends: the script's process, or all that it started. Default: the service's. */
  terminationMode?: TerminationMode;
  /** Where the service puts the whole output, such as `oss://bucket/prefix`. */
  ossOutputDelivery?: string;
  /** Resource group of the invocation. */
  resourceGroupId?: string;
  /** Up to 20 tags of the invocation itself; a change is made without a run. */
  tags?: Record<string, string>;
  /** Any values: when one of them changes, the command runs again on all its instances. */
  triggers?: unknown[];
  /** Whether to ask the service before a run whether it can work. Default `true`; `false` leaves only the local rules. */
  preflight?: boolean;
  /** Whether preflight also has the service itself try it (`RepeatMode=DryRun`), which runs nothing. Default `false`. */
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

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function text(max: number, pattern?: RegExp, shape?: string): Rule {
  return (value) => {
    if (typeof value !== "string") return `must be a string: current value is of type ${typeName(value)}`;
    if (value.length === 0 || value.length > max)
      return `must have 1 to ${max} characters: current value has ${value.length}`;
    if (pattern && !pattern.test(value)) return `must be ${shape}: current value is "${value}"`;
    return undefined;
  };
}

function integer(min: number, max: number, unit: string): Rule {
  return (value) => {
    if (typeof value !== "number") return `must be a number: current value is of type ${typeName(value)}`;
    if (!Number.isInteger(value) || value < min || value > max)
      return `must be a whole number of ${unit} from ${min} to ${max}: current value is ${value}`;
    return undefined;
  };
}

function oneOf(values: readonly string[]): Rule {
  const allowed = values.map((value) => `"${value}"`).join(", ");
  return (value) =>
    values.includes(value as string)
      ? undefined
      : `must be one of ${allowed}: current value is ${JSON.stringify(value)}`;
}

const flag: Rule = (value) =>
  typeof value === "boolean" ? undefined : `must be true or false: current value is of type ${typeName(value)}`;

const anyList: Rule = (value) =>
  Array.isArray(value)
    ? undefined
    : `must be an array: current value is of type ${typeName(value)}; write it in brackets`;

const INSTANCE_ID = /^m?i-[A-Za-z0-9*]+$/;

const idList: Rule = (value) => {
  if (!Array.isArray(value)) return `must be an array of instance ids: current value is of type ${typeName(value)}`;
  const known = value.filter((id) => !isUnknown(id));
  const malformed = known.filter((id) => typeof id !== "string" || !INSTANCE_ID.test(id));
  if (malformed.length > 0)
    return `must hold ids that start with "i-" or "mi-": ${malformed.map((id) => JSON.stringify(id)).join(", ")} does not`;
  const distinct = new Set(value).size;
  if (distinct < 1 || distinct > MAX_INSTANCES_PER_INVOCATION)
    return `must name 1 to ${MAX_INSTANCES_PER_INVOCATION} instances: current count is ${distinct}; declare one Invocation per group of instances`;
  return undefined;
};

function asMap(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Values are never in a message: a parameter may be a secret. */
const parameterMap: Rule = (value) => {
  const map = asMap(value);
  if (!map) return `must be an object of names and string values: current value is of type ${typeName(value)}`;
  const names = Object.keys(map);
  if (names.length > MAX_PARAMETERS)
    return `must have at most ${MAX_PARAMETERS} entries: current count is ${names.length}`;
  for (const name of names) {
    if (name.length === 0 || name.length > MAX_PARAMETER_KEY_CHARACTERS)
      return `must have names of 1 to ${MAX_PARAMETER_KEY_CHARACTERS} characters: "${name}" has ${name.length}`;
    if (typeof map[name] !== "string")
      return `must have string values: the value of "${name}" is of type ${typeName(map[name])}; write it in quotes`;
  }
  return undefined;
};

function tagMap(min: number, max: number): Rule {
  return (value) => {
    const map = asMap(value);
    if (!map) return `must be an object of tag keys and string values: current value is of type ${typeName(value)}`;
    const keys = Object.keys(map);
    if (keys.length < min || keys.length > max)
      return `must have ${min} to ${max} tags: current count is ${keys.length}`;
    for (const key of keys) {
      const tag = map[key];
      if (typeof tag !== "string") return `must have string values: the value of "${key}" is of type ${typeName(tag)}`;
      if (isUnknown(tag)) continue;
      if (key.length === 0 || key.length > MAX_TAG_KEY_CHARACTERS)
        return `must have keys of 1 to ${MAX_TAG_KEY_CHARACTERS} characters: "${key}" has ${key.length}`;
      if (tag.length > MAX_TAG_VALUE_CHARACTERS)
        return `must have values of at most ${MAX_TAG_VALUE_CHARACTERS} characters: the value of "${key}" has ${tag.length}`;
      if (/^(aliyun|acs:)/i.test(key) || /https?:\/\//i.test(key + tag))
        return `must not have keys that start with "aliyun" or "acs:", or "http://" or "https://" anywhere: "${key}" does`;
    }
    return undefined;
  };
}

const launcher: Rule = (value) => {
  if (typeof value !== "string") return `must be a string: current value is of type ${typeName(value)}`;
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
  resourceTags: tagMap(1, MAX_RESOURCE_TAGS),
  regionId: text(64, /^[a-z0-9-]+$/, 'a region id such as "cn-hangzhou"'),
  repeatMode: oneOf(REPEAT_MODES),
  frequency: text(1024),
  timed: flag,
  parameters: parameterMap,
  timeout: integer(MIN_TIMEOUT_SECONDS, Number.MAX_SAFE_INTEGER, "seconds"),
  username: text(MAX_USERNAME_CHARACTERS),
  windowsPasswordName: text(MAX_USERNAME_CHARACTERS),
  workingDir: text(MAX_WORKING_DIR_CHARACTERS),
  containerId: text(
    80,
    /^(docker:\/\/|containerd:\/\/|cri-o:\/\/)?[0-9a-f]{64}$/,
    'a container id of 64 hexadecimal digits, with "docker://", "containerd://" or "cri-o://" before it or not',
  ),
  containerName: text(
    MAX_CONTAINER_NAME_CHARACTERS,
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'a container name of letters, digits, ".", "_" and "-" that starts with a letter or a digit',
  ),
  launcher,
  terminationMode: oneOf(["Process", "ProcessTree"]),
  ossOutputDelivery: text(1024, /^oss:\/\/[^/]+/, 'a place such as "oss://bucket/prefix"'),
  resourceGroupId: text(64, /^rg-/, 'a resource group id such as "rg-123"'),
  tags: tagMap(0, MAX_TAGS),
  triggers: anyList,
  preflight: flag,
  dryRun: flag,
  agentTimeout: integer(0, DAY_SECONDS, "seconds"),
  waitTimeout: integer(1, 7 * DAY_SECONDS, "seconds"),
  onFailure: oneOf(["fail", "warn"]),
  maxOutputBytes: integer(0, MAX_OUTPUT_BYTES, "bytes"),
  adopt: text(255, /^t-/, 'the id of an invocation, such as "t-hz0jdfwd9f"'),
};

/** The name of every input. */
export const INPUT_NAMES = Object.keys(RULES) as (keyof InvocationInputs)[];

/** Outputs that the constructor seeds so that the engine keeps them, and their secrecy. They are not inputs. */
const SEEDED = new Set(["invokeId", "status", "results", "schemaVersion"]);

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
    if (value === undefined || value === null) continue;
    properties[name] = value;
    if (name.startsWith("__") || SEEDED.has(name) || isUnknown(value)) continue;
    const rule = RULES[name as keyof InvocationInputs];
    if (!rule) {
      const likely = findLikelyName(name);
      failures.push({
        property: name,
        reason: `${name} is not an input of Invocation${likely ? `; write "${likely}"` : ""}`,
      });
      continue;
    }
    const reason = rule(value);
    if (reason) failures.push({ property: name, reason: `${name} ${reason}` });
  }
  properties.regionId ??= defaultRegionId;
  normalize(properties);
  failures.push(...checkTogether(properties, new Set(failures.map(({ property }) => property))));
  if (failures.length > 0 || containsUnknown(properties)) return { properties, failures };
  return { properties, inputs: pickInputs(properties), failures };
}

/** The inputs among an object's properties, such as those that an older state holds beside the outputs. */
export function pickInputs(properties: Record<string, unknown>): InvocationInputs {
  const names = INPUT_NAMES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, properties[name]])) as unknown as InvocationInputs;
}

/** Order and repetition of ids mean nothing; a frequency makes the service run periodically whatever else is said. */
function normalize(properties: Record<string, unknown>): void {
  const { instanceIds, frequency, repeatMode } = properties;
  if (Array.isArray(instanceIds)) properties.instanceIds = [...new Set(instanceIds)].sort();
  if (repeatMode === undefined && !isUnknown(frequency))
    properties.repeatMode = frequency === undefined ? "Once" : "Period";
  if (properties.regionId === undefined) delete properties.regionId;
}

/** The rules over several properties. A property that failed alone is not judged again. */
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
  if (given("instanceIds") && given("resourceTags"))
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
        `must be "Period" or absent when frequency is given: the service runs such an invocation periodically whatever repeatMode says; current value is ${JSON.stringify(properties.repeatMode)}`,
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
  if (
    known("containerId", "containerName", "username", "workingDir") &&
    (given("containerId") || given("containerName"))
  ) {
    for (const name of ["username", "workingDir", "windowsPasswordName"] as const) {
      if (given(name))
        refuse(
          name,
          `must not be given for a command that runs in a container: the service ignores it there; remove ${name}`,
        );
    }
  }
  if (given("windowsPasswordName") && !given("username"))
    refuse("windowsPasswordName", "must be given together with username: it is the password of that Windows user");
  if (known("dryRun", "frequency") && properties.dryRun === true && properties.preflight === false)
    refuse("dryRun", "must not be true when preflight is false: it is part of preflight; remove one of the two");
  return failures;
}

/** "1 instance", "3 instances". */
export const countInstances = (n: number): string => count(n, "instance");
