/** Rollouts as rules: from a fleet and a policy to waves, and from what was observed to what happens next. */
export { type Amount, parsePercentage, resolveAmount } from "./amount";
export { type Budget, ROUNDING_RULES, resolveBudget } from "./budget";
export {
  type Beginning,
  type Facts,
  type Failure,
  gatherFacts,
  type MachineFacts,
  NOT_YET_EXIT_CODE,
  type Observed,
  type ObservedInvocation,
  type ObservedShard,
  type PendingShard,
  type Stop,
} from "./facts";
export { nameGeneration } from "./generation";
export { type Batch, CHECK_INTERVAL_SECONDS, next, STEP_RULES, type Step, type Verdict, type Wait } from "./next";
export { type Machine, ORDER_RULES } from "./order";
export { formatRolloutOutputs, type RolloutOutputs, type WaveResult } from "./outputs";
export type { Plan } from "./plan";
export {
  DEFAULT_CHECK_TIMEOUT_SECONDS,
  DEFAULT_POLICY,
  DEFAULT_WAVES,
  type ParsedPolicy,
  POLICY_NAMES,
  parsePolicy,
  type RolloutCheck,
  type RolloutPolicy,
  type Unready,
} from "./policy";
export { carryRecord, formatRecord, type RolloutRecord, type RolloutStatus } from "./record";
export { resumeRollout, STATUSES } from "./resume";
export { assessRisk, RISK_RULES, type WaveRisk } from "./risk";
export { STANDINGS, type Standing, type Survey, surveyPlan } from "./standing";
export { formatRolloutTag, parseRolloutTag, type RolloutTag, type Shard } from "./tag";
export { PLAN_RULES, type PlanRequest, planRollout } from "./waves";
export {
  describePause,
  describePlan,
  describeProgress,
  describeResumption,
  describeStop,
  describeWarnings,
  describeWaveEnd,
  listEndedWaves,
} from "./words";
