/** Every request and what became of it, for tests and for counting calls. Bounded: the oldest entries go first. */
import { createBacklog } from "./backlog";
import { MAX_JOURNAL_BYTES, MAX_JOURNAL_ENTRIES } from "./limits";
import { redact } from "./redaction";

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
  /** The invocation that it made or named; absent when there is none. */
  readonly invokeId?: string;
}

export interface Journal {
  add(entry: JournalEntry): void;
  entries(): readonly JournalEntry[];
  clear(): void;
}

export function createJournal(): Journal {
  return createBacklog<JournalEntry>({
    maxEntries: MAX_JOURNAL_ENTRIES,
    maxBytes: MAX_JOURNAL_BYTES,
    countBytes({ parameters }) {
      let bytes = 200;
      for (const [name, value] of Object.entries(parameters)) bytes += name.length + value.length;
      return bytes;
    },
  });
}

const MAX_VALUE_CHARACTERS = 80;
const MAX_LINE_CHARACTERS = 2_000;

/** One line of the log: when, which action, what was answered, and the parameters as far as they may be shown. */
export function formatLogLine({ action, parameters, code, status, at }: JournalEntry): string {
  const shown = Object.entries(redact(parameters)).map(
    ([name, value]) => `${name}=${value.slice(0, MAX_VALUE_CHARACTERS)}`,
  );
  const verdict = code === "" ? String(status) : `${status} ${code}`;
  const line = [new Date(at).toISOString(), action || "(no action)", verdict, ...shown].join(" ");
  return escapeControls(line.slice(0, MAX_LINE_CHARACTERS));
}

/** Whoever sends a line break must not write a line of the log. */
function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
