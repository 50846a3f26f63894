// A fresh project that has installed the packed package from a registry's point of view: nothing of this repository is near.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { obtainNode } from "../../tools/node";
import { obtainPulumi } from "../../tools/pulumi/obtain";

const REPOSITORY = path.resolve(__dirname, "../..");
const PROJECTS = path.join(__dirname, "projects");

export const PROGRAMS = { typescript: "./program.js", javascript: "./program.mjs" } as const;

export interface ProjectOptions {
  /** Major version of Node. */
  node: number;
  /** Version of `@pulumi/pulumi`. */
  sdk: string;
  manager: "npm" | "pnpm";
  language: keyof typeof PROGRAMS;
  /** What a client of the service needs. */
  environment: Readonly<Record<string, string>>;
}

/** After which an installation or an operation is ended; on a quiet machine it takes some seconds. */
const LIMIT_MS = 240_000;

/** What one operation of the engine did. */
export interface Report {
  /** Steps by kind, the stack's own included. */
  changes: Record<string, number>;
  outputs: Record<string, unknown>;
  /** The provider's text of each invocation in the state. */
  providers: string[];
}

export interface Project {
  directory: string;
  /** Installs the archive, in place of the one before. */
  install(archive: string): Promise<void>;
  run(operation: "preview" | "up" | "destroy", config?: Record<string, string>): Promise<Report>;
  /** Runs a text of plain JavaScript in the project. */
  evaluate(script: string): Promise<string>;
  remove(): void;
}

export async function createProject(options: ProjectOptions): Promise<Project> {
  const { node, sdk, manager, language, environment } = options;
  const directory = mkdtempSync(path.join(tmpdir(), "project-"));
  const binaries = obtainNode(node);
  const variables = {
    ...process.env,
    ...environment,
    PATH: [
      binaries,
      path.dirname((await obtainPulumi()).command),
      process.env.PATH,
      // Last, so that an installation's own host of dynamic resources comes first.
      path.join(directory, "node_modules/@pulumi/pulumi"),
    ].join(path.delimiter),
    PULUMI_HOME: path.join(directory, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  for (const folder of ["home", "state", "settings"]) mkdirSync(path.join(directory, folder));
  cpSync(path.join(PROJECTS, language), directory, { recursive: true });
  cpSync(path.join(PROJECTS, "life.mjs"), path.join(directory, "life.mjs"));

  const execute = async (command: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(command, args, { cwd: directory, env: variables, timeout: LIMIT_MS });
    return stdout;
  };
  const nodeBinary = path.join(binaries, "node");
  const isTyped = language === "typescript";

  return {
    directory,
    async install(archive) {
      const dependencies = { "@pulumi/pulumi": sdk, "pulumi-cloud-assistant": `file:${archive}` };
      const manifest = { name: "project", version: "1.0.0", private: true, dependencies };
      writeFileSync(path.join(directory, "package.json"), JSON.stringify(manifest));
      const quiet = manager === "npm" ? ["--no-audit", "--no-fund"] : ["--no-frozen-lockfile"];
      await execute(manager === "npm" ? "npm" : path.join(REPOSITORY, "node_modules/.bin/pnpm"), "install", ...quiet);
      if (isTyped) await execute(nodeBinary, path.join(REPOSITORY, "node_modules/typescript/bin/tsc"));
    },
    async run(operation, config = {}) {
      return JSON.parse(await execute(nodeBinary, "life.mjs", PROGRAMS[language], operation, JSON.stringify(config)));
    },
    evaluate: (script) => execute(nodeBinary, "--input-type=commonjs", "--eval", script),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
