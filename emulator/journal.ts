/** Every request and what became of it, for tests and for counting calls. Bounded: the oldest entries go first. */
import { MAX_JOURNAL_BYTES, MAX_JOURNAL_ENTRIES } from "./limits";

/** One request that arrived. */
export interface JournalEntry {
  /** Empty when the request named none. */
  readonly action: string;
  /** As they arrived, without signature, key and protocol parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The answer's code; empty when the call succeeded, or when there was no answer. */
  readonly code: string;
  /** HTTP status; 0 when the connection was cut. */
  readonly status: number;
  /** Milliseconds since the epoch, of the emulator's clock. */
  readonly at: number;
  /** As the answer had it. */
  readonly requestId: string;
}

export interface Journal {
  add(entry: JournalEntry): void;
  entries(): readonly JournalEntry[];
  clear(): void;
}

export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let bytes = 0;
  return {
    add(entry) {
      entries.push(entry);
      bytes += countBytes(entry);
      if (entries.length <= 2 * MAX_JOURNAL_ENTRIES && bytes <= 2 * MAX_JOURNAL_BYTES) return;
      entries = findNewest(entries);
      bytes = entries.reduce((sum, kept) => sum + countBytes(kept), 0);
    },
    entries: () => findNewest(entries),
    clear() {
      entries = [];
      bytes = 0;
    },
  };
}

function findNewest(entries: readonly JournalEntry[]): JournalEntry[] {
  let bytes = 0;
  let first = entries.length;
  while (first > 0 && entries.length - first < MAX_JOURNAL_ENTRIES) {
    bytes += countBytes(entries[first - 1]);
    if (bytes > MAX_JOURNAL_BYTES) break;
    first--;
  }
  return entries.slice(first);
}

function countBytes(entry: JournalEntry | undefined): number {
  if (entry === undefined) return 0;
  let bytes = 200;
  for (const [name, value] of Object.entries(entry.parameters)) bytes += name.length + value.length;
  return bytes;
}

/** One line of the log; values of `Parameters` and contents are left out, since they may be secret. */
export function formatLogLine(entry: JournalEntry): string {
  const shown = Object.entries(entry.parameters)
    .map(([name, value]) => (SECRET_NAMES.has(name) ? `${name}=…` : `${name}=${value.slice(0, 80)}`))
    .join(" ");
  const verdict = entry.code === "" ? String(entry.status) : `${entry.status} ${entry.code}`;
  return `${new Date(entry.at).toISOString()} ${entry.action || "(no action)"} ${verdict} ${shown}`.trimEnd();
}

const SECRET_NAMES = new Set(["Parameters", "CommandContent", "WindowsPasswordName", "ClientToken"]);
