import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Reading, readSchedule } from "../../../../emulator/agent/schedule";

/** What the real agent did with a schedule. */
interface Observation {
  expr: string;
  zone: string;
  from: string;
  kind: "cron" | "rate" | "at";
  ok: boolean;
  error: string;
  next: string[];
}

const observations: Observation[] = JSON.parse(
  readFileSync(join(__dirname, "../../../fixtures/agent-schedules.json"), "utf8"),
);

/** Runs of the agent's timer, each found from the one before; it stops for good when the next does not lie ahead. */
function listRuns(reading: Reading, from: number, count: number): number[] {
  if (reading.kind !== "taken") return [];
  const runs: number[] = [];
  for (let after = from; runs.length < count; ) {
    const next = reading.schedule.findNext(after);
    if (next === undefined || (runs.length > 0 && next <= after)) break;
    runs.push(next);
    after = next;
  }
  return runs;
}

const toSeconds = (instant: number): number => Math.floor(instant / 1000);

describe("the real agent's readings", () => {
  test.each(observations)("$expr in $zone from $from", ({ expr, zone, from, ok, error, next }) => {
    const registeredAt = Date.parse(from);
    const reading = readSchedule(expr, { timeZone: zone, registeredAt });

    const detail =
      reading.kind === "taken"
        ? ""
        : reading.kind === "refused"
          ? reading.error.detail
          : `PANIC: runtime error: ${reading.reason}`;
    expect({ ok: reading.kind === "taken", error: detail }).toEqual({ ok, error });
    expect(listRuns(reading, registeredAt, 5).map(toSeconds)).toEqual(next.map(Date.parse).map(toSeconds));
  });
});
