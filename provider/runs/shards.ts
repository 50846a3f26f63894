/**
 * The invocations of one rollout at the service: found by their tags however old, started once each, looked at, changed in place,
 * stopped. What an update that was cut off had started is known by its tags alone.
 */
import { type InvocationRecord, stopInvocation, tagInvocation } from "../cloud/actions";
import { ApiError, isRetryable, mayHaveActed } from "../cloud/errors";
import { findInvocation } from "../cloud/search";
import { waitUntil } from "../cloud/wait";
import { formatToken, type Identity, parseOwner } from "../rules/identity";
import type { InvocationInputs, RepeatMode } from "../rules/inputs";
import { formatResults, type ObservedInstance, type Results, statusOf } from "../rules/results";
import { formatRolloutTag, type ObservedInvocation, type PendingShard, type Shard, type Stop } from "../rules/rollout";
import type { ObservedShard } from "../rules/rollout/facts";
import { isScript, nameCommand, type Run } from "../rules/run";
import { isLive, isTerminal, standingOf } from "../rules/status";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../rules/tags";
import { count, countInstances, listIds } from "../rules/words";
import { boundWait, type Call } from "./call";
import { modifyOne } from "./change";
import { act } from "./engine";
import { describeError, ExpectedFailure, expected } from "./failure";
import type { OwnRun } from "./ours";
import { leaveShown } from "./own";
import { request } from "./request";
import type { Region } from "./session";

export interface ShardsOptions {
  identity: Identity;
  generation: string;
  repeatMode: RepeatMode;
  /** Ids that the state holds: what became of them it tells itself, but of those in `open`. */
  saved: readonly string[];
  /** Ids of which the state does not tell how they ended. */
  open: readonly string[];
  /** Ids of earlier generations that may be live. */
  earlier: readonly string[];
  /** Ids that may be live on machines that have left. */
  left?: readonly string[];
}

/** What was seen so far. */
export interface Shards {
  readonly known: readonly ObservedShard[];
  readonly pending: readonly PendingShard[];
  /** Live invocations of earlier generations. */
  readonly predecessors: readonly ObservedInvocation[];
  /** What the state holds of this generation, as far as it was asked for since machines have left. */
  readonly left: readonly ObservedInvocation[];
  /** Whether the service knows one of those in `open` no longer. */
  readonly hasForgotten: boolean;
  /** What ended with a code that means something, and is no failure. */
  readonly exits: Results;
  /** Looks at whatever is not settled. */
  look(deadline: number): Promise<void>;
  /** Starts one invocation, or learns that the service may have. */
  start(shard: Shard, run: Run): Promise<void>;
  /** Changes a live invocation of the generation before in place, and makes it one of this. */
  change(shard: Shard, invokeId: string, inputs: InvocationInputs, instanceIds: readonly string[]): Promise<void>;
  /** Stops on these machines; what is asked for once is not asked for again. */
  stop(stop: Stop): Promise<void>;
  /** The same, and waits until nothing runs there. */
  stopFully(stop: Stop): Promise<void>;
}

/** A machine is waited for so long until the service shows on which machines an invocation runs, and for a stop. */
const SHOWN_SECONDS = 60;
const STOP_SECONDS = 120;

interface OpenShard extends ObservedShard {
  /** Whether it was asked for just now: the service may have answered an earlier life of the resource. */
  isNew?: boolean;
}

/**
 * The invocations of a rollout as an update finds them.
 *
 * @throws when an answer cannot be judged: it is never taken for "there is none"
 */
export async function openShards(call: Call, region: Region, options: ShardsOptions): Promise<Shards> {
  const { identity, generation, repeatMode, saved, open, earlier, left = [] } = options;
  const { session, progress } = call;
  const known = new Map<string, OpenShard>();
  const pending = new Map<string, PendingShard & { run: Run }>();
  const predecessors = new Map<string, ObservedInvocation>();
  const exits: Results = {};
  const spent: string[] = [];
  const asked = new Set<string>();
  let hasForgotten = false;

  const modeOf = ({ kind }: Shard): RepeatMode => (kind === "check" ? "Once" : repeatMode);

  function see(shard: OpenShard, record: InvocationRecord): void {
    const mode = modeOf(shard.shard);
    const results = formatResults(record);
    shard.instances = record.instances.map((instance) => judge(instance, results, mode));
    if (shard.shard.kind === "run" && mode === "Once")
      for (const [id, result] of Object.entries(results)) if (result.exitEffect !== undefined) exits[id] = result;
    if (!isOpen(shard, mode)) shard.settledAtMs ??= session.clock.now();
  }

  function add(record: InvocationRecord, shard: Shard): void {
    const { invokeId, instances } = record;
    const found = { invokeId, shard, instanceIds: instances.map(({ instanceId }) => instanceId), instances: [] };
    known.set(invokeId, found);
    see(found, record);
    session.held.set(invokeId, call.urn);
  }

  async function findUnsaved(): Promise<void> {
    let look = region.ours.look;
    const cannot = `Cannot look for what an interrupted update had started in region "${region.regionId}", so nothing was run`;
    const shown = await waitUntil<readonly OwnRun[], OwnRun[]>({
      look: async () => {
        const own = await look(identity.stack);
        look = region.ours.lookAnew;
        return own.filter(({ owner }) => isOurs(owner));
      },
      judge: (own) =>
        own.every(({ record }) => record.instances.length > 0)
          ? { state: "settled", value: [...own] }
          : { state: "waiting" },
      ...boundWait(call, SHOWN_SECONDS, ""),
      firstLookMs: 0,
    }).catch((error) => {
      throw describeError(cannot, error);
    });
    if (shown.state === "expired" && shown.lastFailure) throw describeError(cannot, shown.lastFailure);
    if (shown.state === "expired")
      throw new ExpectedFailure(
        `Cannot go on: the service does not show on which instances invocation "${shown.lastSeen?.find(({ record }) => record.instances.length === 0)?.record.invokeId}" runs, ${SHOWN_SECONDS} s after it was asked; nothing was run; run \`pulumi up\` again`,
      );
    // What the state of this rollout holds is looked at by its id.
    for (const { record, owner } of await leaveShown(call, shown.value))
      take(record, owner.shard as Shard & { generation: string });
    const unseen = [...known.keys()];
    if (unseen.length > 0)
      await progress.note(
        `goes on with ${count(unseen.length, "invocation")} that an earlier update had started and could not record (${listIds(unseen)})`,
      );
  }

  const isOurs = (owner: OwnRun["owner"]): boolean => owner.shard !== undefined && owner.resource === identity.resource;

  /** One of this generation of which no state knows, or one that is live of another. */
  function take(record: InvocationRecord, shard: Shard & { generation: string }): void {
    const { invokeId } = record;
    if (session.stopped.has(invokeId)) return;
    if (shard.generation === generation) add(record, shard);
    else if (isLive(statusOf(record))) predecessors.set(invokeId, observe(record));
  }

  async function findById(invokeIds: readonly string[]): Promise<InvocationRecord[]> {
    const records = await expected("Cannot look at what an earlier update had started", () =>
      Promise.all(invokeIds.map((invokeId) => findInvocation(region.calls, invokeId, { includeOutput: true }))),
    );
    return records.filter((record) => record !== undefined);
  }

  async function findSaved(): Promise<void> {
    const records = await findById([...open, ...earlier]);
    hasForgotten = open.some((invokeId) => !records.some((record) => record.invokeId === invokeId));
    for (const record of records) {
      const shard = parseOwner(record.tags[OWNER_TAG_KEY])?.shard;
      if (shard?.generation === generation && open.includes(record.invokeId)) add(record, shard);
      else if (isLive(statusOf(record))) predecessors.set(record.invokeId, observe(record));
    }
  }

  const textOf = (shard: Shard): string => formatRolloutTag({ resource: identity.resource, generation, ...shard });

  const tagsOf = (shard: Shard): Record<string, string> => ({
    [OWNER_TAG_KEY]: formatRolloutTag({ resource: identity.resource, generation, ...shard, name: identity.name }),
    [UNSAVED_TAG_KEY]: identity.stack,
  });

  async function invoke(shard: Shard, run: Run): Promise<string> {
    const intention = { fixed: "", whole: textOf(shard) };
    const token = formatToken(identity, intention, run.instanceIds, [...saved, ...spent]);
    const tagged = { ...run, tags: { ...run.tags, ...tagsOf(shard) } };
    return (await request(act(call, region), tagged, { ClientToken: token })).invokeId;
  }

  function keep(invokeId: string, shard: Shard, instanceIds: readonly string[], startedAtMs: number): void {
    known.set(invokeId, { invokeId, shard, instanceIds, instances: [], startedAtMs, isNew: true });
    session.held.set(invokeId, call.urn);
  }

  /** An answer that was lost is asked for again: by the tag, and by the same token. */
  async function resolvePending(): Promise<void> {
    if (pending.size === 0) return;
    const own = (await region.ours.lookUnsaved(identity.stack).catch(() => [])).filter(
      ({ owner, record }) => isOurs(owner) && !session.saved.has(record.invokeId),
    );
    for (const [text, { shard, instanceIds, startedAtMs = 0, run }] of pending) {
      const found = own.find(({ owner }) => owner.shard?.generation === generation && textOf(owner.shard) === text);
      const invokeId = found?.record.invokeId ?? (await invoke(shard, run).catch(ignoreRefusal));
      if (invokeId === undefined) continue;
      pending.delete(text);
      keep(invokeId, shard, instanceIds, startedAtMs);
    }
  }

  async function lookAt(shard: OpenShard, deadline: number): Promise<void> {
    const record = await region.watch.look(shard.invokeId, deadline).catch((error: unknown) => {
      if (isRetryable(error)) return undefined;
      throw describeError(`Cannot see what invocation "${shard.invokeId}" comes to`, error);
    });
    if (record === undefined) return;
    if (isEarlierLife(shard, record)) {
      known.delete(shard.invokeId);
      spent.push(shard.invokeId);
    } else see(shard, record);
  }

  async function askToStop({ invokeId, instanceIds }: Stop): Promise<void> {
    const left = instanceIds.filter((id) => !asked.has(`${invokeId} ${id}`));
    if (left.length === 0) return;
    await stopInvocation(act(call, region), { invokeId, instanceIds: left }).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.kind !== "notFound")
        throw describeError(`Cannot stop invocation "${invokeId}" on ${countInstances(left.length)}`, error);
    });
    for (const id of left) asked.add(`${invokeId} ${id}`);
  }

  await findUnsaved();
  await findSaved();
  const held = (await findById(left.filter((invokeId) => !open.includes(invokeId)))).map(observe);

  return {
    get known() {
      return [...known.values()];
    },
    get pending() {
      return [...pending.values()];
    },
    get predecessors() {
      return [...predecessors.values()];
    },
    left: held,
    hasForgotten,
    exits,
    look: async (deadline) => {
      const opened = [...known.values()].filter((shard) => isOpen(shard, modeOf(shard.shard)));
      await Promise.all([resolvePending(), ...opened.map((shard) => lookAt(shard, deadline))]);
    },
    start: async (shard, run) => {
      const { instanceIds = [] } = run;
      const startedAtMs = session.clock.now();
      try {
        keep(await invoke(shard, run), shard, instanceIds, startedAtMs);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!mayHaveActed(error) && error.code !== MISMATCH)
          throw describeRefusal(shard, run, instanceIds.length, error);
        pending.set(textOf(shard), { shard, instanceIds, startedAtMs, run });
      }
    },
    change: async (shard, invokeId, inputs, instanceIds) => {
      const client = act(call, region);
      await expected(`Cannot change invocation "${invokeId}" in place`, async () => {
        const record = await findInvocation(region.calls, invokeId);
        if (record !== undefined) await modifyOne(client, record, inputs, []);
      });
      await tagInvocation(client, { invokeId, tags: tagsOf(shard) }).catch((error: unknown) => {
        throw describeUntagged(invokeId, error);
      });
      predecessors.delete(invokeId);
      known.set(invokeId, { invokeId, shard, instanceIds, instances: [], startedAtMs: session.clock.now() });
      session.held.set(invokeId, call.urn);
    },
    stop: askToStop,
    stopFully: async (stop) => {
      const { invokeId, instanceIds } = stop;
      await askToStop(stop);
      const outcome = await waitUntil<InvocationRecord | undefined, undefined>({
        look: () => findInvocation(region.calls, invokeId),
        judge: (record) =>
          record?.instances.some(
            (instance) => instanceIds.includes(instance.instanceId) && isLive(instance.invocationStatus),
          )
            ? { state: "waiting" }
            : { state: "settled", value: undefined },
        ...boundWait(call, STOP_SECONDS, ""),
        firstLookMs: 200,
      }).catch((error) => {
        throw describeError(`Cannot see whether invocation "${invokeId}" has stopped`, error);
      });
      if (outcome.state === "expired")
        throw new ExpectedFailure(
          `Cannot stop invocation "${invokeId}", which comes before this one on the same instances: it is still live ${STOP_SECONDS} s after it was told to stop; look at the agents of its instances, and run the update again`,
        );
      const left = predecessors.get(invokeId);
      if (left === undefined) return;
      const instances = left.instances.filter(
        (instance) => !instanceIds.includes(instance.instanceId) && isLive(instance.invocationStatus),
      );
      if (instances.length === 0) predecessors.delete(invokeId);
      else predecessors.set(invokeId, { invokeId, instanceIds: instances.map((each) => each.instanceId), instances });
    },
  };
}

/** The service has seen the token with another request: an earlier call of the same shard acted. */
const MISMATCH = "IdempotentParameterMismatch";

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
  return undefined;
}

/** Without its tags an invocation would not be found after an interruption, and would run twice. */
function describeRefusal(shard: Shard, run: Run, machines: number, error: ApiError): unknown {
  const what = `Cannot invoke ${shard.kind === "check" ? "the check, " : ""}${nameCommand(run)} on ${countInstances(machines)} of wave ${shard.wave}`;
  if (error.kind !== "denied") return describeError(what, error);
  const action = isScript(run) ? "ecs:RunCommand" : "ecs:InvokeCommand";
  return new ExpectedFailure(
    `${what}: the account may not run it, or may not tag it; ${WHY_TAGGED}, and runs none without: grant "${action}" and "ecs:TagResources" (${describeAnswer(error)})`,
    { cause: error },
  );
}

const WHY_TAGGED = "a rollout tags each of its invocations, by which an update that was interrupted is gone on with";

/** The schedule is that of the new generation by then, and is changed again, to the same, by the next update. */
function describeUntagged(invokeId: string, error: unknown): unknown {
  const what = `Cannot tag invocation "${invokeId}", which was changed in place`;
  if (!(error instanceof ApiError) || error.kind !== "denied") return describeError(what, error);
  return new ExpectedFailure(
    `${what}: the account may not; ${WHY_TAGGED}, so no other one was changed: grant "ecs:TagResources" (${describeAnswer(error)})`,
    { cause: error },
  );
}

const describeAnswer = ({ action, endpoint, code, requestId }: ApiError): string =>
  `${action} at ${endpoint}: ${code}${requestId ? `, request id ${requestId}` : ""}`;

/** Its unsaved tag is off, so a state held it: nothing has run for this one. */
const isEarlierLife = ({ isNew }: OpenShard, { tags }: InvocationRecord): boolean =>
  isNew === true && tags[OWNER_TAG_KEY] !== undefined && tags[UNSAVED_TAG_KEY] === undefined;

const observe = ({ invokeId, instances }: InvocationRecord): ObservedInvocation => ({
  invokeId,
  instanceIds: instances.map(({ instanceId }) => instanceId),
  instances,
});

/** Where the machine stands, as a status that the rules know; of one that succeeded nobody wants the output. */
function judge(instance: ObservedInstance, results: Results, mode: RepeatMode): ObservedInstance {
  const result = results[instance.instanceId];
  const standing = result ? standingOf(result, mode) : instance.invocationStatus;
  const isQuiet = standing === "Success" || mode !== "Once";
  return { ...instance, invocationStatus: standing, ...(isQuiet ? { output: "" } : {}) };
}

/** Whether a machine of it has not ended, or has not taken its schedule. */
const isOpen = ({ instanceIds, instances }: ObservedShard, mode: RepeatMode): boolean =>
  instances.filter(
    ({ invocationStatus: status }) =>
      isTerminal(status) || (mode !== "Once" && (status === "Scheduled" || status === "Running")),
  ).length < instanceIds.length;
