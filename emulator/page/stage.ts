/** What every part of the page is handed: what is known, when it is, and what may be done. */
import type { Execution } from "./execution";
import type { Life } from "./life";
import type { Session } from "./session";

/** What is looked at more closely. */
export type Choice =
  | { readonly kind: "run"; readonly invokeId: string; readonly instanceId: string; readonly repeats: number }
  | { readonly kind: "machine"; readonly instanceId: string };

/** What is said for a while, and what it leads to. */
export interface Notice {
  readonly text: string;
  readonly tone: "good" | "bad";
  readonly runs: readonly Execution[];
}

export interface Stage {
  readonly life: Life;
  /** The emulator's time. */
  readonly now: number;
  /** The zone that times are shown in. */
  readonly zone: string;
  readonly isConnected: boolean;
  readonly chosen: Choice | undefined;
  readonly ask: Session["ask"];
  choose(choice: Choice | undefined): void;
  say(notice: Notice): void;
  /** Does it, and says why when it was refused. */
  attempt(work: () => Promise<void>): Promise<void>;
}

/** A page's own words for a run: which command, else which invocation. */
export const nameRun = (life: Life, invokeId: string): string => {
  const invocation = life.invocations.get(invokeId);
  return invocation?.commandName || invocation?.commandId || invokeId;
};

/** The last run of an invocation, on any machine; of a schedule that has not run yet, the one that it waits for. */
export function findLastRun(
  life: Life,
  invokeId: string,
): Pick<Execution, "invokeId" | "instanceId" | "repeats"> | undefined {
  let last: Execution | undefined;
  for (const execution of life.byKey.values()) if (execution.invokeId === invokeId) last = execution;
  const instanceId = life.schedules.find((each) => each.invokeId === invokeId)?.instanceIds[0];
  return last ?? (instanceId === undefined ? undefined : { invokeId, instanceId, repeats: 0 });
}
