/** Outcomes by rule, so that a fleet can go wrong without a script for each machine. */
import { createHash } from "node:crypto";
import type { Outcome } from "./outcome";

/** What machines answer instead of running a script, as far as it holds for them. */
export interface OutcomeRule extends Outcome {
  /** Tags that a machine carries. @default every machine */
  readonly tags?: Readonly<Record<string, string>>;
  /** Name or content of the command. @default every command */
  readonly command?: string;
  /** Of these machines, about so many in a hundred, from 0 to 100; by their ids, so always the same ones. @default 100 */
  readonly percent?: number;
}

/** What a rule is asked about. */
export interface Asked {
  readonly instanceId: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly commandName: string;
  readonly content: string;
}

/** The outcome of the first rule that holds; a machine's own outcomes count more. */
export const findByRule = (rules: readonly OutcomeRule[], asked: Asked): Outcome | undefined =>
  rules.find((rule, index) => holds(rule, index, asked));

function holds({ tags = {}, command, percent = 100 }: OutcomeRule, index: number, asked: Asked): boolean {
  if (command !== undefined && command !== asked.commandName && command !== asked.content) return false;
  if (Object.entries(tags).some(([key, value]) => asked.tags.get(key) !== value)) return false;
  return percent >= 100 || drawPercent(`${index} ${asked.instanceId}`) < percent;
}

/** A number from 0 to 100 that is the same for the same text. */
const drawPercent = (text: string): number =>
  (createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32) * 100;
