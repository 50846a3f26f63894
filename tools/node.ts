/**
 * Other versions of Node, to try the package on: those that npm serves as packages, installed into a folder of their own that
 * git ignores. As dependencies of this repository, their `node` would come before its own.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

const CACHE = path.join(__dirname, "node");

/**
 * The folder with the newest `node` of a major version.
 * @throws {Error} with npm's own words when it cannot be installed.
 */
export function obtainNode(major: number): string {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = path.join(CACHE, String(major));
  const binaries = path.join(folder, "node_modules", name, "bin");
  if (!existsSync(binaries)) {
    mkdirSync(folder, { recursive: true });
    execFileSync("npm", ["install", "--no-save", "--prefix", folder, `${name}@${major}`], { stdio: "pipe" });
  }
  return binaries;
}
