#!/usr/bin/env node
/** The command `cloud-assistant`: one entry in COMMANDS for each thing that it does. */
import { readFileSync } from "node:fs";
import { createInterface, type Interface } from "node:readline/promises";
import { type Surroundings as Present, main as schedule } from "../schedule/cli";
import { systemClock } from "./cloud/clock";
import { main as runs } from "./runs/cli";
import { Interruption } from "./runs/failure";
import { type Surroundings as Machine, type Output, main as run } from "./runs/run";

/** What the commands take from the machine. */
type Surroundings = Present & Machine;

interface Command {
  /** What it does, for the list of commands. */
  readonly summary: string;
  /** From the arguments after the command's name to what it prints and how it exits. */
  readonly main: (args: readonly string[], surroundings: Surroundings) => Output | Promise<Output>;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["schedule", { summary: "explain a frequency, show when it runs next and what is wrong with it", main: schedule }],
  ["run", { summary: "run a script on instances, and print what they print", main: run }],
  ["runs", { summary: "list what is live or in no state, by project, stack and resource, and stop one", main: runs }],
]);

const HELP = `Usage: cloud-assistant <command> [options]

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}\n`).join("")}
"cloud-assistant <command> --help" says more about a command.
`;

/** From the arguments to what is printed and how it exits; the first one names the command. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<Output> {
  const [name, ...rest] = args;
  if (name === "--help") return { exitCode: 0, stdout: HELP, stderr: "" };
  const command = COMMANDS.get(name ?? "");
  if (command !== undefined) return command.main(rest, surroundings);
  return { exitCode: 2, stdout: "", stderr: `${explainName(name)}\nTry "cloud-assistant --help"\n` };
}

function explainName(name: string | undefined): string {
  const expected = `expected ${[...COMMANDS.keys()].map((known) => JSON.stringify(known)).join(" or ")}`;
  if (name === undefined) return `No command given: ${expected}`;
  if (name.startsWith("-")) return `Unknown option ${JSON.stringify(name)}: options stand after the command`;
  return `Unknown command ${JSON.stringify(name)}: ${expected}`;
}

/** Asks whoever sits before the terminal. Whoever ends it there, as with Ctrl-C or Ctrl-D, has said no. */
export async function ask(terminal: Interface, question: string): Promise<boolean> {
  const answer = await new Promise<string>((resolve) => {
    terminal.once("close", () => resolve(""));
    terminal.question(`${question} [y/N] `).then(resolve, () => resolve(""));
  });
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const confirm = (question: string): Promise<boolean> =>
  ask(createInterface({ input: process.stdin, output: process.stderr }), question);

function listen(): AbortSignal {
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Interruption()));
  return interruption.signal;
}

/** Whoever read it, such as `head`, may have seen enough; what cannot be written for another reason is a failure. */
function listenForReaders(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`Cannot write to standard output: ${error.message}\n`);
    process.exitCode = 1;
  });
}

async function start(): Promise<void> {
  listenForReaders();
  const { exitCode, stdout, stderr } = await main(process.argv.slice(2), {
    now: new Date(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    environment: process.env,
    clock: systemClock,
    tell: (line) => void process.stderr.write(`${line}\n`),
    confirm: process.stdin.isTTY ? confirm : undefined,
    read: () => readFileSync(0),
    listen,
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}

if (require.main === module) void start();
