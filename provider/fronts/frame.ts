/** The failed step's state and reasons, as the engine takes them from a dynamic host: in a response header. */
import type { InvocationFailed, Properties } from "../lifecycle/state";
import { fitResults, type Results } from "../rules/results";

/**
 * They travel in a response header, of which Node sends at most 64 KiB: 48 KiB before Base64, of which this much is left
 * for the frame around them.
 */
const MAX_FAILED_BYTES = 46 * 1024;

/** How much longer a state is on the wire than as JSON. */
const WIRE_GROWTH = 1.25;

/** Bytes of the reasons of a failed step: as many as the state leaves, and no more than a screen or two. */
const MIN_REASONS_BYTES = 1024;
const MAX_REASONS_BYTES = 8 * 1024;

/** What the host makes of a failure that carries an id: it saves the properties and shows the reasons. */
export class FailedStep extends Error {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];

  /**
   * @param outputs everything that is to be kept, the serialized provider included, which the host leaves out on this way
   * @param say makes a text of what may be shown
   */
  constructor({ id, message, reasons }: InvocationFailed, outputs: Properties, say: (text: string) => string) {
    super(message);
    this.name = "InvocationFailed";
    this.id = id;
    const { results = {}, ...rest } = outputs;
    const known = results as Results;
    const scarce = omitDetails(fitResults(known, 0));
    const spare = MAX_FAILED_BYTES - bytesOf({ ...rest, results: scarce }) * WIRE_GROWTH;
    const shown = reasons.map((lines) => lines.map(say));
    this.reasons = fitReasons(shown, Math.min(Math.max(spare, MIN_REASONS_BYTES), MAX_REASONS_BYTES));
    const left = (MAX_FAILED_BYTES - bytesOf(this.reasons)) / WIRE_GROWTH - bytesOf(rest);
    const fitted = fitResults(known, left);
    this.properties = { ...rest, results: bytesOf(fitted) > left ? scarce : fitted };
  }
}

/** Leaves what a later update needs to go on: where it ran, and whether it succeeded. */
const omitDetails = (results: Results): Results =>
  Object.fromEntries(
    Object.entries(results).map(([id, { status, exitEffect, output, dropped, repeats, invokeId }]) => [
      id,
      { status, ...(exitEffect ? { exitEffect } : {}), output, dropped, repeats, invokeId },
    ]),
  );

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The engine counts reasons as errors, and what went wrong is one: each line below the first belongs to it. */
const joinLines = (lines: readonly string[]): string =>
  lines.map((line) => line.replace(/\n/g, "\n    ")).join("\n    ");

/** As many lines of the reasons as there is room for; the results hold the rest. */
function fitReasons(reasons: readonly (readonly string[])[], maxBytes: number): string[] {
  const count = reasons.flat().length;
  const fitted: string[][] = [];
  for (const [i, reason] of reasons.entries()) {
    fitted[i] = [];
    for (const line of reason) {
      fitted[i].push(line);
      if (bytesOf(fitted.map(joinLines)) <= maxBytes) continue;
      fitted[i].pop();
      const left = count - fitted.flat().length;
      fitted[i].push(`and ${left} more reasons like these; the results of the state hold all of them`);
      return fitted.map(joinLines);
    }
  }
  return fitted.map(joinLines);
}
