/** Says in a person's words what a refresh found: what differs, and nothing of what an update would do about it. */
import type { Changes, InPlaceChange, InvocationState } from "./changes";
import type { InvocationInputs } from "./inputs";
import { agree, arePlural, countInstances, listIds } from "./words";

/**
 * One line per thing that differs; empty when nothing does.
 *
 * @param changes from the live state to what the program declared
 * @param state what the service says
 * @param inputs what the program declared
 */
export function describeDrift(changes: Changes, state: InvocationState, inputs: Partial<InvocationInputs>): string[] {
  const { replace, inPlace, resume, tags } = changes;
  const { repeatMode, invokeId } = state;
  const total = countInstances((inputs.instanceIds ?? Object.keys(state.results)).length);
  const isOnce = repeatMode === "Once";
  return [
    ...replace.map(({ property }) =>
      property === "status"
        ? `invocation "${invokeId}" was stopped from outside`
        : `${property} ${arePlural(property) ? "differ" : "differs"} from the program`,
    ),
    ...(inPlace ? describeLive(inPlace) : []),
    ...(tags ? ["tags differ from the program"] : []),
    ...(resume.again.length > 0 ? [`${isOnce ? "failed" : "not in force"} on ${resume.again.length} of ${total}`] : []),
    ...(resume.waiting.length > 0
      ? [`${resume.waiting.length} of ${total} ${isOnce ? "still running" : "not scheduled yet"}`]
      : []),
    ...(resume.joined.length > 0
      ? [
          `${countInstances(resume.joined.length)} with resourceTags ${agree(resume.joined.length, "has", "have")} not run it: ${listIds(resume.joined)}`,
        ]
      : []),
    ...(resume.unseen ? ["no instance has reported yet"] : []),
  ];
}

function describeLive({ frequency, script, parameters, added, removed }: InPlaceChange): string[] {
  return [
    ...(frequency ? [`schedule is "${frequency.from}" at the service, and "${frequency.to}" in the program`] : []),
    ...(script ? ["the script at the service differs from the program"] : []),
    ...(parameters ? ["parameters at the service differ from the program"] : []),
    ...(added.length > 0 ? [`${countInstances(added.length)} of the program not in it`] : []),
    ...(removed.length > 0 ? [`${countInstances(removed.length)} in it that the program does not name`] : []),
  ];
}
