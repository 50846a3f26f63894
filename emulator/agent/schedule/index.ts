export { type Reading, readSchedule, type Schedule } from "./schedule";
