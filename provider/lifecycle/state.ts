/** The outputs that a handler gives back, and the error that saves them although the update failed. */
import type { InvocationState } from "../rules/changes";
import { fitResults, type Results } from "../rules/results";

/** Version of the state's shape; raised when a handler could not read the earlier one as it is. */
export const SCHEMA_VERSION = 1;

type Properties = Record<string, unknown>;

/** Bytes of results in the state of a failed step: it travels in a response header, at most 64 KiB after Base64. */
const MAX_FAILED_RESULTS_BYTES = 36 * 1024;

/** Only plain values reach the state: the host breaks on `undefined`. */
const plain = (value: Properties): Properties => JSON.parse(JSON.stringify(value));

/** What an invocation came to. */
export interface Settled {
  invokeId: string;
  status: string;
  results: Results;
  /** Lowest agent version among the machines, when preflight saw it. */
  agentVersion?: string | undefined;
}

/** The outputs: every input as it was checked, and what came of it. */
export function formatOutputs(inputs: Properties, { invokeId, status, results, agentVersion }: Settled): Properties {
  const remembered = inputs.repeatMode === "Once" ? undefined : (agentVersion ?? inputs.__agentVersion);
  return plain({ ...inputs, invokeId, status, results, schemaVersion: SCHEMA_VERSION, __agentVersion: remembered });
}

/** The state that an earlier run of any version of this package saved. */
export const parseState = (properties: Properties): InvocationState => properties as unknown as InvocationState;

/**
 * A failure after something has begun to run. The engine saves the id and the outputs, shows the reasons under the
 * resource, and calls `update` the next time, which goes on from there.
 */
export class InvocationFailed extends Error {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];

  /** @param provider the serialized provider, which the host leaves out of the state on this way */
  constructor(id: string, outputs: Properties, reasons: string[], provider: unknown) {
    super(reasons.join("\n"));
    this.name = "InvocationFailed";
    this.id = id;
    this.reasons = reasons;
    const results = fitResults((outputs.results ?? {}) as Results, MAX_FAILED_RESULTS_BYTES);
    this.properties = plain({ ...outputs, results, __provider: provider });
  }
}

/** A failure that a person is expected to meet: one message, no stack trace. */
export class ExpectedFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExpectedFailure";
    // The host prints the stack of what check, diff, read and delete throw.
    this.stack = message;
  }
}
