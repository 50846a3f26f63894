/** diff: says what an update would do, to the engine in its terms and to the person in words. It asks the service nothing. */
import type { DiffResult } from "@pulumi/pulumi/dynamic";
import { progressOf } from "../progress";
import { type Changes, isUnchanged, judgeChanges } from "../rules/changes";
import { describeChanges } from "../rules/preview";
import { isLive } from "../rules/status";
import { clock } from "./configure";
import { isDeleteLimitChanged } from "./limit";
import { parseState } from "./state";

type Properties = Record<string, unknown>;

/**
 * @param olds the state's outputs, live values after a refresh
 * @param news the checked inputs
 */
export async function diff(_id: string, olds: Properties, news: Properties): Promise<DiffResult> {
  const state = parseState(olds);
  const changes = judgeChanges(state, news);
  // Its delete is told of the outputs alone, which an update brings up to date.
  if (isUnchanged(changes)) return { changes: isLive(state.status) && isDeleteLimitChanged(olds, news) };
  const progress = progressOf(news.__urn);
  for (const line of describeChanges(changes, state, news, clock.now())) await progress.note(line);
  return {
    ...decide(changes),
    // Two schedules must never run side by side, even if it is `replaceOnChanges` that replaces. A finished run must not
    // drag its dependents into a delete.
    ...(isLive(state.status) ? { deleteBeforeReplace: true } : {}),
  };
}

/** Without a verdict the engine compares the inputs itself, which shows each change and honours `replaceOnChanges`. */
function decide(changes: Changes): DiffResult {
  const replaces = changes.replace.map(({ property }) => property);
  const inputsDiffer =
    changes.inPlace !== undefined ||
    changes.tags ||
    changes.settings.length > 0 ||
    replaces.some((property) => property !== "status");
  return { ...(inputsDiffer ? {} : { changes: true }), ...(replaces.length > 0 ? { replaces } : {}) };
}
