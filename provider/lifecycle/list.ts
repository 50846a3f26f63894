/** Which invocations a region has: whoever started them, and whatever state holds them. */
import type { InvocationRecord } from "../cloud/actions";
import { type InvocationQuery, listInvocations } from "../cloud/search";
import { OWN_TAG_KEYS } from "../rules/tags";
import type { Call } from "../runs/call";
import { ExpectedFailure, expected } from "../runs/failure";

/** Which of them are wanted. */
export interface Wanted {
  /** Default: the region of the configuration, then of the environment. */
  regionId?: string;
  /** Tags that they carry, all of them. */
  tags?: Readonly<Record<string, string>>;
  /** Their `InvocationStatus`, such as `Running`, `Scheduled`, `Success` or `Failed`. */
  status?: string;
}

/** What a listing tells of an invocation: neither parameters nor outputs. */
export interface InvocationSummary {
  /** Its id (`t-…`). */
  invokeId: string;
  /** Its region. */
  regionId: string;
  /** Its `InvocationStatus`, such as `Success` or, for a live schedule, `Scheduled`. */
  status: string;
  /** The command that it runs. */
  commandId: string;
  /** The name of the command. */
  commandName: string;
  /** `Once`, `Period`, `NextRebootOnly` or `EveryReboot`. */
  repeatMode: string;
  /** When it runs, of a schedule. */
  frequency?: string;
  /** When it was started, UTC, ISO 8601. */
  creationTime: string;
  /** The machines, sorted. */
  instanceIds: string[];
  /** Its tags, without those that a resource puts there for itself. */
  tags: Record<string, string>;
}

/** The newest first. The service forgets what is over after 30 days. */
export async function listExisting(
  call: Call,
  { regionId: named, tags, status }: Wanted,
): Promise<InvocationSummary[]> {
  const regionId = named ?? call.session.defaultRegionId();
  if (regionId === undefined)
    throw new ExpectedFailure(
      `Cannot list invocations: their region must be known; give regionId, or set "${call.session.nameSetting("region")}" in the stack configuration`,
    );
  const { calls } = call.session.connect(regionId);
  const query: InvocationQuery = tags === undefined ? {} : { tags };
  const records = await expected(`Cannot list invocations in region "${regionId}"`, () =>
    // The service may show what runs by a schedule only where that is asked for.
    Promise.all(
      [
        { ...query, timed: true },
        { ...query, ...narrow(status) },
      ].map((each) => listInvocations(calls, each)),
    ),
  );
  const byId = new Map(records.flat().map((record) => [record.invokeId, record]));
  return [...byId.values()]
    .filter(({ invocationStatus }) => status === undefined || invocationStatus === status)
    .sort((a, b) => (a.creationTime < b.creationTime ? 1 : -1))
    .map((record) => summarize(regionId, record));
}

/** What the service calls `Running` in the older status by which it searches. */
const RUNNING = ["Pending", "Scheduled", "Running"];

const narrow = (status: string | undefined): InvocationQuery =>
  status !== undefined && RUNNING.includes(status) ? { invokeStatus: "Running" } : {};

function summarize(regionId: string, record: InvocationRecord): InvocationSummary {
  const { CommandId = "", CommandName = "", RepeatMode = "Once", Frequency } = record.texts;
  const tags = Object.entries(record.tags).filter(([key]) => !OWN_TAG_KEYS.includes(key));
  return {
    invokeId: record.invokeId,
    regionId,
    status: record.invocationStatus,
    commandId: CommandId,
    commandName: CommandName,
    repeatMode: RepeatMode || "Once",
    ...(Frequency ? { frequency: Frequency } : {}),
    creationTime: record.creationTime,
    instanceIds: record.instances.map(({ instanceId }) => instanceId).sort(),
    tags: Object.fromEntries(tags),
  };
}
