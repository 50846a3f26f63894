/** `npm run live -- --instance i-…`: settles on a real account what the documents of the service leave open. */
import path from "node:path";
import { parseArgs } from "node:util";
import { isLoopback } from "../../emulator/control/access";
import { interview } from "./interview";
import { QUESTIONS } from "./questions";
import { FOLDER, formatRecord, writeRecord } from "./record";
import { connect } from "./service";

const HELP = `Usage: npm run live -- --instance ID [options]

Asks a real account ${QUESTIONS.length} questions that the documents of the service leave open, and writes what it answers as a file that tests read.
It takes some ten minutes. It runs "true" and "sleep" on the machine, stops and starts it once, reboots it once, and removes all that it made.
Nothing that it calls is charged by itself. The key comes from the environment or this machine, as with Alibaba Cloud's tools.

  --instance ID       a running Linux machine with an agent; given twice, a second one takes part in what a single machine cannot show
  --region REGION     its region (default ALIBABA_CLOUD_REGION)
  --keep-running      leave out what stops or reboots the machine
  --token-minutes N   how long a ClientToken is watched (default 8)
  --output FILE       where to write (default tests/fixtures/live/REGION.json; of an emulator, standard output)
  --help              this text

ALIBABA_CLOUD_ENDPOINT_ECS names another endpoint. The key must be allowed: ecs:CreateCommand, DeleteCommand, InvokeCommand, StopInvocation,
ModifyInvocationAttribute, TagResources, StartInstance, StopInstance, DescribeCommands, DescribeInvocations, DescribeInvocationResults,
DescribeInstances, DescribeCloudAssistantStatus.
Exit code: 0 every question was answered, 1 some were not or something was left behind, 2 the command line is wrong.
`;

const OPTIONS = {
  instance: { type: "string", multiple: true },
  region: { type: "string" },
  "keep-running": { type: "boolean" },
  "token-minutes": { type: "string" },
  output: { type: "string" },
  help: { type: "boolean" },
} as const;

/** The command line, or the environment, is wrong: nothing was asked. */
class UsageError extends Error {}

async function main(): Promise<number> {
  const { values } = parseOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const instanceIds = values.instance ?? [];
  if (instanceIds.length === 0 || instanceIds.length > 2 || !instanceIds.every((id) => /^i-[A-Za-z0-9]+$/.test(id))) {
    throw new UsageError(
      `Cannot ask: one machine, or two, must be named with --instance i-…: ${instanceIds.length === 0 ? "there is none" : `it is "${instanceIds.join('", "')}"`}. The first is stopped, started and rebooted, once each`,
    );
  }
  const regionId = values.region ?? process.env.ALIBABA_CLOUD_REGION;
  if (!regionId)
    throw new UsageError("Cannot ask: the region must be named with --region, or ALIBABA_CLOUD_REGION be set");
  const endpoint = process.env.ALIBABA_CLOUD_ENDPOINT_ECS || `https://ecs.${regionId}.aliyuncs.com`;
  const isEmulator = isLoopback(new URL(endpoint).hostname.replace(/[[\]]/g, ""));
  const output = values.output ?? (isEmulator ? undefined : path.join(FOLDER, `${regionId}.json`));

  const broken = new AbortController();
  // Taken again and again: one Ctrl-C arrives twice, from the terminal and from npm or tsx, and must not end the clean-up.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => broken.abort());
  const { record, left } = await interview({
    regionId,
    instanceIds,
    call: connect({ regionId, endpoint }),
    now: Date.now,
    wait: (ms) => sleep(ms, broken.signal),
    tokenMinutes: parseMinutes(values["token-minutes"] ?? "8"),
    keepRunning: values["keep-running"] ?? false,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  if (output === undefined) process.stdout.write(formatRecord(record));
  else if (!broken.signal.aborted) writeRecord(output, record);
  const open = Object.keys(record.unanswered);
  if (output !== undefined && !broken.signal.aborted) process.stderr.write(`Wrote ${output}\n`);
  if (open.length > 0) process.stderr.write(`Not answered: ${open.join(", ")}\n`);
  return open.length === 0 && left.length === 0 ? 0 : 1;
}

function parseOptions() {
  try {
    return parseArgs({ options: OPTIONS });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

function parseMinutes(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot ask: --token-minutes must be a whole number: current value is "${text}"`);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Error("broken off"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
