// A machine that has nothing but the system's programs, and those that a test adds.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const SYSTEM_PATH = "/usr/bin:/bin";

export interface Machine {
  /** Where the CLI and what belongs to it is made. */
  directory: string;
  /** The folder on PATH that is the test's own. */
  programs: string;
  /** Puts a shell script called `name` on PATH, or into another folder. */
  addProgram(name: string, script: string, folder?: string): void;
  /** Gives PATH back. */
  remove(): void;
}

export function openMachine(): Machine {
  const ownPath = process.env.PATH;
  const directory = mkdtempSync(path.join(tmpdir(), "machine-"));
  const programs = path.join(directory, "programs");
  cpSync(path.join(__dirname, "../../../tools/pulumi/go.mod"), path.join(directory, "go.mod"));
  process.env.PATH = `${programs}:${SYSTEM_PATH}`;
  return {
    directory,
    programs,
    addProgram: (name, script, folder = programs) => {
      mkdirSync(folder, { recursive: true });
      const file = path.join(folder, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    remove: () => {
      process.env.PATH = ownPath;
      rmSync(directory, { recursive: true });
    },
  };
}
