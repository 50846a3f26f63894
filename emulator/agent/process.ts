/** One script, run in a machine's sandbox as the agent runs it: saved as a file, stdin closed, stdout and stderr one stream. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { forgetGroup, guardGroup, guardSandbox } from "./guard";
import { createOutputTail, type Tail } from "./output";
import { drain, openPipe, type Pipe } from "./pipe";
import type { Sandbox } from "./sandbox";

export type TerminationMode = "Process" | "ProcessTree";

export interface Script {
  /** Name of the file it is saved as, without extension; the invocation's id. */
  name: string;
  type: "RunShellScript" | "RunPowerShellScript" | "RunBatScript";
  content: string;
  /** "" is the user's home. */
  workingDir: string;
  /** "" is `root`. */
  username: string;
  /** "" is the type's own shell. */
  launcher: string;
}

/** How a script ended: with an exit code, or with the agent's reason for not running it. */
export type Ending = { exitCode: number } | { refused: "Invalid" | "Error"; errorCode: string; errorInfo: string };

/** A script on its way. */
export interface Run {
  /** Resolves when the script's own process has ended; never rejects. What it left in the background runs on. */
  readonly ended: Promise<Ending>;
  /** Its output so far. */
  read(): Tail;
  /** Kills it: `Process` the script's own process alone, `ProcessTree` all that it started. */
  kill(mode: TerminationMode): void;
}

/** Exit code of a script that a signal ended, as the agent's language gives it. */
export const SIGNALLED_EXIT_CODE = -1;

/**
 * Starts a script. Never throws: what keeps it from starting is its ending.
 *
 * Its whole process group stays known under `groups` until the last member has ended.
 *
 * @param groups where the run enters its process group, for whoever switches the machine off
 * @param onOutput called for every piece of output, after it can be read
 */
export function startScript(
  script: Script,
  sandbox: Sandbox,
  groups: Set<number>,
  onOutput: () => void = () => {},
): Run {
  // Not emulated: AccountNotExists. Every user exists and has a home, and all of them are the emulator's own user to the host.
  const username = script.username || "root";
  try {
    const home = sandbox.home(username);
    const workingDirectory = script.workingDir ? sandbox.findDirectory(script.workingDir) : home;
    if (!workingDirectory) {
      return refuse("Invalid", "DirectoryNotExists", `The specified directory does not exist: "${script.workingDir}".`);
    }
    const command = saveScript(script, sandbox);
    if (!command) return refuse("Error", "ExecutionException", `The machine has no shell for a ${script.type}.`);
    return startProcess(command, sandbox, groups, onOutput, {
      cwd: workingDirectory,
      env: sandbox.environment(username, workingDirectory),
    });
  } catch (error) {
    return refuse("Error", "ExecutionException", formatStartFailure(error));
  }
}

function startProcess(
  [command, ...args]: CommandLine,
  sandbox: Sandbox,
  groups: Set<number>,
  onOutput: () => void,
  place: { cwd: string; env: Record<string, string> },
): Run {
  const tail = createOutputTail();
  const take = (chunk: Buffer): void => {
    tail.write(chunk);
    onOutput();
  };
  guardSandbox(sandbox.directory);
  const pipe = openPipe();
  const child = spawnOnto(pipe, command, args, place);
  const reader = new Socket({ fd: pipe.readEnd, readable: true, writable: false });
  reader.on("data", take);
  reader.on("error", () => {});

  const group = child.pid;
  if (group !== undefined) {
    groups.add(group);
    guardGroup(group);
  }

  let isOver = false;
  const ended = new Promise<Ending>((resolve) => {
    child.on("error", (error) => {
      reader.destroy();
      resolve({ refused: "Error", errorCode: "ExecutionException", errorInfo: formatStartFailure(error) });
    });
    child.on("exit", (code) => {
      isOver = true;
      // Whatever the script wrote is in the pipe by now. What it left in the background may hold the pipe open for ever, so there is no waiting for its end.
      drain(pipe.readEnd, take);
      reader.destroy();
      forgetEndedGroups(groups);
      resolve({ exitCode: code ?? SIGNALLED_EXIT_CODE });
    });
  });

  return {
    ended,
    read: tail.read,
    kill(mode) {
      // Its number may be somebody else's by now.
      if (isOver) return;
      if (mode === "Process") child.kill("SIGKILL");
      else if (group !== undefined) killGroup(group);
    },
  };
}

/** Starts a process of its own group with both streams on the pipe; of the pipe only the end to read from is left, if that. */
function spawnOnto(
  { readEnd, writeEnd }: Pipe,
  command: string,
  args: string[],
  place: { cwd: string; env: Record<string, string> },
): ChildProcess {
  try {
    return spawn(command, args, { ...place, detached: true, stdio: ["ignore", writeEnd, writeEnd] });
  } catch (error) {
    closeSync(readEnd);
    throw error;
  } finally {
    closeSync(writeEnd);
  }
}

/** The code alone: a message may repeat the script, the launcher or a parameter in it. */
function formatStartFailure(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
  return `The script cannot be started: ${code}.`;
}

/** Kills every process of every group, and whatever else still lives in the sandbox. */
export function killAll(groups: Set<number>, sandbox: Sandbox): void {
  for (const group of groups) killGroup(group);
  for (const pid of sandbox.findProcesses()) signal(pid, "SIGKILL");
  forgetEndedGroups(groups);
}

function forgetEndedGroups(groups: Set<number>): void {
  for (const group of groups) {
    if (signal(-group, 0)) continue;
    groups.delete(group);
    forgetGroup(group);
  }
}

const killGroup = (group: number): boolean => signal(-group, "SIGKILL");

/** False when there is nobody to receive it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

const refuse = (refused: "Invalid" | "Error", errorCode: string, errorInfo: string): Run => ({
  ended: Promise.resolve({ refused, errorCode, errorInfo }),
  read: () => ({ output: Buffer.alloc(0), dropped: 0 }),
  kill() {},
});

type CommandLine = [command: string, ...args: string[]];

/** Saves the script and gives the command line that runs it; undefined when the machine has no shell of its type. */
function saveScript(script: Script, sandbox: Sandbox): CommandLine | undefined {
  const save = (extension: string): string => {
    const file = join(sandbox.scripts, script.name + extension);
    // A shell that still runs reads on in its own file, not in the new one.
    rmSync(file, { force: true });
    writeFileSync(file, script.content, { mode: 0o755 });
    return file;
  };

  if (script.launcher) {
    const { extension, before, after } = parseLauncher(script.launcher);
    return ["/bin/sh", "-c", `${before}"$0"${after}`, save(extension)];
  }
  switch (script.type) {
    case "RunShellScript":
      // `exec`, so that the script's own shell is the process that TerminationMode Process kills.
      return ["/bin/sh", "-c", 'exec "$0"', save(".sh")];
    case "RunPowerShellScript":
      return hasPowerShell() ? ["/usr/bin/env", "pwsh", "-NoProfile", "-File", save(".ps1")] : undefined;
    case "RunBatScript":
      return undefined;
    default:
      return script.type satisfies never;
  }
}

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

let isPowerShellThere: boolean | undefined;

/** Whether the host has `pwsh`; looked for once. */
function hasPowerShell(): boolean {
  isPowerShellThere ??= spawnSync("/bin/sh", ["-c", "command -v pwsh"]).status === 0;
  return isPowerShellThere;
}
