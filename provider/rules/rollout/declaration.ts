/** Turns the raw properties of a `Rollout` into normalized inputs and a policy, or says everything that is wrong with them. */
import { type InputFailure, parseInputs } from "../declaration";
import type { InvocationInputs } from "../inputs";
import { checkSharedInput, isPolicyName } from "./inputs";
import { parsePolicy, type RolloutPolicy } from "./policy";

/** What `parseRollout` found: the properties to keep, and either all of them known and right, or what is wrong. */
export interface ParsedRollout {
  /** Normalized properties, unknown values included; no defaults but those that a stack or another input decides. */
  properties: Record<string, unknown>;
  /** What runs; absent when something is unknown or wrong. */
  inputs?: InvocationInputs;
  /** How; absent when something of it is unknown or wrong. */
  policy?: RolloutPolicy;
  failures: InputFailure[];
}

/**
 * @param defaultRegionId used when `regionId` is absent
 * @param regionSetting where the stack's configuration names a region
 */
export function parseRollout(
  raw: Record<string, unknown>,
  defaultRegionId: string | undefined,
  regionSetting?: string,
): ParsedRollout {
  const entries = Object.entries(raw).filter(([, value]) => value !== undefined && value !== null);
  const given = Object.fromEntries(entries.filter(([name]) => isPolicyName(name)));
  const shared = Object.fromEntries(entries.filter(([name]) => !isPolicyName(name)));
  const what = parseInputs(shared, defaultRegionId, regionSetting, checkSharedInput);
  const how = parsePolicy(raw);
  return {
    properties: { ...what.properties, ...given },
    ...(what.inputs ? { inputs: what.inputs } : {}),
    ...(how.policy ? { policy: how.policy } : {}),
    failures: [...what.failures, ...how.failures],
  };
}
