export type { ScheduleError, ScheduleErrorCode } from "./error";
export { type Reading, type Registration, readSchedule, type Schedule } from "./schedule";
