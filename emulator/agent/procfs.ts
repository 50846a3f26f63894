/** What the kernel tells of other processes. Linux only; elsewhere it is nothing. */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { cpus } from "node:os";

/** Ids of all processes but this one. */
export function listProcesses(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return [];
  }
}

/**
 * HOME in the environment that a process began with; undefined when it has none, and for a process that is gone, or not ours to read.
 * "" while it has no environment at all: for a moment, when it is about to run another program, or for ever, when it was started without.
 */
export function readHome(pid: number): string | undefined {
  const environment = read(`/proc/${pid}/environ`);
  if (environment === "") return hasProgram(pid) ? "" : undefined;
  return /(?:^|\0)HOME=([^\0]+)/.exec(environment ?? "")?.[1];
}

/** Neither a zombie nor a part of the kernel. */
function hasProgram(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== "";
  } catch {
    return false;
  }
}

/** Whether a process of the group waits for the processor or the disk, and not for something to happen. */
export const hasRunnable = (group: number): boolean =>
  listProcesses().some((pid) => {
    // The name in brackets may hold anything.
    const stat = read(`/proc/${pid}/stat`) ?? "";
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3);
    return Number(processGroup) === group && (state === "R" || state === "D");
  });

/** Those of the whole machine, of which /proc/loadavg tells, also within a container. */
const PROCESSORS = cpus().length;

/** Whether more processes want a processor than there are processors. */
export function isCrowded(): boolean {
  const [, runnable] = / (\d+)\/\d+ \d+$/.exec(read("/proc/loadavg")?.trimEnd() ?? "") ?? [];
  return Number(runnable ?? 0) > PROCESSORS;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
