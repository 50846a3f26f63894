/** One script, run in a machine's sandbox as the agent runs it: stdin closed, stdout and stderr one stream, and done when its own process is. */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { type CommandLine, type Script, type Shell, saveScript } from "./commandline";
import { forgetGroup, guardGroup, guardSandbox } from "./guard";
import { type Copy, createOutput, type Output } from "./output";
import { drain, openPipe, type Pipe } from "./pipe";
import { hasRunnable, isCrowded } from "./procfs";
import type { Sandbox } from "./sandbox";

export type TerminationMode = "Process" | "ProcessTree";

/** The agent's reason for not running a script. */
export interface Refusal {
  refused: "Invalid" | "Error";
  errorCode: string;
  errorInfo: string;
}

/** How a script ended: with an exit code, or not even begun. */
export type Ending = { exitCode: number } | Refusal;

/** A script on its way. */
export interface Run {
  /** False: refused before its process was there. */
  readonly isBegun: boolean;
  /** Resolves when the script's own process has ended; never rejects. What it left in the background runs on. */
  readonly ended: Promise<Ending>;
  /** What it has printed so far; complete when it has ended. */
  readonly output: Output;
  /**
   * Kills it: `Process` the process that the agent started alone, `ProcessTree` its process group.
   *
   * @returns false when that process has ended already, though its last words may still be waited for
   */
  kill(mode: TerminationMode): boolean;
}

/** Exit code of a process that a signal ended, as the agent's language gives it. */
const SIGNALLED_EXIT_CODE = -1;

/** How long the agent waits after the end of a script for whoever still writes to its output, such as a `tee` (agent/util/process/process.go). */
const LAST_WORDS_MS = 200;
/** A machine among many is slower than one alone: where somebody has not had his turn by then, or the processors are short, this long. */
const LATE_WORDS_MS = 1000;
const LOOK_AGAIN_MS = 20;

/** What the runs of a machine have in common. */
export interface Host {
  readonly sandbox: Sandbox;
  readonly shell: Shell;
  /** Process groups of the scripts, each until its last member has ended. */
  readonly groups: Set<number>;
  /** Takes all that this run prints. */
  readonly copy?: Copy | undefined;
}

/**
 * Starts a script. Never throws: what keeps it from starting is its ending.
 *
 * @param onOutput called for every piece of output, after it can be read
 */
export function startScript(script: Script, host: Host, onOutput: () => void = () => {}): Run {
  // Not emulated: AccountNotExists. Every user exists and has a home, and all of them are the emulator's own user to the host.
  const username = script.username || "root";
  const { sandbox, shell } = host;
  try {
    const home = sandbox.home(username);
    const workingDirectory = script.workingDir ? sandbox.findDirectory(script.workingDir) : home;
    if (!workingDirectory) {
      return refuse({
        refused: "Invalid",
        errorCode: "DirectoryNotExists",
        errorInfo: `The specified directory does not exist: "${script.workingDir}".`,
      });
    }
    const command = saveScript(script, sandbox, shell);
    if (!command) return refuse(formatFailure(`The machine has no shell for a ${script.type}.`));
    return startProcess(command, host, onOutput, { cwd: workingDirectory, env: sandbox.environment(username) });
  } catch (error) {
    return refuse(formatStartFailure(error));
  }
}

/** A run that is over before it begins. */
export const refuse = (refusal: Refusal): Run => ({
  isBegun: false,
  ended: Promise.resolve(refusal),
  output: createOutput(),
  kill: () => false,
});

interface Place {
  cwd: string;
  env: Record<string, string>;
}

function startProcess(command: CommandLine, { sandbox, groups, copy }: Host, onOutput: () => void, place: Place): Run {
  const output = createOutput(undefined, copy);
  const take = (chunk: Buffer): void => {
    output.write(chunk);
    onOutput();
  };
  guardSandbox(sandbox.directory);
  const pipe = openPipe();
  const child = spawnOnto(pipe, command, place);
  const reader = new Socket({ fd: pipe.readEnd, readable: true, writable: false });
  reader.on("data", take);
  reader.on("error", () => {});

  const group = child.pid;
  if (group !== undefined) {
    groups.add(group);
    guardGroup(group);
  }

  let isOver = false;
  let isKilled = false;
  const ended = new Promise<Ending>((resolve) => {
    child.on("error", (error) => {
      reader.destroy();
      resolve(formatStartFailure(error));
    });
    child.on("exit", (code) => {
      isOver = true;
      const end = (): void => {
        reader.off("data", take);
        forgetEndedGroups(groups);
        resolve({ exitCode: code ?? SIGNALLED_EXIT_CODE });
      };
      // Whatever the script itself wrote is in the pipe by now. A reader that has come to the end has given its number back.
      if (reader.destroyed || !drain(pipe.readEnd, take)) {
        reader.destroy();
        end();
        return;
      }
      // What it left in the background may write for ever. The agent hears the last words of a `tee`, and from then on reads and throws away:
      // a closed pipe would kill whoever writes to it.
      discard(reader);
      if (isKilled) {
        end();
        return;
      }
      listen(reader, group, () => {
        // A busy emulator may not have got round to reading what came in time.
        if (!reader.destroyed) drain(pipe.readEnd, take);
        end();
      });
    });
  });

  return {
    isBegun: true,
    ended,
    output,
    kill(mode) {
      // Its number may be somebody else's by now.
      if (isOver) return false;
      isKilled = true;
      if (mode === "Process") child.kill("SIGKILL");
      else if (group !== undefined) killGroup(group);
      return true;
    },
  };
}

/** Calls back when nobody can write any more, or when it has been listened for long enough. */
function listen(reader: Socket, group: number | undefined, callback: () => void): void {
  const begunAt = performance.now();
  const stop = (): void => {
    clearTimeout(timer);
    reader.off("close", stop);
    callback();
  };
  const look = (): void => {
    const isLate = performance.now() - begunAt >= LATE_WORDS_MS;
    if (isLate || group === undefined || !(hasRunnable(group) || isCrowded())) stop();
    else timer = setTimeout(look, LOOK_AGAIN_MS);
  };
  let timer = setTimeout(look, LAST_WORDS_MS);
  reader.on("close", stop);
}

/** A daemon's log runs freely at this rate; `yes &` is held up, or it would take all of the emulator's time. */
const DISCARDED_BYTES_AT_A_TIME = 1024 * 1024;
const PAUSE_MS = 50;

/** Reads as long as anybody writes, and does not keep the emulator's process alive for it. */
function discard(reader: Socket): void {
  let leftBytes = DISCARDED_BYTES_AT_A_TIME;
  reader.unref();
  reader.on("data", (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes > 0) return;
    leftBytes = DISCARDED_BYTES_AT_A_TIME;
    reader.pause();
    setTimeout(() => reader.resume(), PAUSE_MS).unref();
  });
}

/** Starts a process of its own group with both streams on the pipe; of the pipe only the end to read from is left, if that. */
function spawnOnto({ readEnd, writeEnd }: Pipe, { program, argv0, args }: CommandLine, place: Place): ChildProcess {
  try {
    return spawn(program, args, { ...place, argv0, detached: true, stdio: ["ignore", writeEnd, writeEnd] });
  } catch (error) {
    closeSync(readEnd);
    throw error;
  } finally {
    closeSync(writeEnd);
  }
}

/** The code alone: a message may repeat the script, the launcher or a parameter in it. */
function formatStartFailure(error: unknown): Refusal {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
  return formatFailure(`The script cannot be started: ${code}.`);
}

const formatFailure = (errorInfo: string): Refusal => ({
  refused: "Error",
  errorCode: "ExecutionException",
  errorInfo,
});

/** Kills every process of every group, and whatever else still lives in the sandbox. */
export function killAll(groups: Set<number>, sandbox: Sandbox): void {
  for (const group of groups) killGroup(group);
  for (const pid of sandbox.findProcesses()) signal(pid, "SIGKILL");
  forgetEndedGroups(groups);
}

const SECOND_LOOKS_MS = [1, 10, 100];

/** Kills those whom `killAll` has just missed: a process that is about to run another program cannot be told by its environment for a moment. */
export async function killRest(groups: Set<number>, sandbox: Sandbox): Promise<void> {
  for (const pauseMs of SECOND_LOOKS_MS) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    killAll(groups, sandbox);
    if (!sandbox.mayMissProcesses()) return;
  }
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
