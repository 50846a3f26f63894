/** One machine's agent: takes tasks, queues them, runs them at their times, and reports what becomes of them. */

import type { Clock, Timer } from "../clock";
import { forgetSandbox } from "./guard";
import { findOutcome, type Outcomes, startOutcome } from "./outcome";
import { createPool } from "./pool";
import { type Ending, killAll, type Run, startScript, type TerminationMode } from "./process";
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

/** Output of a running script is pushed no more often. */
const PUSH_INTERVAL_MS = 1000;

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
  /** Decoded, with all parameters put in. */
  content: string;
  timeoutSeconds: number;
  /** "" is the user's home. */
  workingDir: string;
  /** "" is `root`. */
  username: string;
  /** "" is the type's own shell. */
  launcher: string;
  terminationMode: TerminationMode;
}

/**
 * What an agent says about a task.
 *
 * A task that waits for its time is `Scheduled`: before the first run, and again after every run that is not the last. After a run the report
 * carries that run's exit code, output, times and error code, so that each run is reported twice: `Running`, and its end.
 * Output of a run on its way comes with further `Running` reports, at most one a second; a periodic run gives none.
 */
export interface Report {
  status: "Scheduled" | "Running" | "Success" | "Failed" | "Timeout" | "Error" | "Terminated" | "Cancelled" | "Invalid";
  /** Runs started so far. */
  repeats: number;
  exitCode?: number;
  /** The tail, at most 24,576 bytes. */
  output: Buffer;
  /** Bytes cut off before it. */
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

export interface AgentOptions {
  instanceId: string;
  /** The machine's root; made when the first script runs. */
  directory: string;
  clock: Clock;
  /** IANA name of the machine's own zone. */
  timeZone: string;
  /** Answers that stand in for scripts. */
  outcomes?: Outcomes;
  /** A script ended with exit code 193 (Windows: 3009) or 194 (3010). Called after its end is reported. */
  onPower: (event: PowerEvent) => void;
  /** The agent's process has ended over a schedule, see `isOnline`. */
  onCrash?: (reason: string) => void;
}

export interface Agent {
  /** Takes a task. A task it has already is ignored, as the real agent does. */
  submit(task: Task, report: (report: Report) => void): void;
  /** Ends a task for good: `Cancelled` while it waits, `Terminated` when it runs. A task it does not have is ignored. */
  stop(invokeId: string): void;
  /** Changes a task that is not over. A run on its way is not touched, and nothing that the new schedule names is missed. */
  modify(invokeId: string, change: { frequency?: string; content?: string }): void;
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
  /** A changed schedule was refused while a run was on its way. */
  refusal?: Fault | undefined;
}

interface Execution {
  readonly run: Run;
  readonly startTime: number;
  readonly timeout: Timer;
  /** The next push of output. */
  push?: Timer | undefined;
  /** Why it was killed; the first reason counts. */
  killedFor?: KillReason | undefined;
}

const NO_OUTPUT = { output: Buffer.alloc(0), dropped: 0 };

/** An agent on a machine that is on. */
export function createAgent(options: AgentOptions): Agent {
  const { clock, directory, timeZone, outcomes = {}, onPower, onCrash } = options;
  const jobs = new Map<string, Job>();
  const groups = new Set<number>();
  let sandbox: Sandbox | undefined;
  let isOn = true;
  let isClosed = false;
  let crashedBy: Job | undefined;

  /** Says how a task stands. */
  const tell = (job: Job, said: Partial<Report> & Pick<Report, "status">): void => {
    if (isClosed) return;
    job.report({ ...NO_OUTPUT, repeats: job.repeats, errorCode: "", errorInfo: "", final: false, ...said });
  };

  const finish = (job: Job, said: Partial<Report> & Pick<Report, "status">): void => {
    forgetTimer(job);
    jobs.delete(job.task.invokeId);
    tell(job, { ...said, final: true });
  };

  const forgetTimer = (job: Job): void => {
    if (job.timer) clock.clearTimeout(job.timer);
    job.timer = undefined;
  };

  // Schedules

  const register = (job: Job): void => {
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
    const run = startRun(task, () => tellOutputSoon(job));
    const timeout = clock.setTimeout(() => kill(job, "timeout"), task.timeoutSeconds * 1000);
    const execution: Execution = { run, startTime, timeout };
    job.execution = execution;
    job.repeats++;
    tell(job, { status: "Running", startTime });

    void run.ended.then((ending) => {
      clock.clearTimeout(timeout);
      if (execution.push) clock.clearTimeout(execution.push);
      job.execution = undefined;
      end(job, execution, ending);
      pool.leave();
    });
  };

  const pool = createPool<Job>(start);

  /** Output of a run on its way is pushed at most once a second, and of a periodic one not at all, as the agent does. */
  const tellOutputSoon = (job: Job): void => {
    const { execution } = job;
    if (!execution || execution.push || job.task.repeatMode === "Period") return;
    execution.push = clock.setTimeout(() => {
      execution.push = undefined;
      tell(job, { status: "Running", startTime: execution.startTime, ...execution.run.read() });
    }, PUSH_INTERVAL_MS);
  };

  const startRun = (task: Task, onOutput: () => void): Run => {
    const outcome = findOutcome(outcomes, task.commandName ?? "", task.content);
    if (outcome) return startOutcome(outcome, clock);
    sandbox ??= createSandbox(directory, timeZone);
    const run = startScript({ ...task, name: task.invokeId }, sandbox, groups, onOutput);
    clock.hold(run.ended);
    return run;
  };

  const kill = (job: Job, reason: KillReason): void => {
    const { execution } = job;
    if (!execution) return;
    execution.killedFor ??= reason;
    execution.run.kill(job.task.terminationMode);
    clock.hold(execution.run.ended);
  };

  const end = (job: Job, execution: Execution, ending: Ending): void => {
    const { startTime, run, killedFor } = execution;
    const verdict = judge(ending, killedFor);
    const isTimeout = verdict.status === "Timeout";
    const finishTime = isTimeout ? startTime + job.task.timeoutSeconds * 1000 : clock.now();
    if (verdict.status === "Terminated") job.isLast = true;
    conclude(job, verdict, { ...run.read(), startTime, finishTime });

    if (killedFor || isClosed || verdict.exitCode === undefined) return;
    const event = findPowerEvent(job.task.type, verdict.exitCode);
    if (event) onPower(event);
  };

  /** A run is over: the task rests until its next one, or is over with it. */
  const conclude = (job: Job, verdict: Verdict, rest: Partial<Report>): void => {
    const isOver = job.isLast || job.task.repeatMode === "Once" || job.task.repeatMode === "NextRebootOnly";
    if (isOver) finish(job, { ...rest, ...verdict, ...(job.refusal && { status: "Invalid", ...job.refusal }) });
    else tell(job, { ...rest, ...verdict, status: "Scheduled" });
  };

  // The process and the machine

  /** Ends all that runs and waits for a place, with one reason; nothing new starts. */
  const interrupt = (fault: Fault): void => {
    for (const job of pool.removeAll()) conclude(job, { status: "Error", ...fault }, NO_OUTPUT);
    for (const job of jobs.values()) {
      forgetTimer(job);
      kill(job, fault);
    }
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
    await Promise.all([...jobs.values()].map((job) => job.execution?.run.ended));
  };

  return {
    submit(task, report) {
      if (jobs.has(task.invokeId)) return;
      const job: Job = { task, report, repeats: 0, isLast: false };
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
        kill(job, "stop");
        return;
      }
      pool.remove(job);
      finish(job, { status: "Cancelled", finishTime: clock.now() });
      if (crashedBy === job) recover();
    },

    modify(invokeId, change) {
      const job = jobs.get(invokeId);
      if (!job) return;
      const isRescheduled = change.frequency !== undefined && change.frequency !== job.task.frequency;
      job.task = { ...job.task, ...change };
      if (!isRescheduled || job.task.repeatMode !== "Period") return;
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
      killAll(groups, sandbox);
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
