/** Where the runs of a machine are drawn: each a bar to scale, side by side in rows where they overlap, and as one where they are too narrow to tell. */
import { type Execution, findStart } from "./execution";
import { type Span, toPixel } from "./span";

/** What a colour stands for. */
export type Tone = "good" | "bad" | "late" | "off" | "running";

const TONES: Readonly<Record<Execution["status"], Tone>> = {
  Pending: "running",
  Scheduled: "running",
  Running: "running",
  Stopping: "running",
  Success: "good",
  Failed: "bad",
  Invalid: "bad",
  Aborted: "bad",
  Error: "bad",
  Timeout: "late",
  Cancelled: "off",
  Terminated: "off",
};

export const findTone = ({ status }: Pick<Execution, "status">): Tone => TONES[status];

/** Of several runs in one bar, the one that most wants to be looked at. */
const WORST: readonly Tone[] = ["bad", "late", "running", "off", "good"];

export interface Bar {
  x: number;
  width: number;
  /** From 0 at the top. */
  row: number;
  tone: Tone;
  /** The oldest first; more than one where they were too narrow to tell. */
  executions: Execution[];
}

const NARROWEST_PX = 4;
export const MAX_ROWS = 3;

/**
 * @param executions in the order of their start
 * @param longestMs of them, so that the long ones that began before the span are found
 */
export function layBars(
  executions: readonly Execution[],
  longestMs: number,
  span: Span,
  widthPx: number,
  now: number,
): readonly Bar[] {
  const bars: Bar[] = [];
  const last: (Bar | undefined)[] = [];
  for (let index = findFirst(executions, span.from - longestMs); index < executions.length; index++) {
    const execution = executions[index] as Execution;
    const start = findStart(execution);
    if (start > span.to) break;
    const end = execution.finishTime ?? Math.max(start, now);
    const x = toPixel(span, widthPx, start);
    const right = Math.max(x + NARROWEST_PX, toPixel(span, widthPx, end));
    if (right < 0) continue;
    const free = last.findIndex((bar) => bar === undefined || bar.x + bar.width <= x);
    const row = free === -1 ? last.length : free;
    const nearest = last[0];
    const isNarrow = right - x <= NARROWEST_PX && nearest !== undefined && nearest.x + nearest.width > x;
    // Those that are narrow only since they are drawn wider than they are do not need a row of their own.
    const joined = isNarrow && isCrowd(nearest) ? nearest : row >= MAX_ROWS ? last[MAX_ROWS - 1] : undefined;
    if (joined !== undefined) {
      joined.executions.push(execution);
      joined.width = Math.max(joined.width, right - joined.x);
      joined.tone = findWorst(joined.tone, findTone(execution));
      continue;
    }
    const bar = { x, width: right - x, row, tone: findTone(execution), executions: [execution] };
    last[row] = bar;
    bars.push(bar);
  }
  return bars;
}

/** A bar of narrow runs alone. */
const isCrowd = ({ executions, width }: Bar): boolean => width <= NARROWEST_PX * (executions.length + 1);

const findWorst = (one: Tone, other: Tone): Tone => WORST.find((tone) => tone === one || tone === other) ?? one;

/** Index of the first that began at or after an instant. */
export function findFirst(executions: readonly Execution[], from: number): number {
  let [low, high] = [0, executions.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (findStart(executions[middle] as Execution) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bar at a place, or the nearest within reach of a finger. */
export function findBar(bars: readonly Bar[], x: number, row: number | undefined): Bar | undefined {
  const REACH_PX = 6;
  let best: Bar | undefined;
  let bestPx = REACH_PX;
  for (const bar of bars) {
    const px = Math.max(bar.x - x, x - bar.x - bar.width, 0) + (row === undefined || row === bar.row ? 0 : 1);
    if (px > bestPx || (px === bestPx && best !== undefined)) continue;
    best = bar;
    bestPx = px;
  }
  return best;
}

export interface Fire {
  readonly at: number;
  readonly invokeId: string;
}

/** The next runs that are seen, one for each place: those closer than a mark is wide are one. */
export function layFires(fires: readonly Fire[], span: Span, widthPx: number, now: number): readonly number[] {
  const places: number[] = [];
  for (const { at } of fires) {
    if (at < now || at < span.from || at > span.to) continue;
    const x = toPixel(span, widthPx, at);
    if (x - (places.at(-1) ?? Number.NEGATIVE_INFINITY) >= 5) places.push(x);
  }
  return places;
}
