/** One stream of what happens in an emulator, for whoever watches: numbered, and kept for a while, so that one who comes later can catch up. */
import { createBacklog } from "./backlog";
import type { Clock } from "./clock";
import type { Fault } from "./faults";
import { MAX_EVENT_BYTES, MAX_EVENTS } from "./limits";
import type { MachineStatus, RunStatus } from "./region/records";

/** A machine came, or is another than it was: its status, its agent or what it is called. */
export interface MachineChange {
  /** Tells it from the other events. */
  readonly kind: "machine";
  /** Which machine. */
  readonly instanceId: string;
  /** What it is now. */
  readonly status: MachineStatus;
}

/** What became of a command on one machine. */
export interface RunChange {
  /** Tells it from the other events. */
  readonly kind: "run";
  /**
   * - `waiting`: the machine has it, and runs it when its time comes
   * - `started`: a run began
   * - `output`: it printed more; a run of a schedule tells its output at its end alone
   * - `ended`: a run, or the wait for one, is over
   * - `stopping`: it was told to stop, and has not ended yet
   */
  readonly phase: "waiting" | "started" | "output" | "ended" | "stopping";
  /** Of which invocation. */
  readonly invokeId: string;
  /** On which machine. */
  readonly instanceId: string;
  /** The service's `InvocationStatus` of this machine. */
  readonly status: RunStatus;
  /** Runs started so far. */
  readonly repeats: number;
  /** Undefined while there is none. */
  readonly exitCode: number | undefined;
  /** What the last run came to once it is over; of a schedule, `status` is Scheduled again. */
  readonly runStatus: RunStatus | undefined;
  /** Of the last run, milliseconds since the epoch; undefined when none began. */
  readonly startTime: number | undefined;
  /** Of the last run, milliseconds since the epoch; undefined while it is not over. */
  readonly finishTime: number | undefined;
  /** Empty when all is well. */
  readonly errorCode: string;
  /** The tail of what the run printed so far, at most 24 KB. */
  readonly output: string;
}

/** A request was answered. */
export interface AnswerChange {
  /** Tells it from the other events. */
  readonly kind: "answer";
  /** Empty when the request named none. */
  readonly action: string;
  /** HTTP status; 0 when the connection was cut. */
  readonly status: number;
  /** Empty when the call succeeded, or when there was no answer. */
  readonly code: string;
  /** As the answer had it, and the journal has it. */
  readonly requestId: string;
  /** The invocation that the request made or named; absent when there is none. */
  readonly invokeId?: string;
}

/** The clock was advanced. */
export interface TimeChange {
  /** Tells it from the other events. */
  readonly kind: "time";
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Milliseconds since the epoch. */
  readonly to: number;
}

/** A fault was injected, or is over: it was cleared, or struck as often as it was told. */
export interface FaultChange {
  /** Tells it from the other events. */
  readonly kind: "fault";
  /** False: it is over. */
  readonly isOn: boolean;
  /** As it was injected. */
  readonly fault: Fault;
}

/** Stands in for events that are no longer kept: look at the whole anew. */
export interface MissedChange {
  /** Tells it from the other events. */
  readonly kind: "missed";
  /** How many. */
  readonly count: number;
}

/** What happened. */
export type EmulatorChange = MachineChange | RunChange | AnswerChange | TimeChange | FaultChange;

/** What happened, with its number and its time. */
export type EmulatorEvent = (EmulatorChange | MissedChange) & {
  /** 1, 2, 3, …; of `missed` the last that was missed. */
  readonly sequence: number;
  /** Milliseconds since the epoch, of the emulator's clock. */
  readonly at: number;
};

/** Where to begin, and how to end. */
export interface EventsOptions {
  /** Only what came after the event with this number. @default 0: everything that is still kept */
  readonly since?: number;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

export interface Events {
  add(change: EmulatorChange): void;
  /** Number of the last event; 0 before the first. */
  readonly last: number;
  read(options?: EventsOptions): AsyncIterableIterator<EmulatorEvent>;
  /** Every stream ends when it has told what is there. */
  close(): void;
}

/** Events that a reader takes at a time: a slow one holds no more, and the rest is where all find it. */
const BATCH = 100;

export function createEvents(clock: Clock): Events {
  const backlog = createBacklog<EmulatorEvent>({
    maxEntries: MAX_EVENTS,
    maxBytes: MAX_EVENT_BYTES,
    countBytes: (event) => 200 + (event.kind === "run" ? event.output.length : 0),
  });
  const waiting = new Set<() => void>();
  let isClosed = false;

  const wake = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  const take = (since: number): EmulatorEvent[] => {
    const { entries, missed } = backlog.after(since, BATCH);
    const last = since + missed;
    const gap: EmulatorEvent[] = missed > 0 ? [{ kind: "missed", count: missed, sequence: last, at: clock.now() }] : [];
    return [...gap, ...entries];
  };

  return {
    add(change) {
      backlog.add({ ...change, sequence: backlog.last + 1, at: clock.now() });
      if (waiting.size > 0) wake();
    },
    get last() {
      return backlog.last;
    },
    read({ since = 0, signal } = {}) {
      // A number that was not given yet is that of an earlier emulator, of whose events there are none.
      let seen = since > backlog.last ? 0 : since;
      let batch: EmulatorEvent[] = [];
      let isOver = false;
      const end = { done: true, value: undefined } as const;
      signal?.addEventListener("abort", wake, { once: true });

      return {
        async next() {
          for (;;) {
            if (isOver || signal?.aborted) return end;
            if (batch.length === 0) batch = take(seen);
            const event = batch.shift();
            if (event !== undefined) {
              seen = event.sequence;
              return { done: false, value: event };
            }
            if (isClosed) return end;
            await new Promise<void>((resolve) => waiting.add(resolve));
          }
        },
        async return() {
          isOver = true;
          signal?.removeEventListener("abort", wake);
          wake();
          return end;
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}
