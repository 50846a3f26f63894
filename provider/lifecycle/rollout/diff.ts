/** diff of a fleet: what the next update does, machine by machine, in words; and whether it does anything. */
import type { Declaration } from "../../rules/inputs";
import {
  describePlan,
  describeResumption,
  describeUnknown,
  type FleetState,
  judgeRolloutChanges,
  listUnknown,
  next,
  parseRollout,
  pickRolloutInputs,
  type RolloutPolicy,
} from "../../rules/rollout";
import { containsUnknown } from "../../rules/unknown";
import { arePlural, countInstances, listIds } from "../../rules/words";
import type { Call } from "../../runs/call";
import type { Difference } from "../diff";
import type { Properties } from "../state";
import { declareRun, factsOf, findGeneration, planFleet } from "./plan";
import { parseFleet } from "./state";

/**
 * @param olds the state's outputs
 * @param news the checked inputs
 */
export async function diffFleet(call: Call, id: string, olds: Properties, news: Properties): Promise<Difference> {
  const { session, urn, progress } = call;
  const state = parseFleet(olds);
  for (const invokeId of [...state.invokeIds, ...(state.earlier?.invokeIds ?? [])]) session.saved.add(invokeId);
  session.known(urn).fleet = state;
  const inputs = pickRolloutInputs(news);
  const changes = judgeRolloutChanges(state, inputs);
  if (changes.changed.includes("regionId")) return { replaces: ["regionId"], changed: ["regionId"] };
  const { joined, left, generation } = changes;
  const isMoved = joined.length + left.length > 0;
  const changed = [...changes.changed, ...(isMoved && inputs.instanceIds !== undefined ? ["instanceIds"] : [])];
  const { policy } = parseRollout(news, undefined);
  if (policy === undefined || containsUnknown(news)) {
    await progress.note(describeUnknown(listUnknown(news)));
    return { changed };
  }
  const isRefresh = session.refreshed.has(id) && !session.checked.has(urn);
  if (joined.length > 0) await progress.note(`${countInstances(joined.length)} joined: ${listIds(joined)}`);
  if (left.length > 0)
    await progress.note(
      `${countInstances(left.length)} left${state.repeatMode === "Once" ? "" : ", where the schedule is stopped"}: ${listIds(left)}`,
    );
  if (isRefresh) {
    const stopped = listStopped(state);
    if (stopped.length > 0)
      await progress.note(
        `somebody has stopped the schedule on ${countInstances(stopped.length)}: ${listIds(stopped)}; the next \`pulumi up\` starts it there again`,
      );
    return { changes: joined.length + left.length + stopped.length > 0, changed };
  }
  if (generation.length > 0 && generation.some((name) => name !== "timed"))
    await progress.note(
      `${generation.join(", ")} ${arePlural(...generation) ? "change" : "changes"}: ${changes.isInPlace ? "goes over the fleet again, and changes each live invocation in place" : "runs on the whole fleet again"}`,
    );
  const lines = await foresee(call, state, declareRun(inputs), policy);
  for (const line of lines) await progress.note(line);
  if (changes.changed.length > 0) return { changed };
  return { changes: lines.length > 0 || isMoved, changed };
}

const listStopped = ({ record, failures }: FleetState): string[] =>
  record.machines.filter((id) => failures[id]?.cause === "stopped");

/** What the next update does; empty when nothing runs. */
async function foresee(call: Call, state: FleetState, inputs: Declaration, policy: RolloutPolicy): Promise<string[]> {
  const region = call.session.connect(inputs.regionId);
  const generation = findGeneration(inputs, state);
  // What the program does not change is asked about by the update alone.
  const planned = await planFleet(call, region, inputs, policy, generation, state);
  const facts = factsOf(planned, inputs);
  if (!generation.isSame) return [describePlan(planned.plan)];
  const step = next(planned.plan, facts, call.session.clock.now());
  if (step.verdict && step.verdict.status === state.record.status) return [];
  const lines = describeResumption(planned.plan, facts);
  return lines.length > 0
    ? [lines.join("; ")]
    : step.verdict
      ? [`becomes ${step.verdict.status}, and runs nothing`]
      : [];
}
