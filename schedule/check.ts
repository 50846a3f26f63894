import type { Zone } from "luxon";
import type { At } from "./at";
import { type Cron, splitFields } from "./cron";
import { findFatalRun, type Trouble, troublesOf } from "./daylight";
import { fromEventBridge, joinLists, reword } from "./dialect";
import { quote, ScheduleSyntaxError } from "./error";
import { smallestGapSeconds } from "./gap";
import { DEFAULT_TIMEOUT_SECONDS, MAX_RATE_SECONDS, MAX_YEAR, MIN_CRON_GAP_SECONDS, MIN_RATE_SECONDS } from "./limits";
import { cronRuns } from "./next";
import { parseOrRefuse } from "./parse";
import { formatRate, measure, type Rate } from "./rate";
import { findZone, formatWall, isRepeated, wallAt, zoneOf } from "./zone";

/** What a schedule is held against. */
export interface CheckOptions {
  /** The effective timeout of a run, seconds: the invocation's, else the command's. Default: 60, the service's. */
  readonly timeoutSeconds?: number;
  /** The instant at which the schedule would be registered. */
  readonly now: Date;
  /** The machine's own zone, where it is known: IANA name, `UTC` or `GMT±H:MM`. Counts when the text names none. */
  readonly zone?: string;
}

/** What is wrong with a schedule, and what is worth knowing. */
export interface ScheduleVerdict {
  /** Why the service or the agent would not run the schedule as it says. */
  readonly failures: string[];
  /** What the schedule will do that its author may not expect. */
  readonly warnings: string[];
}

/**
 * Everything that is wrong with a frequency, as sentences for a person; both lists are empty when nothing is.
 * Judges the schedule as registered at `now`: for one that already runs, what passes with time (`at` in the past) says nothing.
 *
 * @throws {RangeError} `now` is no valid date; a text that does not parse is a failure, no error
 */
export function checkSchedule(text: string, options: CheckOptions): ScheduleVerdict {
  const { now, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options;
  if (Number.isNaN(now.getTime())) throw new RangeError(`Cannot check ${quote(text)}: now must be a valid date`);
  const schedule = parseOrRefuse(text);
  if (schedule instanceof ScheduleSyntaxError) return { failures: [schedule.message], warnings: [] };
  switch (schedule.kind) {
    case "cron":
      return checkCron(text, schedule, timeoutSeconds, options);
    case "rate":
      return { failures: checkRate(text, schedule, timeoutSeconds), warnings: [] };
    case "at":
      return checkAt(text, schedule, now);
    default:
      throw schedule satisfies never;
  }
}

/** Where it stays today for longest, so that a schedule without a zone is not called past while it still runs somewhere. */
const LATEST_ZONE = "GMT-12:00";

function checkCron(
  text: string,
  cron: Cron,
  timeoutSeconds: number,
  { now, zone: machineZone }: CheckOptions,
): ScheduleVerdict {
  const zoneName = cron.zone ?? machineZone;
  const zone = findZone(zoneName ?? LATEST_ZONE);
  const warnings = [...otherOrder(text), ...tornList(text), ...(cron.zone === undefined ? [noZone(text)] : [])];
  if (zone === undefined)
    return { failures: [`Cannot check ${quote(text)}: no zone is named ${quote(zoneName ?? "")}`], warnings };
  const nowMs = now.getTime();
  if (cronRuns(cron, zone, nowMs).next().done) return { failures: [neverAgain(text, nowMs)], warnings };
  const fatal = findFatalRun(cron, zone, nowMs);
  const failures = [
    ...checkGap(text, smallestGapSeconds(cron, wallAt(zone, nowMs)), timeoutSeconds),
    ...(fatal === undefined ? [] : [fatalRun(text, fatal)]),
  ];
  return { failures, warnings: [...warnings, ...clockWarnings(text, cron, zone, nowMs)] };
}

// It parses, and runs every hour or every day instead of once a day or once a month.
function otherOrder(text: string): string[] {
  const fields = splitFields({ input: text, offset: 0, text }).map((field) => field.text);
  const [meant] = fromEventBridge(fields).flatMap((each) => reword(each));
  if (meant === undefined) return [];
  return [
    `${quote(text)} looks like EventBridge's minute, hour, day, month, weekday and year, and is read as second, minute, hour, day, month and weekday; if that is not meant, write ${quote(meant)}`,
  ];
}

// It parses, since the agent drops what is empty in a list: `0 0 2, 14 * * ?` runs at 2 o'clock of day 14.
function tornList(text: string): string[] {
  const joined = joinLists(text);
  const [meant] = joined === undefined ? [] : reword(joined);
  if (meant === undefined) return [];
  return [
    `${quote(text)} has a blank beside a "," or "-", which parts two fields; if that is not meant, write ${quote(meant)}`,
  ];
}

function noZone(text: string): string {
  const example = quote(`${text.trim()} Asia/Shanghai`);
  return `No zone in ${quote(text)}: every machine reads it by the zone of its own clock; add one to have all run at the same instant, for example ${example}`;
}

function neverAgain(text: string, nowMs: number): string {
  return `${quote(text)} never fires again: a schedule must have a run between now, ${formatWall(nowMs)} UTC, and the end of ${MAX_YEAR}, and this one has none; correct its days, months or years`;
}

function fatalRun(text: string, wallMs: number): string {
  return `${quote(text)} never fires again when it is registered now: its first run, ${formatWall(wallMs)}, falls into a change of the clocks that makes the agent wait for an instant in the past; register it after the change, or write it in UTC`;
}

function checkGap(text: string, gapSeconds: number, timeoutSeconds: number): string[] {
  const minSeconds = Math.max(MIN_CRON_GAP_SECONDS, timeoutSeconds);
  if (gapSeconds >= minSeconds) return [];
  const otherwise = gapSeconds >= MIN_CRON_GAP_SECONDS ? `, or set a timeout of at most ${gapSeconds} s` : "";
  return [
    `${quote(text)} runs again after ${gapSeconds} s: the smallest gap between two runs must be at least ${minSeconds} s, the larger of ${MIN_CRON_GAP_SECONDS} s and the timeout of ${timeoutSeconds} s; run it less often${otherwise}`,
  ];
}

function clockWarnings(text: string, cron: Cron, zone: Zone, nowMs: number): string[] {
  return troublesOf(cron, zone, nowMs).map(({ change, wallMs, run }) => {
    const [date, from] = formatWall(change.fromWallMs).split(" ");
    const [, to] = formatWall(change.toWallMs).split(" ");
    const [, time] = formatWall(wallMs).split(" ");
    const shown = change.kind === "skipped" ? `skip ${from} to ${to}` : `show ${from} to ${to} twice`;
    return `On ${date} the clocks of ${zone.name} ${shown}, and ${quote(text)} runs at ${time}: ${consequence(change.kind, run)}; write it in UTC or in a zone without clock changes`;
  });
}

function consequence(kind: Trouble["change"]["kind"], run: Trouble["run"]): string {
  if (kind === "repeated") return `the agent runs it only the ${run === "early" ? "first" : "second"} time`;
  if (run === "late") return "the agent runs it once, later by as much as the clocks are put forward";
  return "the agent may run it early and then never again until it is registered anew";
}

function checkRate(text: string, { periodSeconds }: Rate, timeoutSeconds: number): string[] {
  const period = `${quote(text)} has a period of ${measure(periodSeconds).join(" ")}`;
  if (periodSeconds > MAX_RATE_SECONDS) {
    const largest = formatRate({ kind: "rate", periodSeconds: MAX_RATE_SECONDS });
    return [
      `${period}: it must be at most ${measure(MAX_RATE_SECONDS).join(" ")}; write "${largest}" or a cron schedule`,
    ];
  }
  if (periodSeconds >= MIN_RATE_SECONDS && periodSeconds > timeoutSeconds) return [];
  const smallest = formatRate({ kind: "rate", periodSeconds: Math.max(MIN_RATE_SECONDS, timeoutSeconds + 1) });
  return [
    `${period}: it must be at least ${MIN_RATE_SECONDS} s and longer than the timeout of ${timeoutSeconds} s; write "${smallest}" or more`,
  ];
}

function checkAt(text: string, { instant, zone }: At, now: Date): ScheduleVerdict {
  const utc = formatWall(instant.getTime());
  const failures =
    instant > now
      ? []
      : [
          `${quote(text)} never fires again: its instant, ${utc} UTC, must be later than now, ${formatWall(now.getTime())} UTC; write a later one`,
        ];
  const warnings = isRepeated(zoneOf(zone), instant.getTime())
    ? [`The clocks of ${zone} show the time of ${quote(text)} twice: it is taken for ${utc} UTC; write it in UTC`]
    : [];
  return { failures, warnings };
}
