/** How much memory the process of the provider needed at most. Linux tells it; elsewhere it is 0. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const SAMPLE_MS = 50;

/** The process of the dynamic resources, which runs in the program's folder, and the plugin, which is started from within it. */
const HOST = "dynamic-provider";
const PLUGIN = "pulumi-resource-cloudassistant";

/**
 * Watches while an operation runs.
 * @param directory the program's folder, in which the engine starts the process
 */
export async function watchMemory<T>(
  directory: string,
  operation: () => Promise<T>,
): Promise<{ answer: T; peakMemoryBytes: number }> {
  let peakMemoryBytes = 0;
  let pid: string | undefined;
  const timer = setInterval(() => {
    pid ??= findHost(directory);
    if (pid !== undefined) peakMemoryBytes = Math.max(peakMemoryBytes, readPeak(pid));
  }, SAMPLE_MS);
  try {
    return { answer: await operation(), peakMemoryBytes };
  } finally {
    clearInterval(timer);
  }
}

const findHost = (directory: string): string | undefined => listProcesses().find((pid) => isHost(pid, directory));

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A process may end between two looks at it. */
function isHost(pid: string, directory: string): boolean {
  try {
    const [runtime = "", script = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (!runtime.endsWith("node")) return false;
    if (script.includes(PLUGIN)) return script.startsWith(directory);
    return script.includes(HOST) && readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return false;
  }
}

/** The kernel keeps the peak of the resident memory itself. */
function readPeak(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
