/** Holds what was counted against what was asked for: every run too many or too few, every schedule that is in no state. */
import { sameSchedule } from "../../schedule";
import { FLAKY, FLAKY_INSTANCE_ID, type Goal, type OneShot, type Schedule } from "./plan";

/** How often each word ran, by machine. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A schedule as the service holds it. */
export interface LiveSchedule {
  invokeId: string;
  frequency: string;
  word: string;
  tags: Readonly<Record<string, string>>;
  /** Where it is live. */
  instanceIds: readonly string[];
}

const oneShots = ({ once, beat }: Goal): OneShot[] => [...(once ? [once] : []), beat];

/** A failure is run again, once it was seen. */
const wanted = (word: string, instanceId: string): number =>
  word.startsWith(FLAKY) && instanceId === FLAKY_INSTANCE_ID ? 2 : 1;

/**
 * @param tried whatever an update was asked for, whether it was cut off or not
 * @param settled what an update was asked for that succeeded
 */
export function judgeRuns(tried: readonly Goal[], settled: readonly Goal[], counted: Counts): string[] {
  const most = tally(tried);
  const least = tally(settled);
  const words = [...new Set([...Object.keys(counted), ...Object.keys(most)])].sort();
  return words.flatMap((word) => {
    const instanceIds = new Set([...Object.keys(counted[word] ?? {}), ...Object.keys(most[word] ?? {})]);
    return [...instanceIds].sort().flatMap((instanceId) => {
      const times = counted[word]?.[instanceId] ?? 0;
      const atMost = most[word]?.[instanceId] ?? 0;
      const atLeast = least[word]?.[instanceId] ?? 0;
      const ran = `"${word}" ran ${times} times on ${instanceId}`;
      if (times > atMost) return [`${ran}, at most ${atMost} wanted: too many`];
      return times < atLeast ? [`${ran}, ${atLeast} wanted: too few`] : [];
    });
  });
}

function tally(goals: readonly Goal[]): Record<string, Record<string, number>> {
  const runs: Record<string, Record<string, number>> = {};
  for (const { word, instanceIds } of goals.flatMap(oneShots))
    for (const instanceId of instanceIds) runs[word] = { ...runs[word], [instanceId]: wanted(word, instanceId) };
  return runs;
}

/**
 * @param held ids that the state holds
 */
export function judgeSchedules(
  nightly: Schedule | undefined,
  live: readonly LiveSchedule[],
  held: readonly string[],
): string[] {
  const strays = live.filter(({ invokeId }) => !held.includes(invokeId));
  const where = live.flatMap(({ instanceIds }) => instanceIds).sort();
  const should = [...(nightly?.instanceIds ?? [])].sort();
  return [
    ...strays.map(({ invokeId }) => `schedule ${invokeId} is in no state`),
    ...(where.join() === should.join()
      ? []
      : [`schedules are live on ${where.join() || "nothing"}, wanted on ${should.join() || "nothing"}`]),
    ...(nightly ? live.flatMap((schedule) => judgeSchedule(nightly, schedule)) : []),
  ];
}

function judgeSchedule({ frequency, word, tags }: Schedule, live: LiveSchedule): string[] {
  const differ = (what: string, has: string, wants: string) =>
    `schedule ${live.invokeId} has ${what} ${has}, wanted ${wants}`;
  return [
    ...(sameSchedule(live.frequency, frequency) ? [] : [differ("frequency", live.frequency, frequency)]),
    ...(live.word === word ? [] : [differ("word", live.word, word)]),
    ...(live.tags.version === tags.version ? [] : [differ("tag", `${live.tags.version}`, `${tags.version}`)]),
  ];
}

/** Machines on which two schedules are live at the same moment. */
export function findSideBySide(live: readonly LiveSchedule[]): string[] {
  const where = live.flatMap(({ instanceIds, invokeId }) =>
    instanceIds.map((instanceId) => ({ instanceId, invokeId })),
  );
  const doubled = where.filter(
    ({ instanceId }, at) => where.findIndex((other) => other.instanceId === instanceId) < at,
  );
  return doubled.map(({ instanceId, invokeId }) => `schedule ${invokeId} runs beside another one on ${instanceId}`);
}
