/** `rate(5m)`, counted as the agent counts: whole nanoseconds in 64 bits, overflow and all. */

import { AgentCrash, refuse, type ScheduleError } from "./error";

const NANOSECONDS: Record<string, bigint> = {
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const MAX_PERIOD = 1000n * 24n * 3_600_000_000_000n;
const MAX_INT64 = 2n ** 63n - 1n;
const MILLISECOND = 1_000_000n;

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/** The period in nanoseconds; not always positive, since the multiplication may overflow unseen. */
export function readRate(text: string): bigint | ScheduleError {
  const [, digits, letter] = /^rate[\t\n\f\r ]*\((\d+)[\t\n\f\r ]*([smhd])\)$/i.exec(text) ?? [];
  if (digits === undefined || letter === undefined) return refuse("InvalidRateExpression");

  const value = BigInt(digits);
  const invalid = "InvalidRateExpression: invalid rate expression cannot be parsed";
  if (value > MAX_INT64) {
    return refuse("InvalidRateExpression", `${invalid}: strconv.ParseInt: parsing "${digits}": value out of range`);
  }
  if (value === 0n) return refuse("InvalidRateExpression", `${invalid}: Period value should be positive number`);

  const unit = letter.toLowerCase();
  const period =
    unit === "d" ? wrap(wrap(value * 24n) * (NANOSECONDS.h ?? 0n)) : wrap(value * (NANOSECONDS[unit] ?? 0n));
  return period > MAX_PERIOD ? refuse("RateFrequencyTooLarge") : period;
}

/**
 * The end of the period in which `after` lies, counted from `createdAt`; rounded up to the millisecond.
 *
 * @throws AgentCrash when the period overflowed to nothing and the agent divides by zero
 */
export function findNextPeriodEnd(period: bigint, createdAt: number, after: number): number {
  const created = BigInt(createdAt) * MILLISECOND;
  const passed = BigInt(after) * MILLISECOND - created;
  if (passed >= 0n && period === 0n) throw new AgentCrash("integer divide by zero");
  const periods = passed < 0n ? 1n : passed / period + 1n;
  const end = created + wrap(periods * period);
  return Number((end + MILLISECOND - 1n) / MILLISECOND);
}
