/** Says in a person's words what an update is about to do to an invocation. */
import type { Changes, InPlaceChange, InvocationState } from "./changes";
import { countInstances, type InvocationInputs } from "./inputs";
import { nextRuns, parseSchedule } from "./schedule";

/** One line per thing that will happen; empty when nothing will. */
export function describeChanges(
  changes: Changes,
  state: InvocationState,
  inputs: Partial<InvocationInputs>,
  nowMs: number,
): string[] {
  const total = Object.keys(state.results).length;
  const { replace, inPlace, resume } = changes;
  const lines = replace.map(({ reason }) => `replaced: ${reason}`);
  if (inPlace) lines.push(describeInPlace(inPlace, state, inputs, nowMs));
  const resumed = [
    ...(resume.again.length > 0
      ? [`runs again on ${resume.again.length} of ${countInstances(total)} that failed`]
      : []),
    ...(resume.waiting.length > 0 ? [`${resume.waiting.length} still running`] : []),
  ];
  if (resumed.length > 0) lines.push(resumed.join("; "));
  if (changes.tags && replace.length === 0) lines.push("tags change in place, nothing runs");
  return lines;
}

function describeInPlace(
  change: InPlaceChange,
  state: InvocationState,
  inputs: Partial<InvocationInputs>,
  nowMs: number,
): string {
  const next = change.frequency ? formatNextRun(change.frequency.to, nowMs) : undefined;
  const schedule = change.frequency ? `schedule changes in place${next ? `, next run ${next}` : ""}` : undefined;
  const machines = [
    ...(change.added.length > 0 ? [`${countInstances(change.added.length)} added`] : []),
    ...(change.removed.length > 0 ? [`${change.removed.length} removed`] : []),
    ...(change.unknownInstances ? ["instances not known before the update"] : []),
  ];
  const parts = [
    schedule,
    change.parameters ? "parameters change in place" : undefined,
    machines.join(", ") || undefined,
  ];
  const suffix = state.repeatMode === "Period" || inputs.repeatMode === "Period" ? "" : "; it does not run now";
  return parts.filter((part) => part !== undefined).join("; ") + suffix;
}

/** A rate counts from the creation of the invocation, which the state does not hold. */
function formatNextRun(frequency: string, nowMs: number): string | undefined {
  const schedule = parseSchedule(frequency);
  if (schedule.kind === "rate") return undefined;
  const zone = schedule.zone ?? "UTC";
  const [next] = nextRuns(schedule, { after: new Date(nowMs), zone, count: 1, createdAt: new Date(nowMs) });
  return next && formatInZone(next, zone);
}

/** `2026-12-01 02:00:00 Asia/Shanghai`. */
export function formatInZone(instant: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: intlZone(zone),
    dateStyle: "short",
    timeStyle: "medium",
  }).format(instant);
  return `${parts} ${zone}`;
}

/** `GMT+8:00` is `+08:00` to Intl. */
function intlZone(zone: string): string {
  const [, sign, hours, minutes] = /^GMT([+-])(\d{1,2}):(\d{2})$/.exec(zone) ?? [];
  return sign && hours && minutes ? `${sign}${hours.padStart(2, "0")}:${minutes}` : zone;
}
