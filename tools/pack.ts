/** The package as npm would publish it, from what is built in `dist`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const REPOSITORY = path.resolve(__dirname, "..");

export interface Packed {
  /** The archive's path. */
  archive: string;
  /** Paths in the package, sorted. */
  files: string[];
}

/**
 * Packs this repository, without building it.
 *
 * @param destination a folder that exists
 * @param version another than that of package.json, so that an upgrade can be tried
 */
export function pack(destination: string, version?: string): Packed {
  const packed = packFolder(REPOSITORY, destination);
  if (version === undefined) return packed;
  const folder = path.join(destination, version);
  unpack(packed.archive, folder);
  const manifest = path.join(folder, "package.json");
  const changed = { ...JSON.parse(readFileSync(manifest, "utf8")), version };
  writeFileSync(manifest, JSON.stringify(changed, undefined, 2));
  return packFolder(folder, destination);
}

/** Unpacks an archive into a folder of its own. */
export function unpack(archive: string, destination: string): void {
  mkdirSync(destination, { recursive: true });
  execFileSync("tar", ["-xzf", archive, "-C", destination, "--strip-components=1"]);
}

function packFolder(folder: string, destination: string): Packed {
  // Scripts are ignored, since building replaces `dist` while others read it.
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
  const [packed] = JSON.parse(execFileSync("npm", args, { cwd: folder, encoding: "utf8" }));
  const files = packed.files.map((file: { path: string }) => file.path).sort();
  return { archive: path.join(destination, packed.filename), files };
}
