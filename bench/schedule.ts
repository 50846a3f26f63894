/**
 * How long 1,000 different schedules take to parse and to give their next five runs in one warm process.
 * Run with `npx tsx bench/schedule.ts`.
 */
import { nextRuns, parseSchedule } from "../provider/rules/schedule";

const ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Sydney", "GMT+5:30", "UTC"];
const DAYS = ["* * ?", "? * MON-FRI", "1,15 * ?", "LW * ?", "15W */3 ?", "? * 5L", "? 6 MON#1,FRI#5", "29 2 ?"];
const AFTER = new Date("2026-05-17T01:02:03Z");

/** One schedule for each number from 0 to 3,599: its second and minute are found in no other. */
function scheduleText(seed: number): string {
  const [second, minute] = [seed % 60, Math.floor(seed / 60)];
  const times = [`${second} ${minute} ${seed % 24}`, `${second} */${5 + minute} 8-18`, `${second} ${minute}/15 *`];
  return `${times[seed % 3]} ${DAYS[seed % 8]} ${2026 + (seed % 70)}-2099 ${ZONES[seed % 6]}`;
}

function run(texts: readonly string[]): number {
  const startMs = performance.now();
  for (const text of texts) nextRuns(parseSchedule(text), { after: AFTER, count: 5 });
  return performance.now() - startMs;
}

const texts = Array.from({ length: 1000 }, (_, seed) => scheduleText(seed));
run(texts);
const roundsMs = Array.from({ length: 5 }, () => run(texts)).sort((a, b) => a - b);
console.log(
  `1,000 schedules, five runs each: median ${roundsMs[2]?.toFixed(0)} ms, worst ${roundsMs[4]?.toFixed(0)} ms of 5 rounds`,
);
