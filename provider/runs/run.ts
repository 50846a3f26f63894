/** `cloud-assistant run`: a script on machines from the command line, with the preflight, run, wait and results of a resource. */
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Clock } from "../cloud/clock";
import { findRegionId } from "../cloud/credentials";
import { parseInputs } from "../rules/declaration";
import { describeDeliveries, describeExits, describeResult } from "../rules/failures";
import { type Declaration, declare } from "../rules/inputs";
import { showLines } from "../rules/printed";
import { failedInstances, type InstanceResult, type Results } from "../rules/results";
import { makeRun } from "../rules/run";
import { countInstances, listIds } from "../rules/words";
import type { Call } from "./call";
import { describeError, ExpectedFailure } from "./failure";
import { observe } from "./observe";
import { waitUntilReady } from "./ready";
import { request } from "./request";
import { openSession } from "./session";
import { waitForRuns } from "./wait";

const HELP = `Usage: cloud-assistant run [options] -- SCRIPT | FILE

Runs a script on instances, waits, and prints what each of them printed. One file is taken as the script; anything else is the script itself.

  --instance-id ID     an instance (i-… or mi-…); may be repeated
  --tag KEY=VALUE      instead, the instances that carry the tag; may be repeated
  --parameter KEY=VALUE  the value of {{KEY}} in the script; may be repeated
  --type TYPE          RunShellScript (default), RunBatScript or RunPowerShellScript
  --timeout SECONDS    after which it is ended (default 60)
  --username NAME      who runs it (default root, on Windows System)
  --working-dir DIR    where it runs
  --region R           the region (default: ALICLOUD_REGION, then ALIBABA_CLOUD_REGION)
  --yes                run it without asking
  --json               print one JSON object: invokeId, status, results
  --help               print this text

Credentials and endpoint are found as in a stack without configuration: environment, profiles, the machine's RAM role.

Exit code: that of the worst machine; 1 where one has none, or the service refused; 2 the command line or the script is wrong.
`;

/** What the command takes from the machine. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Shows what is going on. */
  readonly tell: (line: string) => void;
  /** Asks the person; undefined where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
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
  type: "--type",
  timeout: "--timeout",
  username: "--username",
};

/** From the arguments after the command's name to what it prints and how it exits. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<Output> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return { exitCode: 0, stdout: HELP, stderr: "" };
    const inputs = readInputs(values, positionals, surroundings.environment);
    const { invokeId, status, results, unfinished } = await run(inputs, values.yes, surroundings);
    const stdout = values.json
      ? `${JSON.stringify({ invokeId, status, results }, undefined, 2)}\n`
      : Object.entries(results).map(formatResult).join("\n");
    const said = [...describeExits(results), ...describeDeliveries(results), ...unfinished];
    return {
      exitCode: findExitCode(results, unfinished),
      stdout,
      stderr: said.map((line) => `${line}\n`).join(""),
    };
  } catch (error) {
    if (error instanceof Misuse || isArgumentError(error))
      return { exitCode: 2, stdout: "", stderr: `${messageOf(error)}\nTry "cloud-assistant run --help"\n` };
    return { exitCode: 1, stdout: "", stderr: `${messageOf(describeError("Cannot run the script", error))}\n` };
  }
}

/** The command line is wrong, or what it asks for. */
class Misuse extends Error {}

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

function readInputs(values: Values, positionals: readonly string[], environment: NodeJS.ProcessEnv): Declaration {
  if (positionals.length === 0) throw new Misuse("No script given: write it after --, or the name of a file");
  const { timeout } = values;
  const { properties, failures, inputs } = parseInputs(
    {
      commandContent: readScript(positionals),
      instanceIds: values["instance-id"],
      resourceTags: readPairs("--tag", values.tag),
      parameters: readPairs("--parameter", values.parameter),
      type: values.type,
      timeout: timeout === undefined ? undefined : Number(timeout),
      username: values.username,
      workingDir: values["working-dir"],
      regionId: values.region,
    },
    findRegionId(() => undefined, environment),
  );
  if (inputs === undefined)
    throw new Misuse(failures.map(({ property, reason }) => rename(property, reason)).join("\n"));
  return declare(properties);
}

const rename = (property: string, reason: string): string =>
  reason.replace(property, OPTION_NAMES[property] ?? property);

/** One word that names a file is that file. */
function readScript(words: readonly string[]): string {
  const [file = ""] = words;
  if (words.length > 1 || !statSync(file, { throwIfNoEntry: false })?.isFile()) return words.join(" ");
  const bytes = readFileSync(file);
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) throw new Misuse(`The script must be UTF-8: file "${file}" is not; convert it`);
  return text;
}

function readPairs(option: string, pairs: readonly string[] | undefined): Record<string, string> | undefined {
  return pairs && Object.fromEntries(pairs.map((pair) => splitPair(option, pair)));
}

function splitPair(option: string, pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new Misuse(`${option} must be KEY=VALUE: current value is ${JSON.stringify(pair)}`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

async function run(inputs: Declaration, isAgreed: boolean | undefined, surroundings: Surroundings) {
  const { environment, clock, tell, confirm } = surroundings;
  const session = openSession({
    configuration: () => undefined,
    environment,
    clock,
    engine: async () => true,
    backend: "",
  });
  const progress = {
    status: tell,
    note: async (text: string) => tell(text),
    warn: async (text: string) => tell(`warning: ${text}`),
  };
  const call: Call = { urn: "", isSecret: false, secretInputs: new Set(), progress, session };
  const region = session.connect(inputs.regionId);
  const { failures, warnings } = await observe(call, region, inputs);
  if (failures.length > 0)
    throw new Misuse(failures.map(({ property, reason }) => rename(property, reason)).join("\n"));
  for (const warning of warnings) await progress.warn(warning);
  const where = inputs.instanceIds
    ? `${countInstances(inputs.instanceIds.length)} (${listIds(inputs.instanceIds)})`
    : `the instances with ${Object.entries(inputs.resourceTags ?? {})
        .map((tag) => tag.join("="))
        .join(", ")}`;
  if (isAgreed !== true) {
    if (confirm === undefined) throw new Misuse(`Nothing was run on ${where}: there is nobody to ask; add --yes`);
    if (!(await confirm(`Run the script on ${where} in region "${inputs.regionId}"?`)))
      throw new ExpectedFailure("Nothing was run");
  }
  await waitUntilReady(call, region, inputs);
  const { invokeId } = await request(region.calls, makeRun(inputs), { ClientToken: randomUUID() });
  const waited = await waitForRuns(call, region, inputs, [{ invokeId, instanceIds: inputs.instanceIds }], {});
  return { invokeId, ...waited };
}

/** `== i-a: exited with code 3`, and what it printed. */
function formatResult([id, result]: [string, InstanceResult]): string {
  const printed = result.output === "" ? [] : showLines(result.output.replace(/\r?\n$/, ""));
  return [`== ${id}: ${describeEnd(result)}`, ...printed, ""].join("\n");
}

const describeEnd = (result: InstanceResult): string =>
  result.status === "Success" ? `Success (${result.finishTime ?? ""})` : describeResult(result);

/** A machine that failed without an exit code counts as 1. */
function findExitCode(results: Results, unfinished: readonly string[]): number {
  const codes = failedInstances(results, "Once").map((id) => {
    const code = results[id]?.exitCode ?? 0;
    return code > 0 && code < 256 ? code : 1;
  });
  return Math.max(0, unfinished.length > 0 ? 1 : 0, ...codes);
}
