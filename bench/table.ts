/** Figures as text for a terminal: columns as wide as they need, numbers to the right. */

export type Cell = string | number;

export function formatTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows.map((row) => row.map(formatCell))];
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const isNumeric = head.map((_, column) => rows.every((row) => typeof row[column] === "number"));
  return texts
    .map((row) =>
      row
        .map((text, column) =>
          isNumeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Three digits are enough for a small number, whole ones for a large. */
function formatCell(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell) || cell >= 100) return Math.round(cell).toString();
  return cell.toFixed(2);
}
