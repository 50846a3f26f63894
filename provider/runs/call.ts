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
  /** The inputs that are. */
  secretInputs: ReadonlySet<string>;
  /** Whether it replaces another resource; undefined where the engine does not tell. */
  isReplacement?: boolean;
  /** Whether nothing may be done; undefined where the engine does not tell. */
  isPreview?: boolean;
  progress: Progress;
  session: Session;
  /** Ends the waits when the person interrupts. */
  signal?: AbortSignal;
  /** How long the whole call may take, where the program bounds it. */
  limit?: Limit;
}

/** The end of a wait. */
export interface Limit {
  seconds: number;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** What the program sets it with. */
  setting: string;
}

/** @param setting what the program sets it with, such as `customTimeouts.create` */
export const limitCall = (clock: Clock, seconds: number, setting: string): Limit => ({
  seconds,
  deadline: clock.now() + seconds * 1000,
  setting,
});

/** What a wait is to be told of its end: the sooner of its own and that of the whole call. */
export interface Bounds extends Limit {
  clock: Clock;
  signal?: AbortSignal;
}

/** The present, for telling when a schedule runs next; undefined where that is secret. */
export const tellTime = ({ session: { clock }, secretInputs }: Call): number | undefined =>
  secretInputs.has("frequency") ? undefined : clock.now();

/** @param setting what the program sets the wait's own seconds with */
export function boundWait({ session: { clock }, signal, limit }: Call, seconds: number, setting: string): Bounds {
  const own = limitCall(clock, seconds, setting);
  const sooner = limit !== undefined && limit.deadline < own.deadline ? limit : own;
  return { ...sooner, clock, ...(signal ? { signal } : {}) };
}
