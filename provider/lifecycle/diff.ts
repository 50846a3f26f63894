/** diff: says what an update would do, to the engine in its terms and to the person in words. It asks the service nothing. */
import { type Changes, changedInputs, isUnchanged, judgeChanges } from "../rules/changes";
import { describeDrift } from "../rules/drift";
import { describeChanges } from "../rules/preview";
import { invokeIdsOf } from "../rules/results";
import { isLive } from "../rules/status";
import { type Call, hidesScript, tellTime } from "../runs/call";
import { hold, release } from "./hold";
import { type Properties, parseState } from "./state";

export interface Difference {
  /** Whether anything differs; absent where the inputs show it themselves. */
  changes?: boolean;
  /** Properties that demand a new resource. */
  replaces?: string[];
  deleteBeforeReplace?: boolean;
  /** The inputs that differ in meaning. */
  changed?: string[];
}

/**
 * @param olds the state's outputs, live values after a refresh
 * @param news the checked inputs
 */
export async function diff(call: Call, id: string, olds: Properties, news: Properties): Promise<Difference> {
  const { progress, session, urn } = call;
  const state = parseState(olds);
  const invokeIds = invokeIdsOf(id, state.results ?? {});
  for (const invokeId of invokeIds) session.saved.add(invokeId);
  const isRefresh = session.refreshed.has(state.invokeId) && !session.checked.has(urn);
  if (!isRefresh) release(call, invokeIds);
  await hold(call, invokeIds);
  const changes = judgeChanges(state, news);
  Object.assign(session.known(urn), { state: { ...state, invokeId: id }, isRefreshed: isRefresh });
  if (isUnchanged(changes)) return { changes: false };
  const lines = isRefresh
    ? describeDrift(changes, state, news)
    : describeChanges(changes, state, news, tellTime(call), hidesScript(call));
  for (const line of lines) await progress.note(line);
  return {
    ...decide(changes),
    changed: changedInputs(state, news),
    // Two schedules must never run side by side, even if it is `replaceOnChanges` that replaces. A finished run must not
    // drag its dependents into a delete.
    ...(isLive(state.status) ? { deleteBeforeReplace: true } : {}),
  };
}

/** Without a verdict the engine compares the inputs itself, which shows each change and honours `replaceOnChanges`. */
function decide(changes: Changes): Difference {
  const replaces = changes.replace.map(({ property }) => property);
  const inputsDiffer =
    changes.inPlace !== undefined ||
    changes.tags ||
    changes.settings.length > 0 ||
    replaces.some((property) => property !== "status");
  return { ...(inputsDiffer ? {} : { changes: true }), ...(replaces.length > 0 ? { replaces } : {}) };
}
