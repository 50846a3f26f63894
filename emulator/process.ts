/** One script, run in a machine's sandbox as the agent runs it: saved as a file, stdin closed, stdout and stderr one stream. */

import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, unlinkSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { forgetGroup, guardGroup } from "./guard";
import { createOutputTail, type Tail } from "./output";
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

/** A pipe never holds more than this much unread. */
const PIPE_BYTES = 1024 * 1024;

/**
 * Starts a script.
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
  const username = script.username || "root";
  const home = sandbox.home(username);
  const workingDirectory = script.workingDir ? sandbox.findDirectory(script.workingDir) : home;
  if (!workingDirectory) {
    return refuse("Invalid", "DirectoryNotExists", `The specified directory does not exist: "${script.workingDir}".`);
  }

  const [command, ...args] = saveScript(script, sandbox);
  if (!command) return refuse("Error", "ExecutionException", "PowerShell is not installed on this machine.");

  const tail = createOutputTail();
  const pipe = openPipe(sandbox);
  const child = spawn(command, args, {
    cwd: workingDirectory,
    detached: true,
    env: sandbox.environment(username, workingDirectory),
    stdio: ["ignore", pipe.writeEnd, pipe.writeEnd],
  });
  closeSync(pipe.writeEnd);

  const group = child.pid;
  if (group !== undefined) {
    groups.add(group);
    guardGroup(sandbox.directory, group);
  }

  const reader = new Socket({ fd: pipe.readEnd, readable: true, writable: false });
  const take = (chunk: Buffer): void => {
    tail.write(chunk);
    onOutput();
  };
  reader.on("data", take);
  reader.on("error", () => {});

  const ended = new Promise<Ending>((resolve) => {
    child.on("error", (error) => {
      reader.destroy();
      resolve({
        refused: "Error",
        errorCode: "ExecutionException",
        errorInfo: `The script cannot be started: ${error.message}`,
      });
    });
    child.on("exit", (code) => {
      // Whatever the script wrote is in the pipe by now. What it left in the background may hold the pipe open for ever, so there is no waiting for its end.
      drain(pipe.readEnd, take);
      reader.destroy();
      if (group !== undefined) forgetEndedGroups(groups);
      resolve({ exitCode: code ?? SIGNALLED_EXIT_CODE });
    });
  });

  return {
    ended,
    read: tail.read,
    kill(mode) {
      if (mode === "Process") child.kill("SIGKILL");
      else if (group !== undefined) killGroup(group);
    },
  };
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

/** Saves the script and gives the command line that runs it; empty when the machine has no shell of its type. */
function saveScript(script: Script, sandbox: Sandbox): string[] {
  const save = (extension: string): string => {
    const file = join(sandbox.scripts, script.name + extension);
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
      return isOnPath("pwsh") ? ["/usr/bin/env", "pwsh", "-NoProfile", "-File", save(".ps1")] : [];
    case "RunBatScript":
      return [];
  }
  script.type satisfies never;
  return [];
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

let pwsh: boolean | undefined;

/** Whether the host has a program; asked once. */
function isOnPath(program: "pwsh"): boolean {
  pwsh ??= spawnSync("/bin/sh", ["-c", `command -v ${program}`]).status === 0;
  return pwsh;
}

let pipes = 0;

/**
 * A named pipe, its name already gone. Node's own "pipe" is a socket, on which `echo > /dev/stderr` fails; and it has one for each stream,
 * so that their order is lost.
 */
function openPipe(sandbox: Sandbox): { readEnd: number; writeEnd: number } {
  const path = join(sandbox.scripts, `pipe-${process.pid}-${pipes++}`);
  spawnSync("mkfifo", ["-m", "600", path]);
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  unlinkSync(path);
  return { readEnd, writeEnd };
}

/** Takes what a pipe holds right now. */
function drain(readEnd: number, take: (chunk: Buffer) => void): void {
  const chunk = Buffer.alloc(64 * 1024);
  for (let leftBytes = PIPE_BYTES; leftBytes > 0; ) {
    const readBytes = readNow(readEnd, chunk);
    if (readBytes === 0) return;
    take(chunk.subarray(0, readBytes));
    leftBytes -= readBytes;
  }
}

/** 0 at the end, and when there is nothing to read yet. */
function readNow(readEnd: number, chunk: Buffer): number {
  try {
    return readSync(readEnd, chunk);
  } catch {
    return 0;
  }
}
