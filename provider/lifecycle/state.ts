/** The outputs that a handler gives back, and the error that keeps them although the update failed. */
import type { InvocationState } from "../rules/changes";
import type { Results } from "../rules/results";

/** Version of the state's shape; raised when a handler could not read the earlier one as it is. */
export const SCHEMA_VERSION = 1;

export type Properties = Record<string, unknown>;

/** A resource that came about. */
export interface Created {
  id: string;
  outputs: Properties;
}

/** What the runs of a resource came to. */
export interface Outcome {
  invokeId: string;
  status: string;
  results: Results;
  /** Lowest agent version among the machines, when preflight saw it. */
  agentVersion?: string | undefined;
}

/** The outputs: every input as it was checked, and what came of it. Nothing in them is `undefined`. */
export function formatOutputs(inputs: Properties, { invokeId, status, results, agentVersion }: Outcome): Properties {
  const { agentVersion: known, ...declared } = inputs;
  const version = inputs.repeatMode === "Once" ? undefined : (agentVersion ?? known);
  const outputs = { ...declared, invokeId, status, results, schemaVersion: SCHEMA_VERSION, agentVersion: version };
  return JSON.parse(JSON.stringify(outputs));
}

/** The state that an earlier run of any version of this package saved. */
export const parseState = (properties: Properties): InvocationState => properties as unknown as InvocationState;

/** A failure after something has begun to run: the state is to be kept, and the next update goes on from there. */
export class InvocationFailed extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Properties,
    /** What went wrong; each is one failure, told in one line or several. */
    readonly reasons: readonly (readonly string[])[],
  ) {
    // Whoever shows the reasons shows them beside it.
    super(`invocation "${id}" did not come to what was asked`);
    this.name = "InvocationFailed";
  }
}
