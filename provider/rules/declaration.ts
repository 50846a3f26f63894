/**
 * Turns the raw properties of an `Invocation` into normalized inputs, or says everything that is wrong with them.
 * Unknown values pass untouched; a rule over several properties waits until it knows them all.
 */
import { INPUT_NAMES, INPUTS, type InputName, type InvocationInputs, isInputName, pickInputs } from "./inputs";
import { containsUnknown, isUnknown } from "./unknown";

/** A refusal that names the property at fault, as Pulumi's `check` reports it. */
export interface InputFailure {
  property: string;
  reason: string;
}

/** What `parseInputs` found: the properties to keep, and either all of them known and right, or what is wrong. */
export interface ParsedInputs {
  /** Normalized properties, unknown values included. */
  properties: Record<string, unknown>;
  /** The same as typed inputs; absent when something is unknown or wrong. */
  inputs?: InvocationInputs;
  failures: InputFailure[];
}

function checkInput(name: string, value: unknown): string | undefined {
  if (isInputName(name)) return INPUTS[name].rule(value);
  const likely = findLikelyName(name);
  return `is not an input of Invocation; ${likely ? `write "${likely}"` : "remove it"}`;
}

/** Says what is wrong with one input by its name, or nothing. */
type CheckInput = (name: string, value: unknown) => string | undefined;

/** What a person who mistypes an input may have meant: the API's own spelling. */
function findLikelyName(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/s$/, "");
  return INPUT_NAMES.find((known) => known.toLowerCase().replace(/s$/, "") === plain);
}

/**
 * Checks and normalizes the raw properties of an `Invocation`.
 *
 * @param raw what the program declared; unknown values as the engine's sentinels
 * @param defaultRegionId the region of the configuration or the environment, used when `regionId` is absent
 * @param regionSetting where the stack's configuration names a region
 * @param check the rules of single inputs, where they are not those of an `Invocation`
 * @returns the properties to keep, and every failure at once
 */
export function parseInputs(
  raw: Record<string, unknown>,
  defaultRegionId: string | undefined,
  regionSetting = "alicloud:region",
  check: CheckInput = checkInput,
): ParsedInputs {
  const properties: Record<string, unknown> = {};
  const failures: InputFailure[] = [];
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || value === null) continue;
    properties[name] = value;
    if (isUnknown(value)) continue;
    const reason = check(name, value);
    if (reason !== undefined) failures.push({ property: name, reason: `${name} ${reason}` });
  }
  properties.regionId ??= defaultRegionId;
  normalize(properties);
  const failed = new Set(failures.map(({ property }) => property));
  failures.push(...checkRegion(properties, regionSetting), ...checkTogether(properties, failed));
  if (failures.length > 0 || containsUnknown(properties)) return { properties, failures };
  return { properties, inputs: pickInputs(properties), failures };
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
  return [...[...new Set(known)].sort(compareIds), ...ids.filter(isUnknown)];
}

/** What is no id is refused elsewhere, and may be nothing that could be compared. */
const compareIds = (a: unknown, b: unknown): number =>
  typeof a !== "string" || typeof b !== "string" || a === b ? 0 : a < b ? -1 : 1;
function checkRegion({ regionId }: Record<string, unknown>, setting: string): InputFailure[] {
  if (regionId !== undefined) return [];
  const reason = `regionId must be given: set it here, as "${setting}" in the stack configuration, or as ALIBABA_CLOUD_REGION in the environment`;
  return [{ property: "regionId", reason }];
}

/** The rules over several properties. A property that failed alone, or is not known yet, is not judged with others. */
function checkTogether(properties: Record<string, unknown>, failed: ReadonlySet<string>): InputFailure[] {
  const failures: InputFailure[] = [];
  const given = (name: InputName) => properties[name] !== undefined;
  const known = (...names: InputName[]) => names.every((name) => !isUnknown(properties[name]) && !failed.has(name));
  const refuse = (property: InputName, reason: string) => failures.push({ property, reason: `${property} ${reason}` });

  if (!given("commandId")) refuse("commandId", "must be given: pass the id of the command to run, such as command.id");
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
