/**
 * Where the package is measured: packed by npm and unpacked into the `node_modules` of a project of its own, since what Pulumi
 * keeps of a provider depends on where it was loaded from.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pack, unpack } from "../tools/pack";
import { Invocation as Plugin } from "../tools/pulumi/plugin";

const REPOSITORY = path.resolve(__dirname, "..");
const PACKAGE = "pulumi-cloud-assistant";

/** A package with the resource that is measured; of the plugin, the class that an SDK has for it. */
export type Subject = "pulumi-cloud-assistant" | "bare" | "plugin";

export interface Installation {
  /** The folder of the program. */
  directory: string;
  /** The class of the resource, as a program in this folder imports it. */
  load(subject: Subject): typeof import("../provider").Invocation | typeof Plugin;
  remove(): void;
}

/** Installs the package as it is built in `dist`, and beside it the bare one; other packages are the repository's own. */
export function install(): Installation {
  const directory = mkdtempSync(path.join(tmpdir(), "bench-"));
  const modules = path.join(directory, "node_modules");
  mkdirSync(modules);
  const installed = path.join(REPOSITORY, "node_modules");
  for (const name of readdirSync(installed).filter((name) => name !== PACKAGE))
    symlinkSync(path.join(installed, name), path.join(modules, name));
  unpack(pack(directory).archive, path.join(modules, PACKAGE));
  cpSync(path.join(__dirname, "bare"), path.join(modules, "bare"), { recursive: true });
  const load = createRequire(path.join(directory, "index.js"));
  return {
    directory,
    load: (subject) => (subject === "plugin" ? Plugin : load(subject).Invocation),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
