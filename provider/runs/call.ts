/** One call of a handler, as its front describes it: what every step of a run may need to know of it. */
import type { Clock } from "../cloud/clock";
import type { Session } from "./session";

/** Where a handler says what it does. Nothing here ever fails: a message that cannot be sent is dropped. */
export interface Progress {
  /** Replaces the text on the resource's row, such as `7 of 12 finished`. */
  status(text: string): void;
  /** Adds a line under the resource. Once per text, since the engine runs `check` twice for a replacement. */
  note(text: string): Promise<void>;
  /** The same as a warning. */
  warn(text: string): Promise<void>;
}

export interface Call {
  /** The resource. */
  urn: string;
  /** Whether an input is secret, and with it whatever comes of it. */
  isSecret: boolean;
  /** Whether it replaces another resource; undefined where the engine does not tell. */
  isReplacement?: boolean;
  /** Whether nothing may be done; undefined where the engine does not tell. */
  isPreview?: boolean;
  progress: Progress;
  session: Session;
  /** Ends the waits when the person interrupts. */
  signal?: AbortSignal;
  /** Seconds that the whole call may take (`customTimeouts`). */
  limitSeconds?: number;
  /** When the call came, milliseconds since the epoch. */
  startedAt: number;
}

/** What bounds a wait of so many seconds: the call's own limit, if that is over sooner. */
export function boundWait(
  { session: { clock }, signal, limitSeconds, startedAt }: Call,
  seconds: number,
): { clock: Clock; deadline: number; signal?: AbortSignal } {
  const own = clock.now() + seconds * 1000;
  const deadline = limitSeconds === undefined ? own : Math.min(own, startedAt + limitSeconds * 1000);
  return { clock, deadline, ...(signal ? { signal } : {}) };
}
