export { Invocation, type InvocationArgs } from "./invocation";
export type { CommandType, InvocationInputs, OnDelete, OnFailure, RepeatMode, TerminationMode } from "./rules/inputs";
export type { InstanceResult, Results } from "./rules/results";
