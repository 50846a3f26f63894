/** The tables of `docs/schedules.md`: texts that are worth showing, and what the library says of each. */
import { checkSchedule, describeSchedule, nextRuns, parseSchedule } from "../schedule";

const NOW = new Date("2030-01-31T00:00:00Z");
/** Clocks that have changed will not have changed otherwise, whatever a newer tz database says of those to come. */
const PAST = new Date("2025-01-31T00:00:00Z");

const code = (text: string): string => `\`${text}\``;

/** What is meant, in words, and its next two runs. */
export const listReadings = (): string[][] =>
  [
    "0 0 2 * * ? Asia/Shanghai",
    "0 */15 9-17 ? * MON-FRI UTC",
    "0 30 4 1,L * ? GMT+8:00",
    "0 0 6 LW */3 ? UTC",
    "0 0 2 15 * MON UTC",
    "0 0 12 ? * SAT#2,SUNL UTC",
    "0 0 0 29 2 ? UTC",
    "rate(90m)",
    "at(2030-06-06 13:15:30 Asia/Tokyo)",
  ].map((text) => [code(text), describeSchedule(parseSchedule(text)), listRuns(text)]);

function listRuns(text: string): string {
  const runs = nextRuns(text, { after: NOW, count: 2 });
  return runs.map((run) => code(run.toISOString().replace(/:00\.000Z$|\.000Z$/, "Z"))).join(", ");
}

/** Texts that the agent takes, and reads as something else than they say. */
export const listTraps = (): string[][] =>
  [
    "0 0 2 ? * 1-7",
    "0 0 2 ? * SAT-SUN",
    "0 0 2 ? * 0-7",
    "0 0 2 ? * 05",
    "0 0 22-2 * * ?",
    "0 0 2 ? NOV-FEB ?",
    "0 0 2 25-5 * ?",
    "0 0 *,foo * * ?",
    "0 0 2 * * ? X2030",
    "0 0 2 * * ? xGMT+8:00",
    "0 0 2 * * ? GMT+8:000",
    "0 0 2 30 2 ? UTC",
    "0 2 * * ? *",
    "*/30 * * * * ? UTC",
  ].map((text) => [code(text), explain(text)]);

/** Texts that other tools take. */
export const listDialects = (): string[][] =>
  [
    "0 2 * * *",
    "0 2 * * 1-7 CST",
    "0 2 * * * root /usr/bin/backup",
    "H 2 * * *",
    "CRON_TZ=Asia/Shanghai 0 2 * * *",
    "cron(0 2 ? * 2-6 *)",
    "0 0 2 ? MON *",
    "@daily",
    "@every 1h30m",
    "@reboot",
    "every 5 minutes",
    "rate(5 minutes)",
    "0 */90 * * * ?",
    "at(2030-06-06T13:15:30+08:00)",
    "0 0 2 L-3 * ?",
    "0 0 2 ? * L",
    "0 0 2 ? sept ?",
    "0 0 2 * * ? UTC+8",
    "0 0 2 * * ? Asia/Beijing",
  ].map((text) => [code(text), explain(text)]);

/** Schedules that meet a change of the clocks. */
export const listClockChanges = (): string[][] =>
  [
    "0 30 2 * * ? America/New_York",
    "0 30 1 * * ? America/New_York",
    "0 30 2 * * ? Australia/Sydney",
    "0 30 1 * * ? Europe/London",
  ].flatMap((text) =>
    checkSchedule(text, { now: PAST }).warnings.map((warning) => {
      const [change = "", rest = ""] = warning.split(`, and ${JSON.stringify(text)} runs at `);
      const [, consequence = ""] = /: (.*?);/.exec(rest) ?? [];
      return [code(text), change, consequence];
    }),
  );

/** What is said of a text, without the text itself. */
function explain(text: string): string {
  const { failures, warnings } = checkSchedule(text, { now: NOW });
  const [sentence = `Warning: ${warnings[0]}`] = failures;
  const said = sentence.replace(/^Cannot parse frequency ".*?": /, "").replace(/ \(at offset \d+\)$/, "");
  return quoteCode(said.replace(JSON.stringify(text), "it"));
}

/** Quoted texts of a sentence as code. */
const quoteCode = (sentence: string): string =>
  sentence.replace(/"((?:[^"\\]|\\.)*)"/g, (_, text: string) => code(text));
