/** `cloud-assistant run`: a script on machines from the command line, with the preflight, run, wait and results of a resource. */
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Clock } from "../cloud/clock";
import { findRegionId } from "../cloud/credentials";
import { ApiError, mayHaveActed } from "../cloud/errors";
import { parseInputs } from "../rules/declaration";
import { describeDeliveries, describeExits, describeResult } from "../rules/failures";
import { type Declaration, declare } from "../rules/inputs";
import { showLines } from "../rules/printed";
import { failedInstances, type InstanceResult, type Results } from "../rules/results";
import { makeRun } from "../rules/run";
import { agree, count, countInstances, listIds } from "../rules/words";
import type { Call } from "./call";
import { describeError, ExpectedFailure, Interruption } from "./failure";
import { observe } from "./observe";
import { waitUntilReady } from "./ready";
import { request } from "./request";
import { openSession } from "./session";
import { type Remedy, waitForRuns } from "./wait";

const HELP = `Usage: cloud-assistant run [options] -- SCRIPT | FILE | -

Runs a script on instances, waits, and prints what each of them printed. The name of a file is that file, - is standard input, and anything else the
script itself; several words are joined by blanks, so quote what the shell here must not read.

  --instance-id ID              an instance (i-… or mi-…); may be repeated
  --tag KEY=VALUE               instead, the instances that carry the tag; with several, those that carry all
  --parameter KEY=VALUE         the value of {{KEY}} in the script; may be repeated
  --type TYPE                   RunShellScript (default), RunBatScript or RunPowerShellScript
  --timeout SECONDS             after which it is ended (default 60)
  --username NAME               who runs it (default root, on Windows System)
  --windows-password-name NAME  the encrypted OOS parameter with that user's password, on Windows
  --working-dir DIR             where it runs (default: the home of the user)
  --region R                    the region (default: ALICLOUD_REGION, then ALIBABA_CLOUD_REGION)
  --yes                         run it without asking
  --json                        print one JSON object: invokeId, status, results
  --help                        print this text

What is going on goes to standard error. Credentials and endpoint are found as in a stack without configuration: environment, profiles, the
machine's RAM role. Ctrl-C ends the wait, not the run.

Exit code: the highest of the machines'; 1 where one has none, or the service refused; 2 nothing was run, since the command line or the script is
wrong, or an instance cannot run it; 130 interrupted.
`;

/** What the command takes from the machine. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Shows what is going on. */
  readonly tell: (line: string) => void;
  /** Asks the person; undefined where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** All of standard input. */
  readonly read: () => Buffer;
  /** From now on the first Ctrl-C aborts what it gives back, and only the second one ends the process. */
  readonly listen: () => AbortSignal;
}

export interface Output {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const OPTIONS = {
  "instance-id": { type: "string", multiple: true },
  tag: { type: "string", multiple: true },
  parameter: { type: "string", multiple: true },
  type: { type: "string" },
  timeout: { type: "string" },
  username: { type: "string" },
  "windows-password-name": { type: "string" },
  "working-dir": { type: "string" },
  region: { type: "string" },
  yes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** What a person reads of a property is the option that sets it. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  instanceIds: "--instance-id",
  resourceTags: "--tag",
  parameters: "--parameter",
  workingDir: "--working-dir",
  regionId: "--region",
  commandContent: "the script",
  windowsPasswordName: "--windows-password-name",
  type: "--type",
  timeout: "--timeout",
  username: "--username",
};
/** Names that are no words mean the property wherever they stand; those that are words too, where a remedy names them. */
const PLAIN_NAMES =
  /\b(?:instanceIds|resourceTags|workingDir|regionId|commandContent|windowsPasswordName|(?<=\b(?:raise|correct|remove|with) )(?:timeout|username))\b/g;

/** How one goes on with a run that was not waited for to its end. */
const remedyFor = (invokeId: string, regionId: string): Remedy => ({
  again: `see what it comes to with \`aliyun ecs DescribeInvocationResults --RegionId ${regionId} --InvokeId ${invokeId} --ContentEncoding PlainText\``,
  setting: "--timeout",
});

const INTERRUPTED_EXIT_CODE = 130;

/** From the arguments after the command's name to what it prints and how it exits. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<Output> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return { exitCode: 0, stdout: HELP, stderr: "" };
    const inputs = readInputs(values, positionals, surroundings);
    const { invokeId, status, results, unfinished, isInterrupted } = await run(inputs, values.yes, surroundings);
    const stdout = values.json
      ? `${JSON.stringify({ invokeId, status, results }, undefined, 2)}\n`
      : Object.entries(results).map(formatResult).join("\n");
    const said = [...describeExits(results), ...describeDeliveries(results), ...unfinished];
    return {
      exitCode: isInterrupted ? INTERRUPTED_EXIT_CODE : findExitCode(results, unfinished),
      stdout,
      stderr: said.map((line) => `${line}\n`).join(""),
    };
  } catch (error) {
    if (error instanceof Refusal) return { exitCode: 2, stdout: "", stderr: `${error.message}\n` };
    if (error instanceof Misuse || isArgumentError(error))
      return { exitCode: 2, stdout: "", stderr: `${messageOf(error)}\nTry "cloud-assistant run --help"\n` };
    const exitCode = error instanceof Interruption ? INTERRUPTED_EXIT_CODE : 1;
    return {
      exitCode,
      stdout: "",
      stderr: `${rename("", messageOf(describeError("Cannot run the script", error)))}\n`,
    };
  }
}

/** The command line is wrong. */
class Misuse extends Error {}

/** What it asks for cannot be, and nothing was run. */
class Refusal extends Error {}

const isArgumentError = (error: unknown): boolean =>
  String((error as { code?: unknown } | undefined)?.code).startsWith("ERR_PARSE_ARGS");

// Node goes on with how to pass a positional argument that begins with "-".
const messageOf = (error: unknown): string =>
  isArgumentError(error)
    ? ((error as Error).message.split(". ")[0] ?? "")
    : error instanceof Error
      ? error.message
      : String(error);

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

function readInputs(values: Values, positionals: readonly string[], surroundings: Surroundings): Declaration {
  if (positionals.length === 0) throw new Misuse("No script given: write it after --, or the name of a file");
  const { timeout } = values;
  if (timeout !== undefined && !/^\d{1,9}$/.test(timeout))
    throw new Misuse(`--timeout must be a whole number of seconds: current value is ${JSON.stringify(timeout)}`);
  const regionId = values.region ?? findRegionId(() => undefined, surroundings.environment);
  // `--region "$REGION"` gives an empty one where the variable is not set.
  if (!regionId) throw new Misuse("No region given: write --region, or set ALICLOUD_REGION or ALIBABA_CLOUD_REGION");
  const { properties, failures, inputs } = parseInputs(
    {
      commandContent: readScript(positionals, surroundings),
      instanceIds: values["instance-id"],
      resourceTags: readPairs("--tag", values.tag),
      parameters: readPairs("--parameter", values.parameter),
      type: values.type,
      timeout: timeout === undefined ? undefined : Number(timeout),
      username: values.username,
      windowsPasswordName: values["windows-password-name"],
      workingDir: values["working-dir"],
    },
    regionId,
  );
  if (inputs === undefined)
    throw new Misuse(failures.map(({ property, reason }) => rename(property, reason)).join("\n"));
  return declare(properties);
}

const rename = (property: string, reason: string): string =>
  reason
    .replace(property, OPTION_NAMES[property] ?? property)
    .replace(PLAIN_NAMES, (name) => OPTION_NAMES[name] ?? name)
    .replace(", such as instance.id", "");

/** What is called like a file that holds a script. */
const LIKE_FILE = /^\S+\.(?:sh|bash|py|pl|rb|ps1|bat|cmd)$/;

/** One word that names a file is that file. */
function readScript(words: readonly string[], { read, tell }: Surroundings): string {
  const [file = ""] = words;
  if (words.length === 1 && file === "-") return decode(read(), "standard input");
  const entry = words.length === 1 ? statSync(file, { throwIfNoEntry: false }) : undefined;
  if (entry?.isFile()) return decode(readFileSync(file), `file "${file}"`);
  if (entry?.isDirectory())
    tell(`warning: "${file}" is a folder here and no file, so that this very word is the script`);
  else if (words.length === 1 && LIKE_FILE.test(file))
    tell(`warning: there is no file "${file}" here, so that this very word is the script`);
  return words.join(" ");
}

function decode(bytes: Buffer, source: string): string {
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) throw new Refusal(`The script must be UTF-8: ${source} is not; convert it`);
  return text;
}

function readPairs(option: string, pairs: readonly string[] | undefined): Record<string, string> | undefined {
  if (pairs === undefined) return undefined;
  const split = pairs.map((pair) => splitPair(option, pair));
  const keys = split.map(([key]) => key);
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) throw new Misuse(`${option} must name each key once: "${twice}" is there twice`);
  return Object.fromEntries(split);
}

function splitPair(option: string, pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new Misuse(`${option} must be KEY=VALUE: current value is ${JSON.stringify(pair)}`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

async function run(inputs: Declaration, isAgreed: boolean | undefined, surroundings: Surroundings) {
  const { environment, clock, tell, confirm } = surroundings;
  const signal = surroundings.listen();
  const session = openSession({
    configuration: () => undefined,
    environment,
    clock,
    engine: async () => true,
    backend: "",
    signal,
  });
  let last = "";
  const progress = {
    status: (text: string) => {
      if (text !== last) tell(text);
      last = text;
    },
    note: async (text: string) => tell(text),
    warn: async (text: string) => tell(`warning: ${text}`),
  };
  const call: Call = {
    urn: "",
    isSecret: false,
    secretInputs: new Set(),
    progress,
    session,
    signal,
  };
  const region = session.connect(inputs.regionId);
  const { failures, warnings } = await observe(call, region, inputs);
  if (failures.length > 0)
    throw new Refusal(failures.map(({ property, reason }) => rename(property, reason)).join("\n"));
  for (const warning of warnings) await progress.warn(warning);
  const where = inputs.instanceIds
    ? `${countInstances(inputs.instanceIds.length)} (${listIds(inputs.instanceIds)})`
    : `the instances with ${Object.entries(inputs.resourceTags ?? {})
        .map((tag) => tag.join("="))
        .join(", ")}`;
  if (isAgreed !== true) {
    if (confirm === undefined) throw new Refusal(`Nothing was run on ${where}: there is nobody to ask; add --yes`);
    if (!(await confirm(`Run the script on ${where} in region "${inputs.regionId}"?`)))
      throw new ExpectedFailure("Nothing was run");
  }
  await waitUntilReady(call, region, inputs);
  const { invokeId } = await request(region.calls, makeRun(inputs), { ClientToken: randomUUID() }).catch((error) => {
    throw error instanceof ApiError && mayHaveActed(error) ? describeLost(error, inputs.regionId) : error;
  });
  const runs = [{ invokeId, instanceIds: inputs.instanceIds }];
  const waited = await waitForRuns(call, region, inputs, runs, {}, remedyFor(invokeId, inputs.regionId));
  return { invokeId, ...waited, isInterrupted: signal.aborted };
}

/** Nobody goes on with it, as the next update of a resource does. */
const describeLost = (error: ApiError, regionId: string): ExpectedFailure =>
  new ExpectedFailure(
    `Cannot tell whether the script runs: ${error.message}; it may have started all the same: look for it with \`aliyun ecs DescribeInvocations --RegionId ${regionId}\` before you run it again`,
    { cause: error },
  );

/** `== i-a: exited with code 3`, and what it printed. */
function formatResult([id, result]: [string, InstanceResult]): string {
  const printed = result.output === "" ? [] : showLines(result.output.replace(/\r?\n$/, ""));
  const { dropped } = result;
  const lost = dropped > 0 ? `; ${count(dropped, "byte")} of its output ${agree(dropped, "is", "are")} not kept` : "";
  return [`== ${id}: ${describeEnd(result)}${lost}`, ...printed, ""].join("\n");
}

const describeEnd = (result: InstanceResult): string =>
  result.status === "Success" ? `Success (${result.finishTime ?? ""})` : rename("", describeResult(result));

/** A machine that failed without an exit code counts as 1. */
function findExitCode(results: Results, unfinished: readonly string[]): number {
  const codes = failedInstances(results, "Once").map((id) => {
    const code = results[id]?.exitCode ?? 0;
    return code > 0 && code < 256 ? code : 1;
  });
  return Math.max(0, unfinished.length > 0 ? 1 : 0, ...codes);
}
