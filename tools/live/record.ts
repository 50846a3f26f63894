/** What an account answered, as a file that tests read: nothing of whose account it was. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Finding } from "./questions";

/** Where tests look for what real accounts answered. */
export const FOLDER = path.resolve(__dirname, "../../tests/fixtures/live");

export interface LiveRecord {
  readonly regionId: string;
  /** When, ISO 8601. */
  readonly seenAt: string;
  readonly agentVersion: string;
  readonly osName: string;
  /** How many were named. */
  readonly machines: number;
  /** By name of the question. */
  readonly answers: Readonly<Record<string, Finding>>;
  /** Why a question has no answer, by its name. */
  readonly unanswered: Readonly<Record<string, string>>;
}

/** Ids of machines, commands, invocations and accounts, wherever they stand. */
const IDS = /\b(m?i|c|t)-[A-Za-z0-9]{6,}\b|\b\d{16}\b/g;

/** The record as text, without ids. */
export const formatRecord = (record: LiveRecord): string =>
  `${JSON.stringify(record, null, 2).replace(IDS, (_, kind) => (kind === undefined ? "…" : `${kind}-…`))}\n`;

export function writeRecord(file: string, record: LiveRecord): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, formatRecord(record));
}

/** Those that are there, by the name of their file; none before anybody has asked. */
export function readRecords(folder: string = FOLDER): readonly (readonly [name: string, record: LiveRecord])[] {
  const files = listFiles(folder).filter((file) => file.endsWith(".json"));
  return files.map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), "utf8")) as LiveRecord] as const);
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
