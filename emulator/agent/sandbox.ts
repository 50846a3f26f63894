/**
 * A machine's file system and environment: a folder that stands for its root, and the few variables a script sees.
 *
 * Paths that the service hands over (working directory, home) lie inside the folder. Paths inside a script are the host's own, `/tmp` among them, and so are the
 * time and the zone that it reads, whatever clock drives the emulator: this is no container, whoever may run commands here runs them as the emulator's user.
 */

import { mkdirSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { listProcesses, readHome } from "./procfs";

export interface Sandbox {
  readonly directory: string;
  /** Where scripts are saved. */
  readonly scripts: string;
  /** The user's home inside the sandbox; made when it is first asked for. */
  home(username: string): string;
  /**
   * Where an absolute path of the machine lies, `/opt/app` or `C:\app`; `..` cannot leave the sandbox.
   * Undefined when there is no such folder.
   */
  findDirectory(path: string): string | undefined;
  /** A script's whole environment: what systemd gives the agent, and HOME. Nothing of the emulator's own, no USER, no TMPDIR, no TZ. */
  environment(username: string): Record<string, string>;
  /** Process ids of everything that was started here and still lives, even in a session of its own. Linux only; elsewhere empty. */
  findProcesses(): number[];
  /** Whether there was a process, when they were looked for, of which it could not be told where it was started. */
  mayMissProcesses(): boolean;
}

/** Folders that a fresh machine has. */
const FOLDERS = ["root", "home", "tmp", "opt", "srv", "usr/local", "var/log", "c/windows/system32"];

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** @param path the folder that stands for the machine's root; made if it is missing */
export function createSandbox(path: string): Sandbox {
  const directory = resolve(path);
  for (const folder of FOLDERS) mkdirSync(join(directory, folder), { recursive: true });
  const scripts = join(directory, "var/lib/cloud-assistant");
  mkdirSync(scripts, { recursive: true });

  const home = (username: string): string => {
    const path = username === "root" ? join(directory, "root") : join(directory, "home", encodeURIComponent(username));
    mkdirSync(path, { recursive: true });
    return path;
  };

  return {
    directory,
    scripts,
    home,
    findDirectory(path) {
      const inside = resolve(join(directory, posix.resolve("/", toPosix(path))));
      return isDirectory(inside) ? inside : undefined;
    },
    environment: (username) => ({ PATH, LANG: "C.UTF-8", HOME: home(username) }),
    findProcesses: () => findProcessesByHome(directory),
    mayMissProcesses: () => [...readHomes().values()].includes(""),
  };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** `C:\Windows\System32` lies in `c/windows/system32`: Windows does not tell upper from lower case. */
function toPosix(path: string): string {
  const drive = /^([a-z]):(.*)$/is.exec(path);
  return drive ? `/${drive[1]}${drive[2]}`.replaceAll("\\", "/").toLowerCase() : path;
}

const findProcessesByHome = (directory: string): number[] =>
  [...readHomes()].filter(([, home]) => home?.startsWith(`${directory}/`)).map(([pid]) => pid);

let homes: ReadonlyMap<number, string | undefined> | undefined;

/** Every process's HOME. Read once for all machines that go down in the same turn of the event loop. */
function readHomes(): ReadonlyMap<number, string | undefined> {
  if (homes) return homes;
  setImmediate(() => {
    homes = undefined;
  });
  homes = new Map(listProcesses().map((pid) => [pid, readHome(pid)]));
  return homes;
}
