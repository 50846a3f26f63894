/** The verdict on a rollout: the resource that fails the update, so that the fleet's can keep what came of it. */

import { formatCanonical } from "../../rules/canonical";
import type { InputFailure } from "../../rules/declaration";
import { isUnknown } from "../../rules/unknown";
import { ExpectedFailure } from "../../runs/failure";
import type { Difference } from "../diff";
import type { Created, Properties } from "../state";

/** What a verdict is given by its fleet. */
export const VERDICT_INPUTS = ["status", "generation", "reasons"] as const;

export const checkVerdict = (news: Properties): { inputs: Properties; failures: InputFailure[] } => ({
  inputs: Object.fromEntries(VERDICT_INPUTS.flatMap((name) => (news[name] === undefined ? [] : [[name, news[name]]]))),
  failures: [],
});

export function diffVerdict(olds: Properties, news: Properties): Difference {
  const changed = VERDICT_INPUTS.filter((name) => formatCanonical(olds[name]) !== formatCanonical(news[name]));
  return { changes: changed.length > 0, changed };
}

/** @throws {ExpectedFailure} with the reasons, when there are any */
export function createVerdict(inputs: Properties): Created {
  return { id: isUnknown(inputs.generation) ? "verdict" : String(inputs.generation), outputs: updateVerdict(inputs) };
}

/** @throws {ExpectedFailure} with the reasons, when there are any */
export function updateVerdict(inputs: Properties): Properties {
  const reasons = (inputs.reasons ?? []) as string[];
  if (reasons.length > 0) throw new ExpectedFailure(reasons.join("\n"));
  return { ...inputs };
}
