// Which processes were started by this one, or by those that it started?
import { execFileSync } from "node:child_process";

export interface Process {
  pid: number;
  /** The command line. */
  args: string;
}

/** How Pulumi runs dynamic resources, and how it runs an update. */
export const PROVIDER = /^\S*node\b.*dynamic-provider/;
export const ENGINE = /^(\S*\/)?pulumi (up|refresh|destroy)\b/;

/** The living descendants of this process, or of another. */
export function listDescendants(ancestor = process.pid): Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  const all = lines.flatMap((line) => {
    const [, pid = "", ppid = "", args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), ppid: Number(ppid), args };
  });
  const own = new Set([ancestor]);
  for (let size = 0; size < own.size; ) {
    size = own.size;
    for (const { pid, ppid } of all) if (own.has(ppid)) own.add(pid);
  }
  return all.filter(({ pid }) => own.has(pid) && pid !== ancestor);
}

/** Whether this process still runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .startsWith("Z");
  } catch {
    return false;
  }
}
