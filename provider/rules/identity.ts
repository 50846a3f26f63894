/** Identifies an intended run: the same resource, asked to run the same thing on the same instances for the same reason. */
import { createHash } from "node:crypto";
import { formatCanonical } from "./canonical";
import type { InputName } from "./inputs";
import type { Run } from "./run";
import { meaningOf } from "./same";

/** Only so long after its start is an invocation taken for the one that was cut off. */
export const MAX_INTERRUPTED_AGE_MS = 60 * 60 * 1000;

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/**
 * The value of the run's tag: one half for the resource, one for what it runs.
 *
 * @param urn the resource
 * @param earlier ids of the runs that this one follows on (an instance on which it failed, and where it is run again)
 */
export function formatRunTag(urn: string, run: Run, earlier: readonly string[] = []): string {
  const intended = Object.entries(run).map(([name, value]) => [name, meaningOf(name as InputName, value)]);
  return `${digest(urn)}.${digest(formatCanonical([Object.fromEntries(intended), [...earlier].sort()]))}`;
}
