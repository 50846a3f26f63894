/** An invocation: a command sent to machines, one run on each, and how long it is remembered. */
import { MAX_RECORDS, RECORD_RETENTION_DAYS } from "../limits";
import { DELIVERY_MS, deliver } from "./delivery";
import type { Invocation, Run } from "./records";
import { isFinished } from "./status";
import { createId, type Store } from "./store";

const SWEEP_MS = 60_000;

/** Starts an invocation; its runs are delivered a moment later. */
export function startInvocation(
  store: Store,
  settings: Omit<Invocation, "sequence" | "invokeId" | "creationTime" | "runs">,
  instanceIds: readonly string[],
): Invocation {
  const invocation: Invocation = {
    ...settings,
    tags: new Map(),
    sequence: store.nextSequence(),
    invokeId: createId("t"),
    creationTime: store.clock.now(),
    runs: new Map(),
  };
  store.later(store.choices.tagDelayMs, () => {
    for (const [key, value] of settings.tags) invocation.tags.set(key, value);
  });
  settings.command.invokeTimes++;
  store.invocations.set(invocation.invokeId, invocation);
  for (const instanceId of instanceIds) addRun(store, invocation, instanceId);
  forgetExpired(store);
  return invocation;
}

export function addRun(store: Store, invocation: Invocation, instanceId: string): void {
  const now = store.clock.now();
  const run: Run = {
    sequence: store.nextSequence(),
    instanceId,
    status: "Pending",
    creationTime: now,
    updateTime: now,
    startTime: undefined,
    finishTime: undefined,
    stopTime: undefined,
    repeats: 0,
    runStatus: undefined,
    exitCode: undefined,
    output: Buffer.alloc(0),
    dropped: 0,
    errorCode: "",
    errorInfo: "",
    isDelivered: false,
    history: [],
  };
  invocation.runs.set(instanceId, run);
  store.later(DELIVERY_MS, () => deliver(store, invocation, run));
}

/** The one with this id, or none; without an id all of them, newest first. A new one may be seen late, see `Choices.invocationDelayMs`. */
export function listInvocations(store: Store, invokeId: string | undefined): readonly Invocation[] {
  const seenUntil = store.clock.now() - store.choices.invocationDelayMs;
  const isSeen = ({ creationTime }: Invocation): boolean => creationTime <= seenUntil;
  if (!invokeId) return [...store.invocations.values()].filter(isSeen).reverse();
  const invocation = store.invocations.get(invokeId);
  return invocation !== undefined && isSeen(invocation) ? [invocation] : [];
}

/**
 * Drops finished records past their time and, oldest first, beyond the number the service keeps. Live ones stay.
 * Not documented: from when the 30 days count; here, from a record's last change. Looked at once a minute of the clock.
 */
export function forgetExpired(store: Store): void {
  const now = store.clock.now();
  const surplus = store.invocations.size - MAX_RECORDS;
  if (surplus <= 0 && now - store.swept.at < SWEEP_MS) return;
  store.swept.at = now;
  const oldest = now - RECORD_RETENTION_DAYS * 86_400_000;
  let left = surplus;
  for (const [invokeId, invocation] of store.invocations) {
    if (!isFinished(invocation)) continue;
    if (left <= 0 && findLastChange(invocation) > oldest) continue;
    store.invocations.delete(invokeId);
    left--;
  }
}

const findLastChange = ({ creationTime, runs }: Invocation): number =>
  Math.max(creationTime, ...[...runs.values()].map(({ updateTime }) => updateTime));
