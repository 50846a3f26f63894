/** Compiles a command of a Go module that go.mod names, and keeps it beside go.mod; several processes make it once between them. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const GO_PROBE_MS = 10_000;
const COMPILE_LIMIT_MS = 40 * 60_000;
const COMPILE_REPORT_MS = 30_000;
const LOCK_POLL_MS = 200;

/** Where things are made, and who hears of it. */
export interface Place {
  /** The folder that holds go.mod and the cache. */
  directory: string;
  /** Takes one line of progress. */
  report: (line: string) => void;
}

/** What is compiled. */
export interface Command {
  /** As a person calls it. */
  title: string;
  /** The Go module that go.mod pins. */
  module: string;
  /** Its package in that module. */
  package: string;
  /** The variable that holds its version. */
  stamp: string;
  /** How long it takes, in words. */
  duration: string;
}

/** The version of a module that go.mod pins. */
export function findPinnedVersion({ directory }: Pick<Place, "directory">, module: string): string {
  const text = readFileSync(path.join(directory, "go.mod"), "utf8");
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith(`${module} v`));
  const version = line?.trim().split(" ")[1]?.slice(1);
  if (version === undefined) throw new Error(`Cannot read the version of "${module}" in go.mod`);
  return version;
}

/**
 * Compiles a command into a folder of its own, and answers with that folder.
 * @throws {Error} "Go: …" when there is no Go, or it fails.
 */
export async function compile(place: Place, { title, module, package: command, stamp, duration }: Command) {
  const { directory, report } = place;
  const version = findPinnedVersion(place, module);
  await run("go", ["version"], directory, GO_PROBE_MS).catch(() => {
    throw new Error("Go: no go on PATH");
  });
  report(`Compiling ${title} ${version} from its Go module, once: ${duration}`);
  const startTime = Date.now();
  const elapsed = () => formatDuration(Date.now() - startTime);
  const ticker = setInterval(() => report(`Still compiling ${title}: ${elapsed()}`), COMPILE_REPORT_MS);
  const output = path.join(directory, ".work", "go");
  rmSync(output, { recursive: true, force: true });
  const build = ["build", ...buildFlags(`${stamp}=v${version}`), "-o", `${output}/`, command];
  await run("go", build, directory, COMPILE_LIMIT_MS)
    .catch(failAs("Go"))
    .finally(() => clearInterval(ticker));
  report(`Compiled ${title} ${version} in ${elapsed()}`);
  return output;
}

/** Small, the same everywhere, and with its version stamped in, without which the Automation API refuses the CLI. */
function buildFlags(stamp: string): string[] {
  return ["-trimpath", "-buildvcs=false", "-tags", "osusergo,grpcnotrace", "-ldflags", `-s -w -X ${stamp}`];
}

export const failAs = (way: string) => (error: Error) => {
  throw new Error(`${way}: ${error.message}`);
};

/** The folder of what was made before. */
export const findCache = ({ directory }: Pick<Place, "directory">): string => path.join(directory, "bin");

/** Puts finished files into the cache, each in one step and the CLI last, so that nobody meets half of what belongs together. */
export function keep(place: Place, binaries: string): void {
  const cache = findCache(place);
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(binaries).sort().reverse())
    renameSync(path.join(binaries, name), path.join(cache, name));
}

export function run(command: string, args: string[], directory: string, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { cwd: directory, env: process.env, timeout: limitMs, maxBuffer: 64 * 1024 * 1024 },
      (error, _, stderr) => {
        if (error === null) return resolve();
        const lastLines = stderr.trim().split("\n").slice(-5).join("; ");
        const reason = error.killed ? `gave up after ${formatDuration(limitMs)}` : error.message.split("\n")[0];
        reject(new Error(lastLines === "" ? `${reason}` : `${reason}: ${lastLines}`));
      },
    );
  });
}

function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs `work` while no other process on this machine does; a lock left by a process that died is taken over. */
export async function withLock<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const file = path.join(place.directory, ".work", "lock");
  mkdirSync(path.dirname(file), { recursive: true });
  for (let isFirst = true; !takeLock(file); isFirst = false) {
    if (isFirst) place.report(`Another process is making a Pulumi CLI: waiting for it (it holds ${file})`);
    await pause(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!isHeldByTheLiving(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHeldByTheLiving(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    // Between its creation and its first byte the file is empty: somebody has only just taken it.
    return holder === 0 || process.kill(holder, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
