/**
 * The end of a session: takes the unsaved tag off the runs whose ids were seen in a state, and says what lives on unseen. Only
 * what handlers were given proves that an id was saved: an engine that could not save ends in the same orderly way.
 */
import { MAX_UNTAGGED, untagInvocations } from "../cloud/actions";
import type { Client } from "../cloud/client";
import { ApiError } from "../cloud/errors";
import { identify } from "../rules/identity";
import { statusOf } from "../rules/results";
import { isLive } from "../rules/status";
import { UNSAVED_TAG_KEY } from "../rules/tags";
import { agree, count } from "../rules/words";
import { claimRun } from "./claim";
import { isOvertaken, type OwnRun } from "./ours";
import type { Region, Session } from "./session";

/** The engine ends its plugins five seconds after it has asked them to: a throttled call is not waited for longer. */
export const CLOSE_MS = 3_000;

/**
 * @param urn any resource of the session, which tells the stack; "" when none told
 * @param warn says something under the stack
 */
export async function closeSession(
  session: Session,
  urn: string,
  warn: (text: string) => Promise<void>,
): Promise<void> {
  const { regions, backend } = session;
  if (!session.hasActed) return;
  const stack = urn === "" ? undefined : identify(urn, backend).stack;
  const closing = [...regions.values()].map((region) => closeRegion(session, region, stack, warn));
  // A tag that cannot be taken off stays, and the next session takes it off; the end of an update is no time for complaints.
  await Promise.all(closing).catch(() => {});
}

const isKnown = (ids: readonly Pick<ReadonlySet<string>, "has">[], { record }: OwnRun): boolean =>
  ids.some((known) => known.has(record.invokeId));

/** What carries the unsaved tag although a state was seen to hold it. */
const listKnown = (saved: ReadonlySet<string>, { deleted, untagged }: Region, found: readonly OwnRun[]): OwnRun[] =>
  found.filter((run) => run.isUnsaved && isKnown([saved, deleted], run) && !isKnown([untagged], run));

/** Of what carries the unsaved tag, the ids that it comes off. */
function listSeen(saved: ReadonlySet<string>, region: Region, found: readonly OwnRun[]): string[] {
  const overtaken = found.filter((run) => run.isUnsaved && !isKnown([region.untagged], run) && isOvertaken(run, found));
  // Before what has overtaken them, by which they are known.
  const seen = [...overtaken, ...listKnown(saved, region, found)];
  return [...new Set(seen.map(({ record }) => record.invokeId))];
}

/**
 * Does not leave to the end of the session what fills a call: there may be thousands, which every look lists again, and the
 * end is short.
 */
export async function untagMany({ saved }: Session, region: Region, found: readonly OwnRun[]): Promise<void> {
  // Every start comes here: what a look has found is compared with one another only where there is something to do.
  if (!region.mayUntag || listKnown(saved, region, found).length < MAX_UNTAGGED) return;
  const invokeIds = listSeen(saved, region, found);
  for (const invokeId of invokeIds) region.untagged.add(invokeId);
  try {
    await untagInvocations(region.calls, { invokeIds, tagKeys: [UNSAVED_TAG_KEY] });
  } catch {
    // The end tries again, and says why.
    for (const invokeId of invokeIds) region.untagged.delete(invokeId);
    region.mayUntag = false;
  }
}

async function closeRegion(
  { saved, held, stopped, clock, holders, backend }: Session,
  region: Region,
  stack: string | undefined,
  warn: (text: string) => Promise<void>,
): Promise<void> {
  const client = region.calls.within({ deadline: clock.now() + CLOSE_MS, interruptible: false });
  const untag = (invokeIds: readonly string[]) =>
    untagInvocations(client, { invokeIds, tagKeys: [UNSAVED_TAG_KEY] }).catch(async (error: unknown) => {
      if (error instanceof ApiError && error.kind === "denied") await warn(describeDenial(invokeIds.length));
    });
  // Of a run that is over the state tells no stack.
  if (stack === undefined) return untag([...region.deleted]);
  const found = await lookOnce(region, stack, client);
  const untagging = untag(listSeen(saved, region, found));
  // One of a resource whose state holds another, as after a backup of the state was put back, is nobody's either.
  const shown = new Set([...holders.values()].map((urn) => identify(urn, backend).resource));
  const orphans = found.filter(
    (run) =>
      (run.isUnsaved || shown.has(run.owner.resource)) &&
      isLive(statusOf(run.record)) &&
      !isKnown([saved, held, stopped, region.deleted], run),
  );
  for (const orphan of orphans) await warn(describeOrphan(orphan, region.regionId));
  const claims = found.map(({ record }) => {
    const urn = holders.get(record.invokeId);
    const isOurs = urn !== undefined && saved.has(record.invokeId) && !stopped.has(record.invokeId);
    return isOurs ? claimRun(client, urn, backend, record) : undefined;
  });
  await Promise.all([untagging, ...claims]);
}

/** A session that asked the service nothing about its runs asks nothing at its end either, unless it deleted some. */
const lookOnce = async ({ ours, deleted }: Region, stack: string, client: Client): Promise<readonly OwnRun[]> =>
  deleted.size === 0 ? ours.seen : ours.lookUnsaved(stack, client);

const describeDenial = (n: number): string =>
  `${countTagged(n)} tag "${UNSAVED_TAG_KEY}", since the account may not take it off: a resource that is replaced or declared again takes the earlier run for its own; grant "ecs:UntagResources", or change triggers then`;

const countTagged = (n: number): string => `${count(n, "invocation")} ${agree(n, "keeps its", "keep their")}`;

const describeOrphan = ({ record, owner }: OwnRun, regionId: string): string =>
  `invocation "${record.invokeId}" of resource "${owner.name}" is ${record.invocationStatus}, and nothing has shown yet that a state holds it: if \`pulumi stack --show-ids\` does not list it, nor that of a stack it was moved to, it lives on unseen; stop it then with \`npx cloud-assistant runs --region ${regionId} --stop ${record.invokeId}\``;
