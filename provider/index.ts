export { Invocation, type InvocationArgs } from "./invocation";
export { Rollout, type RolloutArgs } from "./rollout";
export type { CommandType, InvocationInputs, OnDelete, OnFailure, RepeatMode, TerminationMode } from "./rules/inputs";
export type { InstanceResult, Results } from "./rules/results";
export type { Failure, RolloutInputs } from "./rules/rollout";
export type { Amount } from "./rules/rollout/amount";
export type { WaveResult } from "./rules/rollout/outputs";
export type { RolloutCheck, RolloutPolicy, Unready } from "./rules/rollout/policy";
export type { RolloutStatus } from "./rules/rollout/record";
