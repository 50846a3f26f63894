/** Periods of time as people and other tools write them. */

const UNITS: readonly (readonly [seconds: number, names: RegExp])[] = [
  [1, /^s(ec(ond)?s?)?$/i],
  [60, /^m(in(ute)?s?)?$/i],
  [60 * 60, /^(h|hrs?|hours?)$/i],
  [24 * 60 * 60, /^d(ays?)?$/i],
  [7 * 24 * 60 * 60, /^(w|wks?|weeks?)$/i],
];

const PART = /(\d+)?(?:[.,](\d+))?([a-z]+)/iy;

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;

/** Whole seconds of `5 minutes`, `1h30m`, `1.5 hours`, `hour` or `PT5M`; undefined when the text is no such period. */
export function readPeriod(text: string): number | undefined {
  const seconds = readIso(text) ?? readParts(joinWords(text)) ?? Number.NaN;
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined;
}

function readIso(text: string): number | undefined {
  const [, ...counts] = ISO.exec(text) ?? [];
  if (counts.length === 0) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = counts.map((count) => Number(count ?? 0));
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

function joinWords(text: string): string {
  const words = text.split(/[ \t\n]+/).map((word) => word.replace(/,$/, ""));
  return words.filter((word) => word.toLowerCase() !== "and").join("");
}

function readParts(text: string): number | undefined {
  let total = 0;
  PART.lastIndex = 0;
  for (let end = 0; end < text.length; end = PART.lastIndex) {
    const [, digits, decimals = "", name = ""] = PART.exec(text) ?? [];
    const unit = UNITS.find(([, names]) => names.test(name));
    // A unit alone is one of it, as in "every hour", but not after others, nor as a letter.
    const isAlone = end === 0 && decimals === "" && name.length > 2;
    if (unit === undefined || (digits === undefined && !isAlone)) return undefined;
    total += (Number(`${digits ?? 1}${decimals}`) * unit[0]) / 10 ** decimals.length;
  }
  return text === "" ? undefined : total;
}
