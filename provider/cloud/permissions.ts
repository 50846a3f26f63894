/** Which permission an action needs in RAM. */

/**
 * The kinds of resource that RAM holds an action to; any other action is held to none (API pages, "Authorization information";
 * of ModifyInvocationAttribute the page of Cloud Assistant's policies, 2026-03, says the same).
 */
const HELD_TO: Readonly<Record<string, readonly string[]>> = {
  InvokeCommand: ["instance", "command"],
  RunCommand: ["instance", "command"],
  // The machines that it adds, beside the invocation itself.
  ModifyInvocationAttribute: ["invocation", "instance"],
  StopInvocation: ["instance"],
};

/** The resources that a policy must name for the action, all of their kind. */
export const resourcesOf = (action: string): string[] =>
  HELD_TO[action]?.map((kind) => `acs:ecs:*:*:${kind}/*`) ?? ["*"];

/** `"ecs:StopInvocation" on "acs:ecs:*:*:instance/*"`. */
export function describePermission(action: string): string {
  const resources = HELD_TO[action] === undefined ? [] : resourcesOf(action);
  const on = resources.map((resource) => JSON.stringify(resource)).join(" and ");
  return `"ecs:${action}"${on === "" ? "" : ` on ${on}`}`;
}
