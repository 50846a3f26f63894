/** Names a generation: what runs, and after what. Before anything is saved, the name is all by which it is known again. */
import { createHash } from "node:crypto";
import { formatCanonical } from "../canonical";

/**
 * Digest of what runs and of its predecessor: 32 hexadecimal digits. The same content rolled back to is another generation,
 * since its predecessor is another.
 *
 * @param what the inputs that are part of what runs, normalized; machines and how the waves go are none of them
 * @param predecessor the generation that the state holds; undefined for the first
 */
export function nameGeneration(what: Readonly<Record<string, unknown>>, predecessor: string | undefined): string {
  const text = formatCanonical([what, predecessor ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
