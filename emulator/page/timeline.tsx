/** Machines × time: the axis, and of the lanes only those that are seen. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { InstanceView } from "../control/instances";
import { type Palette, readPalette } from "./draw";
import { findStart } from "./execution";
import { LaneRow } from "./lane";
import { findLane } from "./life";
import { follow, pan, type Span, show, stepWidth, toInstant, toPixel, WIDTHS, widthOf, zoom } from "./span";
import { nameRun, type Stage } from "./stage";
import { findTicks, type Tick } from "./ticks";
import { formatSpan, formatTime } from "./words";

export interface TimelineProps {
  readonly stage: Stage;
  readonly span: Span;
  readonly setSpan: (span: Span) => void;
  readonly setZone: (zone: string) => void;
}

/** Lanes beyond the edge that are ready when one scrolls. */
const SPARE_LANES = 6;
const LEAST_LANE_PX = 36;
const MOST_LANE_PX = 52;
const ZOOM_PER_NOTCH = 1.15;

/** What of an element is seen, and how wide it is. */
function useView(box: RefObject<HTMLDivElement | null>) {
  const [view, setView] = useState({ top: 0, height: 600, width: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const read = (): void => {
      const { scrollTop: top, clientHeight: height, clientWidth: width } = element;
      setView((old) =>
        old.top === top && old.height === height && old.width === width ? old : { top, height, width },
      );
    };
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener("scroll", read, { passive: true });
    read();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", read);
    };
  }, []);
  return view;
}

function usePalette(box: RefObject<HTMLDivElement | null>): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  useLayoutEffect(() => {
    const read = (): void => setPalette(box.current === null ? undefined : readPalette(box.current));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", read);
    read();
    return () => dark.removeEventListener("change", read);
  }, []);
  return palette;
}

const matches = (text: string, { instanceId, instanceName, status, osType, tags }: InstanceView): boolean =>
  [instanceId, instanceName, status, osType, ...Object.entries(tags).map(([key, value]) => `${key}=${value}`)].some(
    (each) => each.toLowerCase().includes(text),
  );

export function Timeline(props: TimelineProps) {
  const { stage, span, setSpan } = props;
  const { life, now, zone, chosen, choose } = stage;
  const [filter, setFilter] = useState("");
  const [current, setCurrent] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const view = useView(box);
  const palette = usePalette(box);
  const shown = useMemo(() => {
    const text = filter.trim().toLowerCase();
    return [...life.machines.values()].filter((machine) => text === "" || matches(text, machine));
  }, [life.machines, filter]);

  const labelPx = view.width < 560 ? 112 : 208;
  const widthPx = Math.max(40, view.width - labelPx);
  // Few machines have room; many keep to what can still be read.
  const roomPx = Math.floor((view.height - AXIS_PX) / Math.max(1, shown.length));
  const lanePx = Math.min(MOST_LANE_PX, Math.max(LEAST_LANE_PX, roomPx));
  const ticks = findTicks(span, widthPx, zone);
  const from = Math.max(0, Math.floor(view.top / lanePx) - SPARE_LANES);
  const seen = shown.slice(from, Math.ceil((view.top + view.height) / lanePx) + SPARE_LANES);
  useWheel(box, span, setSpan, labelPx, widthPx);
  const drag = useDrag(span, setSpan, widthPx);

  const focusLane = (index: number): void => {
    const next = Math.min(shown.length - 1, Math.max(0, index));
    setCurrent(next);
    const top = next * lanePx;
    const element = box.current;
    if (element === null) return;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + lanePx > element.scrollTop + element.clientHeight - AXIS_PX)
      element.scrollTop = top + lanePx - element.clientHeight + AXIS_PX;
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-lane="${next}"]`)?.focus());
  };
  const chooseBeside = (index: number, step: number): void => {
    const machine = shown[index];
    if (machine === undefined) return;
    const { executions } = findLane(life, machine.instanceId);
    const place =
      chosen?.kind === "run" && chosen.instanceId === machine.instanceId
        ? executions.findIndex((each) => each.invokeId === chosen.invokeId && each.repeats === chosen.repeats) + step
        : executions.length - 1;
    const next = executions[Math.min(executions.length - 1, Math.max(0, place))];
    if (next === undefined) return;
    setSpan(show(span, findStart(next)));
    choose({ ...next, kind: "run" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    const page = Math.max(1, Math.floor(view.height / lanePx) - 2);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focusLane(current + 1),
      ArrowUp: () => focusLane(current - 1),
      PageDown: () => focusLane(current + page),
      PageUp: () => focusLane(current - page),
      Home: () => focusLane(0),
      End: () => focusLane(shown.length - 1),
      ArrowRight: () => chooseBeside(current, 1),
      ArrowLeft: () => chooseBeside(current, -1),
      "+": () => setSpan(zoom(span, stepWidth(widthOf(span), -1))),
      "-": () => setSpan(zoom(span, stepWidth(widthOf(span), 1))),
      n: () => setSpan(follow(now, widthOf(span))),
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  return (
    <section class="timeline" aria-label="Machines and time">
      <Tools {...props} filter={filter} setFilter={setFilter} shown={shown.length} />
      <div class="frame">
        <div
          id="lanes"
          class="lanes"
          ref={box}
          role="grid"
          aria-label="Machines, each with its runs over time"
          aria-rowcount={shown.length + 1}
          aria-colcount={2}
          tabIndex={shown.length === 0 ? 0 : -1}
          onKeyDown={onKeyDown}
          {...drag}
          style={{ "--label": `${labelPx}px` }}
        >
          <Axis ticks={ticks} span={span} widthPx={widthPx} now={now} zone={zone} />
          <div class="rows" role="rowgroup" style={{ height: `${shown.length * lanePx}px` }}>
            {palette !== undefined &&
              seen.map((machine, place) => (
                <LaneRow
                  key={machine.instanceId}
                  {...{ stage, machine, span, widthPx, lanePx, ticks, palette }}
                  index={from + place}
                  isCurrent={from + place === Math.min(current, shown.length - 1)}
                  onFocus={() => setCurrent(from + place)}
                />
              ))}
          </div>
        </div>
        <Empty stage={stage} isFiltered={filter !== "" && shown.length === 0} />
      </div>
      <Legend />
      <p class="unseen" role="status">
        {chosen?.kind === "run" && sayRun(stage, chosen.invokeId, chosen.instanceId, chosen.repeats)}
      </p>
    </section>
  );
}

const AXIS_PX = 34;

function sayRun({ life, zone }: Stage, invokeId: string, instanceId: string, repeats: number): string {
  const run = life.byKey.get(`${invokeId} ${instanceId} ${repeats}`);
  if (run === undefined) return "";
  const { startTime, finishTime, status } = run;
  const began = startTime === undefined ? "never began" : `began ${formatTime(startTime, zone)}`;
  const lasted =
    startTime === undefined || finishTime === undefined ? "" : `, took ${formatSpan(finishTime - startTime)}`;
  return `${nameRun(life, invokeId)} on ${instanceId}: ${status}, ${began}${lasted}`;
}

interface ToolsProps extends TimelineProps {
  readonly filter: string;
  readonly setFilter: (text: string) => void;
  readonly shown: number;
}

function Tools({ stage, span, setSpan, setZone, filter, setFilter, shown }: ToolsProps) {
  const { life, now, zone } = stage;
  const zones = useMemo(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const theirs = [...life.machines.values()].map(({ timeZone }) => timeZone);
    const read = life.schedules.map(({ timeZone }) => timeZone).filter((each) => each !== "");
    return [...new Set(["UTC", own, ...theirs, ...read, zone])];
  }, [life.machines, life.schedules, zone]);
  const width = widthOf(span);
  const isListed = WIDTHS.some(({ ms }) => Math.abs(ms - width) < 1);
  const total = life.machines.size;
  return (
    <div class="tools">
      <label class="find">
        <span class="unseen">Find machines by id, name, status or tag</span>
        <input
          type="search"
          placeholder={`Find among ${total.toLocaleString("en")} machine${total === 1 ? "" : "s"}`}
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
      </label>
      {filter !== "" && <span class="hint">{shown.toLocaleString("en")} found</span>}
      <div class="group" role="group" aria-label="How much time is seen">
        <button type="button" aria-label="Less time" onClick={() => setSpan(zoom(span, stepWidth(width, -1)))}>
          +
        </button>
        <select
          aria-label="Time that is seen"
          value={isListed ? String(Math.round(width)) : ""}
          onChange={({ currentTarget }) => setSpan(zoom(span, Number(currentTarget.value)))}
        >
          {!isListed && <option value="">{formatSpan(width)}</option>}
          {WIDTHS.map(({ name, ms }) => (
            <option key={name} value={ms}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" aria-label="More time" onClick={() => setSpan(zoom(span, stepWidth(width, 1)))}>
          −
        </button>
      </div>
      <div class="group" role="group" aria-label="Which time is seen">
        <button type="button" aria-label="Earlier" onClick={() => setSpan(pan(span, -0.5))}>
          ‹
        </button>
        <button type="button" aria-pressed={span.isFollowing} onClick={() => setSpan(follow(now, width))}>
          Now
        </button>
        <button type="button" aria-label="Later" onClick={() => setSpan(pan(span, 0.5))}>
          ›
        </button>
      </div>
      <label class="zone">
        <span class="unseen">Zone of the times</span>
        <select value={zone} onChange={({ currentTarget }) => setZone(currentTarget.value)}>
          {zones.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface AxisProps {
  readonly ticks: readonly Tick[];
  readonly span: Span;
  readonly widthPx: number;
  readonly now: number;
  readonly zone: string;
}

function Axis({ ticks, span, widthPx, now, zone }: AxisProps) {
  const nowX = toPixel(span, widthPx, now);
  return (
    <div class="axis" role="row" aria-rowindex={1}>
      <span class="corner" role="columnheader">
        Machine
      </span>
      <span class="ticks" role="columnheader">
        <span class="unseen">
          Runs, {formatTime(span.from, zone)} to {formatTime(span.to, zone)} {zone}
        </span>
        {ticks.map(({ at, x, label, isDay }) => (
          <span key={at} aria-hidden="true" class={isDay ? "tick day" : "tick"} style={{ left: `${x}px` }}>
            {x > nowX - 66 && x < nowX + 24 ? "" : label}
          </span>
        ))}
        {nowX >= 0 && nowX <= widthPx && (
          <span aria-hidden="true" class="nowmark" style={{ left: `${nowX}px` }}>
            now
          </span>
        )}
      </span>
    </div>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="What the marks mean">
      <li class="good">succeeded</li>
      <li class="bad">failed</li>
      <li class="late">timed out</li>
      <li class="off">stopped</li>
      <li class="running">running</li>
      <li class="fire">will run</li>
    </ul>
  );
}

function Empty({ stage, isFiltered }: { readonly stage: Stage; readonly isFiltered: boolean }) {
  const { life, ask, attempt, isConnected } = stage;
  if (isFiltered) return <p class="empty over">No machine matches. A tag is found as key=value.</p>;
  if (life.machines.size === 0) {
    const add = () => attempt(async () => void (await ask("POST", "instances", {})));
    return (
      <div class="empty over">
        <p>
          There is no machine yet. Start the emulator with <code>--instances 3</code> or with a fixtures file, or
        </p>
        <button type="button" class="primary" disabled={!isConnected} onClick={add}>
          Add a machine
        </button>
      </div>
    );
  }
  if (life.byKey.size > 0 || life.invocations.size > 0 || !isConnected) return null;
  return (
    <div class="empty over low">
      <p>
        Nothing has run yet. Paste the <code>export</code> lines that the emulator printed, and <code>pulumi up</code> a
        program; or ask it from another terminal:
      </p>
      <pre>
        {`aliyun ecs RunCommand --profile emulator --endpoint ${location.host} --insecure \\
  --Type RunShellScript --CommandContent 'date; sleep 5; uname -a' \\
  --InstanceId.1 ${life.machines.keys().next().value}`}
      </pre>
    </div>
  );
}

/** The wheel scrolls; with Ctrl, as a pinch says it too, it zooms around the pointer; sideways it moves through time. */
function useWheel(
  box: RefObject<HTMLDivElement | null>,
  span: Span,
  setSpan: (span: Span) => void,
  labelPx: number,
  widthPx: number,
): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left - labelPx;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = ZOOM_PER_NOTCH ** Math.sign(event.deltaY);
        const at = span.isFollowing ? undefined : Math.min(1, Math.max(0, x / widthPx));
        setSpan(zoom(span, widthOf(span) * factor, at));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        setSpan(pan(span, (event.deltaX || event.deltaY) / widthPx));
      }
    };
    // A listener that may prevent must say so; the attribute's cannot.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  });
}

/** A mouse that is held down pulls time along; a finger scrolls. */
function useDrag(span: Span, setSpan: (span: Span) => void, widthPx: number) {
  const held = useRef<{ readonly x: number; readonly span: Span; isMoving: boolean } | undefined>(undefined);
  return {
    onPointerDown(event: PointerEvent): void {
      const isTime = event.target instanceof HTMLElement && event.target.closest(".ticks, .track") !== null;
      if (event.button === 0 && event.pointerType === "mouse" && isTime) {
        held.current = { x: event.clientX, span, isMoving: false };
      }
    },
    onPointerMove(event: PointerEvent): void {
      const start = held.current;
      if (start === undefined) return;
      if ((event.buttons & 1) === 0) {
        held.current = undefined;
        return;
      }
      const px = event.clientX - start.x;
      if (Math.abs(px) > 4) start.isMoving = true;
      if (!start.isMoving) return;
      const ms = toInstant(start.span, widthPx, 0) - toInstant(start.span, widthPx, px);
      setSpan({ from: start.span.from + ms, to: start.span.to + ms, isFollowing: false });
    },
    onClickCapture(event: MouseEvent): void {
      if (held.current?.isMoving) event.stopPropagation();
      held.current = undefined;
    },
  };
}
