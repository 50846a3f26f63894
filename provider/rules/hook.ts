/** What runs on the machines before a resource is deleted: `onDelete`, made a run of its own. */
import { createHash } from "node:crypto";
import type { InputFailure } from "./declaration";
import type { InstanceFact } from "./facts";
import type { Identity, Intention } from "./identity";
import type { CommandType, InvocationInputs, OnDelete } from "./inputs";
import type { Preflight } from "./preflight";
import { failedInstances, hasRun, type InstanceResult, type Results } from "./results";

/** The machines that the resource has run on. */
export const machinesOf = (results: Results): string[] =>
  Object.entries(results)
    .filter(([, result]) => hasRun(result))
    .map(([id]) => id)
    .sort();

/** The inputs of the hook's own run: type, user, folder and container are the resource's. */
export function declareHook(
  hook: OnDelete,
  resource: InvocationInputs,
  instanceIds: readonly string[],
  type: CommandType | undefined = resource.type,
): InvocationInputs {
  const { regionId, username, windowsPasswordName, workingDir, containerId, containerName, resourceGroupId } = resource;
  const declared = {
    ...hook,
    ...(hook.commandContent === undefined ? {} : { type: type ?? "RunShellScript" }),
    username,
    windowsPasswordName,
    workingDir,
    containerId,
    containerName,
    resourceGroupId,
    regionId,
    repeatMode: "Once",
    instanceIds: [...instanceIds],
  };
  return Object.fromEntries(
    Object.entries(declared).filter(([, value]) => value !== undefined),
  ) as unknown as InvocationInputs;
}

/** What a script is written in where the resource has a command, whose type no state tells. */
export const typeFor = (instances: Iterable<InstanceFact>): CommandType =>
  [...instances].some(({ osType }) => osType === "windows") ? "RunPowerShellScript" : "RunShellScript";

/** Whose run it is: no other run of the resource, and of this life of it alone, so that what succeeded never runs again. */
export function describeHook(
  { resource, stack, name }: Identity,
  invokeId: string,
): { identity: Identity; intention: Intention } {
  const digest = (...parts: string[]) => createHash("sha256").update(parts.join(" ")).digest("hex");
  const whole = digest("onDelete", invokeId).slice(0, 16);
  return {
    identity: { resource: digest(resource, "onDelete").slice(0, resource.length), stack, name: `${name} onDelete` },
    intention: { fixed: whole, whole },
  };
}

/** Codes of machines that are gone or off by now: there is nothing left to do there. */
const ABSENT = /^Instance(NotRunning|NotExists|Released|Deregistered)$/;

const isAbsent = ({ errorCode = "" }: InstanceResult): boolean => ABSENT.test(errorCode);

/** The machines on which it has done what it had to: it succeeded there, or they were gone. */
export const doneInstances = (results: Results): string[] => {
  const failed = failedInstances(results, "Once");
  return Object.entries(results)
    .filter(([id, result]) => (result.finishTime !== undefined && !failed.includes(id)) || isAbsent(result))
    .map(([id]) => id);
};

/** The machines on which it failed. */
export const failedHook = (results: Results): string[] =>
  failedInstances(results, "Once").filter((id) => !(results[id] && isAbsent(results[id])));

/** The machines that are there and run; whatever else a machine is, it has nothing more to do. A managed one is known to its agent alone. */
export const presentInstances = (
  ids: readonly string[],
  instances: ReadonlyMap<string, InstanceFact> | undefined,
): string[] =>
  ids.filter((id) => {
    if (id.startsWith("mi-") || instances === undefined) return true;
    const status = instances.get(id)?.status ?? "";
    return ["Running", "Starting", "Pending"].includes(status);
  });

/** Nobody gives it machines of its own. */
const UNFIT = /^instanceIds must name instances that can run the command/;

/**
 * What was found wrong with the hook's run, as the hook's own.
 *
 * @param said warnings that hold for the resource's own run as well
 */
export const asHook = (
  { failures, warnings }: Preflight,
  said: readonly string[] = [],
): { failures: InputFailure[]; warnings: string[] } => ({
  failures: failures.map(({ reason }) => ({
    property: "onDelete",
    reason: UNFIT.test(reason)
      ? reason.replace(UNFIT, "onDelete must be what its instances can run")
      : `onDelete.${reason}`,
  })),
  warnings: warnings.filter((warning) => !said.includes(warning)).map((warning) => `onDelete: ${warning}`),
});
