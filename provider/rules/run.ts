/** Identifies an intended run: the same resource, asked to run the same thing on the same machines for the same reason. */
import { createHash } from "node:crypto";
import { formatCanonical } from "./canonical";
import type { InvocationInputs } from "./inputs";

/** Key of the tag by which a run that was cut off before its id was saved is found again. */
export const RUN_TAG_KEY = "pulumi-cloud-assistant";

/** The tag that all such runs share, so that one listing finds them: the service documents no search for a key alone. */
export const UNSAVED_TAG = { key: "pulumi-cloud-assistant-unsaved", value: "true" } as const;

/** Keys of the tags that a run has of its own until its id is saved. */
export const OWN_TAG_KEYS: readonly string[] = [RUN_TAG_KEY, UNSAVED_TAG.key];

/** Only so long after its start is an invocation taken for the one that was cut off. */
export const MAX_INTERRUPTED_AGE_MS = 60 * 60 * 1000;

/** Inputs that steer this tool alone and do not make another run. */
const STEERING = new Set([
  "preflight",
  "dryRun",
  "agentTimeout",
  "waitTimeout",
  "onFailure",
  "maxOutputBytes",
  "timed",
  "adopt",
]);

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/**
 * The value of the run's tag: one half for the resource, one for what it runs.
 *
 * @param urn the resource
 * @param inputs what runs, with the machines of this very run
 * @param earlier ids of the runs that this one follows on (a failed machine that is run again)
 */
export function formatRunTag(urn: string, inputs: InvocationInputs, earlier: readonly string[] = []): string {
  const intended = Object.fromEntries(Object.entries(inputs).filter(([name]) => !STEERING.has(name)));
  return `${digest(urn)}.${digest(formatCanonical([intended, [...earlier].sort()]))}`;
}
