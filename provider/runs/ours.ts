/** The runs at the service that are this stack's own, as their tags say: whatever may have been started and not recorded. */
import type { InvocationRecord } from "../cloud/actions";
import type { Client } from "../cloud/client";
import type { Clock } from "../cloud/clock";
import { listInvocations, listTagged } from "../cloud/search";
import { type Owner, parseOwner } from "../rules/identity";
import { statusOf } from "../rules/results";
import { isLive } from "../rules/status";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";

/** A run with an owner tag. */
export interface OwnRun {
  record: InvocationRecord;
  owner: Owner;
  /** Whether no state is known to hold its id. */
  isUnsaved: boolean;
}

/**
 * Whether it is over, and something else of its resource has begun since: then it counts no more, as v1 does after v2. Both
 * times are the service's; where one cannot be read, it counts.
 */
export const isOvertaken = ({ record, owner }: OwnRun, among: readonly OwnRun[]): boolean =>
  !isLive(statusOf(record)) &&
  among.some(
    (other) =>
      other.owner.resource === owner.resource &&
      other.owner.whole !== owner.whole &&
      Date.parse(other.record.creationTime) > Date.parse(record.creationTime),
  );

export interface OwnRuns {
  /**
   * The runs of a stack of which no state is known to hold the id, and whatever is live and carries an owner tag. Looks that
   * are wanted within some seconds are one look; where there is much to list, within ten times as long as that takes.
   * @throws {ApiError} also when an answer cannot be judged
   */
  look(stack: string): Promise<readonly OwnRun[]>;
  /** The same, asked anew: after an answer was lost. */
  lookAnew(stack: string): Promise<readonly OwnRun[]>;
  /**
   * Only those of which no state is known to hold the id, asked anew.
   * @param by what asks instead, where an interruption must not end it
   */
  lookUnsaved(stack: string, by?: Client): Promise<readonly OwnRun[]>;
  /** What the last look saw; nothing when there was none. */
  readonly seen: readonly OwnRun[];
}

/** One look serves the starts of so long: two engines that ask in the same seconds are parted by the ClientToken. */
const SHARED_MS = 5_000;

/** A look at a thousand runs takes seconds itself, and serves so many times as long: looking never takes most of the time. */
const SHARED_TIMES = 10;

interface Look {
  startedAt: number;
  /** Absent while it is under way. */
  lastedMs?: number;
  found: Promise<readonly OwnRun[]>;
}

export function createOwnRuns(client: Client, clock: Clock): OwnRuns {
  let current: Look | undefined;
  let live: Promise<readonly InvocationRecord[]> | undefined;
  let seen: readonly OwnRun[] = [];

  /**
   * What is live and not marked as unsaved is asked for once in a session. The service may show what runs by a schedule only
   * where that is asked for.
   */
  function listLive(): Promise<readonly InvocationRecord[]> {
    const queries = [{ timed: true }, { invokeStatus: "Running" }];
    live ??= Promise.all(queries.map((query) => listInvocations(client, query))).then((listed) => listed.flat());
    live.catch(() => {
      live = undefined;
    });
    return live;
  }

  const listUnsaved = (stack: string, by = client): Promise<readonly InvocationRecord[]> =>
    listTagged(by, { [UNSAVED_TAG_KEY]: stack });

  async function list(stack: string): Promise<readonly OwnRun[]> {
    const [unsaved, alive] = await Promise.all([listUnsaved(stack), listLive()]);
    // The unsaved ones last, since what is alive may have been asked for long ago.
    seen = judgeAll([...alive, ...unsaved], stack);
    return seen;
  }

  function start(stack: string): Promise<readonly OwnRun[]> {
    const look: Look = { startedAt: clock.now(), found: list(stack) };
    current = look;
    look.found.then(
      () => {
        look.lastedMs = clock.now() - look.startedAt;
      },
      () => {
        if (current === look) current = undefined;
      },
    );
    return look.found;
  }

  /** One that is under way serves whoever comes. */
  const isShared = ({ startedAt, lastedMs = Number.POSITIVE_INFINITY }: Look) =>
    clock.now() - startedAt <= Math.max(SHARED_MS, SHARED_TIMES * lastedMs);

  return {
    look: (stack) => (current !== undefined && isShared(current) ? current.found : start(stack)),
    lookAnew: start,
    lookUnsaved: async (stack, by) => judgeAll(await listUnsaved(stack, by), stack),
    get seen() {
      return seen;
    },
  };
}

/** One record may be listed several times; the last is the newest. */
function judgeAll(records: readonly InvocationRecord[], stack: string): OwnRun[] {
  const byId = new Map(records.map((record) => [record.invokeId, record]));
  return [...byId.values()].flatMap((record) => judge(record, stack) ?? []);
}

function judge(record: InvocationRecord, stack: string): OwnRun | undefined {
  const owner = parseOwner(record.tags[OWNER_TAG_KEY]);
  const isUnsaved = record.tags[UNSAVED_TAG_KEY] === stack;
  return owner !== undefined && (isUnsaved || isLive(statusOf(record))) ? { record, owner, isUnsaved } : undefined;
}
