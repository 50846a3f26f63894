/** Says in a person's words what an update is about to do to an invocation. */

import { nextRuns, parseSchedule } from "../../schedule";
import { formatWall, wallAt, zoneOf } from "../../schedule/zone";
import type { Changes, InPlaceChange, InvocationState, Replacement, Resumption } from "./changes";
import { machinesOf } from "./hook";
import type { InvocationInputs } from "./inputs";
import { describeLines } from "./lines";
import { isLive } from "./status";
import { containsUnknown, isUnknown } from "./unknown";
import { arePlural, countInstances, listIds } from "./words";

/**
 * One line per thing that will happen; empty when nothing will. What the service can do in place may be replaced all the same:
 * the engine does not tell of `replaceOnChanges`.
 *
 * @param nowMs the present in ms since the epoch; undefined where the next run must not be told
 * @param isScriptSecret whether lines of the script must not be shown
 */
export function describeChanges(
  changes: Changes,
  state: InvocationState,
  inputs: Partial<InvocationInputs>,
  nowMs: number | undefined,
  isScriptSecret = false,
): string[] {
  const { replace, inPlace, resume } = changes;
  const lines = replace.map(({ property, reason, isOpen }) =>
    isOpen ? `replaced if ${arePlural(property) ? "they differ" : "it differs"}: ${reason}` : `replaced: ${reason}`,
  );
  if (replace.length > 0) lines.push(...describeHooked(replace, state));
  if (inPlace) lines.push(describeInPlace(inPlace, state, nowMs) + describeScript(inPlace, isScriptSecret));
  if (resume.again.length > 0 || resume.waiting.length > 0) lines.push(describeResumption(resume, state, inputs));
  if (resume.joined.length > 0)
    lines.push(`runs on ${describeJoining(resume.joined)} since the last update, and nowhere again`);
  if (resume.unseen) lines.push("goes on waiting for the instances that the service chose");
  if (changes.tags && replace.length === 0) lines.push("tags can change in place, which runs nothing");
  return lines;
}

/** What is replaced takes its leave first, by the hook that the state holds. */
function describeHooked(replace: readonly Replacement[], { onDelete, results }: InvocationState): string[] {
  const ids = machinesOf(results ?? {});
  if (onDelete === undefined || ids.length === 0) return [];
  const when = replace.every(({ isOpen }) => isOpen) ? "if it is replaced" : "before that";
  return [`${when}, onDelete runs on ${countInstances(ids.length)} (${listIds(ids)}), as the last update declared it`];
}

/** `runs again on 2 of 12 instances that failed; 1 still running`. */
function describeResumption(
  { again, waiting }: Resumption,
  state: InvocationState,
  { instanceIds }: Partial<InvocationInputs>,
): string {
  const isOnce = state.repeatMode === "Once";
  // With resourceTags, or before the ids are known, the machines are those that have reported.
  const named = Array.isArray(instanceIds) && !containsUnknown(instanceIds) ? instanceIds : Object.keys(state.results);
  const total = countInstances(named.length);
  return [
    ...(again.length > 0
      ? [
          isOnce
            ? `runs again on ${again.length} of ${total} that failed`
            : `starts anew on ${again.length} of ${total} where it is not in force`,
        ]
      : []),
    ...(waiting.length > 0 ? [`${waiting.length} ${isOnce ? "still running" : "not scheduled yet"}`] : []),
  ].join("; ");
}

/** `2 instances that joined: "i-c", "i-d"`. */
const describeJoining = (ids: readonly string[]): string =>
  `${countInstances(ids.length)} that joined (${listIds(ids)})`;

/** A one-shot runs on the machines that join; the others keep their results. */
function describeMembers({ added, removed, unknownInstances }: InPlaceChange): string {
  const parts = [
    ...(added.length > 0 ? [`runs on ${describeJoining(added)}, and nowhere again`] : []),
    ...(unknownInstances ? ["runs on the instances that join, which are not known before the update"] : []),
    ...(removed.length > 0
      ? [`${countInstances(removed.length)} left (${listIds(removed)}): nothing runs there any more`]
      : []),
  ];
  return parts.join("; ");
}

function describeInPlace(change: InPlaceChange, state: InvocationState, nowMs: number | undefined): string {
  if (state.repeatMode === "Once" || !isLive(state.status)) return describeMembers(change);
  const schedule = change.frequency ? describeFrequency(change.frequency.to, nowMs) : undefined;
  const machines = [
    ...(change.added.length > 0 ? [`${countInstances(change.added.length)} added`] : []),
    ...(change.removed.length > 0 ? [`${change.removed.length} removed, which stops it there`] : []),
    ...(change.unknownInstances ? ["instances not known before the update"] : []),
  ];
  const parts = [
    schedule,
    change.script &&
      (change.script.to === undefined ? "script not known before the update" : "script can change in place"),
    change.parameters ? "parameters can change in place" : undefined,
    machines.join(", ") || undefined,
  ];
  const suffix = state.repeatMode === "Period" ? "" : "; it does not run now";
  return parts.filter((part) => part !== undefined).join("; ") + suffix;
}

/** The lines that change, each on a line of its own. */
function describeScript({ script }: InPlaceChange, isSecret: boolean): string {
  if (script?.to === undefined) return "";
  if (isSecret) return "\n    its lines are not shown, since it is secret";
  return describeLines(script.from, script.to)
    .map((line) => `\n    ${line}`)
    .join("");
}

function describeFrequency(frequency: string, nowMs: number | undefined): string {
  if (isUnknown(frequency)) return "schedule not known before the update";
  const next = nowMs === undefined ? undefined : formatNextRun(frequency, nowMs);
  return `schedule can change in place${next ? `, next run ${next}` : ""}`;
}

/** A rate counts from the creation of the invocation, which the state does not hold. */
function formatNextRun(frequency: string, nowMs: number): string | undefined {
  const schedule = parseSchedule(frequency);
  if (schedule.kind === "rate") return undefined;
  const zone = schedule.zone ?? "UTC";
  const [next] = nextRuns(schedule, { after: new Date(nowMs), zone, count: 1 });
  if (next === undefined) return undefined;
  const caveat = schedule.zone === undefined ? ", if that is the zone of the instances" : "";
  return formatInZone(next, zone) + caveat;
}

/** `2026-12-01 02:00 Asia/Shanghai`, with seconds where there are any. */
export function formatInZone(instant: Date, zone: string): string {
  const wall = formatWall(wallAt(zoneOf(zone), instant.getTime()));
  return `${wall.replace(/:00$/, "")} ${zone}`;
}
