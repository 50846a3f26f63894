export type { Advance } from "./advance";
export type { Outcome, Outcomes } from "./agent/outcome";
export type { OutcomeRule } from "./agent/rule";
export type { Choices } from "./choices";
export { type Clock, type DrivenClock, drivenClock, systemClock, type Timer } from "./clock";
export type { Emulator } from "./emulator";
export type {
  AnswerChange,
  EmulatorChange,
  EmulatorEvent,
  EventsOptions,
  FaultChange,
  MachineChange,
  MissedChange,
  RunChange,
  TimeChange,
} from "./events";
export type { AnswerFaultKind, DeliveryFaultKind, Fault, FaultKind } from "./faults";
export type { JournalEntry } from "./journal";
export { leapingClock } from "./leap";
export type { CommandSeed } from "./region/command";
export type { AgentSeed, InstancePatch, InstanceSeed } from "./region/machine";
export type { CommandType, MachineStatus, OsType, ParameterDefinition, RunStatus } from "./region/records";
export type { Quotas } from "./region/store";
export { type EmulatorOptions, startEmulator } from "./start";
