/** Machines and commands to begin with, as they come from a file or over the control API: unknown JSON in, seeds out. */
import { IANAZone } from "luxon";
import type { Outcome } from "./agent/outcome";
import type { OutcomeRule } from "./agent/rule";
import { CHOICE_VALUES, type Choices } from "./choices";
import type { CommandSeed } from "./region/command";
import type { InstancePatch, InstanceSeed } from "./region/machine";
import { COMMAND_TYPES, INSTANCE_ID } from "./region/records";
import type { Quotas } from "./region/store";

/** What a value must be ("a string"), or, of a value that holds others, what is wrong in it ("must have …", "has …"); undefined when it is right. */
type Check = (value: unknown) => string | undefined;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text: Check = (value) => (typeof value === "string" ? undefined : "a string");
const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");
const seconds: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 1 ? undefined : "a whole number of seconds, 1 or more";
const instant: Check = (value) =>
  typeof value === "string" && !Number.isNaN(Date.parse(value)) ? undefined : "an instant in ISO 8601";
const zone: Check = (value) =>
  typeof value === "string" && IANAZone.isValidZone(value) ? undefined : "an IANA time zone";
const matching =
  (pattern: RegExp, description: string): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : description;
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string) ? undefined : `one of ${values.map((each) => `"${each}"`).join(", ")}`;
const texts: Check = (value) =>
  isObject(value) && Object.values(value).every((each) => typeof each === "string")
    ? undefined
    : "an object of strings";
const names: Check = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? undefined : "a list of strings";
const listOf =
  (fields: Readonly<Record<string, Check>>, name: string): Check =>
  (value) => {
    if (!Array.isArray(value)) return `a list of ${name}s`;
    const problem = value.map((each) => findProblem(each, fields)).find((each) => each !== undefined);
    return problem && `has an element that ${problem}`;
  };

const AGENT_FIELDS: Readonly<Record<string, Check>> = { online: flag, version: text, lastHeartbeatTime: instant };

const OUTCOME_FIELDS: Readonly<Record<string, Check>> = {
  exitCode: (value) => (Number.isInteger(value) ? undefined : "a whole number"),
  output: text,
  durationMs: (value) => (typeof value === "number" && value >= 0 ? undefined : "a number of milliseconds, 0 or more"),
};

const outcomes: Check = (value) => {
  if (!isObject(value)) return "an object of outcomes by command name or content";
  for (const [name, outcome] of Object.entries(value)) {
    const problem = findProblem(outcome, OUTCOME_FIELDS);
    if (problem !== undefined) return `has a property "${name}" that ${problem}`;
  }
  return undefined;
};

const RULE_FIELDS: Readonly<Record<keyof OutcomeRule, Check>> = {
  ...(OUTCOME_FIELDS as Record<keyof Outcome, Check>),
  tags: texts,
  command: text,
  percent: (value) => (typeof value === "number" && value >= 0 && value <= 100 ? undefined : "a number from 0 to 100"),
};

const PATCH_FIELDS: Readonly<Record<keyof InstancePatch, Check>> = {
  instanceName: text,
  status: oneOf("Pending", "Starting", "Running", "Stopping", "Stopped"),
  osType: oneOf("linux", "windows"),
  networkType: oneOf("vpc", "classic"),
  zoneId: text,
  resourceGroupId: text,
  tags: texts,
  agent: (value) => findProblem(value, AGENT_FIELDS),
};

const INSTANCE_FIELDS: Readonly<Record<keyof InstanceSeed, Check>> = {
  ...PATCH_FIELDS,
  instanceId: matching(INSTANCE_ID.pattern, INSTANCE_ID.shape),
  timeZone: zone,
  startTime: instant,
  outcomes,
};

const DEFINITION_FIELDS: Readonly<Record<string, Check>> = {
  name: text,
  description: text,
  required: flag,
  defaultValue: text,
  patternRegex: text,
  possibleValues: names,
};

const COMMAND_FIELDS: Readonly<Record<keyof CommandSeed, Check>> = {
  commandId: text,
  name: text,
  type: oneOf(...COMMAND_TYPES),
  description: text,
  content: text,
  workingDir: text,
  timeoutSeconds: seconds,
  enableParameter: flag,
  parameterDefinitions: listOf(DEFINITION_FIELDS, "parameter definition"),
  launcher: text,
  resourceGroupId: text,
  tags: texts,
  provider: matching(/^AlibabaCloud(\.|$)/, '"AlibabaCloud" or "AlibabaCloud." and a name'),
  category: text,
};

/** The first thing wrong with `value`, said so that it can follow the name of the value. */
function findProblem(value: unknown, fields: Readonly<Record<string, Check>>): string | undefined {
  if (!isObject(value)) return "must be an object";
  for (const [name, member] of Object.entries(value)) {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (check === undefined) return `must have no property "${name}": known are ${Object.keys(fields).join(", ")}`;
    const expected = check(member);
    if (expected !== undefined && /^(must|has) /.test(expected)) return `has a property "${name}" that ${expected}`;
    if (expected !== undefined) return `must have ${expected} as "${name}": current value is ${JSON.stringify(member)}`;
  }
  return undefined;
}

function parse<T extends object>(value: unknown, where: string, fields: Readonly<Record<keyof T & string, Check>>): T {
  const problem = findProblem(value, fields);
  if (problem !== undefined) throw new RangeError(`${where} ${problem}`);
  return value as T;
}

/** @throws RangeError that says what of `where` is wrong */
export const parseInstanceSeed = (value: unknown, where: string): InstanceSeed => parse(value, where, INSTANCE_FIELDS);

/** @throws RangeError that says what of `where` is wrong */
export const parseInstancePatch = (value: unknown, where: string): InstancePatch => parse(value, where, PATCH_FIELDS);

/** @throws RangeError that says what of `where` is wrong */
export function parseCommandSeed(value: unknown, where: string): CommandSeed {
  const seed = parse<CommandSeed>(value, where, COMMAND_FIELDS);
  for (const name of ["name", "content"] as const) {
    if (seed[name] === undefined) throw new RangeError(`${where} must have a property "${name}": it has none`);
  }
  return seed;
}

/** What a fixtures file holds. */
export interface Fixtures {
  readonly region?: string;
  readonly regions?: readonly string[];
  readonly instances?: readonly InstanceSeed[];
  readonly commands?: readonly CommandSeed[];
  readonly outcomes?: readonly OutcomeRule[];
  readonly choices?: Partial<Choices>;
  readonly quotas?: Partial<Quotas>;
}

const milliseconds: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : "a whole number of milliseconds, 0 or more";
const CHOICE_FIELDS: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.entries(CHOICE_VALUES).map(([name, values]) => [
    name,
    values === "milliseconds" ? milliseconds : oneOf(...values),
  ]),
);

const count: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : "a whole number, 0 or more";
const QUOTA_FIELDS: Readonly<Record<keyof Quotas, Check>> = { commands: count, invocationsPerDay: count };

const listed: Check = (value) => (Array.isArray(value) ? undefined : "a list");
const FIXTURE_FIELDS: Readonly<Record<keyof Fixtures, Check>> = {
  region: text,
  regions: names,
  instances: listed,
  commands: listed,
  outcomes: listOf(RULE_FIELDS, "outcome rule"),
  choices: (value) => findProblem(value, CHOICE_FIELDS),
  quotas: (value) => findProblem(value, QUOTA_FIELDS),
};

/**
 * Reads the text of a fixtures file.
 * @throws RangeError that says what is wrong and where
 */
export function parseFixtures(json: string): Fixtures {
  const { instances, commands, ...rest } = parse<Fixtures>(parseJson(json), "The file", FIXTURE_FIELDS);
  return {
    ...rest,
    ...(instances === undefined
      ? {}
      : { instances: instances.map((seed, index) => parseInstanceSeed(seed, `instances[${index}]`)) }),
    ...(commands === undefined
      ? {}
      : { commands: commands.map((seed, index) => parseCommandSeed(seed, `commands[${index}]`)) }),
  };
}

function parseJson(json: string): unknown {
  try {
    // Editors on Windows begin a file with a byte order mark, which JSON.parse does not take.
    return JSON.parse(json.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new RangeError(`The file must be JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
