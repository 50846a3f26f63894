/** The outputs that a handler gives back, and the error that saves them although the update failed. */
import type { InvocationState } from "../rules/changes";
import { fitResults, type Results } from "../rules/results";
import { isLive } from "../rules/status";

/** Version of the state's shape; raised when a handler could not read the earlier one as it is. */
export const SCHEMA_VERSION = 1;

type Properties = Record<string, unknown>;

/**
 * A failed step's state and reasons travel in a response header, of which Node sends at most 64 KiB: 48 KiB before Base64,
 * of which this much is left for the frame around them.
 */
const MAX_FAILED_BYTES = 46 * 1024;

/** How much longer a state is on the wire than as JSON. */
const WIRE_GROWTH = 1.25;

/** Bytes of the reasons of a failed step: as many as the state leaves, and no more than a screen or two. */
const MIN_REASONS_BYTES = 1024;
const MAX_REASONS_BYTES = 8 * 1024;

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
  const { __urn, __agentVersion, __customTimeouts, ...declared } = inputs;
  const isOnce = inputs.repeatMode === "Once";
  return plain({
    ...declared,
    // Outputs are for what is done to a resource later: a run that is over has nothing more to say on its row, or to wait for.
    ...(isOnce && !isLive(status) ? {} : { __urn, __customTimeouts }),
    invokeId,
    status,
    results,
    schemaVersion: SCHEMA_VERSION,
    __agentVersion: isOnce ? undefined : (agentVersion ?? __agentVersion),
  });
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
  constructor(id: string, outputs: Properties, reasons: readonly string[], provider: unknown) {
    // The engine shows the reasons; the message would travel twice.
    super(`invocation "${id}" did not come to what was asked`);
    this.name = "InvocationFailed";
    this.id = id;
    const { results = {}, ...rest }: Properties = { ...outputs, __provider: provider };
    const known = results as Results;
    const scarce = omitDetails(fitResults(known, 0));
    const spare = MAX_FAILED_BYTES - bytesOf({ ...rest, results: scarce }) * WIRE_GROWTH;
    this.reasons = fitReasons(reasons, Math.min(Math.max(spare, MIN_REASONS_BYTES), MAX_REASONS_BYTES));
    const left = (MAX_FAILED_BYTES - bytesOf(this.reasons)) / WIRE_GROWTH - bytesOf(rest);
    const fitted = fitResults(known, left);
    this.properties = plain({ ...rest, results: bytesOf(fitted) > left ? scarce : fitted });
  }
}

/** Leaves what a later update needs to go on: where it ran, and whether it succeeded. */
const omitDetails = (results: Results): Results =>
  Object.fromEntries(
    Object.entries(results).map(([id, { status, output, dropped, repeats, invokeId }]) => [
      id,
      { status, output, dropped, repeats, invokeId },
    ]),
  );

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** As many reasons as there is room for; the results hold the rest. */
function fitReasons(reasons: readonly string[], maxBytes: number): string[] {
  const fitted: string[] = [];
  for (const reason of reasons) {
    if (bytesOf([...fitted, reason]) > maxBytes) {
      return [
        ...fitted,
        `and ${reasons.length - fitted.length} more reasons like these; the results of the state hold all of them`,
      ];
    }
    fitted.push(reason);
  }
  return fitted;
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
