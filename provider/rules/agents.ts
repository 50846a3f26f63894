/** Which agent version a feature needs (help page "Cloud Assistant overview"). Linux agents are 2.2.x, Windows agents 2.1.x. */

/** A feature and the lowest agent version that has it, by operating system; absent where the system has none. */
export interface AgentRequirement {
  feature: string;
  linux: string;
  windows?: string;
}

/** Compares dotted versions number by number: negative when the first is lower. What follows a number is left aside. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const parseVersion = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10) || 0);

const MODIFY = { linux: "2.2.3.541", windows: "2.1.3.541" };

/** The versions from which on a live invocation can be modified, for a message. */
export const MODIFY_MIN_VERSIONS = `${MODIFY.linux} on Linux, ${MODIFY.windows} on Windows`;

/** Whether an agent of this version takes a change of frequency or parameters in place; Windows versions start with 2.1. */
export function canBeModified(version: string): boolean {
  const isWindows = version.startsWith("2.1.");
  return compareVersions(version, isWindows ? MODIFY.windows : MODIFY.linux) >= 0;
}

/** The version that holds the others back: one that takes no change in place before any that does, then the lowest. */
export function findLowestVersion(versions: readonly string[]): string | undefined {
  const [lowest] = [...versions].sort(
    (a, b) => Number(canBeModified(a)) - Number(canBeModified(b)) || compareVersions(a, b),
  );
  return lowest;
}

/** The feature's requirements, in the order in which the agent gained them. */
export const AGENT_REQUIREMENTS = {
  reboot: { feature: "repeatMode NextRebootOnly and EveryReboot", linux: "2.2.0.46", windows: "2.1.0.50" },
  username: { feature: "username", linux: "2.2.0.106", windows: "2.1.0.50" },
  extendedSchedule: { feature: "rate(), at(), and a cron year or zone", linux: "2.2.3.282", windows: "2.1.3.282" },
  builtInParameters: {
    feature: "built-in parameters such as {{ACS::InstanceId}}",
    linux: "2.2.3.309",
    windows: "2.1.3.309",
  },
  instanceName: { feature: "the built-in parameter {{ACS::InstanceName}}", linux: "2.2.3.344", windows: "2.1.3.344" },
  container: { feature: "containers", linux: "2.2.3.344" },
} as const satisfies Record<string, AgentRequirement>;
