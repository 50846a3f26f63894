import type { Zone } from "luxon";
import type { Cron } from "./cron";
import { wallRuns } from "./next";
import { DAY_MS, instantAt, offsetMs, wallAt } from "./zone";

const HORIZON_DAYS = 366;

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
export function findTroubles(cron: Cron, zone: Zone, nowMs: number): Trouble[] {
  const troubles: Trouble[] = [];
  for (const change of clockChanges(zone, nowMs)) {
    if (troubles.some((trouble) => trouble.change.kind === change.kind)) continue;
    const { value: wallMs } = wallRuns(cron, change.fromWallMs).next();
    if (wallMs === undefined || wallMs >= change.toWallMs) continue;
    troubles.push({ change, wallMs, run: instantAt(zone, wallMs) < change.instantMs ? "early" : "late" });
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
  const instantMs = instantAt(zone, wallMs);
  return instantMs <= nowMs || wallAt(zone, instantMs) < wallMs ? wallMs : undefined;
}

function* clockChanges(zone: Zone, fromMs: number): Generator<ClockChange> {
  if (zone.isUniversal) return;
  for (let day = 0; day < HORIZON_DAYS; day += 1) {
    const startMs = fromMs + day * DAY_MS;
    if (offsetMs(zone, startMs) !== offsetMs(zone, startMs + DAY_MS)) yield clockChange(zone, startMs);
  }
}

function clockChange(zone: Zone, startMs: number): ClockChange {
  const before = offsetMs(zone, startMs);
  let [low, high] = [startMs, startMs + DAY_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle) === before) low = middle;
    else high = middle;
  }
  const walls = [high + before, high + offsetMs(zone, high)] as const;
  return {
    instantMs: high,
    fromWallMs: Math.min(...walls),
    toWallMs: Math.max(...walls),
    kind: walls[1] > walls[0] ? "skipped" : "repeated",
  };
}
