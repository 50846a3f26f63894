/** One visit to an emulator: keeps what the page knows up to date, and tells whoever shows it. */
import type { InstanceView } from "../control/instances";
import type { InvocationView } from "../control/invocations";
import type { QuotasView } from "../control/quotas";
import type { ScheduleView } from "../control/schedules";
import { type Connection, connect, Refused } from "./connection";
import {
  createLife,
  type FaultView,
  type Life,
  type Stale,
  type Time,
  take,
  takeInstance,
  takeInstances,
  takeInvocation,
  takeSchedules,
  type Whole,
} from "./life";

export type Status =
  | { readonly kind: "connecting" | "connected" }
  /** No answer: it is tried again. */
  | { readonly kind: "lost"; readonly since: number }
  /** An answer that no patience changes. */
  | { readonly kind: "refused"; readonly message: string };

export interface Session {
  readonly status: Status;
  /** Undefined before the first answer. */
  readonly life: Life | undefined;
  readonly ask: Connection["ask"];
  /** Calls back, at most once for each picture of the browser, when something has changed. */
  subscribe(listener: () => void): () => void;
  /** Asks for more of the next runs, as far as they are seen. */
  lookAhead(until: number): void;
}

const RETRY_MS = 1_000;
/** What may come in numbers is asked for once. */
const REFRESH_MS = 150;
const MANY_MACHINES = 20;
const RESULTS = 20_000;
const FIRES = 300;
const REQUESTS = 1_000;
const DAY_MS = 86_400_000;

class Missed extends Error {}

export function openSession(token: string): Session {
  const connection = connect(token);
  const listeners = new Set<() => void>();
  let status: Status = { kind: "connecting" };
  let life: Life | undefined;
  let isWhole = false;
  let frame = 0;
  let until = 0;
  let isRefreshing = false;
  const stale = new Map<string, Stale>();

  const tell = (): void => {
    if (frame !== 0) return;
    // A page that is not seen gets no pictures.
    frame = document.hidden ? window.setTimeout(flush, 200) : requestAnimationFrame(flush);
  };
  const flush = (): void => {
    frame = 0;
    for (const listener of listeners) listener();
  };
  const become = (next: Status): void => {
    status = next;
    tell();
  };

  const askSchedules = async () => {
    const ahead = until === 0 ? "" : `&until=${new Date(until).toISOString()}`;
    const path = `schedules?count=${FIRES}${ahead}`;
    const { schedules } = await connection.ask<{ schedules: readonly ScheduleView[] }>("GET", path);
    return schedules;
  };
  const askInstances = async () =>
    (await connection.ask<{ instances: readonly InstanceView[] }>("GET", "instances")).instances;
  const askFaults = async () => (await connection.ask<{ faults: readonly FaultView[] }>("GET", "faults")).faults;

  const load = async (time: Time): Promise<void> => {
    until = Math.max(until, Date.parse(time.now) + DAY_MS);
    const [about, instances, schedules, faults, quotas, journal] = await Promise.all([
      connection.ask<Whole["about"]>("GET", "about"),
      askInstances(),
      askSchedules(),
      askFaults(),
      connection.ask<QuotasView>("GET", "quotas"),
      connection.ask<Whole["journal"]>("GET", `journal?limit=${REQUESTS}`),
    ]);
    const present = { time, about, instances, schedules, faults, quotas, journal };
    // Machines are seen before all that they ever ran is there.
    life ??= createLife({ ...present, invocations: [], results: [] }, performance.now());
    tell();
    const [{ invocations }, { results }] = await Promise.all([
      connection.ask<Pick<Whole, "invocations">>("GET", "invocations?limit=10000&runs=none"),
      connection.ask<Pick<Whole, "results">>("GET", `results?limit=${RESULTS}`),
    ]);
    // What happened meanwhile is in what was read, and comes again as events: a run that is known stays one.
    life = createLife({ ...present, invocations, results }, performance.now());
  };

  const refresh = async (): Promise<void> => {
    isRefreshing = false;
    const wanted = [...stale.values()];
    stale.clear();
    const known = life;
    if (known === undefined) return;
    const single = wanted.filter((each) => each.what === "instance");
    const isAll = wanted.some(({ what }) => what === "instances") || single.length > MANY_MACHINES;
    const work = wanted.map(async (each) => {
      switch (each.what) {
        case "schedules":
          return takeSchedules(known, await askSchedules());
        case "faults":
          known.faults = await askFaults();
          return;
        case "quotas":
          known.quotas = await connection.ask<QuotasView>("GET", "quotas");
          return;
        case "invocation":
          return takeInvocation(known, await connection.ask<InvocationView>("GET", `invocations/${each.invokeId}`));
        case "instance":
          if (!isAll) takeInstance(known, await connection.ask<InstanceView>("GET", `instances/${each.instanceId}`));
          return;
        default:
          return;
      }
    });
    if (isAll) work.push(askInstances().then((instances) => takeInstances(known, instances)));
    // One that is gone meanwhile is no failure; a connection that is, is noticed by the stream.
    await Promise.allSettled(work);
    tell();
  };
  const want = (wanted: readonly Stale[]): void => {
    for (const each of wanted) stale.set(JSON.stringify(each), each);
    if (stale.size === 0 || isRefreshing) return;
    isRefreshing = true;
    setTimeout(refresh, REFRESH_MS);
  };

  const visit = async (): Promise<void> => {
    const time = await connection.ask<Time>("GET", "time");
    const isSame = isWhole && life?.emulatorId === time.emulatorId && life.sequence <= time.sequence;
    if (!isSame) {
      isWhole = false;
      await load(time);
      isWhole = true;
    }
    const known = life as Life;
    known.heard = { at: Math.max(known.heard.at, Date.parse(time.now)), pageMs: performance.now() };
    want([{ what: "faults" }, { what: "quotas" }]);
    await connection.listen(
      known.sequence,
      (events) => {
        const current = life;
        if (current === undefined) return;
        // Too much was missed: the whole is read anew.
        if (events.some(({ kind }) => kind === "missed")) {
          isWhole = false;
          throw new Missed();
        }
        want(events.flatMap((event) => take(current, event, performance.now())));
        tell();
      },
      () => become({ kind: "connected" }),
    );
  };

  const keepVisiting = async (): Promise<void> => {
    for (;;) {
      try {
        await visit();
      } catch (error) {
        if (error instanceof Missed) continue;
        if (error instanceof Refused) {
          become({ kind: "refused", message: error.message });
          return;
        }
      }
      if (status.kind !== "lost") become({ kind: "lost", since: Date.now() });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void keepVisiting();

  return {
    get status() {
      return status;
    },
    get life() {
      return life;
    },
    ask: connection.ask,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lookAhead(next) {
      if (next <= until) return;
      until = next;
      want([{ what: "schedules" }]);
    },
  };
}
