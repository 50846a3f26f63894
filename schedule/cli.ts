/** `cloud-assistant schedule`: what a frequency means, when it runs next and what is wrong with it. */
import { parseArgs } from "node:util";
import { escapeInvisible } from "./characters";
import { checkSchedule, type ScheduleVerdict } from "./check";
import { describeSchedule } from "./describe";
import { quote, ScheduleSyntaxError } from "./error";
import { formatSchedule } from "./format";
import { DEFAULT_TIMEOUT_SECONDS } from "./limits";
import { nextRuns } from "./next";
import { parseOrRefuse } from "./parse";
import { findZone, formatWall, wallAt, zoneOf } from "./zone";

const HELP = `Usage: cloud-assistant schedule "<frequency>" [options]

Explains a frequency of Cloud Assistant, shows when it runs next and what is wrong with it.

  --zone Z       the machine's own zone, for a frequency that names none (default: this machine's)
  --count N      how many runs to show, 1 to 1000 (default: 5)
  --after T      the instant after which, such as 2030-01-31T02:00:00Z (default: now)
  --timeout S    the timeout of a run in seconds (default: ${DEFAULT_TIMEOUT_SECONDS})
  --json         print one JSON object
  --help         print this text

Exit code: 0 the schedule will run as it says, 1 it is refused, 2 the command line is wrong.
`;

/** What the command takes from the machine when no option says otherwise. */
export interface Surroundings {
  readonly now: Date;
  /** The machine's own zone, IANA name. */
  readonly zone: string;
}

export interface Output {
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

/** From the arguments after the command's name to what it prints and how it exits. */
export function main(args: readonly string[], surroundings: Surroundings): Output {
  const request = parseRequest(args, surroundings);
  if (typeof request === "string") {
    return { exitCode: 2, stdout: "", stderr: `${request}\nTry "cloud-assistant schedule --help"\n` };
  }
  if (request === undefined) return { exitCode: 0, stdout: HELP, stderr: "" };
  const answer = explain(request);
  const exitCode = answer.failures.length > 0 ? 1 : 0;
  if (request.isJson) return { exitCode, stdout: `${JSON.stringify(answer, undefined, 2)}\n`, stderr: "" };
  return { exitCode, stdout: formatAnswer(answer), stderr: formatFailures(answer) };
}

interface Request {
  readonly frequency: string;
  readonly zone: string;
  readonly isZoneAssumed: boolean;
  readonly count: number;
  readonly after: Date;
  readonly timeoutSeconds: number;
  readonly isJson: boolean;
}

const OPTIONS = {
  zone: { type: "string" },
  count: { type: "string", default: "5" },
  after: { type: "string" },
  timeout: { type: "string", default: String(DEFAULT_TIMEOUT_SECONDS) },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** The request, what is wrong with the command line, or undefined when help is asked for. */
function parseRequest(args: readonly string[], { now, zone: machineZone }: Surroundings): Request | string | undefined {
  const parsed = parseOptions(args);
  if (typeof parsed === "string") return parsed;
  const { values, positionals } = parsed;
  const [frequency, ...rest] = positionals;
  if (values.help) return undefined;
  if (frequency === undefined || rest.length > 0) {
    return `Cannot read the frequency: expected one argument in quotes, found ${positionals.length}`;
  }
  const zone = values.zone ?? machineZone;
  if (findZone(zone) === undefined) return `Cannot use --zone ${quote(zone)}: expected a zone such as "Asia/Shanghai"`;
  const count = parseWhole(values.count, 1, 1000);
  if (count === undefined) return `Cannot use --count ${quote(values.count)}: expected a whole number from 1 to 1000`;
  const timeoutSeconds = parseWhole(values.timeout, 1, Number.MAX_SAFE_INTEGER);
  if (timeoutSeconds === undefined)
    return `Cannot use --timeout ${quote(values.timeout)}: expected whole seconds from 1 on`;
  const after = values.after === undefined ? now : parseInstant(values.after);
  if (after === undefined)
    return `Cannot use --after ${quote(values.after ?? "")}: expected an instant such as "2030-01-31T02:00:00Z"`;
  return {
    frequency,
    zone,
    isZoneAssumed: values.zone === undefined,
    count,
    after,
    timeoutSeconds,
    isJson: values.json,
  };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    if (isUsageError(error)) return explainUsageError(error);
    throw error;
  }
}

// Node goes on with how to pass a positional argument that begins with "-", and leaves a quote open there.
function explainUsageError({ message }: { message: string }): string {
  const [, option] = /^Unknown option '(.*?)'(?:\.|$)/s.exec(message) ?? [];
  return option === undefined ? message : `Unknown option ${quote(option)}`;
}

function isUsageError(error: unknown): error is { code: string; message: string } {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return code.startsWith("ERR_PARSE_ARGS_");
}

function parseWhole(text: string, min: number, max: number): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

// Without an offset, the answer would depend on the zone of the machine that asks.
function parseInstant(text: string): Date | undefined {
  const hasOffset = text.includes("T") && /(Z|[+-]\d\d:\d\d)$/.test(text);
  const instant = hasOffset ? new Date(text) : undefined;
  return Number.isNaN(instant?.getTime()) ? undefined : instant;
}

interface Answer extends ScheduleVerdict {
  readonly frequency: string;
  readonly canonical?: string;
  readonly description?: string;
  /** The zone of the runs' local times. */
  readonly zone?: string;
  readonly isZoneAssumed?: boolean;
  readonly runs: readonly { readonly local: string; readonly utc: string }[];
  /** Where a text is refused, in UTF-16 units from 0, and what to write there. */
  readonly offset?: number;
  readonly expected?: string;
  readonly remedy?: string;
}

function explain({ frequency, zone: machineZone, isZoneAssumed, count, after, timeoutSeconds }: Request): Answer {
  const verdict = checkSchedule(frequency, { timeoutSeconds, now: after, zone: machineZone });
  const schedule = parseOrRefuse(frequency);
  if (schedule instanceof ScheduleSyntaxError) {
    const { offset, expected, remedy } = schedule;
    return { frequency, runs: [], ...verdict, offset, expected, ...(remedy !== undefined && { remedy }) };
  }
  const own = schedule.kind === "rate" ? undefined : schedule.zone;
  const zone = own ?? machineZone;
  return {
    frequency,
    canonical: formatSchedule(schedule),
    description: describeSchedule(schedule),
    zone,
    isZoneAssumed: own === undefined && isZoneAssumed,
    runs: nextRuns(schedule, { after, zone, count }).map((run) => ({
      local: formatWall(wallAt(zoneOf(zone), run.getTime())),
      utc: `${formatWall(run.getTime()).replace(" ", "T")}Z`,
    })),
    ...verdict,
  };
}

function formatAnswer({ description, zone = "", isZoneAssumed, runs, warnings }: Answer): string {
  if (description === undefined) return "";
  const assumed = isZoneAssumed ? `\nLocal times are of this machine's zone, ${zone}; name another with --zone\n` : "";
  const table = runs.length === 0 ? "  no further run\n" : formatTable(zone, runs);
  return `${description}\n${assumed}\n${table}${warnings.map((warning) => `\nWarning: ${warning}\n`).join("")}`;
}

function formatTable(zone: string, runs: Answer["runs"]): string {
  const width = Math.max(zone.length, ...runs.map(({ local }) => local.length));
  const rows = runs.map(({ local, utc }) => `  ${local.padEnd(width)}  ${utc.slice(0, -1).replace("T", " ")}\n`);
  return [`  ${zone.padEnd(width)}  UTC\n`, ...rows].join("");
}

function formatFailures({ frequency, failures, offset }: Answer): string {
  const place = offset === undefined ? "" : markPlace(frequency, offset);
  return failures.map((failure) => `${failure}\n`).join("") + place;
}

const SHOWN_BEFORE_PLACE = 60;
const SHOWN = 120;

/** Characters that a terminal shows two columns wide. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Extended_Pictographic}]$/u;

/** The text on one line, and a mark under the character where it is refused. */
function markPlace(text: string, offset: number): string {
  const start = Math.max(0, offset - SHOWN_BEFORE_PLACE);
  const line = [...text.slice(start, start + SHOWN)].map(showCharacter).join("");
  const before = [...text.slice(start, offset)].map((character) => (WIDE.test(character) ? "  " : " ")).join("");
  return `\n  ${line}\n  ${before}^\n`;
}

/** A blank as a space, and what cannot be seen as a dot: a column for each. */
function showCharacter(character: string): string {
  if (/^[\s\p{Z}]$/u.test(character) && character !== "\ufeff") return " ";
  return escapeInvisible(character) === character ? character : "·";
}
