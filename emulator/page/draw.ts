/** A lane on its canvas. */
import { type Bar, MAX_ROWS, type Tone } from "./bars";

/** Colours of the page, read from its style sheet. */
export type Palette = Readonly<Record<Tone | "grid" | "day" | "ahead" | "now" | "fire" | "ink" | "focus", string>>;

export function readPalette(element: Element): Palette {
  // A canvas knows no variables, and a variable is not resolved for light or dark until it is a colour of something.
  const probe = element.appendChild(document.createElement("span"));
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = readAll(read);
  probe.remove();
  return palette;
}

function readAll(read: (name: string) => string): Palette {
  return {
    ...{ good: read("good"), bad: read("bad"), late: read("late"), off: read("off"), running: read("running") },
    ...{ grid: read("grid"), day: read("grid-day"), ahead: read("ahead"), now: read("now"), fire: read("fire") },
    ...{ ink: read("bar-ink"), focus: read("focus") },
  };
}

export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bars: readonly Bar[];
  readonly fires: readonly number[];
  readonly ticks: readonly { readonly x: number; readonly isDay: boolean }[];
  readonly nowX: number;
  /** What stands in a bar that has room for it. */
  label(bar: Bar): string;
  readonly selected: Bar | undefined;
  readonly palette: Palette;
}

const TOP_PX = 6;
const LABEL_FROM_PX = 46;
const NOTCHED_FROM_PX = 12;

/** Where the rows of a lane lie. */
export function findRowPx(rows: number, heightPx: number): { readonly topPx: number; readonly stepPx: number } {
  return { topPx: TOP_PX, stepPx: (heightPx - 2 * TOP_PX) / Math.max(1, Math.min(rows, MAX_ROWS)) };
}

export function drawLane(canvas: HTMLCanvasElement, picture: Picture): void {
  const { widthPx, heightPx, bars, fires, ticks, nowX, palette } = picture;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(widthPx * scale), Math.round(heightPx * scale)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, widthPx, heightPx);

  if (nowX < widthPx) {
    context.fillStyle = palette.ahead;
    context.fillRect(Math.max(0, nowX), 0, widthPx, heightPx);
  }
  for (const { x, isDay } of ticks) {
    context.fillStyle = isDay ? palette.day : palette.grid;
    context.fillRect(Math.round(x), 0, 1, heightPx);
  }

  const rows = bars.reduce((most, { row }) => Math.max(most, row + 1), 1);
  const { topPx, stepPx } = findRowPx(rows, heightPx);
  for (const bar of bars) {
    const [y, tall] = [topPx + bar.row * stepPx, stepPx - (rows > 1 ? 1 : 0)];
    drawBar(context, bar, y, tall, picture);
  }

  context.fillStyle = palette.fire;
  for (const x of fires) drawDiamond(context, x, heightPx / 2);

  if (nowX >= 0 && nowX <= widthPx) {
    context.fillStyle = palette.now;
    context.fillRect(Math.round(nowX) - 1, 0, 2, heightPx);
  }
}

function drawBar(
  context: CanvasRenderingContext2D,
  bar: Bar,
  y: number,
  tall: number,
  { widthPx, label, selected, palette }: Picture,
): void {
  const x = Math.max(-8, bar.x);
  const width = Math.min(bar.x + bar.width, widthPx + 8) - x;
  const round = (inset: number, taller = inset): void => {
    context.beginPath();
    const [left, top] = [x - inset, y - taller];
    context.roundRect(left, top, Math.max(1, width + 2 * inset), tall + 2 * taller, Math.min(4, tall / 2, width));
  };
  // Not by colour alone: what went wrong is taller, and notched where there is room.
  const isBad = bar.tone === "bad" || bar.tone === "late";
  round(0, isBad && width < NOTCHED_FROM_PX ? 3 : 0);
  context.fillStyle = palette[bar.tone];
  context.fill();
  if (isBad && width >= NOTCHED_FROM_PX) drawNotch(context, x, y, 8, palette.ink);
  if (bar.executions.length > 1 && width >= 14) drawStripes(context, x, y, width, tall, palette.ink);
  if (width >= LABEL_FROM_PX && tall >= 12) {
    context.save();
    round(0);
    context.clip();
    context.fillStyle = palette.ink;
    context.font = "500 11px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.fillText(label(bar), Math.max(x, 0) + 8, y + tall / 2 + 0.5);
    context.restore();
  }
  if (bar !== selected) return;
  round(2.5, 2.5);
  context.lineWidth = 2;
  context.strokeStyle = palette.focus;
  context.stroke();
}

function drawNotch(context: CanvasRenderingContext2D, x: number, y: number, size: number, ink: string): void {
  context.fillStyle = ink;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.fill();
}

/** Several runs that are too close to tell. */
function drawStripes(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  tall: number,
  ink: string,
): void {
  context.save();
  context.globalAlpha = 0.22;
  context.fillStyle = ink;
  for (let at = x + 4; at < x + width - 1; at += 4) context.fillRect(at, y, 1, tall);
  context.restore();
}

function drawDiamond(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x, y - 5);
  context.lineTo(x + 4, y);
  context.lineTo(x, y + 5);
  context.lineTo(x - 4, y);
  context.fill();
}
