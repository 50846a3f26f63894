/** One machine's lane: what it is, and its runs on a canvas. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { InstanceView } from "../control/instances";
import { type Bar, findBar, findTone, layBars, layFires, MAX_ROWS } from "./bars";
import { drawLane, findRowPx, type Palette } from "./draw";
import { findLane, formatKey } from "./life";
import { type Span, toPixel } from "./span";
import { nameRun, type Stage } from "./stage";
import type { Tick } from "./ticks";
import { formatCount, formatDistance } from "./words";

export interface LaneProps {
  readonly stage: Stage;
  readonly machine: InstanceView;
  readonly index: number;
  readonly span: Span;
  readonly widthPx: number;
  readonly lanePx: number;
  readonly ticks: readonly Tick[];
  readonly palette: Palette;
  /** Whether the Tab key comes here. */
  readonly isCurrent: boolean;
  onFocus(): void;
}

export function LaneRow({
  stage,
  machine,
  index,
  span,
  widthPx,
  lanePx,
  ticks,
  palette,
  isCurrent,
  onFocus,
}: LaneProps) {
  const { life, now, chosen, choose } = stage;
  const { instanceId, instanceName, status, agent, tags } = machine;
  const canvas = useRef<HTMLCanvasElement>(null);
  const lane = findLane(life, instanceId);
  const bars = layBars(lane.executions, lane.longestMs, span, widthPx, now);
  const fires = layFires(life.fires.get(instanceId) ?? [], span, widthPx, now);
  const selected = chosen?.kind === "run" ? bars.find(({ executions }) => executions.some(isChosen)) : undefined;
  function isChosen(execution: Parameters<typeof formatKey>[0]): boolean {
    return chosen?.kind === "run" && formatKey(execution) === formatKey(chosen);
  }

  useLayoutEffect(() => {
    if (canvas.current === null) return;
    drawLane(canvas.current, {
      ...{ widthPx, heightPx: lanePx, bars, fires, ticks, selected, palette },
      nowX: toPixel(span, widthPx, now),
      label: (bar) => sayBar(stage, bar),
    });
  });

  const onClick = (event: MouseEvent): void => {
    const rows = bars.reduce((most, { row }) => Math.max(most, row + 1), 1);
    const { topPx, stepPx } = findRowPx(rows, lanePx);
    const row = Math.min(MAX_ROWS - 1, Math.max(0, Math.floor((event.offsetY - topPx) / stepPx)));
    const execution = findBar(bars, event.offsetX, row)?.executions.at(-1);
    choose(execution === undefined ? { kind: "machine", instanceId } : { ...execution, kind: "run" });
  };
  const isWell = status !== "Running" || agent.online;
  const shownTags = Object.entries(tags);
  return (
    <div
      class="lane"
      role="row"
      aria-rowindex={index + 2}
      aria-label={sayLane(stage, machine)}
      data-lane={index}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (chosen?.kind !== "run" || chosen.instanceId !== instanceId) choose({ kind: "machine", instanceId });
      }}
      style={{ top: `${index * lanePx}px`, height: `${lanePx}px` }}
    >
      <div class="label" role="rowheader" onClick={() => choose({ kind: "machine", instanceId })}>
        <span class={`state ${status.toLowerCase()} ${isWell ? "" : "unwell"}`} title={sayState(machine)} />
        <span class="name">{instanceName || instanceId}</span>
        {(status !== "Running" || !agent.online) && <span class="why">{sayState(machine)}</span>}
        {status === "Running" && agent.online && shownTags.length > 0 && (
          <span class="tags">
            {shownTags.map(([key, value]) => (value === "" ? key : `${key}=${value}`)).join(" ")}
          </span>
        )}
      </div>
      <div class="track" role="gridcell" onClick={onClick}>
        <canvas ref={canvas} aria-hidden="true" style={{ width: `${widthPx}px`, height: `${lanePx}px` }} />
      </div>
    </div>
  );
}

/** What a machine is in one or two words: its status, or what is wrong with its agent. */
export function sayState({ status, agent }: InstanceView): string {
  if (status !== "Running") return status.toLowerCase();
  if (agent.version === "") return "no agent";
  return agent.online ? "running" : "agent offline";
}

function sayBar({ life }: Stage, { executions }: Bar): string {
  const names = new Set(executions.map(({ invokeId }) => nameRun(life, invokeId)));
  const name = [...names].join(", ");
  return executions.length === 1 ? name : `${executions.length} × ${name}`;
}

function sayLane({ life, now }: Stage, machine: InstanceView): string {
  const { executions } = findLane(life, machine.instanceId);
  const bad = executions.filter((each) => ["bad", "late"].includes(findTone(each))).length;
  const ran =
    executions.length === 0 ? "nothing ran" : `${formatCount(executions.length, "run")}, ${bad || "none"} failed`;
  const next = life.fires.get(machine.instanceId)?.find(({ at }) => at > now);
  const ahead = next === undefined ? "" : `, next run ${formatDistance(next.at - now)}`;
  return `${machine.instanceName || machine.instanceId}, ${sayState(machine)}: ${ran}${ahead}`;
}
