/** What the page knows of the emulator: read as a whole once, then kept up by its events. No I/O; the state is changed in place. */
import type { InstanceView } from "../control/instances";
import type { InvocationView } from "../control/invocations";
import type { QuotasView } from "../control/quotas";
import type { ResultView } from "../control/results";
import type { ScheduleView } from "../control/schedules";
import type { TimeView } from "../control/time";
import type { EmulatorEvent, RunChange } from "../events";
import type { Fault } from "../faults";
import type { JournalEntry } from "../journal";
import type { Fire } from "./bars";
import { type Execution, findStart } from "./execution";

/** The runs of a machine. */
export interface Lane {
  /** In the order of their start. */
  readonly executions: Execution[];
  longestMs: number;
}

export interface Time extends TimeView {
  readonly sequence: number;
  readonly emulatorId: string;
}

export type FaultView = Fault & { readonly id: number; readonly left: number | null; readonly struck: number };

/** A request as far as the stream tells it. */
export type Answered = Pick<JournalEntry, "action" | "code" | "status" | "at" | "requestId" | "invokeId">;

/** Everything at one time, as the operations of the control API answer. */
export interface Whole {
  readonly time: Time;
  readonly about: { readonly regionId: string; readonly actions: readonly string[] };
  readonly instances: readonly InstanceView[];
  readonly invocations: readonly InvocationView[];
  readonly results: readonly ResultView[];
  readonly schedules: readonly ScheduleView[];
  readonly faults: readonly FaultView[];
  readonly quotas: QuotasView;
  readonly journal: readonly Answered[];
}

export type InvocationSummary = Omit<InvocationView, "runs">;

export interface Life {
  readonly emulatorId: string;
  readonly regionId: string;
  readonly actions: readonly string[];
  readonly standsStill: boolean;
  readonly canAdvance: boolean;
  /** Number of the last event that is part of it. */
  sequence: number;
  /** The emulator's time when it was last heard of, and the page's own then. */
  heard: { readonly at: number; readonly pageMs: number };
  /** In the order in which they came. */
  machines: ReadonlyMap<string, InstanceView>;
  readonly invocations: Map<string, InvocationSummary>;
  readonly lanes: Map<string, Lane>;
  readonly byKey: Map<string, Execution>;
  /** Of each machine, the next first. */
  fires: ReadonlyMap<string, readonly Fire[]>;
  schedules: readonly ScheduleView[];
  faults: readonly FaultView[];
  quotas: QuotasView;
  /** The oldest first. */
  journal: Answered[];
  /** Requests that were read as part of the whole, and may come again as events. */
  readonly requestIds: ReadonlySet<string>;
}

const MAX_JOURNAL = 10_000;
const MAX_EXECUTIONS_OF_LANE = 20_000;

export function createLife(whole: Whole, pageMs: number): Life {
  const life: Life = {
    emulatorId: whole.time.emulatorId,
    ...whole.about,
    standsStill: whole.time.standsStill,
    canAdvance: whole.time.canAdvance,
    sequence: whole.time.sequence,
    heard: { at: Date.parse(whole.time.now), pageMs },
    machines: new Map(whole.instances.map((each) => [each.instanceId, each])),
    invocations: new Map([...whole.invocations].reverse().map(({ runs: _, ...each }) => [each.invokeId, each])),
    lanes: new Map(),
    byKey: new Map(),
    fires: new Map(),
    schedules: [],
    faults: whole.faults,
    quotas: whole.quotas,
    journal: whole.journal.map(({ action, code, status, at, requestId, invokeId }) => ({
      ...{ action, code, status, at, requestId },
      ...(invokeId === undefined ? {} : { invokeId }),
    })),
    requestIds: new Set(whole.journal.map(({ requestId }) => requestId)),
  };
  for (const result of whole.results) put(life, { ...result });
  takeSchedules(life, whole.schedules);
  return life;
}

/** What time it is there now. */
export const findNow = ({ heard, standsStill }: Life, pageMs: number): number =>
  standsStill ? heard.at : heard.at + Math.max(0, pageMs - heard.pageMs);

export const formatKey = ({
  invokeId,
  instanceId,
  repeats,
}: Pick<Execution, "invokeId" | "instanceId" | "repeats">): string => `${invokeId} ${instanceId} ${repeats}`;

const NO_EXECUTIONS: Lane = { executions: [], longestMs: 0 };

export const findLane = (life: Life, instanceId: string): Lane => life.lanes.get(instanceId) ?? NO_EXECUTIONS;

/** What an event does not tell, and must be asked for. */
export type Stale =
  | { readonly what: "schedules" | "faults" | "quotas" | "instances" }
  | { readonly what: "invocation"; readonly invokeId: string }
  | { readonly what: "instance"; readonly instanceId: string };

/** Takes an event in. */
export function take(life: Life, event: EmulatorEvent, pageMs: number): readonly Stale[] {
  life.sequence = event.sequence;
  if (event.at > findNow(life, pageMs)) life.heard = { at: event.at, pageMs };
  switch (event.kind) {
    case "machine":
      return takeMachine(life, event.instanceId, event.status);
    case "run":
      return takeRun(life, event);
    case "answer": {
      const { action, code, status, at, requestId, invokeId } = event;
      if (life.requestIds.has(requestId)) return [];
      life.journal.push({ action, code, status, at, requestId, ...(invokeId === undefined ? {} : { invokeId }) });
      if (life.journal.length > 2 * MAX_JOURNAL) life.journal = life.journal.slice(-MAX_JOURNAL);
      return findStale(life, action, code, invokeId);
    }
    case "time":
      life.heard = { at: event.to, pageMs };
      return [{ what: "schedules" }, { what: "quotas" }];
    case "fault":
      return [{ what: "faults" }];
    case "missed":
      return [];
    default:
      return event satisfies never;
  }
}

function takeMachine(life: Life, instanceId: string, status: InstanceView["status"]): readonly Stale[] {
  const known = life.machines.get(instanceId);
  // So that it is seen at once; what else is new is asked for.
  if (known !== undefined) takeInstance(life, { ...known, status });
  return [{ what: "instance", instanceId }, { what: "schedules" }];
}

export function takeInstance(life: Life, instance: InstanceView): void {
  life.machines = new Map(life.machines).set(instance.instanceId, instance);
}

function takeRun(life: Life, event: RunChange): readonly Stale[] {
  const { invokeId, instanceId, repeats, status, exitCode, runStatus, startTime, finishTime, errorCode } = event;
  const stale: Stale[] = [];
  if (!life.invocations.has(invokeId)) stale.push({ what: "invocation", invokeId });
  if (event.phase === "waiting" || status === "Scheduled" || status === "Cancelled") stale.push({ what: "schedules" });
  const known = life.byKey.get(formatKey(event));
  // What waits for its next run and is cancelled has not changed what it ran before.
  const isOver = known?.finishTime !== undefined;
  if (event.phase !== "waiting" && !isOver && (startTime !== undefined || finishTime !== undefined)) {
    const said = {
      ...{ invokeId, instanceId, repeats, status: finishTime === undefined ? status : (runStatus ?? status) },
      ...{ exitCode, startTime, finishTime, errorCode, output: event.output },
    };
    put(life, said);
  }
  return stale;
}

/** What a request may have changed that no event of its own tells. */
function findStale(life: Life, action: string, code: string, invokeId: string | undefined): readonly Stale[] {
  const isLimited = life.faults.length > 0;
  const stale: Stale[] = isLimited ? [{ what: "faults" }] : [];
  if (/^(Describe|List)/.test(action) || code !== "") return stale;
  if (action === "ModifyInvocationAttribute" && invokeId !== undefined) stale.push({ what: "invocation", invokeId });
  if (/^(Tag|Untag|Install)/.test(action)) stale.push({ what: "instances" });
  return [...stale, { what: "schedules" }, { what: "quotas" }];
}

/** A new run in its place by its start, or a known one as it is now. */
function put(life: Life, said: Execution): void {
  const key = formatKey(said);
  const known = life.byKey.get(key);
  let lane = life.lanes.get(said.instanceId);
  if (lane === undefined) {
    lane = { executions: [], longestMs: 0 };
    life.lanes.set(said.instanceId, lane);
  }
  if (known !== undefined) Object.assign(known, said);
  else {
    life.byKey.set(key, said);
    const { executions } = lane;
    let place = executions.length;
    while (place > 0 && findStart(executions[place - 1] as Execution) > findStart(said)) place--;
    executions.splice(place, 0, said);
    if (executions.length > MAX_EXECUTIONS_OF_LANE)
      for (const old of executions.splice(0, executions.length / 2)) life.byKey.delete(formatKey(old));
  }
  if (said.finishTime === undefined) lane.longestMs = Number.POSITIVE_INFINITY;
  else {
    const lasted = lane.executions.map(({ startTime, finishTime }) =>
      finishTime === undefined ? Number.POSITIVE_INFINITY : finishTime - (startTime ?? finishTime),
    );
    const isCertain = Number.isFinite(lane.longestMs);
    const own = said.finishTime - (said.startTime ?? said.finishTime);
    lane.longestMs = isCertain ? Math.max(lane.longestMs, own) : lasted.reduce((most, ms) => Math.max(most, ms), 0);
  }
}

export function takeInvocation(life: Life, { runs: _, ...invocation }: InvocationView): void {
  life.invocations.set(invocation.invokeId, invocation);
}

export function takeInstances(life: Life, instances: readonly InstanceView[]): void {
  life.machines = new Map(instances.map((each) => [each.instanceId, each]));
}

export function takeSchedules(life: Life, schedules: readonly ScheduleView[]): void {
  const fires = new Map<string, Fire[]>();
  for (const { invokeId, instanceIds, next } of schedules) {
    const own = next.map((instant) => ({ at: Date.parse(instant), invokeId }));
    for (const instanceId of instanceIds) {
      const known = fires.get(instanceId);
      fires.set(instanceId, known === undefined ? own : [...known, ...own].sort((a, b) => a.at - b.at));
    }
  }
  life.schedules = schedules;
  life.fires = fires;
}

/** The instant of the next run of any schedule. */
export function findNextFire(life: Life, now: number): Fire | undefined {
  let first: Fire | undefined;
  for (const { invokeId, next } of life.schedules) {
    const instant = next.map((each) => Date.parse(each)).find((at) => at > now);
    if (instant !== undefined && (first === undefined || instant < first.at)) first = { at: instant, invokeId };
  }
  return first;
}

/** The runs that began or ended within a time, the oldest first. */
export function listRunsWithin(life: Life, from: number, to: number): readonly Execution[] {
  return [...life.byKey.values()]
    .filter((execution) => {
      const start = findStart(execution);
      const end = execution.finishTime ?? start;
      return end > from && start <= to && end <= to;
    })
    .sort((a, b) => findStart(a) - findStart(b));
}
