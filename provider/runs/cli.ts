/** `cloud-assistant runs`: what of this package is live at the service or recorded in no state, by project, stack and resource. */
import { parseArgs } from "node:util";
import { type InvocationRecord, stopInvocation } from "../cloud/actions";
import { createCalls } from "../cloud/calls";
import { type Client, createClient } from "../cloud/client";
import type { Clock } from "../cloud/clock";
import { findRegionId, resolveSettings } from "../cloud/credentials";
import { findInvocation, listInvocations } from "../cloud/search";
import { waitUntil } from "../cloud/wait";
import { type Owner, parseOwner } from "../rules/identity";
import { statusOf } from "../rules/results";
import { isLive } from "../rules/status";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";
import { count, countInstances } from "../rules/words";
import { describeError } from "./failure";

const HELP = `Usage: cloud-assistant runs [options]

Lists what Pulumi programs started with this package and what is live, or recorded in no state, by project, stack and resource.

  --region R     the region (default: ALICLOUD_REGION, then ALIBABA_CLOUD_REGION)
  --project P    only of this project
  --stack S      only of this stack
  --stop ID      stop this one (t-…) and wait until it has ended
  --json         print one JSON array
  --help         print this text

Credentials and endpoint are found as in a stack without configuration: environment, profiles, the machine's RAM role.

Exit code: 0 done, 1 the service refused or it did not stop, 2 the command line is wrong.
`;

/** What the command takes from the machine. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

export interface Output {
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

const OPTIONS = {
  region: { type: "string" },
  project: { type: "string" },
  stack: { type: "string" },
  stop: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** From the arguments after the command's name to what it prints and how it exits. */
export async function main(args: readonly string[], { environment, clock }: Surroundings): Promise<Output> {
  const parsed = parseOptions(args);
  if (typeof parsed === "string") return refuse(parsed);
  if (parsed.help) return print(HELP);
  // `--stack "$STACK"` gives an empty one where the variable is not set: nothing would be found, and that is no comfort.
  const empty = (["region", "project", "stack", "stop"] as const).find((name) => parsed[name] === "");
  if (empty !== undefined)
    return refuse(`--${empty} must have a value: it is empty; write one, or leave the option out`);
  const regionId = parsed.region ?? findRegionId(() => undefined, environment);
  if (regionId === undefined)
    return refuse("No region given: write --region, or set ALICLOUD_REGION or ALIBABA_CLOUD_REGION");
  try {
    const settings = resolveSettings(regionId, () => undefined, environment);
    const client = createCalls(createClient(settings), { clock });
    if (parsed.stop !== undefined) return print(await stop(client, clock, parsed.stop));
    const runs = (await listRuns(client)).filter((run) => isWanted(run, parsed));
    return print(parsed.json ? `${JSON.stringify(runs.map(toJson), undefined, 2)}\n` : formatRuns(runs, regionId));
  } catch (error) {
    const failure = describeError(`Cannot look at the runs in region "${regionId}"`, error);
    const message = failure instanceof Error ? failure.message : String(failure);
    return { exitCode: 1, stdout: "", stderr: `${message.replace(/\bregionId\b/g, "--region")}\n` };
  }
}

const print = (stdout: string): Output => ({ exitCode: 0, stdout, stderr: "" });
const refuse = (reason: string): Output => ({
  exitCode: 2,
  stdout: "",
  stderr: `${reason}\nTry "cloud-assistant runs --help"\n`,
});

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    // Node goes on with how to pass a positional argument that begins with "-".
    return (error as Error).message.split(". ")[0] ?? "";
  }
}

interface OwnRun {
  record: InvocationRecord;
  owner: Owner;
}

/** The service documents no search for the key of a tag alone, so everything is listed: what has ended, and what is live. */
async function listRuns(client: Client): Promise<OwnRun[]> {
  const listed: InvocationRecord[] = [];
  for (const query of [{}, { timed: true }, { invokeStatus: "Running" }])
    listed.push(...(await listInvocations(client, query)));
  const records = new Map(listed.map((record) => [record.invokeId, record]));
  return [...records.values()].flatMap((record) => {
    const owner = parseOwner(record.tags[OWNER_TAG_KEY]);
    return owner && (isLive(statusOf(record)) || isUnsaved(record)) ? { record, owner } : [];
  });
}

const isUnsaved = ({ tags }: InvocationRecord): boolean => tags[UNSAVED_TAG_KEY] !== undefined;

function isWanted({ owner }: OwnRun, { project, stack }: { project?: string; stack?: string }): boolean {
  const [ownProject, ownStack] = owner.name.split("/");
  return (project === undefined || project === ownProject) && (stack === undefined || stack === ownStack);
}

const toJson = ({ record, owner }: OwnRun): object => ({
  invokeId: record.invokeId,
  status: record.invocationStatus,
  isUnsaved: isUnsaved(record),
  resource: owner.name,
  repeatMode: record.texts.RepeatMode ?? "",
  frequency: record.texts.Frequency ?? "",
  creationTime: record.creationTime,
  instanceIds: record.instances.map(({ instanceId }) => instanceId),
});

function formatRuns(runs: readonly OwnRun[], regionId: string): string {
  if (runs.length === 0) return `Nothing of this package is live or unrecorded in region "${regionId}".\n`;
  const rows = runs.map(({ record, owner }) => [
    record.invokeId,
    record.invocationStatus,
    isUnsaved(record) ? "not seen in a state yet" : "in a state",
    owner.name,
    record.texts.Frequency || record.texts.RepeatMode || "",
    countInstances(record.instances.length),
  ]);
  const table = [["invocation", "status", "recorded", "project/stack/resource", "when", "on"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n\n${count(runs.length, "run")} in region "${regionId}". An id counts as recorded once an update has shown it to the provider.\nStop one with: cloud-assistant runs --region ${regionId} --stop <invocation>\n`;
}

/** Seconds that a stop may take: the agent ends the process and reports. */
const STOP_SECONDS = 120;

async function stop(client: Client, clock: Clock, invokeId: string): Promise<string> {
  const record = await findInvocation(client, invokeId);
  const region = `region "${client.regionId}"`;
  if (record === undefined) throw new Error(`Cannot stop invocation "${invokeId}": there is none in ${region}`);
  const owner = parseOwner(record.tags[OWNER_TAG_KEY]);
  if (owner === undefined)
    throw new Error(
      `Cannot stop invocation "${invokeId}": it carries no tag of this package, so somebody else started it; stop it where it was started, or in the console`,
    );
  if (!isLive(statusOf(record)))
    return `Invocation "${invokeId}" of "${owner.name}" is over: ${record.invocationStatus}\n`;
  await stopInvocation(client, { invokeId });
  const outcome = await waitUntil<string, string>({
    look: async () => {
      const seen = await findInvocation(client, invokeId);
      return seen ? statusOf(seen) : "";
    },
    judge: (status) => (isLive(status) ? { state: "waiting" } : { state: "settled", value: status }),
    clock,
    deadline: clock.now() + STOP_SECONDS * 1000,
  });
  if (outcome.state === "expired")
    throw new Error(
      `Cannot stop invocation "${invokeId}" of "${owner.name}": it is still ${outcome.lastSeen ?? "live"} ${STOP_SECONDS} s after it was told to stop; look at the agent of its instances`,
    );
  return `Stopped invocation "${invokeId}" of "${owner.name}": ${outcome.value || "it is gone"}\n`;
}
