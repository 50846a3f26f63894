/** How a script is started: saved as a file of the machine, and handed to the machine's `sh`, or to its launcher. */

import { accessSync, constants, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Sandbox } from "./sandbox";

export interface Script {
  /** Name of the file it is saved as, without extension; the invocation's id. */
  name: string;
  type: "RunShellScript" | "RunPowerShellScript" | "RunBatScript";
  /** In whatever encoding; saved as it is. */
  content: Buffer;
  /** "" is the user's home. */
  workingDir: string;
  /** "" is `root`. */
  username: string;
  /** "" is the type's own shell. */
  launcher: string;
}

/** What a machine's `sh` is, see `Choices.shell`. */
export type Shell = "bash" | "dash";

export interface CommandLine {
  program: string;
  /** What the program is told that it is called. */
  argv0: string;
  args: string[];
}

/** Saves the script and gives the command line that runs it; undefined when the machine has nothing to run its type with. */
export function saveScript(script: Script, sandbox: Sandbox, shell: Shell): CommandLine | undefined {
  const save = (extension: string): string => {
    const file = join(sandbox.scripts, script.name + extension);
    // A shell that still runs reads on in its own file, not in the new one.
    rmSync(file, { force: true });
    writeFileSync(file, script.content, { mode: 0o755 });
    return file;
  };
  const program = findProgram(shell);
  const runBySh = (text: string, file: string): CommandLine => ({
    program: program ?? "/bin/sh",
    argv0: "sh",
    args: ["-c", text, file],
  });

  if (script.launcher) {
    const { extension, before, after } = parseLauncher(script.launcher);
    return runBySh(`${before}"$0"${after}`, save(extension));
  }
  switch (script.type) {
    case "RunShellScript":
      return runBySh((program ? RUN : RUN_BY_ANOTHER)[shell], save(".sh"));
    case "RunPowerShellScript":
      return findProgram("pwsh")
        ? { program: "/usr/bin/env", argv0: "env", args: ["pwsh", "-NoProfile", "-File", save(".ps1")] }
        : undefined;
    case "RunBatScript":
      return undefined;
    default:
      return script.type satisfies never;
  }
}

/** What the agent's `sh -c FILE` comes to: bash becomes the script, dash (before some version to come) starts it and waits. */
const RUN: Readonly<Record<Shell, string>> = { bash: '"$0"', dash: '"$0"; exit $?' };
/** The same by whatever shell this machine has instead. */
const RUN_BY_ANOTHER: Readonly<Record<Shell, string>> = { ...RUN, bash: 'exec "$0"' };

/** `python3 -u {{ACS::ScriptFileName|Ext(".py")}}`; a launcher that does not name the file gets it as its last argument. */
function parseLauncher(launcher: string): { extension: string; before: string; after: string } {
  const placeholder = /\{\{\s*ACS::ScriptFileName\s*(?:\|\s*Ext\(\s*"([^"/]*)"\s*\)\s*)?\}\}/i.exec(launcher);
  if (!placeholder) return { extension: "", before: `${launcher} `, after: "" };
  return {
    extension: placeholder[1] ?? "",
    before: launcher.slice(0, placeholder.index),
    after: launcher.slice(placeholder.index + placeholder[0].length),
  };
}

const programs = new Map<string, string | undefined>();

/** Where this machine has a program; looked for once. */
function findProgram(name: string): string | undefined {
  if (!programs.has(name)) {
    const folders = [
      "/bin",
      "/usr/bin",
      ...(process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    ];
    programs.set(name, folders.map((folder) => join(folder, name)).find(isExecutable));
  }
  return programs.get(name);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
