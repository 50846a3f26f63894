/** Versions of the agent, and the oldest that can do a thing (the Cloud Assistant overview). */
import type { OsType } from "./records";

export const CURRENT_AGENT_VERSION: Readonly<Record<OsType, string>> = { linux: "2.2.3.857", windows: "2.1.3.857" };

export type AgentFeature =
  | "username"
  | "rebootMode"
  | "sessionManager"
  /** rate(), at(), and a year or zone in cron. */
  | "newerSchedule"
  | "builtInParameter"
  | "instanceNameParameter"
  | "container"
  /** ModifyInvocationAttribute of content, parameters or schedule. */
  | "modify";

const MIN_AGENT_VERSIONS: Readonly<Record<OsType, Readonly<Record<AgentFeature, string>>>> = {
  linux: {
    username: "2.2.0.106",
    rebootMode: "2.2.0.46",
    sessionManager: "2.2.3.196",
    newerSchedule: "2.2.3.282",
    builtInParameter: "2.2.3.309",
    instanceNameParameter: "2.2.3.344",
    container: "2.2.3.344",
    modify: "2.2.3.541",
  },
  windows: {
    username: "2.1.0.50",
    rebootMode: "2.1.0.50",
    sessionManager: "2.1.3.196",
    newerSchedule: "2.1.3.282",
    builtInParameter: "2.1.3.309",
    instanceNameParameter: "2.1.3.344",
    container: "2.1.3.344",
    modify: "2.1.3.541",
  },
};

/** False for a machine without an agent. */
export function supports(version: string, osType: OsType, feature: AgentFeature): boolean {
  return compareVersions(version, MIN_AGENT_VERSIONS[osType][feature]) >= 0;
}

/** Negative when `version` is older than `other`, part by part. */
export function compareVersions(version: string, other: string): number {
  const left = version.split(".").map(Number);
  const right = other.split(".").map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
