import { refusal } from "./error";
import { MAX_AGENT_RATE_SECONDS, MAX_RATE_SECONDS, MIN_RATE_SECONDS } from "./limits";
import { readPeriod } from "./period";
import { type Piece, slicePiece } from "./piece";
import { parseSequence, type Step } from "./sequence";

/** Runs one period after creation and at every further period, whatever the zone. */
export interface Rate {
  readonly kind: "rate";
  /** Whole seconds from 1 to 86,400,000 (1,000 days); the service takes 60 to 604,800. */
  readonly periodSeconds: number;
}

const UNITS = [
  ["d", 24 * 60 * 60],
  ["h", 60 * 60],
  ["m", 60],
  ["s", 1],
] as const;

const STEPS: readonly Step[] = [
  [/rate[ \t\n]*\(/iy, '"rate("'],
  [/\d+/y, "a whole number"],
  [/[ \t\n]*[smhd]/iy, "s, m, h or d"],
  [/\)/y, '")"'],
];

/** @throws {ScheduleSyntaxError} */
export function parseRate(whole: Piece): Rate {
  refuseLikely(whole);
  const [, number, unit] = parseSequence(whole, STEPS, remedyOf);
  if (number === undefined || unit === undefined) throw refusal(whole, { expected: "rate(…)" });
  const letter = unit.text.slice(-1).toLowerCase();
  const unitSeconds = UNITS.find(([name]) => name === letter)?.[1] ?? 1;
  const periodSeconds = Number(number.text) * unitSeconds;
  if (periodSeconds >= 1 && periodSeconds <= MAX_AGENT_RATE_SECONDS) return { kind: "rate", periodSeconds };
  throw refusal(number, {
    expected: "a period from 1 s to 1,000 d",
    problem:
      periodSeconds < 1 ? "a period is at least 1 s" : "the period is longer than the 1,000 d that the agent counts",
  });
}

/** A period as other tools take it: `5 minutes`, `5min`, `1.5h`, or a number alone. */
const LIKELY = /^(rate[ \t\n]*\()(\d+)([.,]\d+)?([ \t\n]*)([a-z]*)/i;

// The place at fault is not the one where the grammar stops.
function refuseLikely(whole: Piece): void {
  const [text = "", head = "", digits = "", fraction = "", , word = ""] = LIKELY.exec(whole.text) ?? [];
  if (text === "") return;
  const remedy = remedyOf(whole.text);
  const advice = remedy === undefined ? {} : { remedy };
  if (fraction !== "") {
    const number = slicePiece(whole, head.length, head.length + digits.length + fraction.length);
    throw refusal(number, { expected: "a whole number", ...advice });
  }
  if (word.length > 1) {
    const unit = slicePiece(whole, text.length - word.length, text.length);
    throw refusal(unit, { expected: "one letter s, m, h or d as the unit", ...advice });
  }
  const rest = slicePiece(whole, text.length);
  if (word === "" && /^\)?$/.test(rest.text)) {
    const [example] = suggestRate(Number(digits) * 60);
    throw refusal(rest, {
      expected: "a unit s, m, h or d",
      ...(example !== undefined && { remedy: `write for example "${example}"` }),
    });
  }
}

// What stands around the period is often the fault: blanks, brackets, a zone.
function remedyOf(text: string): string | undefined {
  const [, rest = ""] = /^[ \t\n]*rate[ \t\n:=]*[([{]?(.*)$/is.exec(text) ?? [];
  const [period = "", tail = ""] = rest.split(/[)\]}]/, 2);
  const [meant] = suggestRate(readPeriod(period));
  if (meant === undefined) return undefined;
  return tail.trim() === "" ? `write "${meant}"` : `write "${meant}" alone, as a rate has no zone and no fields`;
}

/** `rate(…)` for a period, where it is one that the service takes. */
export function suggestRate(periodSeconds = Number.NaN): readonly string[] {
  if (!(periodSeconds >= MIN_RATE_SECONDS && periodSeconds <= MAX_RATE_SECONDS)) return [];
  return [formatRate({ kind: "rate", periodSeconds })];
}

/** `rate(90m)`: the largest unit that needs no fraction. */
export function formatRate({ periodSeconds }: Rate): string {
  return `rate(${measure(periodSeconds).join("")})`;
}

/** A period in the largest unit that needs no fraction. */
export function measure(periodSeconds: number): [count: number, unit: (typeof UNITS)[number][0]] {
  const [unit, unitSeconds] = UNITS.find(([, seconds]) => periodSeconds % seconds === 0) ?? ["s", 1];
  return [periodSeconds / unitSeconds, unit];
}
