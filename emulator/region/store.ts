/** The state of one emulated region: machines, commands, invocations and what is remembered about them. Knows nothing of HTTP. */
import { randomBytes } from "node:crypto";
import type { OutcomeRule } from "../agent/rule";
import type { Choices } from "../choices";
import type { Clock } from "../clock";
import type { Events } from "../events";
import type { Faults } from "../faults";
import type { Command, Invocation, Machine } from "./records";

/** What DescribeAccountAttributes tells. */
export interface Quotas {
  /** Commands kept in the region. */
  readonly commands: number;
  /** Calls of InvokeCommand and RunCommand in the region a day (UTC). */
  readonly invocationsPerDay: number;
}

export interface Store {
  readonly regionId: string;
  readonly regionIds: readonly string[];
  readonly accountId: string;
  readonly clock: Clock;
  readonly choices: Choices;
  /** May change while it runs. */
  readonly quotas: { -readonly [Name in keyof Quotas]: Quotas[Name] };
  readonly faults: Faults;
  /** What machines answer instead of running scripts. */
  readonly outcomes: readonly OutcomeRule[];
  /** Where everything that happens to machines and runs is told. */
  readonly events: Pick<Events, "add">;
  /** Folder that holds the machines' sandboxes. */
  readonly directory: string;
  readonly machines: Map<string, Machine>;
  readonly commands: Map<string, Command>;
  /** In the order of their creation. */
  readonly invocations: Map<string, Invocation>;
  /** First answers by action and ClientToken. */
  readonly tokens: Map<string, { fingerprint: string; answer: Readonly<Record<string, unknown>>; expires: number }>;
  /** Invocations started on `day` (days since 1970, UTC). */
  readonly spent: { day: number; invocations: number };
  /** When expired records were last looked for. */
  readonly swept: { at: number };
  /** The next number of a listing's order. */
  nextSequence(): number;
  /** Calls back after `delayMs` of the clock, at once when that is 0, unless the emulator has been stopped. */
  later(delayMs: number, callback: () => void): void;
  close(): void;
}

export function createStore(
  settings: Pick<
    Store,
    | "regionId"
    | "regionIds"
    | "accountId"
    | "clock"
    | "choices"
    | "quotas"
    | "faults"
    | "outcomes"
    | "events"
    | "directory"
  >,
): Store {
  const timers = new Set<ReturnType<Clock["setTimeout"]>>();
  let sequence = 0;
  let closed = false;
  return {
    ...settings,
    machines: new Map(),
    commands: new Map(),
    invocations: new Map(),
    tokens: new Map(),
    spent: { day: 0, invocations: 0 },
    swept: { at: settings.clock.now() },
    nextSequence: () => ++sequence,
    later(delayMs, callback) {
      if (closed) return;
      if (delayMs === 0) {
        callback();
        return;
      }
      const timer = settings.clock.setTimeout(() => {
        timers.delete(timer);
        callback();
      }, delayMs);
      timers.add(timer);
    },
    close() {
      closed = true;
      for (const timer of timers) settings.clock.clearTimeout(timer);
      timers.clear();
    },
  };
}

/** Ids are opaque: a prefix and 32 hexadecimal digits. */
export function createId(prefix: "c" | "t"): string {
  return `${prefix}-${randomBytes(16).toString("hex")}`;
}

/** `2020-01-19T09:15:46Z`, or empty when there is no instant. */
export function formatInstant(ms: number | undefined): string {
  return ms === undefined ? "" : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `2017-12-10T04:04Z`: instances tell minutes only. */
export function formatMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
