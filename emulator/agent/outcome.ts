/** What a machine answers instead of running a script: scripted beforehand, spoken at its time. */

import type { Clock, Timer } from "../clock";
import { type Copy, createOutput } from "./output";
import type { Ending, Run } from "./process";

/** One scripted answer. */
export interface Outcome {
  /** @default 0 */
  readonly exitCode?: number;
  /** @default "" */
  readonly output?: string;
  /** Milliseconds of the emulator's clock until it ends. @default 0 */
  readonly durationMs?: number;
}

/** Answers by the command's name or by its content; `"*"` answers for all others. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/** The answer for a command: its name counts more than its content, both more than `"*"`. */
export function findOutcome(outcomes: Outcomes, commandName: string, content: string): Outcome | undefined {
  for (const key of [commandName, content, "*"]) {
    if (key !== "" && Object.hasOwn(outcomes, key)) return outcomes[key];
  }
  return undefined;
}

/** Exit code of a scripted run that was killed. */
const KILLED_EXIT_CODE = -1;

/** "Runs" an outcome: its output is there at once, its end comes when the clock says so. */
export function startOutcome({ exitCode = 0, output = "", durationMs = 0 }: Outcome, clock: Clock, copy?: Copy): Run {
  const written = createOutput(undefined, copy);
  written.write(Buffer.from(output));
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const timer: Timer | undefined = durationMs > 0 ? clock.setTimeout(() => end({ exitCode }), durationMs) : undefined;
  if (!timer) end({ exitCode });

  return {
    isBegun: true,
    ended,
    output: written,
    kill() {
      if (timer) clock.clearTimeout(timer);
      end({ exitCode: KILLED_EXIT_CODE });
      return true;
    },
  };
}
