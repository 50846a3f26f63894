/**
 * The RAM policy of whoever runs the updates: what the provider calls, and nothing else.
 * `npm run docs` writes it to `examples/pipeline/policy.json`, and the part that a preview needs to `preview.json`.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

const ACTIONS = path.resolve(__dirname, "../provider/cloud/actions.ts");

interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string[];
}

export interface Policy {
  Version: "1";
  Statement: Statement[];
}

/** Every action that the provider calls, sorted. */
export function listActions(): string[] {
  const calls = readFileSync(ACTIONS, "utf8").matchAll(/\bclient\.call\(\s*"(\w+)"/g);
  return [...new Set([...calls].map(([, action = ""]) => action))].sort();
}

const isQuestion = (action: string): boolean => action.startsWith("Describe");

/** Actions that RAM can hold to single machines and commands (API pages, "Authorization information"). */
const isHeldToMachines = (action: string): boolean => /^(Invoke|Stop|Modify)/.test(action);

/** What a preview asks; it changes nothing. */
export const previewPolicy = (): Policy => policy(allow(isQuestion, ["*"]));

/** What an update does. Narrow the resources of the second statement to say who may run what, and where. */
export const updatePolicy = (): Policy =>
  policy(
    allow(isQuestion, ["*"]),
    allow(isHeldToMachines, ["acs:ecs:*:*:instance/*", "acs:ecs:*:*:command/*"]),
    allow((action) => !isQuestion(action) && !isHeldToMachines(action), ["*"]),
  );

const policy = (...Statement: Statement[]): Policy => ({ Version: "1", Statement });

const allow = (isAllowed: (action: string) => boolean, Resource: string[]): Statement => ({
  Effect: "Allow",
  Action: listActions()
    .filter(isAllowed)
    .map((action) => `ecs:${action}`),
  Resource,
});

export const formatPolicy = (document: Policy): string => `${JSON.stringify(document, undefined, 2)}\n`;
