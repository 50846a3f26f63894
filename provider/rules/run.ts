/** What one run does: made from what a resource declares, here and nowhere else. */
import { INPUT_NAMES, INPUTS, type InputName, type InvocationInputs, type RequestParameters } from "./inputs";

/** One run, or one schedule of runs: command, instances, parameters and how. What steers this tool is no part of it. */
export type Run = Omit<
  InvocationInputs,
  "timed" | "preflight" | "dryRun" | "agentTimeout" | "waitTimeout" | "onFailure" | "maxOutputBytes" | "adopt"
>;

/**
 * The run that a declaration asks for.
 *
 * @param instanceIds the instances of this very run, where they are not all that the declaration names
 */
export function makeRun(inputs: InvocationInputs, instanceIds?: readonly string[]): Run {
  const parts = INPUT_NAMES.filter((name) => isPart(name) && inputs[name] !== undefined);
  const run = Object.fromEntries(parts.map((name) => [name, inputs[name]])) as unknown as Run;
  if (instanceIds === undefined) return run;
  const { resourceTags: _, ...rest } = run;
  return { ...rest, instanceIds: [...instanceIds] };
}

const isPart = (name: InputName): boolean => INPUTS[name].identifies || INPUTS[name].request !== undefined;

/** What the service is asked for: every part of the run that the API takes. */
export function formatRequest(run: Partial<Run>): RequestParameters {
  const parts = Object.entries(run) as [InputName, unknown][];
  return Object.assign({}, ...parts.map(([name, value]) => formatPart(name, value)));
}

/** The compiler cannot see that a name and its value belong together. */
const formatPart = (name: InputName, value: unknown): RequestParameters =>
  value === undefined ? {} : (INPUTS[name].request?.(value as never) ?? {});
