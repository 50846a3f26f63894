/** Shows on a resource's row what a run prints while it lasts. */
import { showLines } from "./printed";
import type { Results } from "./results";

/** Characters of a line that fit beside a resource's name and counts on a terminal of 120. */
const MAX_CHARACTERS = 60;

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
  const characters = Array.from(line);
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…` : line;
}
