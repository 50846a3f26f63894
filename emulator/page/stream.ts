/** Server-sent events out of the pieces in which they arrive: only what the emulator sends of the format. */

export interface Parsed {
  /** The data of each event that is complete. */
  readonly events: readonly string[];
  /** What is left over, to be put before the next piece. */
  readonly rest: string;
}

/** @param text what was left over, and the piece that came */
export function parseStream(text: string): Parsed {
  const blocks = text.split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    const data = block.split("\n").filter((line) => line.startsWith("data: "));
    return data.length === 0 ? [] : [data.map((line) => line.slice("data: ".length)).join("\n")];
  });
  return { events, rest };
}
