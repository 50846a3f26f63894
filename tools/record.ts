/**
 * `npm run record`: runs the demo and keeps what it printed as `docs/demo.svg`, a terminal that scrolls as the demo went,
 * its waits shortened. Nothing but text and CSS, so that it plays wherever a README is shown.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

const REPOSITORY = path.resolve(__dirname, "..");

const COLUMNS = 118;
const ROWS = 30;
const CHARACTER_PX = 7.2;
const LINE_PX = 17;
const PADDING_PX = 14;

/** A line is shown at least and at most this long before the next; a heading long enough to be read. */
const MIN_LINE_MS = 40;
const MAX_LINE_MS = 700;
const HEADING_MS = 1_800;
const END_MS = 5_000;

export interface Line {
  /** With its ANSI colours. */
  text: string;
  /** Milliseconds after the line before. */
  pauseMs: number;
}

/** Colours of the SGR codes that the engine uses; others are read and mean nothing. */
const COLORS: Readonly<Record<string, string>> = {
  "31": "#ff7b72",
  "32": "#7ee787",
  "33": "#e3b341",
  "34": "#79c0ff",
  "35": "#d2a8ff",
  "36": "#76e3ea",
  "90": "#8b949e",
  "91": "#ff7b72",
  "92": "#7ee787",
  "93": "#e3b341",
  "94": "#79c0ff",
  "95": "#d2a8ff",
  "96": "#76e3ea",
};
const PALETTE = ["#8b949e", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#76e3ea", "#c9d1d9"];

/** The recording as an SVG that plays for ever, or shows its end to those who want no motion. */
export function formatTerminal(lines: readonly Line[]): string {
  const shown = lines.flatMap((line) =>
    layOut(parsePieces(line.text)).map((pieces, nth) => ({ pieces, ms: nth === 0 ? showFor(line) : MIN_LINE_MS })),
  );
  const totalMs = shown.reduce((sum, { ms }) => sum + ms, END_MS);
  const offsetPx = (line: number) => (ROWS - line - 1) * LINE_PX;
  let elapsedMs = 0;
  const frames = shown.map(({ ms }, line) => {
    const frame = `${((100 * elapsedMs) / totalMs).toFixed(3)}%{transform:translateY(${offsetPx(line)}px)}`;
    elapsedMs += ms;
    return frame;
  });
  const last = `transform:translateY(${offsetPx(shown.length - 1)}px)`;
  const width = Math.ceil(COLUMNS * CHARACTER_PX) + 2 * PADDING_PX;
  const height = ROWS * LINE_PX + 2 * PADDING_PX;
  const rows = shown.map(({ pieces }, line) => formatLine(pieces, line)).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>npm run demo</title>
<style>
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9;white-space:pre}
.b{font-weight:bold}
#roll{animation:roll ${totalMs}ms step-end infinite;${last}}
@keyframes roll{${frames.join("")}100%{${last}}}
@media (prefers-reduced-motion:reduce){#roll{animation:none}}
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<svg x="${PADDING_PX}" y="${PADDING_PX}" width="${width - 2 * PADDING_PX}" height="${ROWS * LINE_PX}"><g id="roll">
${rows}
</g></svg>
</svg>
`;
}

const showFor = ({ text, pauseMs }: Line): number =>
  text.startsWith("━━━") ? HEADING_MS : Math.min(Math.max(pauseMs, MIN_LINE_MS), MAX_LINE_MS);

interface Piece {
  text: string;
  color: string;
  isBold: boolean;
}

/** Pieces of one colour. */
function parsePieces(line: string): Piece[] {
  const pieces: Piece[] = [];
  let color = "";
  let isBold = false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what starts a colour
  for (const part of line.split(/(\u001b\[[0-9;]*[A-Za-z])/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what starts a colour
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      const colorOf256 = /38;5;(\d+)/.exec(codes)?.[1];
      if (codes === "" || codes === "0") [color, isBold] = ["", false];
      else if (colorOf256 !== undefined) color = PALETTE[Number(colorOf256) % 8] ?? "";
      else color = COLORS[codes.split(";").find((code) => code in COLORS) ?? ""] ?? color;
      if (codes.split(";").includes("1")) isBold = true;
    } else if (!part.startsWith("\u001b") && part !== "") pieces.push({ text: part, color, isBold });
  }
  return pieces;
}

/** A resource's row, as the engine shows it: a message of its own repeats what does not fit. */
const ROW = /^.{4}pulumi(?:-nodejs)?:/;

/** Lines of the terminal's width: a resource's row is cut, all else goes on below, between words and two columns further in. */
function layOut(pieces: readonly Piece[]): Piece[][] {
  const text = pieces.map((piece) => piece.text).join("");
  if (ROW.test(text)) return [text.length > COLUMNS ? cutPieces(pieces) : [...pieces]];
  const indent = " ".repeat((/^ */.exec(text)?.[0].length ?? 0) + 2);
  const lines: Piece[][] = [[]];
  let columnsLeft = COLUMNS;
  const words = pieces.flatMap(({ text, ...style }) =>
    (text.match(/ *[^ ]+| +$/g) ?? []).map((word) => ({ ...style, text: word })),
  );
  for (const word of words) {
    if (word.text.length > columnsLeft && columnsLeft < COLUMNS - indent.length) {
      lines.push([{ text: indent, color: "", isBold: false }]);
      columnsLeft = COLUMNS - indent.length;
      word.text = word.text.trimStart();
    }
    lines.at(-1)?.push(word);
    columnsLeft -= word.text.length;
  }
  return lines.map((line) => cutPieces(line));
}

function cutPieces(pieces: readonly Piece[]): Piece[] {
  let columnsLeft = COLUMNS;
  return pieces.flatMap(({ text, ...style }) => {
    if (columnsLeft <= 0) return [];
    const shown = text.length > columnsLeft ? `${text.slice(0, columnsLeft - 1)}…` : text;
    columnsLeft -= shown.length;
    return [{ text: shown, ...style }];
  });
}

function formatLine(pieces: readonly Piece[], line: number): string {
  const spans = pieces.map(({ text, color, isBold }) => {
    const style = `${color === "" ? "" : ` fill="${color}"`}${isBold ? ' class="b"' : ""}`;
    return style === "" ? encode(text) : `<tspan${style}>${encode(text)}</tspan>`;
  });
  return `<text y="${line * LINE_PX + 13}" xml:space="preserve">${spans.join("")}</text>`;
}

const encode = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** What the demo prints, line by line. */
async function recordDemo(): Promise<Line[]> {
  const demo = spawn(path.join(REPOSITORY, "node_modules/.bin/tsx"), ["examples/tour.ts"], {
    cwd: REPOSITORY,
    env: { ...process.env, FORCE_COLOR: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(demo, "close");
  const lines: Line[] = [];
  let lastMs = performance.now();
  for await (const text of createInterface(demo.stdout)) {
    const nowMs = performance.now();
    lines.push({ text, pauseMs: Math.round(nowMs - lastMs) });
    lastMs = nowMs;
  }
  const [exitCode] = await ended;
  if (exitCode !== 0) throw new Error("Cannot record the demo: it failed; run `npm run demo` to see why");
  return lines;
}

async function main(): Promise<void> {
  const lines = await recordDemo();
  mkdirSync(path.join(REPOSITORY, "docs"), { recursive: true });
  writeFileSync(path.join(REPOSITORY, "docs/demo.svg"), formatTerminal(lines));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
