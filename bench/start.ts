/** How long the package takes to load, each time in a fresh process. */
import { execFileSync } from "node:child_process";
import type { Installation } from "./installation";

export interface Start {
  /** The module of the handlers, as the process of the dynamic resources loads it. */
  handlersMs: number;
  /** What importing the package adds to a program that already loads Pulumi. */
  packageMs: number;
}

const ROUNDS = 7;

export function measureStart({ directory }: Installation): Start {
  return {
    handlersMs: measureLoad(directory, "pulumi-cloud-assistant/provider"),
    packageMs: measureLoad(directory, "pulumi-cloud-assistant", 'require("@pulumi/pulumi");'),
  };
}

/** The median of several processes, of which the first fills the file system's cache. */
function measureLoad(directory: string, module: string, before = ""): number {
  const script = `${before} const startMs = performance.now(); require("${module}"); console.log(performance.now() - startMs)`;
  const run = () => Number(execFileSync(process.execPath, ["-e", script], { cwd: directory, encoding: "utf8" }));
  run();
  const roundsMs = Array.from({ length: ROUNDS }, run).sort((a, b) => a - b);
  return roundsMs[Math.floor(ROUNDS / 2)] ?? 0;
}
