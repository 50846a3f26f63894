/** The head of the page: where it is, what time it is there, and how to move it. */
import { useState } from "preact/hooks";
import { findTone } from "./bars";
import { findNextFire, findNow, listRunsWithin } from "./life";
import type { Status } from "./session";
import { follow, type Span, widthOf } from "./span";
import { nameRun, type Stage } from "./stage";
import { formatCount, formatDistance, formatInstant, formatSpan, parseWallTime } from "./words";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const STEPS: readonly (readonly [label: string, ms: number])[] = [
  ["+1 min", MINUTE_MS],
  ["+1 h", HOUR_MS],
  ["+8 h", 8 * HOUR_MS],
  ["+1 d", 24 * HOUR_MS],
];

export interface TopProps {
  readonly stage: Stage;
  readonly status: Status;
  readonly span: Span;
  readonly setSpan: (span: Span) => void;
}

export function Top(props: TopProps) {
  const { stage, status } = props;
  const { life, now, zone } = stage;
  return (
    <header class="top">
      <div class="brand">
        <h1>Cloud Assistant emulator</h1>
        <p>
          {life.regionId}
          <span class={`link ${status.kind}`}>{sayLink(status)}</span>
        </p>
      </div>
      <div class="clock">
        <p class="time">
          <time dateTime={new Date(now).toISOString()}>{formatInstant(now, zone)}</time> <small>{zone}</small>
        </p>
        <p>{sayClock(life.canAdvance, life.standsStill)}</p>
      </div>
      <Summary stage={stage} />
      {life.canAdvance && <TimeControl {...props} />}
    </header>
  );
}

const sayLink = ({ kind }: Status): string =>
  kind === "connected" ? "live" : kind === "connecting" ? "connecting" : "not connected";

function sayClock(canAdvance: boolean, standsStill: boolean): string {
  if (standsStill) return "stopped: it moves when it is advanced";
  return canAdvance
    ? "goes, and can leap ahead"
    : "goes with the system's; start with a clock that can be moved to leap";
}

function Summary({ stage: { life, now } }: { readonly stage: Stage }) {
  const machines = [...life.machines.values()];
  const up = machines.filter(({ agent }) => agent.online).length;
  const counts = { good: 0, bad: 0, late: 0, off: 0, running: 0 };
  for (const execution of life.byKey.values()) counts[findTone(execution)]++;
  const next = findNextFire(life, now);
  return (
    <dl class="summary">
      <div>
        <dt>machines</dt>
        <dd>
          {up.toLocaleString("en")}
          {up < machines.length && <small> of {machines.length.toLocaleString("en")}</small>}
        </dd>
      </div>
      <div class="running">
        <dt>running</dt>
        <dd>{counts.running.toLocaleString("en")}</dd>
      </div>
      <div class="good">
        <dt>succeeded</dt>
        <dd>{counts.good.toLocaleString("en")}</dd>
      </div>
      <div class="bad">
        <dt>failed</dt>
        <dd>{(counts.bad + counts.late).toLocaleString("en")}</dd>
      </div>
      <div class="next">
        <dt>next run</dt>
        <dd title={next && nameRun(life, next.invokeId)}>
          {next === undefined ? <small>none</small> : formatDistance(next.at - now)}
        </dd>
      </div>
    </dl>
  );
}

function TimeControl({ stage, span, setSpan }: TopProps) {
  const [isMoving, setMoving] = useState(false);
  const [date, setDate] = useState("");
  const { life, zone, ask, attempt, say } = stage;

  const advance = (body: object): Promise<void> =>
    attempt(async () => {
      const from = findNow(life, performance.now());
      setMoving(true);
      try {
        const { now, ran } = await ask<{ now: string; ran?: boolean }>("POST", "advance", body);
        const to = Date.parse(now);
        if (ran === false) {
          say({ text: "No schedule will run: nothing to go to", tone: "bad", runs: [] });
          return;
        }
        // The last events of the way come with the answer or just after it.
        await new Promise((resolve) => setTimeout(resolve, 150));
        life.heard = { at: Math.max(life.heard.at, to), pageMs: performance.now() };
        setSpan(follow(to, Math.max(widthOf(span), ((to - from) / 0.7) * 1.1)));
        const runs = listRunsWithin(life, from, to);
        const failed = runs.filter((run) => run.status !== "Success").length;
        const what =
          runs.length === 0 ? "nothing ran" : `${formatCount(runs.length, "run")}, ${failed || "none"} failed`;
        say({ text: `${formatSpan(to - from)} later: ${what}`, tone: failed > 0 ? "bad" : "good", runs });
      } finally {
        setMoving(false);
      }
    });
  const goTo = (event: Event): void => {
    event.preventDefault();
    const instant = parseWallTime(date, zone);
    if (instant !== undefined) void advance({ to: new Date(instant).toISOString() });
  };

  return (
    <fieldset class="moves" disabled={isMoving || !stage.isConnected}>
      <legend>{isMoving ? "Moving time …" : "Move time"}</legend>
      <div class="group">
        {STEPS.map(([label, ms]) => (
          <button key={label} type="button" onClick={() => advance({ ms })}>
            {label}
          </button>
        ))}
        <button type="button" class="primary" onClick={() => advance({ to: "nextRun" })}>
          Next run
        </button>
      </div>
      <form class="group" onSubmit={goTo}>
        <input
          type="datetime-local"
          step="1"
          aria-label={`To a date, ${zone}`}
          value={date}
          onInput={({ currentTarget }) => setDate(currentTarget.value)}
        />
        <button type="submit" disabled={date === ""}>
          Go
        </button>
      </form>
    </fieldset>
  );
}
