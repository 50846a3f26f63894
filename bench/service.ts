/** The emulated service, in a process of its own so that it takes no time from what is measured. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { EmulatorOptions, Fault } from "../emulator";
import type { Installation } from "./installation";

/** The first command of a service: it takes its time, then leaves one line on the machine, so that runs can be counted. */
const COMMAND_ID = "c-bench";

export interface Service {
  commandId: string;
  instanceIds: readonly string[];
  /** What a client needs in its environment. */
  environment: Readonly<Record<string, string>>;
  inject(fault: Fault): Promise<void>;
  /** Calls by action since the last time it was asked. */
  takeCalls(): Promise<Record<string, number>>;
  /** How often the command really ran on each machine. */
  countRuns(): number[];
  stop(): Promise<void>;
}

export interface ServiceOptions extends Pick<EmulatorOptions, "latencyMs" | "callsPerMinute" | "outcomes"> {
  instances: number;
  commandSeconds: number;
}

const SCRIPT = `
require("pulumi-cloud-assistant/emulator").startEmulator(JSON.parse(process.argv[1])).then((emulator) => {
  const { url, environment, instanceIds, controlToken } = emulator;
  console.log(JSON.stringify({ url, environment, instanceIds, controlToken }));
  process.once("SIGTERM", () => emulator.stop());
});`;

export async function startService(
  { directory }: Installation,
  { commandSeconds, ...options }: ServiceOptions,
): Promise<Service> {
  const machines = mkdtempSync(path.join(directory, "machines-"));
  const content = `sleep ${commandSeconds}; echo ran >> "$HOME/runs"`;
  const settings: EmulatorOptions = {
    ...options,
    control: true,
    directory: machines,
    commands: [{ commandId: COMMAND_ID, name: "bench", content }],
  };
  const child = spawn(process.execPath, ["-e", SCRIPT, JSON.stringify(settings)], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url, environment, instanceIds, controlToken } = JSON.parse(await readLine(child));
  const headers = { authorization: `Bearer ${controlToken}`, "content-type": "application/json" };

  async function control(method: string, operation: string, body?: object): Promise<unknown> {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}/_emulator/${operation}`, init);
    if (!answer.ok) throw new Error(`Cannot ${method} ${operation} at the emulator: ${await answer.text()}`);
    return answer.json();
  }

  return {
    commandId: COMMAND_ID,
    instanceIds,
    environment,
    inject: async (fault) => void (await control("POST", "faults", fault)),
    takeCalls: async () => {
      const journal = (await control("GET", "journal")) as { action: string }[];
      await control("DELETE", "journal");
      return countBy(journal.map(({ action }) => action));
    },
    countRuns: () => instanceIds.map((id: string) => countLines(path.join(machines, id, "root", "runs"))),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function readLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError("Cannot start the emulator: its output must be a pipe");
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error("Cannot start the emulator: it ended before it listened; its reason stands above");
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const countLines = (file: string): number =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).length : 0;
