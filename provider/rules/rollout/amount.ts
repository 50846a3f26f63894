/** A number of machines as a program says it, plainly or as a percentage, and how many that is of a given fleet. */

/** A number of machines, or a percentage with up to three decimals, such as `"2.5%"`. */
export type Amount = number | string;

/** Decimals are counted in thousandths, since 29 % of 100 is not 29 in floating point. */
const PERCENTAGE = /^(\d{1,3})(?:\.(\d{1,3}))?%$/;
const THOUSANDTHS = 1_000;

/** A percentage in thousandths of a percent; undefined when the text is none from 0 to 100. */
export function parsePercentage(text: string): number | undefined {
  const [, whole, decimals = ""] = PERCENTAGE.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const thousandths = Number(whole) * THOUSANDTHS + Number(decimals.padEnd(3, "0"));
  return thousandths <= 100 * THOUSANDTHS ? thousandths : undefined;
}

/** How many of `whole` machines an amount is: a percentage is floored, so that fewer are at risk; never more than there are. */
export function resolveAmount(amount: Amount, whole: number): number {
  if (typeof amount === "number") return Math.min(amount, whole);
  const thousandths = parsePercentage(amount) ?? 0;
  return Math.floor((whole * thousandths) / (100 * THOUSANDTHS));
}
