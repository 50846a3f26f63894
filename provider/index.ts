export { Invocation, type InvocationArgs, type InvocationSettings } from "./invocation";
export type { CommandType, InvocationInputs, OnDelete, OnFailure, RepeatMode, TerminationMode } from "./rules/inputs";
export type { InstanceResult, Results } from "./rules/results";
