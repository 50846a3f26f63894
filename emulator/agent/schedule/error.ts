/** Why the agent refuses a schedule. */

/** The `ErrorCode` of a machine whose agent refused the schedule (troubleshooting page). */
export type ScheduleErrorCode =
  | "BadCronExpression"
  | "CronExpressionExpired"
  | "InvalidGMTOffsetForTimezone"
  | "TimezoneInformationCorrupt"
  | "InvalidRateExpression"
  | "RateFrequencyTooLarge"
  | "InvalidAtExpression"
  | "AtExpressionExpired";

export interface ScheduleError {
  code: ScheduleErrorCode;
  /** What the agent itself says, word for word. */
  detail: string;
}

export const refuse = (code: ScheduleErrorCode, detail: string = code): ScheduleError => ({ code, detail });

export const isRefusal = (value: object): value is ScheduleError => "code" in value;

/** The agent's process ends here: it reads the first element of an empty list. */
export class AgentCrash extends Error {
  override readonly name = "AgentCrash";
}
