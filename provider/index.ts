export { Invocation, type InvocationArgs } from "./invocation";
export type { CommandType, InvocationInputs, OnFailure, RepeatMode, TerminationMode } from "./rules/inputs";
export type { InstanceResult, Results } from "./rules/results";
