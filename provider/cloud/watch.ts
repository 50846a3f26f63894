/** Looks at invocations for many waits at once, with as few calls as they allow. */

import { describeInvocations, type InvocationRecord } from "./actions";
import type { Calls } from "./calls";
import type { Clock } from "./clock";
import { ApiError } from "./errors";
import { findInvocation } from "./search";

export interface InvocationWatch {
  /**
   * One look at an invocation, `undefined` when the service has no record of it. The machines' outputs are there
   * once the invocation has ended; before that they may be left out.
   * @param deadline Milliseconds since the epoch after which a throttled look is given up.
   * @throws {ApiError}
   */
  look(invokeId: string, deadline: number): Promise<InvocationRecord | undefined>;
}

/** So many questions are asked side by side; while they are under way, further looks gather. */
const HANDFUL = 3;

/** A listing is read so far; whatever is older is asked for by id. */
const MAX_PAGES = 4;

/** An invocation in any other status has ended. */
const LIVE_STATUSES = ["Pending", "Scheduled", "Running", "Stopping"];

/** A look may be held back for others to join: not in a wait's first two seconds, then a seventh of its age. */
const PROMPT_MS = 2_000;
const PATIENCE = 1 / 7;
const LONGEST_PATIENCE_MS = 1_000;

interface Ticket {
  invokeId: string;
  deadline: number;
  answer: (record: Promise<InvocationRecord | undefined>) => void;
}

/**
 * Shares looks between the waits of a run: a handful are asked for by id; when more come together, one listing of the newest
 * invocations answers all of them, and what is not on it or has ended is asked for by id.
 */
export function createInvocationWatch(calls: Calls, clock: Clock): InvocationWatch {
  const firstLooks = new Map<string, number>();
  let queue: Ticket[] = [];
  let asking = 0;
  let overdue = false;
  let listable = true;

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    asking++;
    try {
      return await question();
    } finally {
      asking--;
      if (overdue) answerQueue();
    }
  }

  const lookAlone = ({ invokeId, deadline }: Ticket) =>
    ask(() => findInvocation(calls.within({ deadline }), invokeId, { includeOutput: true }));

  async function list(tickets: readonly Ticket[]): Promise<Map<string, InvocationRecord>> {
    const client = calls.within({ deadline: Math.min(...tickets.map(({ deadline }) => deadline)) });
    const wanted = new Set(tickets.map(({ invokeId }) => invokeId));
    const listed = new Map<string, InvocationRecord>();
    let nextToken: string | undefined;
    for (let page = 0; page < MAX_PAGES && nextToken !== "" && listed.size < wanted.size; page++) {
      const answer = await describeInvocations(client, nextToken === undefined ? {} : { nextToken });
      for (const invocation of answer.invocations) {
        if (wanted.has(invocation.invokeId)) listed.set(invocation.invokeId, invocation);
      }
      nextToken = answer.nextToken;
    }
    return listed;
  }

  /** RAM may allow a named invocation and deny the listing; then each is asked for by id from now on. */
  async function listIfAllowed(tickets: readonly Ticket[]): Promise<Map<string, InvocationRecord>> {
    try {
      return await ask(() => list(tickets));
    } catch (failure) {
      if (!(failure instanceof ApiError) || (failure.kind !== "denied" && failure.kind !== "refused")) throw failure;
      listable = false;
      return new Map();
    }
  }

  function answerQueue(): void {
    overdue = asking >= HANDFUL;
    if (overdue) return;
    const tickets = queue;
    queue = [];
    if (tickets.length <= HANDFUL || !listable) {
      for (const ticket of tickets) ticket.answer(lookAlone(ticket));
      return;
    }
    const listing = listIfAllowed(tickets);
    for (const ticket of tickets) ticket.answer(listing.then((listed) => finish(ticket, listed.get(ticket.invokeId))));
  }

  async function finish(ticket: Ticket, listed: InvocationRecord | undefined): Promise<InvocationRecord | undefined> {
    return listed !== undefined && isUnderWay(listed) ? listed : lookAlone(ticket);
  }

  function findPatienceMs(invokeId: string): number {
    const now = clock.now();
    const firstLook = firstLooks.get(invokeId) ?? now;
    firstLooks.set(invokeId, firstLook);
    const ageMs = now - firstLook;
    return ageMs < PROMPT_MS ? 0 : Math.min(ageMs * PATIENCE, LONGEST_PATIENCE_MS);
  }

  return {
    look: (invokeId, deadline) =>
      new Promise((answer) => {
        const ticket: Ticket = { invokeId, deadline, answer };
        const patienceMs = findPatienceMs(invokeId);
        queue.push(ticket);
        void (patienceMs === 0 ? Promise.resolve() : clock.sleep(patienceMs)).then(() => {
          if (queue.includes(ticket)) answerQueue();
        });
      }),
  };
}

/** Whether there is nothing more to see than a listing shows: its machines are there, and no final output is left out. */
const isUnderWay = ({ invocationStatus, instances }: InvocationRecord): boolean =>
  LIVE_STATUSES.includes(invocationStatus) && instances.length > 0;
