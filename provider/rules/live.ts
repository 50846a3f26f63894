/** Shows on a resource's row what a run prints while it lasts. */
import { showLines } from "./printed";
import type { Results } from "./results";

/** Columns of a line that fit beside a resource's name and counts on a terminal of 120. */
const MAX_COLUMNS = 60;

/** What a terminal gives two columns: the scripts of East Asia, their punctuation and full forms, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** What stands on the character before it. */
const COMBINING = /[\p{Mn}\p{Me}\p{Cf}]/u;

const columnsOf = (character: string): number => (WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1);

/** What was seen of each machine's output, and which one is shown. */
export interface Seen {
  readonly outputs: Readonly<Record<string, string>>;
  readonly shown?: string;
}

/**
 * The newest line of the machine that printed last and has not ended: `i-a: installing nginx`.
 *
 * @param before what the look before this one saw
 * @returns what this look saw, and the line; "" where nothing is printed
 */
export function showNewest(results: Results, before: Seen): { seen: Seen; line: string } {
  const printing = Object.entries(results).filter(
    ([, { finishTime, output }]) => finishTime === undefined && output !== "",
  );
  const outputs = Object.fromEntries(printing.map(([id, { output }]) => [id, output]));
  const news = printing.map(([id]) => id).filter((id) => outputs[id] !== before.outputs[id]);
  // One that is shown stays as long as nobody prints anything.
  const shown = news[0] ?? [before.shown, ...Object.keys(outputs)].find((id) => id !== undefined && id in outputs);
  if (shown === undefined) return { seen: { outputs }, line: "" };
  return { seen: { outputs, shown }, line: `${shown}: ${newestLine(outputs[shown] ?? "")}` };
}

/** Cut to what is read at a glance, and nothing in it that a terminal obeys. */
function newestLine(output: string): string {
  const line =
    showLines(output)
      .filter((each) => each.trim() !== "")
      .at(-1)
      ?.trim()
      .replace(/\t/g, " ") ?? "";
  return cutToColumns(line);
}

function cutToColumns(line: string): string {
  let columns = 0;
  let cut = "";
  for (const character of line) {
    columns += columnsOf(character);
    if (columns > MAX_COLUMNS) return `${cut}…`;
    // The last column is that of the sign for what is cut.
    if (columns < MAX_COLUMNS) cut += character;
  }
  return line;
}
