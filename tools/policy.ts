/**
 * The RAM policies of whoever previews and of whoever updates: what the provider calls, as a trace of its life shows, and nothing
 * else. `npm run docs` writes them to `examples/pipeline/preview.json` and `policy.json`.
 */
import { resourcesOf } from "../provider/cloud/permissions";
import type { Trace } from "./trace";

interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string[];
}

export interface Policy {
  Version: "1";
  Statement: Statement[];
}

/** Every action of a life, sorted. */
export const listActions = ({ preview, dryRun, update }: Trace): string[] => [...preview, ...dryRun, ...update].sort();

/** What a preview asks; it changes nothing. With `dryRun` it needs more. */
export const previewPolicy = ({ preview }: Trace): Policy => ({ Version: "1", Statement: allow(preview) });

/** What an update does. Narrow the resources to say who may run what, and where. */
export const updatePolicy = (trace: Trace): Policy => {
  const others = listActions(trace).filter((action) => !trace.preview.includes(action));
  return { Version: "1", Statement: [...allow(trace.preview), ...allow(others)] };
};

/** One statement for all actions that are held to the same resources. */
function allow(actions: readonly string[]): Statement[] {
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const key = resourcesOf(action).join();
    groups.set(key, [...(groups.get(key) ?? []), action]);
  }
  return [...groups.values()].map((members) => ({
    Effect: "Allow",
    Action: members.map((action) => `ecs:${action}`),
    Resource: resourcesOf(members[0] ?? ""),
  }));
}

export const formatPolicy = (document: Policy): string => `${JSON.stringify(document, undefined, 2)}\n`;
