/** check: normalizes the inputs and refuses, all at once, what would not work. */
import { randomUUID } from "node:crypto";
import type { CheckFailure, CheckResult } from "@pulumi/pulumi/dynamic";
import { checkSchedule, nextRuns, parseSchedule } from "../../schedule";
import { invokeCommand } from "../cloud/actions";
import { ApiError } from "../cloud/errors";
import { type Progress, progressOf } from "../progress";
import { changesRuns } from "../rules/changes";
import { findProperty } from "../rules/codes";
import { listIds } from "../rules/failures";
import { type InvocationInputs, parseInputs } from "../rules/inputs";
import { MIN_TIMEOUT_SECONDS } from "../rules/limits";
import { effectiveTimeoutSeconds } from "../rules/preflight";
import { formatInZone } from "../rules/preview";
import { isUnknown } from "../rules/unknown";
import { hasAdopted, noteAdopted } from "./adopt";
import { clock, connect, defaultRegionId, type Region } from "./configure";
import { describeError, expected } from "./message";
import { type Observed, observe } from "./preflight";

type Properties = Record<string, unknown>;

/**
 * @param olds the last checked inputs; empty for a new resource, and again for its replacement
 */
export async function check(olds: Properties, news: Properties): Promise<CheckResult> {
  const { properties, inputs, failures } = parseInputs(news, defaultRegionId());
  const progress = progressOf(news.__urn);
  if (isAdopted(olds, news)) noteAdopted(news.__urn);
  const observed =
    inputs && wouldRun(olds, inputs, hasAdopted(news.__urn)) ? await preflight(inputs, progress) : undefined;
  failures.push(...(observed?.failures ?? []));
  const failed = failures.some(({ property }) => property === "frequency");
  if (!failed) failures.push(...(await checkFrequency(olds, properties, observed, progress)));
  return { inputs: properties, failures: news.__secret === true ? failures.map(withoutValue) : failures };
}

/** The engine quotes the value of the property that a failure names, secret or not; the reason names it as well. */
const withoutValue = (failure: CheckFailure): CheckFailure =>
  failure.property === "parameters" ? { ...failure, property: "" } : failure;

/** A finished run that stays as it is must not fail because a machine has since been stopped: nothing is asked. */
function wouldRun(olds: Properties, inputs: InvocationInputs, adopted: boolean): boolean {
  const takesOver = inputs.adopt !== undefined && !adopted;
  return inputs.preflight !== false && !takesOver && changesRuns(olds as Partial<InvocationInputs>, inputs);
}

/** Whether the resource came about by the very `adopt` that the program still has. */
const isAdopted = (olds: Properties, news: Properties): boolean =>
  olds.adopt !== undefined && olds.adopt === news.adopt;

async function preflight(inputs: InvocationInputs, progress: Progress): Promise<Observed> {
  const observed = await expected(`Cannot check Invocation before it runs in region "${inputs.regionId}"`, () =>
    observe(connect(inputs.regionId), inputs),
  );
  if (inputs.dryRun === true && observed.failures.length === 0 && observed.notReady.length === 0)
    observed.failures.push(...(await tryOnService(connect(inputs.regionId), inputs)));
  for (const warning of observed.warnings) await progress.warn(warning);
  if (observed.notReady.length > 0) {
    const ids = observed.notReady.map(({ instanceId }) => instanceId);
    await progress.note(
      `${listIds(ids)} ${ids.length === 1 ? "is" : "are"} not ready yet; the update waits for ${ids.length === 1 ? "it" : "them"}`,
    );
  }
  return observed;
}

/**
 * Has the service itself try it, which runs nothing. Without the schedule: its presence would make the service run it
 * periodically, whatever the repeat mode says.
 */
async function tryOnService(region: Region, inputs: InvocationInputs): Promise<CheckFailure[]> {
  const { frequency: _, ...tried } = inputs;
  try {
    await invokeCommand(region.calls, { ...tried, repeatMode: "DryRun", clientToken: randomUUID() });
    return [];
  } catch (error) {
    const what = `Cannot invoke command "${inputs.commandId}", as a dry run on the service shows`;
    const failure = describeError(what, error);
    if (!(error instanceof ApiError) || error.kind !== "refused" || !(failure instanceof Error)) throw failure;
    return [{ property: findProperty(error.code), reason: failure.message }];
  }
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

/** The next three runs, where the schedule says so in its own zone and in UTC. */
function formatNextRuns(frequency: string, now: Date): string {
  const schedule = parseSchedule(frequency);
  const zone = (schedule.kind === "rate" ? undefined : schedule.zone) ?? "UTC";
  const runs = nextRuns(schedule, { after: now, zone, count: 3, createdAt: now });
  const times = runs.map(
    (run) => `${zone === "UTC" ? "" : `${formatInZone(run, zone)} = `}${formatInZone(run, "UTC")}`,
  );
  const assumed =
    schedule.kind === "cron" && schedule.zone === undefined ? " (on an instance whose clock is set to UTC)" : "";
  return `next runs${assumed}: ${times.join(", ")}`;
}
