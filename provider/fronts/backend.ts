/** Which backend holds the states of the engine that called: the same names in two of them are two resources. */
import { readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import path from "node:path";

/**
 * `PULUMI_BACKEND_URL`, else the CLI's current login. One on this machine's disk is told by machine and absolute path, since
 * `file://~` is the same text on every laptop. "" where nothing tells.
 */
export function findBackend(environment: NodeJS.ProcessEnv, directory: string): string {
  const url = environment.PULUMI_BACKEND_URL || readLogin(environment) || "";
  if (!url.startsWith(FILE)) return url.endsWith("/") ? url.slice(0, -1) : url;
  const place = url.slice(FILE.length);
  return `file://${hostname()}${path.resolve(directory, place === "~" || place.startsWith("~/") ? homedir() + place.slice(1) : place)}`;
}

const FILE = "file://";

function readLogin(environment: NodeJS.ProcessEnv): string | undefined {
  const home = environment.PULUMI_HOME || path.join(homedir(), ".pulumi");
  try {
    const { current } = JSON.parse(readFileSync(path.join(home, "credentials.json"), "utf8"));
    return typeof current === "string" ? current : undefined;
  } catch {
    return undefined;
  }
}
