export type { Choices } from "./choices";
export { type Clock, type DrivenClock, drivenClock, systemClock } from "./clock";
export type { CommandSeed, CommandType, ParameterDefinition } from "./command";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
export type { AnswerFaultKind, DeliveryFaultKind, Fault, FaultKind } from "./faults";
export type { JournalEntry } from "./journal";
export type { AgentSeed, InstancePatch, InstanceSeed, MachineStatus, OsType } from "./machine";
export type { Outcome, Outcomes } from "./outcome";
export type { Quotas } from "./store";
