/**
 * Where the documents disagree or are silent, a choice is made here and can be turned; each default says what it rests on.
 */
import type { Generation } from "./errors";

/** Where the documents of the service disagree or are silent. */
export interface Choices {
  /**
   * Whose HTTP statuses: today's tables or those of 2021, in which e.g. `InvalidParam.Frequency` is 403.
   * @default "current"
   */
  readonly statuses: Generation;
  /**
   * A call that names an unknown machine: refused with `InvalidInstance.NotFound`, or accepted, and aborted with `InstanceNotExists` on that machine.
   * @default "refuse" (both exist in the documents)
   */
  readonly unknownInstance: "refuse" | "accept";
  /**
   * A command whose type does not fit a machine's system: refused with `InvalidInstance.NotMatch`, or accepted, and `Invalid` with `CommandNotApplicable` on that machine.
   * @default "refuse"
   */
  readonly unfitInstance: "refuse" | "accept";
  /**
   * A machine that is not running: accepted, and aborted with `InstanceNotRunning` on that machine, or the whole call refused with `InvalidInstance.NotMatch`.
   * @default "accept" (older and Chinese pages; the newest English page says the call fails)
   */
  readonly stoppedInstance: "refuse" | "accept";
  /**
   * A schedule the agent would not take: refused with `InvalidParam.Frequency`, or accepted, and `Invalid` with the agent's own code on each machine.
   * @default "refuse" (which checks are synchronous is not documented)
   */
  readonly badFrequency: "refuse" | "accept";
  /**
   * A parameter the command defines and the call does not pass: taken as empty, or refused with `Parameter.MissingValue`.
   * Parameters that a public command declares as required are always refused.
   * @default "empty" (the parameter's description; the error table has the code without a condition)
   */
  readonly missingParameter: "empty" | "refuse";
  /**
   * StopInvocation on a running machine: its process is killed and ends as `Terminated`, or goes on to its own end.
   * @default "terminate" (what the agent does; the operation's page says that started runs keep going)
   */
  readonly stopRunning: "terminate" | "finish";
  /**
   * `CloudAssistantStatus` as text, or as a JSON boolean as in one sample.
   * @default "string"
   */
  readonly cloudAssistantStatus: "string" | "boolean";
  /**
   * The last page: `NextToken` is empty, or absent.
   * @default "empty"
   */
  readonly lastNextToken: "empty" | "absent";
  /**
   * Some regions were reported to refuse `MaxResults` in DescribeCommands with `InvalidParameter.MaxResults`.
   * @default "accept"
   */
  readonly maxResultsOfCommands: "accept" | "refuse";
}

export const DEFAULT_CHOICES: Choices = {
  statuses: "current",
  unknownInstance: "refuse",
  unfitInstance: "refuse",
  stoppedInstance: "accept",
  badFrequency: "refuse",
  missingParameter: "empty",
  stopRunning: "terminate",
  cloudAssistantStatus: "string",
  lastNextToken: "empty",
  maxResultsOfCommands: "accept",
};
