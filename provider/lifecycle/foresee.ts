/** What the outputs will be, as far as a preview can know: it may do nothing, and what depends on them wants to be told. */
import { isUnchanged, judgeChanges } from "../rules/changes";
import { declare } from "../rules/inputs";
import { containsUnknown, UNKNOWN } from "../rules/unknown";
import { formatOutputs, type Properties, parseState, SCHEMA_VERSION } from "./state";
import { keepResults } from "./update";

/** @param properties the checked inputs, what is not known yet as the engine's sentinels */
export const foreseeCreate = (properties: Properties): Properties => foresee(properties, UNKNOWN);

/** A change of tags or of settings alone leaves what has run as it is. */
export function foreseeUpdate(id: string, olds: Properties, news: Properties): Properties {
  const state = parseState(olds);
  const isSettled = isUnchanged({ ...judgeChanges(state, news), tags: false, settings: [] });
  if (!isSettled || containsUnknown(news.maxOutputBytes)) return foresee(news, id);
  const results = keepResults(state, declare(news));
  return formatOutputs({ ...news, agentVersion: state.agentVersion }, { invokeId: id, status: state.status, results });
}

const foresee = (properties: Properties, invokeId: string): Properties => ({
  ...properties,
  invokeId,
  status: UNKNOWN,
  results: UNKNOWN,
  schemaVersion: SCHEMA_VERSION,
});
