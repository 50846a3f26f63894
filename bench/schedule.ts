/**
 * How long schedules take in one warm process; the first figure is for 1,000 different ones and must stay under a second.
 * Run with `npx tsx bench/schedule.ts`.
 */
import { checkSchedule, nextRuns, parseSchedule } from "../schedule";

const ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Sydney", "GMT+5:30", "UTC"];
const DAYS = ["* * ?", "? * MON-FRI", "1,15 * ?", "LW * ?", "15W */3 ?", "? * 5L", "? 6 MON#1,FRI#5", "29 2 ?"];
const AFTER = new Date("2026-05-17T01:02:03Z");

/** One schedule for each number from 0 to 3,599: its second and minute are found in no other. */
function scheduleText(seed: number): string {
  const [second, minute] = [seed % 60, Math.floor(seed / 60)];
  const times = [`${second} ${minute} ${seed % 24}`, `${second} */${5 + minute} 8-18`, `${second} ${minute}/15 *`];
  return `${times[seed % 3]} ${DAYS[seed % 8]} ${2026 + (seed % 70)}-2099 ${ZONES[seed % 6]}`;
}

function measureMs(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** Median and worst of five rounds, after one to warm up. */
function report(title: string, work: () => unknown): void {
  work();
  const roundsMs = Array.from({ length: 5 }, () => measureMs(work)).sort((a, b) => a - b);
  console.log(`${title}: median ${roundsMs[2]?.toFixed(1)} ms, worst ${roundsMs[4]?.toFixed(1)} ms of 5 rounds`);
}

const texts = Array.from({ length: 1000 }, (_, seed) => scheduleText(seed));
report("1,000 schedules parsed, five runs each", () => {
  for (const text of texts) nextRuns(parseSchedule(text), { after: AFTER });
});

report("29 February, five runs", () => nextRuns("0 0 6 29 2 ? America/New_York", { after: AFTER }));
report("the last second of 2099", () => nextRuns("59 59 23 31 12 ? 2099 America/New_York", { after: AFTER }));
report("checked in a zone whose clocks change", () =>
  checkSchedule("0 30 1,2 * * ? America/New_York", { timeoutSeconds: 60, now: AFTER }),
);
report("100 kB refused", () => checkSchedule("0,".repeat(50_000), { timeoutSeconds: 60, now: AFTER }));
