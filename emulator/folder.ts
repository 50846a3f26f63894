/** The folder that holds the sandboxes of an emulator's machines, and what is left of those whose emulator died before it could remove them. */
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Folder {
  readonly path: string;
  /** Removes it, unless it was given; resolves when what dead emulators left is gone as well. */
  close(): Promise<void>;
}

const PREFIX = "cloud-assistant-emulator-";
/** Whose it is: process id, and what tells the process from another that gets its number. */
const NAME = /^cloud-assistant-emulator-(\d+)-(?:(\d+\.\d+)-)?/;

/**
 * A temporary folder; what dead emulators of this user left beside it is removed in the background.
 * @param given a folder of one's own: made if it is missing, never removed
 * @param parent where temporary folders are. Default: the system's
 * @throws RangeError when the given folder is none and cannot be made, or nothing can be made in it
 */
export function openFolder(given?: string, parent: string = tmpdir()): Folder {
  if (given !== undefined) {
    makeFolder(given);
    return { path: given, close: async () => {} };
  }
  const owner = [process.pid, findBirth(process.pid)].filter((part) => part !== undefined).join("-");
  const path = mkdtempSync(join(parent, `${PREFIX}${owner}-`));
  const swept = Promise.allSettled(listLeft(parent).map(remove));
  return {
    path,
    async close() {
      await Promise.all([remove(path), swept]);
    },
  };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    const { message } = error as Error;
    throw new RangeError(`Cannot start: directory must be a folder in which files can be made: "${path}": ${message}`);
  }
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

function listLeft(parent: string): string[] {
  return readdirSync(parent)
    .filter((name) => {
      const [, pid, birth] = NAME.exec(name) ?? [];
      return pid !== undefined && isGone(Number(pid), birth);
    })
    .map((name) => join(parent, name))
    .filter(isOwn);
}

function isGone(pid: number, birth: string | undefined): boolean {
  const current = findBirth(process.pid);
  // Another container may share the temporary folder; its processes cannot be seen from here.
  if (birth !== undefined && current !== undefined && namespaceOf(birth) !== namespaceOf(current)) return false;
  if (!isThere(pid)) return true;
  const there = findBirth(pid);
  return birth !== undefined && there !== undefined && birth !== there;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** The process's namespace and when it started, in ticks since the system did; undefined where the system does not tell. */
function findBirth(pid: number): string | undefined {
  try {
    const namespace = /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0];
    // The name, which may hold anything, stands in parentheses before.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const started = fields[19];
    return namespace === undefined || started === undefined ? undefined : `${namespace}.${started}`;
  } catch {
    return undefined;
  }
}

const namespaceOf = (birth: string): string | undefined => birth.split(".")[0];

/** A folder, no link, of the user who runs this. */
function isOwn(path: string): boolean {
  try {
    const entry = lstatSync(path);
    return entry.isDirectory() && (process.getuid === undefined || entry.uid === process.getuid());
  } catch {
    return false;
  }
}
