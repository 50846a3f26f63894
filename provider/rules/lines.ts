/** Shows which lines of a script change. What looks like a key is never shown. */
import { holdsKey } from "./lint";
import { count } from "./words";

/** Lines that are shown; more would hide their end. */
const MOST_SHOWN = 20;
const MOST_CHARACTERS = 100;

/** Pairs of lines that are compared at most, beyond the beginning and the end that are the same. */
const MOST_COMPARED = 1_000_000;

/** A line that goes (`-`) or comes (`+`), with its number in the script that has it. */
interface Line {
  sign: "-" | "+";
  number: number;
  text: string;
}

/** The lines that differ, as `3 - echo old` and `3 + echo new`. */
export function describeLines(from: string, to: string): string[] {
  const lines = compareLines(from.split("\n"), to.split("\n"));
  const width = Math.max(0, ...lines.map(({ number }) => String(number).length));
  const shown = lines.slice(0, MOST_SHOWN).map(({ sign, number, text }) => {
    const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
    const told = holdsKey(text) ? "(not shown: it looks like a password or a key)" : cut.replace(/\r$/, "");
    return `${String(number).padStart(width)} ${sign} ${told}`.trimEnd();
  });
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `and ${count(left, "line")} more`] : shown;
}

function compareLines(from: readonly string[], to: readonly string[]): Line[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  const isSameAtEnd = () => from.at(-1 - end) === to.at(-1 - end);
  while (end < from.length - start && end < to.length - start && isSameAtEnd()) end++;
  const old = from.slice(start, from.length - end);
  const fresh = to.slice(start, to.length - end);
  const steps = old.length * fresh.length > MOST_COMPARED ? replaceAll(old, fresh) : align(old, fresh);
  return steps.map(({ number, ...line }) => ({ ...line, number: number + start }));
}

const replaceAll = (old: readonly string[], fresh: readonly string[]): Line[] => [
  ...old.map((text, i): Line => ({ sign: "-", number: i + 1, text })),
  ...fresh.map((text, i): Line => ({ sign: "+", number: i + 1, text })),
];

/** By the longest sequence of lines that both have in common. */
function align(old: readonly string[], fresh: readonly string[]): Line[] {
  const width = fresh.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i++;
      j++;
    } else if (j === fresh.length || (i < old.length && at(i + 1, j) >= at(i, j + 1)))
      lines.push({ sign: "-", number: i + 1, text: old[i++] ?? "" });
    else lines.push({ sign: "+", number: j + 1, text: fresh[j++] ?? "" });
  }
  return lines;
}
