/** One machine's agent: takes tasks, queues them, runs them at their times, and reports what becomes of them. */

import { type Choices, DEFAULT_CHOICES } from "../choices";
import type { Clock, Timer } from "../clock";
import { type BuiltIns, resolveBuiltIns } from "./builtin";
import { forgetSandbox } from "./guard";
import { findOutcome, type Outcome, type Outcomes, startOutcome } from "./outcome";
import type { Copy, Kept } from "./output";
import { createPool, MAX_QUEUED_TASKS } from "./pool";
import { type Ending, killAll, killRest, type Run, refuse, startScript, type TerminationMode } from "./process";
import { createSandbox, type Sandbox } from "./sandbox";
import { readSchedule, type Schedule } from "./schedule";
import {
  CLIENT_RESTARTED,
  type Fault,
  findPowerEvent,
  INTERRUPTED,
  judge,
  type KillReason,
  NOT_RUNNING,
  type PowerEvent,
  TOO_MANY,
  type Verdict,
} from "./verdict";

/** How often output of a running script is sent: in pieces, or its whole tail. */
const PIECE_INTERVAL_MS = 3000;
const TAIL_INTERVAL_MS = 1000;

/** What the service hands to an agent. */
export interface Task {
  invokeId: string;
  repeatMode: "Once" | "Period" | "NextRebootOnly" | "EveryReboot";
  /** Cron, `rate(...)` or `at(...)`; for `Period` only. */
  frequency?: string;
  /** Milliseconds since the epoch; `rate` counts from it. */
  creationTime: number;
  type: "RunShellScript" | "RunPowerShellScript" | "RunBatScript";
  /** Tells scripted outcomes apart. @default "" */
  commandName?: string;
  /** Decoded, with the command's own parameters put in. */
  content: Buffer;
  /** What the built-in parameters are worth. @default none is looked for, parameters are not enabled */
  builtIns?: BuiltIns | undefined;
  timeoutSeconds: number;
  /** "" is the user's home. */
  workingDir: string;
  /** "" is `root`. */
  username: string;
  /** "" is the type's own shell. */
  launcher: string;
  terminationMode: TerminationMode;
  /** Opens a copy of all that a run prints, by its number. */
  copyOutput?: ((repeats: number) => Copy) | undefined;
}

/**
 * What an agent says about a task.
 *
 * A task that waits for its time is `Scheduled`: before the first run, and again after every run that is not the last. After a run the report
 * carries that run's exit code, output, times and error code, so that each run is reported twice: `Running`, and its end.
 * Output of a run on its way comes with further `Running` reports; a periodic run gives none. A run that was refused before it began is reported by its end alone.
 */
export interface Report {
  status: "Scheduled" | "Running" | "Success" | "Failed" | "Timeout" | "Error" | "Terminated" | "Cancelled" | "Invalid";
  /** What the run that has just ended came to: of itself, a task that rests says `Scheduled`. */
  runStatus?: Verdict["status"];
  /** Runs started so far. */
  repeats: number;
  /** Absent where nothing exited: before the end, and when it was killed. */
  exitCode?: number;
  /** What is kept of it, at most 24,576 bytes. */
  output: Buffer;
  /**
   * Bytes that are not kept. Of a schedule, the last number that was not 0: the agent forgets to begin anew with the next run
   * (aliyun_assist_client, agent/taskengine/basetask.go).
   */
  dropped: number;
  /** Milliseconds since the epoch. */
  startTime?: number;
  finishTime?: number;
  /** "" when all is well. */
  errorCode: string;
  errorInfo: string;
  /** Nothing more will be said about this task. */
  final: boolean;
}

/** The choices that an agent has to make. */
export type AgentChoices = Pick<
  Choices,
  "shell" | "unknownBuiltIn" | "runningOutput" | "stopWaiting" | "changeRunning" | "taskLimit" | "processTree"
>;

export interface AgentOptions {
  instanceId: string;
  /** The machine's root; made when the first script runs. */
  directory: string;
  clock: Clock;
  /** IANA name of the machine's own zone. */
  timeZone: string;
  /** Answers that stand in for scripts. */
  outcomes?: Outcomes;
  /** The same by rules, where `outcomes` have none. */
  findOutcome?: (commandName: string, content: string) => Outcome | undefined;
  /** @default the emulator's own */
  choices?: Partial<AgentChoices>;
  /** A script ended with exit code 193 (Windows: 3009) or 194 (3010). Called after its end is reported. */
  onPower: (event: PowerEvent) => void;
  /** The agent's process has ended over a schedule, see `isOnline`. */
  onCrash?: (reason: string) => void;
}

export interface Agent {
  /** Takes a task. A task it has already is ignored, as the real agent does. */
  submit(task: Task, report: (report: Report) => void): void;
  /** Ends a task for good: `Cancelled` while it waits, `Terminated` when it runs. A task that it does not have is ignored. */
  stop(invokeId: string): void;
  /** Changes a task that is not over; nothing that the new schedule names is missed. What becomes of a run on its way is a choice. */
  modify(invokeId: string, change: Partial<Pick<Task, "frequency" | "content" | "builtIns">>): void;
  /** Switches the machine off: everything that runs is killed, schedules stand still. Resolves when all is dead and reported. */
  powerOff(): Promise<void>;
  /** Switches the machine on: reboot tasks run, schedules are read anew. Nothing on a machine that is on. */
  boot(): void;
  /** Ends everything without a report. The agent is of no use afterwards. */
  close(): Promise<void>;
  /** Tasks that run or wait for a free place. */
  readonly activeTaskCount: number;
  /**
   * False while the machine is off, and after a schedule has crashed the agent's process (a reversed range as a whole field: `0 0 22-2 * * ?`).
   * A crashed agent loses what ran, and comes back when the task is stopped; a reboot only hands it the same schedule again.
   */
  readonly isOnline: boolean;
}

/** A task as the agent holds it. */
interface Job {
  task: Task;
  readonly report: (report: Report) => void;
  repeats: number;
  schedule?: Schedule | undefined;
  timer?: Timer | undefined;
  execution?: Execution | undefined;
  /** Nothing comes after the run on its way. */
  isLast: boolean;
  /** The last report has been made. */
  isOver: boolean;
  /** Bytes that the last run with too long an output lost. */
  dropped: number;
  /** A changed schedule was refused while a run was on its way. */
  refusal?: Fault | undefined;
}

interface Execution {
  readonly run: Run;
  readonly startTime: number;
  readonly timeout: Timer;
  readonly terminationMode: TerminationMode;
  /** When output is sent next. */
  push?: Timer | undefined;
  /** Why it was killed; the first reason counts. */
  killedFor?: KillReason | undefined;
}

const NO_OUTPUT: Kept = { output: Buffer.alloc(0), dropped: 0 };

/** An agent on a machine that is on. */
export function createAgent(options: AgentOptions): Agent {
  const { clock, directory, timeZone, outcomes = {}, onPower, onCrash } = options;
  const choices: AgentChoices = { ...DEFAULT_CHOICES, ...options.choices };
  const jobs = new Map<string, Job>();
  const executions = new Set<Execution>();
  const groups = new Set<number>();
  let sandbox: Sandbox | undefined;
  let isOn = true;
  let isClosed = false;
  let crashedBy: Job | undefined;

  /** Says how a task stands. */
  const tell = (job: Job, said: Partial<Report> & Pick<Report, "status">): void => {
    if (isClosed || job.isOver) return;
    job.report({ ...NO_OUTPUT, repeats: job.repeats, errorCode: "", errorInfo: "", final: false, ...said });
  };

  const finish = (job: Job, said: Partial<Report> & Pick<Report, "status">): void => {
    forgetTimer(job);
    jobs.delete(job.task.invokeId);
    tell(job, { ...said, final: true });
    job.isOver = true;
  };

  const forgetTimer = (job: Job): void => {
    if (job.timer) clock.clearTimeout(job.timer);
    job.timer = undefined;
  };

  // Schedules

  const register = (job: Job): void => {
    job.dropped = 0;
    const { frequency = "", creationTime } = job.task;
    const reading = readSchedule(frequency, { timeZone, registeredAt: clock.now(), createdAt: creationTime });
    switch (reading.kind) {
      case "crashed":
        crash(job, reading.reason);
        return;
      case "refused":
        job.schedule = undefined;
        job.isLast = true;
        job.refusal = { errorCode: reading.error.code, errorInfo: reading.error.detail };
        if (!isActive(job)) finish(job, { status: "Invalid", ...job.refusal });
        return;
      case "taken":
        job.schedule = reading.schedule;
        job.isLast = false;
        job.refusal = undefined;
        arm(job);
        return;
      default:
        reading satisfies never;
    }
  };

  const arm = (job: Job): void => {
    const now = clock.now();
    const next = job.schedule?.findNext(now);
    job.timer = undefined;
    job.isLast = next === undefined;
    // A run that does not lie ahead never comes, see `Schedule.findNext`.
    if (next === undefined || next <= now) return;
    job.timer = clock.setTimeout(() => fire(job), next - now);
  };

  const fire = (job: Job): void => {
    arm(job);
    // An overlapping run is skipped without a word.
    if (!isActive(job)) enter(job);
  };

  const enter = (job: Job): void => {
    if (pool.enter(job) === "refused") conclude(job, { status: "Error", ...TOO_MANY }, NO_OUTPUT);
  };

  const isActive = (job: Job): boolean => job.execution !== undefined || pool.isWaiting(job);

  // One run

  const start = (job: Job): void => {
    const { task } = job;
    const startTime = clock.now();
    const run = startRun(task, job.repeats + 1, () => tellOutputSoon(job, execution));
    const execution: Execution = {
      run,
      startTime,
      timeout: clock.setTimeout(() => kill(execution, "timeout"), task.timeoutSeconds * 1000),
      terminationMode: choices.processTree === "ignore" ? "Process" : task.terminationMode,
    };
    executions.add(execution);
    job.execution = execution;
    job.repeats++;
    if (run.isBegun) tell(job, { status: "Running", startTime });

    void run.ended.then((ending) => {
      executions.delete(execution);
      forget(execution);
      if (job.execution === execution) {
        job.execution = undefined;
        end(job, execution, ending);
      }
      pool.leave();
    });
  };

  const pool = createPool<Job>(start, choices.taskLimit === "wait" ? Number.POSITIVE_INFINITY : MAX_QUEUED_TASKS);

  const forget = ({ timeout, push }: Execution): void => {
    clock.clearTimeout(timeout);
    if (push) clock.clearTimeout(push);
  };

  /** Of a periodic run, the agent sends nothing before its end. */
  const tellOutputSoon = (job: Job, execution: Execution): void => {
    const { run, startTime, push } = execution;
    if (push || job.execution !== execution || job.task.repeatMode === "Period") return;
    const tellKept = (kept: Kept): void => {
      execution.push = undefined;
      tell(job, { status: "Running", startTime, ...kept });
    };
    if (choices.runningOutput === "tail") {
      execution.push = clock.setTimeout(() => tellKept(run.output.read()), TAIL_INTERVAL_MS);
      return;
    }
    if (!run.output.hasPiece) return;
    const sinceLastMs = (clock.now() - startTime) % PIECE_INTERVAL_MS;
    execution.push = clock.setTimeout(() => {
      run.output.sendPiece();
      tellKept(run.output.readSent());
      tellOutputSoon(job, execution);
    }, PIECE_INTERVAL_MS - sinceLastMs);
  };

  const startRun = (task: Task, repeats: number, onOutput: () => void): Run => {
    const resolved = task.builtIns ? resolveBuiltIns(task.content, task.builtIns) : task;
    if ("unknownName" in resolved) {
      const errorInfo = `The environment parameter ${resolved.unknownName} is invalid`;
      return refuse({ refused: "Invalid", errorCode: choices.unknownBuiltIn, errorInfo });
    }
    const { content } = resolved;
    const asked = [task.commandName ?? "", content.toString()] as const;
    const outcome = findOutcome(outcomes, ...asked) ?? options.findOutcome?.(...asked);
    const copy = task.copyOutput?.(repeats);
    if (outcome) return startOutcome(outcome, clock, copy);
    sandbox ??= createSandbox(directory);
    const host = { sandbox, groups, shell: choices.shell, copy };
    const run = startScript({ ...task, content, name: task.invokeId }, host, onOutput);
    clock.hold(run.ended);
    return run;
  };

  const kill = (execution: Execution, reason: KillReason): void => {
    const { run, terminationMode } = execution;
    const wasAlive = run.kill(terminationMode);
    // One that is only being listened to has made it in time.
    if (reason === "timeout" && !wasAlive) return;
    execution.killedFor ??= reason;
    clock.hold(run.ended);
  };

  /** A run of a schedule that has been changed meanwhile: nobody hears of it any more. */
  const abandon = (job: Job, execution: Execution): void => {
    job.execution = undefined;
    forget(execution);
    kill(execution, "stop");
    tell(job, { status: "Scheduled" });
  };

  const end = (job: Job, execution: Execution, ending: Ending): void => {
    const { startTime, run, killedFor } = execution;
    const verdict = judge(ending, killedFor);
    const isTimeout = verdict.status === "Timeout";
    const finishTime = isTimeout ? startTime + job.task.timeoutSeconds * 1000 : clock.now();
    if (verdict.status === "Terminated") job.isLast = true;
    conclude(job, verdict, {
      ...keepOutput(job, execution),
      ...(run.isBegun ? { startTime } : {}),
      finishTime,
    });

    if (killedFor || isClosed || verdict.exitCode === undefined) return;
    const event = findPowerEvent(job.task.type, verdict.exitCode);
    if (event) onPower(event);
  };

  const keepOutput = (job: Job, { run, killedFor }: Execution): Kept => {
    // Whoever is stopped or switched off sends nothing more.
    const isCutShort = killedFor !== undefined && killedFor !== "timeout" && choices.runningOutput === "pieces";
    const { output, dropped } = isCutShort ? run.output.readSent() : run.output.read();
    if (dropped > 0) job.dropped = dropped;
    return { output, dropped: job.task.repeatMode === "Period" ? job.dropped : dropped };
  };

  /** A run is over: the task rests until its next one, or is over with it. */
  const conclude = (job: Job, verdict: Verdict, rest: Partial<Report>): void => {
    const isOver = job.isLast || job.task.repeatMode === "Once" || job.task.repeatMode === "NextRebootOnly";
    const runStatus = verdict.status;
    if (isOver)
      finish(job, { ...rest, ...verdict, runStatus, ...(job.refusal && { status: "Invalid", ...job.refusal }) });
    else tell(job, { ...rest, ...verdict, runStatus, status: "Scheduled" });
  };

  // The process and the machine

  /** Ends all that runs and waits for a place, with one reason; nothing new starts. */
  const interrupt = (fault: Fault): void => {
    for (const job of pool.removeAll()) conclude(job, { status: "Error", ...fault }, NO_OUTPUT);
    for (const job of jobs.values()) forgetTimer(job);
    for (const execution of executions) kill(execution, fault);
    if (sandbox) killAll(groups, sandbox);
  };

  const crash = (job: Job, reason: string): void => {
    crashedBy = job;
    interrupt(CLIENT_RESTARTED);
    onCrash?.(reason);
  };

  const registerAll = (): void => {
    for (const job of [...jobs.values()]) {
      if (crashedBy) return;
      if (job.task.repeatMode === "Period" && !job.timer) register(job);
    }
  };

  /** The agent's process comes back. */
  const recover = (): void => {
    crashedBy = undefined;
    if (isOn) registerAll();
  };

  const allEnded = async (): Promise<void> => {
    await Promise.all([...executions].map(({ run }) => run.ended));
  };

  return {
    submit(task, report) {
      if (jobs.has(task.invokeId)) return;
      const job: Job = { task, report, repeats: 0, isLast: false, isOver: false, dropped: 0 };
      if (!isOn || crashedBy) {
        tell(job, { status: "Error", ...NOT_RUNNING, final: true });
        return;
      }
      jobs.set(task.invokeId, job);
      switch (task.repeatMode) {
        case "Once":
          enter(job);
          return;
        case "Period":
          register(job);
          if (job.schedule) tell(job, { status: "Scheduled" });
          return;
        case "NextRebootOnly":
        case "EveryReboot":
          tell(job, { status: "Scheduled" });
          return;
        default:
          task.repeatMode satisfies never;
      }
    },

    stop(invokeId) {
      const job = jobs.get(invokeId);
      if (!job) return;
      if (job.execution) {
        forgetTimer(job);
        kill(job.execution, "stop");
        return;
      }
      if (choices.stopWaiting === "cancel") pool.remove(job);
      finish(job, { status: "Cancelled", finishTime: clock.now() });
      if (crashedBy === job) recover();
    },

    modify(invokeId, change) {
      const job = jobs.get(invokeId);
      if (!job) return;
      const { task, execution } = job;
      const { frequency = task.frequency, content = task.content } = change;
      const isRescheduled = frequency !== task.frequency;
      const isChanged = isRescheduled || !content.equals(task.content);
      job.task = { ...task, ...change };
      if (task.repeatMode !== "Period") return;
      const isAbandoned = isChanged && execution !== undefined && choices.changeRunning === "abandon";
      if (isAbandoned) abandon(job, execution);
      if (!isRescheduled && !isAbandoned) return;
      forgetTimer(job);
      if (crashedBy === job) recover();
      else if (isOn && !crashedBy) register(job);
    },

    async powerOff() {
      isOn = false;
      interrupt(INTERRUPTED);
      await allEnded();
    },

    boot() {
      if (isOn) return;
      isOn = true;
      recover();
      for (const job of [...jobs.values()]) {
        const { repeatMode } = job.task;
        if ((repeatMode === "NextRebootOnly" || repeatMode === "EveryReboot") && !isActive(job)) enter(job);
      }
    },

    async close() {
      isClosed = true;
      interrupt(INTERRUPTED);
      await allEnded();
      if (!sandbox) return;
      await killRest(groups, sandbox);
      forgetSandbox(sandbox.directory);
    },

    get activeTaskCount() {
      return pool.size;
    },

    get isOnline() {
      return isOn && crashedBy === undefined;
    },
  };
}
