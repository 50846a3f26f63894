import type { Advance } from "./advance";
import type { EmulatorEvent, EventsOptions } from "./events";
import type { Fault } from "./faults";
import type { JournalEntry } from "./journal";
import type { CommandSeed } from "./region/command";
import type { InstancePatch, InstanceSeed } from "./region/machine";

/** An emulator that runs, and what a test may do to it. */
export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The one region that holds anything. */
  readonly regionId: string;
  /** The key with which requests must be signed. */
  readonly accessKeyId: string;
  /** Its secret: whoever holds it runs commands on this machine. */
  readonly accessKeySecret: string;
  /** What the control API is asked with, as `Authorization: Bearer …`. */
  readonly controlToken: string;
  /** Where a browser shows what happens, with the token behind the `#`; undefined without the control API. */
  readonly pageUrl: string | undefined;
  /** What a client needs in its environment; with the control API, its token as well, as `CLOUD_ASSISTANT_EMULATOR_TOKEN`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The machines, in the order in which they came. */
  readonly instanceIds: readonly string[];
  /**
   * Adds a machine.
   * @returns its id
   * @throws RangeError when the id is taken, or is not one
   */
  addInstance(seed?: InstanceSeed): string;
  /**
   * Changes a machine from outside, at once; what the patch leaves out stays.
   * @throws RangeError when there is no such machine
   */
  updateInstance(instanceId: string, patch: InstancePatch): void;
  /**
   * Restarts a machine, as RebootInstance does: what runs there is killed, and the agent is back after a moment of the clock.
   * @throws RangeError when there is no such machine, or it does not run
   */
  rebootInstance(instanceId: string): void;
  /**
   * Adds a command.
   * @returns its id
   */
  addCommand(seed: CommandSeed): string;
  /** Lets something go wrong. */
  inject(fault: Fault): void;
  /** Lets nothing go wrong any more. */
  clearFaults(): void;
  /** Every request since the start, or since it was cleared, the oldest first. */
  journal(): readonly JournalEntry[];
  /** Forgets the requests so far. */
  clearJournal(): void;
  /**
   * What happens, from the first event that is still kept, as it happens: `for await (const event of emulator.events()) …`.
   * Some 10,000 events are kept; in the place of those that are gone comes one that says how many. It ends when the emulator stops.
   */
  events(options?: EventsOptions): AsyncIterableIterator<EmulatorEvent>;
  /** Number of the last event; 0 before the first. */
  readonly sequence: number;
  /**
   * Moves a driven clock on and lets everything that falls due happen.
   * @param ms milliseconds, 0 or more
   * @throws RangeError when schedules would start more runs than `maxRuns`, and nothing has happened; or when machines that reboot in a circle
   * have started more, and the clock has stopped on its way
   * @throws TypeError with the system's clock
   */
  advance(ms: number, options?: Advance): Promise<void>;
  /**
   * Moves a driven clock on to the next run of any schedule, and lets it run.
   * @returns when it was, milliseconds since the epoch; undefined when there is none, and the clock has not moved
   * @throws TypeError with the system's clock
   */
  advanceToNextRun(): Promise<number | undefined>;
  /**
   * Forgets an invocation, as the service does after 30 days.
   * @throws RangeError when there is no such invocation
   */
  expire(invokeId: string): void;
  /** Ends every process, closes every connection and removes the sandboxes. Safe to call twice. */
  stop(): Promise<void>;
}
