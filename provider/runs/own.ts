/** What of this resource may run already, at the service and in no state that this session was shown. */
import { ApiError } from "../cloud/errors";
import { formatOwner, type Identity, type Intention, identify, intend } from "../rules/identity";
import type { InvocationInputs } from "../rules/inputs";
import { statusOf } from "../rules/results";
import { makeRun, type Run } from "../rules/run";
import { isSame } from "../rules/same";
import { isLive } from "../rules/status";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";
import type { Call } from "./call";
import { untagMany } from "./close";
import { describeError } from "./failure";
import { isOvertaken, type OwnRun } from "./ours";
import type { Region } from "./session";

/** The resource and what it is asked to run, as tags and tokens say it. */
export interface Purpose {
  identity: Identity;
  intention: Intention;
  run: Run;
}

export function describePurpose({ urn, session }: Call, inputs: InvocationInputs): Purpose {
  const run = makeRun(inputs);
  return { identity: identify(urn, session.backend), intention: intend(run), run };
}

/** The tags by which a run is found again. */
export const ownTags = ({ identity, intention }: Purpose): Record<string, string> => ({
  [OWNER_TAG_KEY]: formatOwner(identity, intention),
  [UNSAVED_TAG_KEY]: identity.stack,
});

/** A run of this resource, and whether something else of it has begun since. */
export interface FoundRun extends OwnRun {
  isOvertaken: boolean;
}

/**
 * The runs of this resource, newest first, whose ids no handler of this session was given. What RAM does not permit to ask is
 * left out, with a warning.
 *
 * @param anew whether to ask again at once: after an answer was lost
 * @throws when an answer cannot be judged: it is never taken for "there is none"
 */
export async function findOwnRuns(
  call: Call,
  region: Region,
  { identity }: Purpose,
  anew = false,
): Promise<FoundRun[]> {
  const { session, progress } = call;
  try {
    const found = await (anew ? region.ours.lookAnew(identity.stack) : region.ours.look(identity.stack));
    void untagMany(session, region, found);
    return found
      .filter(
        ({ owner, record: { invokeId } }) =>
          owner.resource === identity.resource &&
          !session.saved.has(invokeId) &&
          !session.held.has(invokeId) &&
          !session.stopped.has(invokeId),
      )
      .map((run) => ({ ...run, isOvertaken: isOvertaken(run, found) }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "denied")
      throw describeError(
        `Cannot look for an interrupted run in region "${region.regionId}", so nothing was run`,
        error,
      );
    await progress.warn(
      'a run that an interrupted update had started cannot be found, since the account may not call DescribeInvocations, so it might run twice; grant "ecs:DescribeInvocations"',
    );
    return [];
  }
}

/** Until then the engine has come to every resource that a program declares beside this one. */
const SHOWN_MS = 1_000;

/** The same for whoever acts on it. */
export const findLeftRuns = async (...asked: Parameters<typeof findOwnRuns>): Promise<FoundRun[]> =>
  leaveShown(asked[0], await findOwnRuns(...asked));

/**
 * Those that no state holds: what one does may be another resource's by now, as after a new name with an alias, and the engine
 * may be yet to show it.
 */
export async function leaveShown<T extends Pick<OwnRun, "record">>(
  { session, urn }: Call,
  found: readonly T[],
): Promise<T[]> {
  const listUnshown = () => found.filter(({ record }) => !session.saved.has(record.invokeId));
  if (listUnshown().length === 0) return [];
  await waitUntilShown({ session, urn });
  return listUnshown();
}

/** Until the engine has come to the resources beside this one. */
export async function waitUntilShown({ session, urn }: Pick<Call, "session" | "urn">): Promise<void> {
  const known = session.known(urn);
  known.shown ??= session.clock.sleep(SHOWN_MS);
  await known.shown;
}

/** A live schedule is also what it has been changed to in place, of which its tag tells nothing. */
export const isSameIntention = (own: OwnRun, purpose: Purpose): boolean =>
  own.owner.whole === purpose.intention.whole || (canBecome(own, purpose) && hasBecome(own, purpose));

const hasBecome = ({ record }: OwnRun, { run }: Purpose): boolean =>
  isSame("frequency", record.texts.Frequency, run.frequency) && isSame("parameters", record.parameters, run.parameters);

/** Of one that no state is known to hold. */
export const describeUnsaved = (invokeId: string): string =>
  `goes on with invocation "${invokeId}", which an earlier update had started and could not record`;

/** Whether a live schedule can be changed in place to what is asked for. */
export const canBecome = ({ owner, record }: OwnRun, { intention }: Purpose): boolean =>
  owner.fixed === intention.fixed && isSchedule(record.texts.RepeatMode) && isLive(statusOf(record));

export const isSchedule = (repeatMode: string | undefined): boolean =>
  repeatMode !== undefined && repeatMode !== "" && repeatMode !== "Once";
