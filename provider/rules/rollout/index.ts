/** Rollouts as rules: from a fleet and a policy to waves, and from what was observed to what happens next. */
export { ROUNDING_RULES } from "./budget";
export { type Earlier, type FleetState, judgeRolloutChanges } from "./changes";
export { parseRollout } from "./declaration";
export {
  type Facts,
  type Failure,
  gatherFacts,
  type ObservedInvocation,
  type PendingShard,
  type Stop,
  settleUnseen,
} from "./facts";
export { nameGeneration } from "./generation";
export { listUnknown, pickRolloutInputs, type RolloutInputs, whatRuns } from "./inputs";
export { next, STEP_RULES, type Step, type Verdict } from "./next";
export { ORDER_RULES } from "./order";
export { formatRolloutOutputs } from "./outputs";
export type { Plan } from "./plan";
export { DEFAULT_WAVES, parsePolicy, type RolloutPolicy } from "./policy";
export { carryRecord, formatRecord, type RolloutRecord } from "./record";
export { resumeRollout, STATUSES } from "./resume";
export { assessRisk, RISK_RULES } from "./risk";
export { STANDINGS, type Standing, type Survey, surveyPlan } from "./standing";
export { formatRolloutTag, parseRolloutTag, type Shard } from "./tag";
export { isReplanned, PLAN_RULES, planRollout } from "./waves";
export {
  describePause,
  describePlan,
  describeProgress,
  describeResumption,
  describeStop,
  describeUnknown,
  describeWarnings,
  describeWaveEnd,
  listEndedWaves,
} from "./words";
