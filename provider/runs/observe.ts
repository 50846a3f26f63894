/** Asks what preflight needs to know and has the rules judge it. */
import { ApiError } from "../cloud/errors";
import type { Facts } from "../rules/facts";
import type { InvocationInputs } from "../rules/inputs";
import { checkPreflight, type Preflight } from "../rules/preflight";
import { describeScript } from "../rules/script";
import { isUnknown, known } from "../rules/unknown";
import type { Call } from "./call";
import type { Region } from "./session";

/** What was observed and what it means. */
export interface Observed extends Preflight {
  facts: Facts;
}

/** A question that RAM does not permit is not a refusal: it is left out, with a warning that names the permission. */
async function ask<T>(action: string, question: Promise<T>, warnings: string[]): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "denied") throw error;
    warnings.push(
      `preflight is not complete: the account may not call ${action}; grant "ecs:${action}" to have it checked`,
    );
    return undefined;
  }
}

/**
 * Observes command, machines and agents as far as the inputs that name them are known, and judges them against the inputs.
 *
 * @param options `fresh`: whether to ask again about machines and agents, as a wait does; `listed`: as of `checkPreflight`
 */
export async function observe(
  { session: { clock } }: Call,
  { inventory }: Region,
  inputs: InvocationInputs,
  { fresh = false, listed }: { fresh?: boolean; listed?: number | undefined } = {},
): Promise<Observed> {
  const [findInstances, findAgents] = fresh
    ? [inventory.findFreshInstances, inventory.findFreshAgents]
    : [inventory.findInstances, inventory.findAgents];
  const commandId = known(inputs.commandId);
  const ids = (known(inputs.instanceIds) ?? []).filter((id) => !isUnknown(id));
  const warnings: string[] = [];
  const [command, instances, agents] = await Promise.all([
    commandId === undefined
      ? describeScript(inputs)
      : ask(
          "DescribeCommands",
          inventory.findCommand(commandId).then((found) => found ?? null),
          warnings,
        ),
    ask("DescribeInstances", findInstances(ids), warnings),
    ask("DescribeCloudAssistantStatus", findAgents(ids), warnings),
  ]);
  const facts: Facts = {
    ...(command !== undefined ? { command } : {}),
    ...(instances ? { instances } : {}),
    ...(agents ? { agents } : {}),
  };
  const judged = checkPreflight(inputs, facts, clock.now(), listed);
  return { ...judged, warnings: [...warnings, ...judged.warnings], facts };
}
