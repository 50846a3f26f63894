/** The grammar of one and many, and how ids are listed: the same in every message. */

/** The word for one, or that for any other number: `agree(1, "is", "are")`. */
export const agree = (n: number, one: string, many: string): string => (n === 1 ? one : many);

/** Whether one speaks of properties in the plural: of several, and of one such as `parameters`. */
export const arePlural = (...names: readonly string[]): boolean => names.length !== 1 || names.join().endsWith("s");

/** "1 instance", "3 instances". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** "1 instance", "3 instances". */
export const countInstances = (n: number): string => count(n, "instance");

/** Ids named in a message; more would hide its end. */
const MOST_NAMED = 12;

/** `"i-a", "i-b" and 3 more`. */
export function listIds(ids: readonly string[], most = MOST_NAMED): string {
  const named = ids
    .slice(0, most)
    .map((id) => `"${id}"`)
    .join(", ");
  return ids.length > most ? `${named} and ${ids.length - most} more` : named;
}
