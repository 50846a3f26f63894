/** A failure, as the engine shows it: without secrets, and as text. */
import { InvocationFailed } from "../lifecycle/state";
import { ExpectedFailure } from "../runs/failure";
import { FailedStep } from "./frame";
import { type Hidden, putOutputs } from "./properties";
import type { Secrecy } from "./secrecy";

/** @param hidden what a failed step's state holds beside the outputs */
export async function told<T>({ say }: Secrecy, step: Promise<T>, hidden: Hidden = {}): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof InvocationFailed) throw new FailedStep(error, putOutputs(error.outputs, hidden), say);
    if (error instanceof ExpectedFailure) throw new ExpectedFailure(say(error.message));
    // A fault of ours may quote what it was given.
    if (error instanceof Error) Object.assign(error, { message: say(error.message), stack: say(error.stack ?? "") });
    throw error;
  }
}
