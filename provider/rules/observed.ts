/** Holds the service's record of an invocation against the state: which inputs live on with other values. */
import { INPUT_NAMES, INPUTS, type InputName, type InvocationInputs, type RecordedInputs } from "./inputs";
import { DEFAULT_TIMEOUT_SECONDS } from "./limits";
import type { ObservedInstance } from "./results";
import { isSame } from "./same";
import { isLive } from "./status";

/** The record of an invocation, as `DescribeInvocations` shows it. */
export interface ObservedInvocation extends RecordedInputs {
  instances: readonly ObservedInstance[];
}

/**
 * The inputs that can change on a live invocation, with their live values where these mean something else, so that
 * a difference in spelling alone is no drift.
 */
export function observeLiveInputs(known: InvocationInputs, record: ObservedInvocation): Partial<InvocationInputs> {
  const live: Partial<InvocationInputs> = {};
  const { Frequency: frequency } = record.texts;
  if (frequency && !isSame("frequency", known.frequency, frequency)) live.frequency = frequency;
  if (!isSame("parameters", known.parameters, record.parameters)) live.parameters = record.parameters;
  const commandContent = known.commandContent === undefined ? undefined : INPUTS.commandContent.observe?.(record);
  if (commandContent && !isSame("commandContent", known.commandContent, commandContent))
    live.commandContent = commandContent;
  const joined = record.instances.filter(
    ({ instanceId, invocationStatus }) =>
      isLive(invocationStatus) && known.instanceIds && !known.instanceIds.includes(instanceId),
  );
  if (known.instanceIds && joined.length > 0)
    live.instanceIds = [...known.instanceIds, ...joined.map(({ instanceId }) => instanceId)].sort();
  return live;
}

/** What a command says of its runs; "" and 0 where it says nothing. */
export interface CommandDefaults {
  timeout: number;
  workingDir: string;
  launcher: string;
}

/**
 * The record without what holds of a run whose caller says nothing: what its command says, else the service. The service tells
 * it of every run, whether it was declared or not.
 *
 * @param command undefined where it is not known
 */
export function omitDefaults<R extends ObservedInvocation>(record: R, command: CommandDefaults | undefined): R {
  const isWindows = /^Run(Bat|PowerShell)Script$/.test(record.texts.CommandType ?? "");
  const { Username = "" } = record.texts;
  const home = Username === "" || Username === "root" ? "/root" : `/home/${Username}`;
  const defaults: Record<string, string> = {
    Timeout: String(command?.timeout || DEFAULT_TIMEOUT_SECONDS),
    WorkingDir: command?.workingDir || (isWindows ? "C:\\Windows\\System32" : home),
    Username: isWindows ? "System" : "root",
    TerminationMode: "Process",
    ...(command?.launcher ? { Launcher: command.launcher } : {}),
  };
  // Windows knows no case in either.
  const isDefault = (name: string, text: string) =>
    isWindows ? text.toLowerCase() === defaults[name]?.toLowerCase() : text === defaults[name];
  const declared = Object.entries(record.texts).filter(([name, text]) => !isDefault(name, text));
  return { ...record, texts: Object.fromEntries(declared) };
}

/** A record tells what a script is, and a command. */
const OF_SCRIPT: readonly InputName[] = ["commandContent", "type"];
const OF_COMMAND: readonly InputName[] = ["commandId"];

/**
 * Every input that a record tells, for an invocation of which nothing is known yet.
 *
 * @param isScript whether it runs a script, and no command that exists
 */
export function observeInputs(regionId: string, record: ObservedInvocation, isScript: boolean): InvocationInputs {
  const others = isScript ? OF_COMMAND : OF_SCRIPT;
  const told = INPUT_NAMES.filter((name) => !others.includes(name)).map(
    (name) => [name, INPUTS[name].observe?.(record)] as const,
  );
  const given = Object.fromEntries(told.filter(([, value]) => value !== undefined));
  return { ...given, regionId } as InvocationInputs;
}
