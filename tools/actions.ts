/**
 * The actions of ECS, as its SDK names them: `npm run actions` writes the list that the emulator tells real ones from typing errors by.
 * A test fails while it differs from the SDK that is installed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const FILE = path.resolve(__dirname, "../emulator/gateway/published.ts");

/** @throws Error when the SDK is made otherwise than it was, and no action is found in it. */
export function listActions(): string[] {
  const client = readFileSync(require.resolve("@alicloud/ecs20140526"), "utf8");
  const names = [...client.matchAll(/\baction: "(\w+)"/g)].map(([, name = ""]) => name);
  if (names.length === 0) throw new Error("Cannot list the actions of ECS: the SDK's client names none");
  return [...new Set(names)].sort();
}

export function formatActions(names: readonly string[]): string {
  return `/** Every action of ECS, version 2014-05-26, as its SDK names them. Written by \`npm run actions\`. */
export const PUBLISHED_ACTIONS: ReadonlySet<string> = new Set([
${names.map((name) => `  "${name}",\n`).join("")}]);
`;
}

export const readActions = (): string => readFileSync(FILE, "utf8");

if (require.main === module) writeFileSync(FILE, formatActions(listActions()));
