/** Draws a rollout: each machine a square in the block of its wave, one row of blocks for each moment that is shown. */
import {
  type Facts,
  next,
  type Plan,
  parsePolicy,
  planRollout,
  STANDINGS,
  type Standing,
} from "../provider/rules/rollout";
import type { MachineFacts } from "../provider/rules/rollout/facts";
import { judgeMachine } from "../provider/rules/rollout/standing";

/** A rollout at one moment. */
export interface Moment {
  title: string;
  /** Where each machine stands, wave by wave. */
  waves: readonly (readonly Standing[])[];
}

export const momentOf = (title: string, plan: Plan, facts: Facts): Moment => ({
  title,
  waves: plan.waves.map((ids) => ids.map((id) => judgeMachine(facts.machines.get(id), plan, facts.attempt))),
});

/** How the picture of the documents comes about: where version 2 fails, and how many machines there are. */
const FLEET = 100;
const FAILS_ON = 0.04;

/** A rollout of version 2 that stops, the next update of a repaired one that is paused after wave 3, and its end. */
export function drawRollout(): string {
  const instanceIds = Array.from({ length: FLEET }, (_, i) => `i-${i}`);
  const machines = instanceIds.map((instanceId, i) => ({ instanceId, zoneId: `zone-${i % 3}` }));
  const planOf = (raw: object): Plan => {
    const { policy } = parsePolicy({ maxFailures: 1, ...raw });
    if (policy === undefined) throw new TypeError("Cannot draw a rollout: its policy must be right");
    return planRollout({ machines, seed: "picture", policy });
  };
  const plan = planOf({});
  const bad = new Set(plan.waves.flatMap((ids) => ids.slice(1).filter((_, i) => i % Math.round(1 / FAILS_ON) === 3)));
  return formatRolloutPicture([
    momentOf(
      "a bad version: stops when more fail than the one that is borne, and holds the rest",
      plan,
      play(plan, bad),
    ),
    momentOf("the next one, with through: 3, pauses there", planOf({ through: 3 }), play(planOf({ through: 3 }))),
    momentOf("through is raised: it goes on, and nowhere twice", plan, play(plan)),
  ]);
}

/** What the rules come to, where every machine ends at once. */
function play(plan: Plan, fails: ReadonlySet<string> = new Set()): Facts {
  const machines = new Map<string, MachineFacts>();
  const facts = { attempt: 1, machines, shards: new Map(), leaving: [], predecessors: new Map(), isInPlace: false };
  for (;;) {
    const { start, verdict } = next(plan, facts, 0);
    if (verdict) return facts;
    for (const id of start.flatMap(({ instanceIds }) => instanceIds))
      machines.set(id, { attempt: 1, run: fails.has(id) ? "failed" : "succeeded" });
  }
}

/** Machines below one another before a block begins another column. */
const ROWS = 10;
const SQUARE_PX = 10;
const STEP_PX = 12;
const WAVE_GAP_PX = 22;
const MARGIN_PX = 16;
const TITLE_PX = 22;
const LABEL_PX = 18;
const LINE_PX = 18;
const MIN_WAVE_PX = 64;
const MIN_WIDTH_PX = 480;

/** Failures carry a cross as well, for those who do not tell colours apart. */
const COLORS: Readonly<Record<Standing, string>> = {
  held: "none",
  again: "#e3b341",
  running: "#58a6ff",
  unchecked: "#9be9a8",
  checking: "#58a6ff",
  notYet: "#e3b341",
  succeeded: "#2ea043",
  failed: "#f85149",
  skipped: "#8b949e",
  gone: "none",
};

/** The picture as an SVG of its own, for light and dark pages. */
export function formatRolloutPicture(moments: readonly Moment[]): string {
  const rows = Math.max(1, ...moments.flatMap(({ waves }) => waves.map(({ length }) => Math.min(length, ROWS))));
  const momentPx = TITLE_PX + rows * STEP_PX + LABEL_PX + MARGIN_PX;
  const widths = findWidths(moments);
  const shown = (Object.keys(STANDINGS) as Standing[]).filter((standing) =>
    moments.some(({ waves }) => waves.some((wave) => wave.includes(standing))),
  );
  const legendY = MARGIN_PX + moments.length * momentPx;
  const width = Math.max(MIN_WIDTH_PX, 2 * MARGIN_PX + widths.reduce((sum, px) => sum + px + WAVE_GAP_PX, 0));
  const height = legendY + shown.length * LINE_PX + MARGIN_PX;
  const body = [
    ...moments.flatMap((moment, i) => formatMoment(moment, MARGIN_PX + i * momentPx, rows, widths)),
    ...shown.flatMap((standing, i) => formatLegend(standing, legendY + i * LINE_PX)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${encode(moments.map(({ title }) => title).join("; "))}</title>
<style>
text{font:12px system-ui,sans-serif;fill:#24292f}
.t{font-weight:600}
.n{fill:#57606a}
.m{stroke:#8b949e}
.x{stroke:#fff;stroke-width:1.5}
@media (prefers-color-scheme:dark){text{fill:#c9d1d9}.n{fill:#8b949e}}
</style>
${body.join("\n")}
</svg>
`;
}

/** A wave stands at the same place in every moment, wide enough for the largest. */
function findWidths(moments: readonly Moment[]): number[] {
  const count = Math.max(0, ...moments.map(({ waves }) => waves.length));
  return Array.from({ length: count }, (_, i) => {
    const machines = Math.max(...moments.map(({ waves }) => waves[i]?.length ?? 0));
    return Math.max(MIN_WAVE_PX, Math.ceil(machines / ROWS) * STEP_PX);
  });
}

function formatMoment({ title, waves }: Moment, y: number, rows: number, widths: readonly number[]): string[] {
  const lines = [`<text class="t" x="${MARGIN_PX}" y="${y + 12}">${encode(title)}</text>`];
  let x = MARGIN_PX;
  for (const [i, wave] of waves.entries()) {
    for (const [n, standing] of wave.entries())
      lines.push(formatMachine(standing, x + Math.floor(n / ROWS) * STEP_PX, y + TITLE_PX + (n % ROWS) * STEP_PX));
    const label = `wave ${i + 1}: ${wave.length}`;
    lines.push(`<text class="n" x="${x}" y="${y + TITLE_PX + rows * STEP_PX + 12}">${label}</text>`);
    x += (widths[i] ?? 0) + WAVE_GAP_PX;
  }
  return lines;
}

function formatMachine(standing: Standing, x: number, y: number): string {
  const dashes = standing === "gone" ? ' stroke-dasharray="2"' : "";
  const square = `<rect class="m" x="${x}" y="${y}" width="${SQUARE_PX}" height="${SQUARE_PX}" rx="2" fill="${COLORS[standing]}"${dashes}/>`;
  if (standing !== "failed") return square;
  const [left, top, end] = [x + 3, y + 3, SQUARE_PX - 6];
  return `${square}<path class="x" d="M${left} ${top}l${end} ${end}m0 -${end}l-${end} ${end}"/>`;
}

const formatLegend = (standing: Standing, y: number): string[] => [
  formatMachine(standing, MARGIN_PX, y),
  `<text x="${MARGIN_PX + LINE_PX}" y="${y + 10}">${standing}: ${encode(STANDINGS[standing])}</text>`,
];

const encode = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
