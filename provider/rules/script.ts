/** A script that is run without a command of its own: what the service makes of it, as if it were one. */
import type { InputFailure } from "./declaration";
import type { CommandFact } from "./facts";
import type { InvocationInputs } from "./inputs";
import { DEFAULT_TIMEOUT_SECONDS, MAX_PARAMETER_KEY_CHARACTERS, MAX_PARAMETERS_DEFINED } from "./limits";
import { findBuiltIns, findMalformed, findPlaceholders } from "./placeholder";
import { isUnknown, known } from "./unknown";
import { agree } from "./words";

type Script = Pick<InvocationInputs, "commandContent" | "parameters">;

/** Whether what stands in double braces means anything in it: when values are given, or a built-in parameter is used. */
export const enablesParameters = ({ commandContent = "", parameters = {} }: Script): boolean =>
  isUnknown(parameters) || Object.keys(parameters).length > 0 || findBuiltIns(commandContent).length > 0;

/** The command that the service would make of it; undefined where that is not known yet. */
export function describeScript(script: Script & Pick<InvocationInputs, "type">): CommandFact | undefined {
  const content = known(script.commandContent);
  const type = known(script.type);
  if (content === undefined || type === undefined) return undefined;
  const enableParameter = enablesParameters(script);
  return {
    commandId: "",
    type,
    content,
    contentBytes: Buffer.byteLength(content),
    timeout: DEFAULT_TIMEOUT_SECONDS,
    enableParameter,
    parameterNames: enableParameter ? findPlaceholders(content) : [],
    parameterDefinitions: [],
  };
}

/** What the service refuses of a script whose parameters are enabled. Nothing of it is repeated: it may be a secret. */
export function checkScript({ content, enableParameter, parameterNames }: CommandFact): InputFailure[] {
  if (!enableParameter) return [];
  const refuse = (reason: string): InputFailure => ({ property: "commandContent", reason: `commandContent ${reason}` });
  const lines = [...new Set(findMalformed(content).map((at) => content.slice(0, at).split("\n").length))];
  const long = parameterNames.filter(({ length }) => length > MAX_PARAMETER_KEY_CHARACTERS);
  return [
    ...(lines.length > 0
      ? [
          refuse(
            `must hold nothing in double braces but names of parameters, since parameters are given or a built-in one is used: ${agree(lines.length, "line", "lines")} ${lines.slice(0, 12).join(", ")} ${agree(lines.length, "does", "do")}; part the braces there, as a shell puts them together again: '{''{.Names}''}' for '{{.Names}}', and "{""{.Names}""}" for "{{.Names}}"`,
          ),
        ]
      : []),
    ...(long.length > 0
      ? [
          refuse(
            `must hold names of parameters of at most ${MAX_PARAMETER_KEY_CHARACTERS} characters: ${long.length} ${agree(long.length, "is", "are")} longer; shorten ${agree(long.length, "it", "them")}`,
          ),
        ]
      : []),
    ...(parameterNames.length > MAX_PARAMETERS_DEFINED
      ? [
          refuse(
            `must hold at most ${MAX_PARAMETERS_DEFINED} names of parameters: current count is ${parameterNames.length}; put several values into one`,
          ),
        ]
      : []),
  ];
}
