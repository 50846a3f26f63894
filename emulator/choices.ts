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
   * What a machine's `sh` is, which starts every script and is all that a time-out, a stop or a change kills. `dash` (Debian, Ubuntu) waits for the script:
   * one that a signal ends has exit code 128 + its number and `Killed` or its like in the output, and a killed `dash` leaves the script running.
   * `bash` (Alibaba Cloud Linux, CentOS) becomes the script: a signal is exit code -1, and whoever kills it kills the script.
   * A script without a `#!` line is read by it, where this machine has it.
   * @default "bash" (the images that Alibaba Cloud itself makes; both were seen with the agent, v578)
   */
  readonly shell: "bash" | "dash";
  /**
   * Where the built-in parameters `{{ACS::InstanceId}}` … are put in: in commands whose parameters are enabled, or in all.
   * @default "enabled" (the agent, v578, needs the command's flag; whether the service sets it by itself is not known)
   */
  readonly builtInParameters: "enabled" | "always";
  /**
   * The `ErrorCode` of a machine whose agent finds a built-in parameter that there is none of, `{{ACS::Foo}}`.
   * @default "InvalidEnvironmentParameter" (what the agent, v578, reports; the troubleshooting page has the other, and the service may translate)
   */
  readonly unknownBuiltIn: "InvalidEnvironmentParameter" | "InvalidSystemBuiltInParameter";
  /**
   * Output of a script that runs, and is not periodic. `pieces`: 2,048 bytes more every 3 seconds, up to 6 KB; these stay the beginning of what is kept,
   * so that a long and slow output has a hole, and they are all that is left of a script that is stopped. `tail`: the last 24 KB, every second.
   * @default "pieces" (the agent, v578)
   */
  readonly runningOutput: "pieces" | "tail";
  /**
   * StopInvocation on a running machine: its process is killed and ends as `Terminated`, or goes on to its own end.
   * @default "terminate" (what the agent does; the operation's page says that started runs keep going)
   */
  readonly stopRunning: "terminate" | "finish";
  /**
   * StopInvocation on a machine where the task waits for its turn, since 10 others run: it never runs, or it is reported as stopped and runs all the same.
   * @default "cancel" (the operation's page; the agent, v578, runs it)
   */
  readonly stopWaiting: "cancel" | "run";
  /**
   * A schedule that is changed while it runs: the run under way is given up, killed as by a stop and never reported, or ends and is reported.
   * @default "abandon" (the agent, v578, which is newer than ModifyInvocationAttribute asks for)
   */
  readonly changeRunning: "abandon" | "finish";
  /**
   * More than 10 tasks for a machine at once: all run in the end, 10 at a time, or more than 50 that wait are refused with `TaskConcurrencyLimit`.
   * @default "wait" (the agent, v578; the code is on the API's pages, without a number)
   */
  readonly taskLimit: "wait" | "refuse";
  /**
   * TerminationMode `ProcessTree`: kills the script's process group, which spares what left it by `setsid` or `set -m`, or is not known, and kills as `Process` does.
   * @default "group" (the API's page; the agent, v578, does not know it)
   */
  readonly processTree: "group" | "ignore";
  /**
   * `OssOutputDelivery`: each run's whole output goes to a file, `oss/BUCKET/PREFIX/INVOCATION/INSTANCE/NUMBER.txt` in the emulator's folder, or its delivery
   * fails with `AccessDenied`, as without a role of the machine that may write there.
   * @default "folder" (the name of the object is not documented, nor are the codes)
   */
  readonly ossOutput: "folder" | "denied";
  /**
   * DescribeInvocations without `Timed` and without an InvokeId: lists all, or only what runs once or has ended.
   * @default "all" (the SDK says that the default is false, which would be the other; no trace has settled it)
   */
  readonly untimedListing: "all" | "ended";
  /**
   * Milliseconds until an invocation is seen by the calls that list it.
   * @default 0 (no trace shows a delay, and none that there is none)
   */
  readonly invocationDelayMs: number;
  /**
   * Milliseconds until a tag of an invocation is seen, whether it came with the call or by TagResources.
   * @default 0 (no trace shows a delay, and none that there is none)
   */
  readonly tagDelayMs: number;
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

/** The values of each choice, the default first; milliseconds for a number. */
export const CHOICE_VALUES: {
  readonly [Name in keyof Choices]: Choices[Name] extends number ? "milliseconds" : readonly Choices[Name][];
} = {
  statuses: ["current", "2021"],
  unknownInstance: ["refuse", "accept"],
  unfitInstance: ["refuse", "accept"],
  stoppedInstance: ["accept", "refuse"],
  badFrequency: ["refuse", "accept"],
  missingParameter: ["empty", "refuse"],
  shell: ["bash", "dash"],
  builtInParameters: ["enabled", "always"],
  unknownBuiltIn: ["InvalidEnvironmentParameter", "InvalidSystemBuiltInParameter"],
  runningOutput: ["pieces", "tail"],
  stopRunning: ["terminate", "finish"],
  stopWaiting: ["cancel", "run"],
  changeRunning: ["abandon", "finish"],
  taskLimit: ["wait", "refuse"],
  processTree: ["group", "ignore"],
  ossOutput: ["folder", "denied"],
  untimedListing: ["all", "ended"],
  invocationDelayMs: "milliseconds",
  tagDelayMs: "milliseconds",
  cloudAssistantStatus: ["string", "boolean"],
  lastNextToken: ["empty", "absent"],
  maxResultsOfCommands: ["accept", "refuse"],
};

export const DEFAULT_CHOICES: Choices = {
  statuses: "current",
  unknownInstance: "refuse",
  unfitInstance: "refuse",
  stoppedInstance: "accept",
  badFrequency: "refuse",
  missingParameter: "empty",
  shell: "bash",
  builtInParameters: "enabled",
  unknownBuiltIn: "InvalidEnvironmentParameter",
  runningOutput: "pieces",
  stopRunning: "terminate",
  stopWaiting: "cancel",
  changeRunning: "abandon",
  taskLimit: "wait",
  processTree: "group",
  ossOutput: "folder",
  untimedListing: "all",
  invocationDelayMs: 0,
  tagDelayMs: 0,
  cloudAssistantStatus: "string",
  lastNextToken: "empty",
  maxResultsOfCommands: "accept",
};
