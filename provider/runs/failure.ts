/** Failures that a person is expected to meet, worded for whoever reads them: what was tried, why not, what to do. */
import { ApiError, CredentialsError } from "../cloud/errors";
import { explainRefusal } from "../rules/codes";

/** A failure that a person is expected to meet: one message, no stack trace. */
export class ExpectedFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExpectedFailure";
    // The host prints the stack of what check, diff, read and delete throw.
    this.stack = message;
  }
}

/** The person has interrupted the engine: nothing more is begun or waited for. */
export class Interruption extends ExpectedFailure {
  constructor() {
    super("interrupted, and nothing more was begun; run the same command again to go on");
  }
}

/** Runs an action of ours; a failure that a person can be expected to meet becomes one sentence that starts with `what`. */
export async function expected<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw describeError(what, error);
  }
}

/** The sentence for a failure; what is not expected, a fault of ours, stays as it is. */
export function describeError(what: string, error: unknown): unknown {
  if (error instanceof CredentialsError) return new ExpectedFailure(`${what}: ${error.message}`, { cause: error });
  if (!(error instanceof ApiError)) return error;
  const explained = error.code === "" ? undefined : explainRefusal(error.code, "");
  if (!explained) return new ExpectedFailure(`${what}: ${error.message}`, { cause: error });
  const request = error.requestId ? `, request id ${error.requestId}` : "";
  return new ExpectedFailure(`${what}: ${explained} (${error.action} at ${error.endpoint}: ${error.code}${request})`, {
    cause: error,
  });
}
