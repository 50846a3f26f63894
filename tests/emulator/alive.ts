// Whether a process that a script started is still there.
import { existsSync, readFileSync } from "node:fs";

/** A zombie, which nobody collects in a container without an init, is dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync("/proc/self/stat") || isAtWork(pid);
}

function isAtWork(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Gone meanwhile.
    return false;
  }
}

/** Resolves when the kernel has got round to it; a test that waits in vain runs into its timeout. */
export async function isGone(pid: number): Promise<boolean> {
  while (isAlive(pid)) await turn();
  return true;
}

/** Resolves when a file that a script makes is there. */
export async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await turn();
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
