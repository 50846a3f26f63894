/** check: normalizes the inputs and refuses, all at once, what would not work. */
import type { CheckFailure, CheckResult } from "@pulumi/pulumi/dynamic";
import { type Progress, progressOf } from "../progress";
import { changesRuns } from "../rules/changes";
import { listIds } from "../rules/failures";
import { type InvocationInputs, parseInputs } from "../rules/inputs";
import { MIN_TIMEOUT_SECONDS } from "../rules/limits";
import { effectiveTimeoutSeconds } from "../rules/preflight";
import { checkSchedule, nextRuns, parseSchedule } from "../rules/schedule";
import { isUnknown } from "../rules/unknown";
import { clock, connect, defaultRegionId } from "./configure";
import { expected } from "./message";
import { type Observed, observe } from "./preflight";

type Properties = Record<string, unknown>;

/**
 * @param olds the last checked inputs; empty for a new resource, and again for its replacement
 */
export async function check(olds: Properties, news: Properties): Promise<CheckResult> {
  const { properties, inputs, failures } = parseInputs(news, defaultRegionId());
  const progress = progressOf(news.__urn);
  const observed = inputs && wouldRun(olds, inputs) ? await preflight(inputs, progress) : undefined;
  failures.push(...(observed?.failures ?? []));
  const failed = failures.some(({ property }) => property === "frequency");
  if (!failed) failures.push(...(await checkFrequency(olds, properties, observed, progress)));
  return { inputs: properties, failures };
}

/** A finished run that stays as it is must not fail because a machine has since been stopped: nothing is asked. */
function wouldRun(olds: Properties, inputs: InvocationInputs): boolean {
  return (
    inputs.preflight !== false && inputs.adopt === undefined && changesRuns(olds as Partial<InvocationInputs>, inputs)
  );
}

async function preflight(inputs: InvocationInputs, progress: Progress): Promise<Observed> {
  const observed = await expected(`Cannot check Invocation before it runs in region "${inputs.regionId}"`, () =>
    observe(connect(inputs.regionId), inputs),
  );
  for (const warning of observed.warnings) await progress.warn(warning);
  if (observed.notReady.length > 0) {
    const ids = observed.notReady.map(({ instanceId }) => instanceId);
    await progress.note(
      `${listIds(ids)} ${ids.length === 1 ? "is" : "are"} not ready yet; the update waits for ${ids.length === 1 ? "it" : "them"}`,
    );
  }
  return observed;
}

/** Only a new or changed schedule is judged: one that is live, or has ended, was right when it came about. */
async function checkFrequency(
  olds: Properties,
  properties: Properties,
  observed: Observed | undefined,
  progress: Progress,
): Promise<CheckFailure[]> {
  const { frequency, timeout } = properties;
  if (typeof frequency !== "string" || isUnknown(frequency) || frequency === olds.frequency) return [];
  const now = new Date(clock.now());
  // Without the command its own timeout is not known: then only the smallest one is sure.
  const known = typeof timeout === "number" && !isUnknown(timeout) ? timeout : undefined;
  const timeoutSeconds = observed
    ? effectiveTimeoutSeconds(properties as unknown as InvocationInputs, observed.facts.command)
    : (known ?? MIN_TIMEOUT_SECONDS);
  const { failures, warnings } = checkSchedule(frequency, { timeoutSeconds, now });
  for (const warning of warnings) await progress.warn(warning);
  if (failures.length === 0) await progress.note(formatNextRuns(frequency, now));
  return failures.map((reason) => ({ property: "frequency", reason }));
}

function formatNextRuns(frequency: string, now: Date): string {
  const schedule = parseSchedule(frequency);
  const zone = schedule.kind === "cron" && schedule.zone !== undefined ? schedule.zone : "UTC";
  const runs = nextRuns(schedule, { after: now, zone, count: 3, createdAt: now });
  const times = runs.map((run) => run.toISOString());
  return `next runs: ${times.join(", ")}`;
}
