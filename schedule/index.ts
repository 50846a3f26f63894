/**
 * Schedules of ECS Cloud Assistant as the agent on the machine executes them: read, write, compare, explain, check, and find the
 * next runs. Pure: no clock, no environment, no network; needs neither Pulumi nor an account.
 *
 * @packageDocumentation
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/cron-expressions
 */
export type { At } from "./at";
export { type CheckOptions, checkSchedule, type ScheduleVerdict } from "./check";
export type { Cron, DaysOfMonth, DaysOfWeek } from "./cron";
export { describeSchedule } from "./describe";
export { sameSchedule } from "./equal";
export { ScheduleSyntaxError } from "./error";
export { formatSchedule } from "./format";
export { type NextRunsOptions, nextRuns } from "./next";
export { parseSchedule } from "./parse";
export type { Rate } from "./rate";
export type { Schedule } from "./schedule";
