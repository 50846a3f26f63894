/** What one run does: made from what a resource declares, here and nowhere else. */
import { INPUT_NAMES, INPUTS, type InputName, type InvocationInputs, type RequestParameters } from "./inputs";
import { enablesParameters } from "./script";

/** One run, or one schedule of runs: command, instances, parameters and how. What steers this tool is no part of it. */
export type Run = Omit<
  InvocationInputs,
  | "timed"
  | "preflight"
  | "dryRun"
  | "agentTimeout"
  | "waitTimeout"
  | "onFailure"
  | "maxOutputBytes"
  | "onDelete"
  | "adopt"
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
  const own = isScript(run) ? { KeepCommand: "false", EnableParameter: String(enablesParameters(run)) } : {};
  return Object.assign(own, ...parts.map(([name, value]) => formatPart(name, value)));
}

/** Whether it runs a script, and no command that exists. */
export const isScript = ({ commandContent }: Partial<Run>): boolean => commandContent !== undefined;

/** What runs, for a message. */
export const nameCommand = (run: Partial<Run>): string => (isScript(run) ? "the script" : `command "${run.commandId}"`);

/** The compiler cannot see that a name and its value belong together. */
const formatPart = (name: InputName, value: unknown): RequestParameters =>
  value === undefined ? {} : (INPUTS[name].request?.(value as never) ?? {});
