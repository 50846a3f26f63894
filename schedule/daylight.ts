import type { Zone } from "luxon";
import type { Cron } from "./cron";
import { wallRuns } from "./next";
import { DAY_MS, instantAt, offsetMs, wallAt } from "./zone";

const HORIZON_MS = 366 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;

/** One change of a zone's clocks. */
export interface ClockChange {
  /** The first instant of the new offset. */
  readonly instantMs: number;
  /** Times on the wall that are skipped or shown twice: from this one on … */
  readonly fromWallMs: number;
  /** … and before this one. */
  readonly toWallMs: number;
  readonly kind: "skipped" | "repeated";
}

/** What the agent makes of a time that a clock change skips or repeats. */
export interface Trouble {
  readonly change: ClockChange;
  /** The first run within the change, as a time on the wall. */
  readonly wallMs: number;
  /** `early` is before the change: at a skipped time the agent then never fires again. */
  readonly run: "early" | "late";
}

/** The next change of each kind, within 366 days, inside which a cron schedule would run. */
export function troublesOf(cron: Cron, zone: Zone, nowMs: number): Trouble[] {
  const troubles: Trouble[] = [];
  for (const change of clockChanges(zone, nowMs)) {
    if (troubles.some((trouble) => trouble.change.kind === change.kind)) continue;
    const { value: wallMs } = wallRuns(cron, change.fromWallMs).next();
    if (wallMs === undefined || wallMs >= change.toWallMs) continue;
    troubles.push({ change, wallMs, run: instantAt(zone, wallMs).instantMs < change.instantMs ? "early" : "late" });
  }
  return troubles;
}

/**
 * The first run, as a time on the wall, when the agent would end the schedule over it: registered now, it takes that time for an instant
 * which has passed, or for one before the clocks skip it, and its timer then waits for the past.
 */
export function findFatalRun(cron: Cron, zone: Zone, nowMs: number): number | undefined {
  const { value: wallMs } = wallRuns(cron, wallAt(zone, nowMs) + 1).next();
  if (wallMs === undefined) return undefined;
  const { instantMs, isShown } = instantAt(zone, wallMs);
  const isEarly = !isShown && wallAt(zone, instantMs) < wallMs;
  return instantMs <= nowMs || isEarly ? wallMs : undefined;
}

// No zone changes its clocks twice within a week.
function* clockChanges(zone: Zone, fromMs: number): Generator<ClockChange> {
  if (zone.isUniversal) return;
  const endMs = fromMs + HORIZON_MS;
  for (let lowMs = fromMs; lowMs < endMs; lowMs += WEEK_MS) {
    const highMs = Math.min(lowMs + WEEK_MS, endMs);
    if (offsetMs(zone, lowMs) !== offsetMs(zone, highMs)) yield changeBetween(zone, lowMs, highMs);
  }
}

/** The change between two instants of different offsets. */
function changeBetween(zone: Zone, lowMs: number, highMs: number): ClockChange {
  const before = offsetMs(zone, lowMs);
  let [low, high] = [lowMs, highMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle) === before) low = middle;
    else high = middle;
  }
  const [oldWallMs, newWallMs] = [high + before, wallAt(zone, high)];
  return newWallMs > oldWallMs
    ? { instantMs: high, fromWallMs: oldWallMs, toWallMs: newWallMs, kind: "skipped" }
    : { instantMs: high, fromWallMs: newWallMs, toWallMs: oldWallMs, kind: "repeated" };
}
