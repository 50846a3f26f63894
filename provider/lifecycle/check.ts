/** check: normalizes the inputs and refuses, all at once, what would not work. */
import { checkSchedule, nextRuns, parseSchedule, sameSchedule } from "../../schedule";
import { ApiError } from "../cloud/errors";
import { changesRuns, isMadeInPlace } from "../rules/changes";
import { findProperty } from "../rules/codes";
import { type InputFailure, parseInputs } from "../rules/declaration";
import { asHook, declareHook } from "../rules/hook";
import { type Declaration, declare, type InvocationInputs, pickInputs } from "../rules/inputs";
import { MIN_TIMEOUT_SECONDS } from "../rules/limits";
import { describeCrowd, describeTagged, effectiveTimeoutSeconds, findUnfit } from "../rules/preflight";
import { describeChanges, formatInZone } from "../rules/preview";
import { statusOf } from "../rules/results";
import { makeRun, nameCommand } from "../rules/run";
import { isSame } from "../rules/same";
import { isLive } from "../rules/status";
import { containsUnknown, isUnknown, known } from "../rules/unknown";
import { agree, listIds } from "../rules/words";
import { type Call, hidesScript, tellTime } from "../runs/call";
import { describeError, expected } from "../runs/failure";
import { mayTag } from "../runs/hook";
import { type Observed, observe } from "../runs/observe";
import { canBecome, describePurpose, describeUnsaved, findOwnRuns, isSameIntention, ownTags } from "../runs/own";
import { describeForeign } from "../runs/predecessor";
import { tryRun } from "../runs/request";
import type { Region } from "../runs/session";
import { counts } from "../runs/start";
import { judgeAdoption } from "./adopt";
import { hold, warnOfHolder } from "./hold";
import { type Properties, parseState } from "./state";

export interface Checked {
  inputs: Properties;
  failures: InputFailure[];
}

/**
 * @param olds the last checked inputs; empty for a new resource, and again for its replacement
 */
export async function check(call: Call, olds: Properties, news: Properties): Promise<Checked> {
  const { session, urn } = call;
  session.checked.add(urn);
  const { properties, inputs, failures } = parseInputs(news, session.defaultRegionId(), session.nameSetting("region"));
  const known = session.known(urn);
  // A replacement is checked again, as if it were new.
  if (Object.keys(olds).length > 0) known.inputs = pickInputs(olds);
  if (isAdopted(olds, news)) known.isAdopted = true;
  const declared = inputs && declare({ ...inputs });
  const isNew = known.inputs === undefined && declared?.adopt === undefined;
  const { observed, frequency = olds.frequency } =
    failures.length === 0 ? await ask(call, olds, declare(properties)) : {};
  failures.push(...(observed?.failures ?? []));
  if (declared && observed && failures.length === 0 && isNew) failures.push(...(await checkOwnRuns(call, declared)));
  if (failures.length === 0) failures.push(...(await checkHook(call, olds, declare(properties), observed)));
  const failed = failures.some(({ property }) => property === "frequency");
  if (!failed) failures.push(...(await checkFrequency(call, { frequency }, properties, observed)));
  return { inputs: properties, failures };
}

/** Of a new resource: what of it there is already, and in no state, is gone on with, is stopped, or stands in the way. */
async function checkOwnRuns(call: Call, inputs: Declaration): Promise<InputFailure[]> {
  const region = call.session.connect(inputs.regionId);
  const purpose = describePurpose(call, inputs);
  const found = await findOwnRuns(call, region, purpose);
  for (const own of found.filter(({ isUnsaved, isOvertaken }) => isUnsaved && !isOvertaken)) {
    const { invokeId } = own.record;
    if (canBecome(own, purpose) || (isSameIntention(own, purpose) && counts(own, inputs.instanceIds)))
      await call.progress.note(describeUnsaved(invokeId));
    else if (!isSameIntention(own, purpose) && isLive(statusOf(own.record)))
      await call.progress.note(
        `stops invocation "${invokeId}", which an earlier update had started for other inputs and could not record, before this one runs`,
      );
  }
  const saved = found.filter(({ isUnsaved }) => !isUnsaved);
  for (const own of saved.filter((run) => isSameIntention(run, purpose)))
    await call.progress.note(
      `takes over invocation "${own.record.invokeId}" (${own.record.invocationStatus}), which is live and in no state that this update was shown; nothing runs`,
    );
  const foreign = saved.filter((own) => !isSameIntention(own, purpose));
  return foreign.map((own) => ({ property: "", reason: describeForeign(own, region) }));
}

/**
 * Asks the service about whatever is known. A finished run that stays as it is must not fail because a machine has since been
 * stopped: about it nothing is asked.
 */
async function ask(call: Call, olds: Partial<InvocationInputs>, inputs: Declaration): Promise<Answer> {
  const isAskable = inputs.preflight === true && !isUnknown(inputs.regionId);
  if (!isAskable || !changesRuns(olds, inputs)) return {};
  // It says how a resource comes about: of one that exists it means nothing.
  const isNew = Object.keys(olds).length === 0;
  if (inputs.adopt === undefined || !isNew || call.session.known(call.urn).isAdopted === true)
    return {
      observed: await (isMadeInPlace(olds, inputs) ? preflightChange(call, olds, inputs) : preflight(call, inputs)),
    };
  return isUnknown(inputs.adopt) ? {} : previewAdoption(call, inputs.adopt, inputs);
}

/** Of a change in place nothing runs on machines that have it already, so that only those that join must be able to. */
async function preflightChange(
  call: Call,
  { instanceIds: before = [] }: Partial<InvocationInputs>,
  inputs: Declaration,
): Promise<Observed> {
  const ids = known(inputs.instanceIds) ?? [];
  const joining = ids.filter((id) => !before.includes(id));
  const settled = ids.filter((id) => before.includes(id));
  const { facts } = await observeNow(call, inputs);
  const unfit = findUnfit({ ...inputs, instanceIds: settled }, facts, call.session.clock.now());
  const gone = [...unfit].flatMap(([id, { kind }]) => (kind === "starting" ? [] : [id]));
  if (gone.length > 0) await call.progress.warn(describeGone(gone, inputs));
  const { resourceTags: _, ...change } = inputs;
  const joined = { ...change, instanceIds: joining, dryRun: inputs.dryRun && joining.length > 0 };
  return preflight(call, joined, ids.length);
}

/** What it came to there stands in the state, of which a check knows nothing. */
const describeGone = (ids: readonly string[], { repeatMode }: Declaration): string =>
  repeatMode === "Once"
    ? `${listIds(ids)} cannot run the command now: if it failed there before, the update cannot run it again`
    : `${listIds(ids)} cannot take a command now: if the schedule is not in force there, the update cannot start it again`;

/** What the service was asked about. */
interface Answer {
  observed?: Observed | undefined;
  /** The schedule that is in force already. */
  frequency?: string | undefined;
}

/**
 * Of a hook that is new or another: what of it would not work, and whether its run could be known again.
 *
 * @param observed of the resource's own run; undefined where nothing was asked about its machines, which may be off by now
 */
async function checkHook(
  call: Call,
  olds: Properties,
  inputs: Declaration,
  observed: Observed | undefined,
): Promise<InputFailure[]> {
  const { onDelete } = inputs;
  if (!inputs.preflight || containsUnknown(onDelete) || onDelete === undefined || isUnknown(inputs.regionId)) return [];
  if (isSame("onDelete", olds.onDelete, onDelete)) return [];
  const region = call.session.connect(inputs.regionId);
  const ids = observed === undefined ? [] : (known(inputs.instanceIds) ?? []);
  const { failures, warnings } = asHook(
    await expected("Cannot check onDelete before it is needed", () =>
      observe(call, region, declareHook(onDelete, inputs, ids, known(inputs.type))),
    ),
    observed?.warnings,
  );
  for (const warning of warnings) await call.progress.warn(warning);
  const isTried = containsUnknown(inputs) || failures.length > 0 || olds.onDelete !== undefined;
  if (!isTried && (await mayTag(region, inputs, ownTags(describePurpose(call, inputs)))) === false)
    failures.push({
      property: "onDelete",
      reason:
        'onDelete must be known again by a tag, so that it never runs twice, and the account may not tag an invocation; grant "ecs:TagResources", or remove onDelete',
    });
  return failures;
}

/** Nothing runs, so only what will change is asked about. */
async function previewAdoption(call: Call, invokeId: string, inputs: Declaration): Promise<Answer> {
  const { progress } = call;
  const adoption = await judgeAdoption(call, invokeId, inputs);
  if (adoption.refusal !== undefined)
    return {
      // What is not taken over decides more than its schedule.
      frequency: known(inputs.frequency),
      observed: { failures: [{ property: "adopt", reason: adoption.refusal }], warnings: [], notReady: [], facts: {} },
    };
  const { record, state, changes } = adoption;
  const { inPlace } = changes;
  const { frequency } = parseState(state);
  await progress.note(`takes over invocation "${invokeId}" (${parseState(state).status}), and runs nothing`);
  const lines = describeChanges(changes, parseState(state), inputs, tellTime(call), hidesScript(call));
  for (const line of lines) await progress.note(line);
  await hold(call, [invokeId]);
  await warnOfHolder(call, record);
  if (!inPlace || (!inPlace.parameters && !inPlace.script && inPlace.added.length === 0)) return { frequency };
  return { frequency, observed: await preflight(call, { ...inputs, dryRun: false, instanceIds: inPlace.added }) };
}

/** Whether the resource came about by the very `adopt` that the program still has. */
const isAdopted = (olds: Properties, news: Properties): boolean =>
  olds.adopt !== undefined && olds.adopt === news.adopt;

const observeNow = (call: Call, inputs: Declaration, listed?: number): Promise<Observed> =>
  expected(`Cannot check Invocation before it runs in region "${inputs.regionId}"`, () =>
    observe(call, call.session.connect(inputs.regionId), inputs, { listed }),
  );

/** @param listed machines that the program lists, of which these are some */
async function preflight(call: Call, inputs: Declaration, listed?: number): Promise<Observed> {
  const { progress, session } = call;
  const region = () => session.connect(inputs.regionId);
  const observed = await observeNow(call, inputs, listed);
  if (
    inputs.dryRun === true &&
    !containsUnknown(inputs) &&
    observed.failures.length === 0 &&
    observed.notReady.length === 0
  )
    observed.failures.push(...(await tryOnService(call, region(), inputs)));
  const tagged = await lookAtTagged(call, region(), inputs, observed);
  for (const warning of [...observed.warnings, ...tagged]) await progress.warn(warning);
  if (observed.notReady.length > 0) {
    const ids = observed.notReady.map(({ instanceId }) => instanceId);
    await progress.note(
      `${listIds(ids)} ${agree(ids.length, "is", "are")} not ready yet; the update waits for ${agree(ids.length, "it", "them")}`,
    );
  }
  return observed;
}

/** Whom the service chooses by their tags is settled when the run starts, so that what is seen before refuses nothing. */
async function lookAtTagged(
  call: Call,
  { inventory, regionId }: Region,
  inputs: Declaration,
  { facts }: Observed,
): Promise<string[]> {
  const { resourceTags } = inputs;
  if (resourceTags === undefined || containsUnknown(resourceTags)) return [];
  try {
    const found = await inventory.findTaggedInstances(resourceTags);
    const crowd = describeCrowd(found.length);
    if (crowd !== undefined) return [crowd];
    const instanceIds = found.map(({ instanceId }) => instanceId);
    const instances = new Map(found.map((instance) => [instance.instanceId, instance]));
    const agents = await inventory.findAgents(instanceIds);
    return describeTagged(
      { ...inputs, instanceIds, regionId },
      { ...facts, instances, agents },
      call.session.clock.now(),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [`which instances carry resourceTags cannot be seen before the update: ${error.message}`];
  }
}

/** Has the service itself try it with all that the run will carry, which runs nothing. */
async function tryOnService(call: Call, region: Region, inputs: InvocationInputs): Promise<InputFailure[]> {
  const run = makeRun(inputs);
  const attempt = (own: Readonly<Record<string, string>>) => tryRun(region.calls, run, own);
  try {
    await attempt(ownTags(describePurpose(call, inputs))).catch(async (error: unknown) => {
      if (!(error instanceof ApiError) || error.kind !== "denied") throw error;
      await attempt({});
      await call.progress.warn(
        'the invocation will carry no tag, since the account may not tag it: if an update is interrupted, the next one cannot find the run and starts another; grant "ecs:TagResources"',
      );
    });
    return [];
  } catch (error) {
    const what = `Cannot invoke ${nameCommand(inputs)}, as a dry run on the service shows`;
    const failure = describeError(what, error);
    if (!(error instanceof ApiError) || error.kind !== "refused" || !(failure instanceof Error)) throw failure;
    return [{ property: findProperty(error.code, inputs), reason: failure.message }];
  }
}

/** Only a new or changed schedule is judged: one that is live, or has ended, was right when it came about. */
export async function checkFrequency(
  { progress, session, secretInputs }: Call,
  olds: Properties,
  properties: Properties,
  observed: Observed | undefined,
): Promise<InputFailure[]> {
  const { frequency, timeout } = properties;
  if (typeof frequency !== "string" || isUnknown(frequency)) return [];
  // By its meaning: a run that is past is no mistake in another spelling of what is there.
  if (typeof olds.frequency === "string" && sameSchedule(frequency, olds.frequency)) return [];
  const now = new Date(session.clock.now());
  const timeoutSeconds = findTimeoutSeconds(timeout, properties, observed);
  const { failures, warnings } = checkSchedule(frequency, { timeoutSeconds, now });
  // They tell when it runs, which may be the secret.
  if (!secretInputs.has("frequency")) {
    for (const warning of warnings) await progress.warn(warning);
    // A rate counts from the creation of the invocation, which a change in place leaves as it was.
    const isTold = () => olds.frequency === undefined || parseSchedule(frequency).kind !== "rate";
    if (failures.length === 0 && isTold()) await progress.note(formatNextRuns(frequency, now));
  }
  return failures.map((reason) => ({ property: "frequency", reason }));
}

/** What is sure of the timeout: where neither it nor the command is known, only the smallest one. */
function findTimeoutSeconds(timeout: unknown, inputs: Properties, observed: Observed | undefined): number {
  if (isUnknown(timeout)) return MIN_TIMEOUT_SECONDS;
  if (typeof timeout === "number") return timeout;
  const isTold = observed !== undefined && (observed.facts.command || inputs.commandId === undefined);
  return isTold
    ? effectiveTimeoutSeconds(inputs as unknown as InvocationInputs, observed.facts.command)
    : MIN_TIMEOUT_SECONDS;
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
