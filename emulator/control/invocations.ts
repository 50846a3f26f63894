/** Invocations with their runs, as the control API shows them: output, content and values of parameters of one invocation alone. */
import { HIDDEN } from "../redaction";
import type { Invocation, RepeatMode, Run, RunStatus } from "../region/records";
import { type InvocationStatus, judgeInvocation } from "../region/status";
import { formatInstant, type Store } from "../region/store";
import { formatCommandLine } from "./commandline";

export interface RunView {
  readonly instanceId: string;
  readonly status: RunStatus;
  readonly repeats: number;
  readonly exitCode: number | undefined;
  readonly startTime: string;
  readonly finishTime: string;
  readonly errorCode: string;
  readonly errorInfo: string;
  readonly outputBytes: number;
  readonly dropped: number;
}

export interface InvocationView {
  readonly invokeId: string;
  readonly commandId: string;
  readonly commandName: string;
  readonly repeatMode: RepeatMode;
  readonly frequency: string;
  readonly timeoutSeconds: number;
  readonly parameterNames: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly creationTime: string;
  readonly status: InvocationStatus;
  readonly runs: readonly RunView[];
}

/** One invocation with what is too much, or too secret, for a list. */
export interface WholeInvocation extends InvocationView {
  readonly runs: readonly (RunView & { readonly output: string })[];
  readonly command: { readonly type: string; readonly content: string; readonly description: string };
  /** Values are hidden unless they are asked for. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly username: string;
  readonly workingDir: string;
  readonly launcher: string;
  /** The request that would make it again, for the `aliyun` CLI. */
  readonly commandLine: string;
}

/** The newest first. */
export function listInvocations(
  store: Store,
  limit: number,
  hasRuns: boolean,
): { readonly total: number; readonly invocations: readonly InvocationView[] } {
  const newest = [...store.invocations.values()].slice(-limit).reverse();
  return { total: store.invocations.size, invocations: newest.map((each) => formatInvocation(each, hasRuns)) };
}

/**
 * Undefined when there is no such invocation.
 * @param endpoint under which the emulator was asked
 * @param isWhole whether values of parameters are shown
 */
export function findInvocation(
  store: Store,
  invokeId: string,
  endpoint: string,
  isWhole: boolean,
): WholeInvocation | undefined {
  const invocation = store.invocations.get(invokeId);
  if (invocation === undefined) return undefined;
  const { command, parameters, username, workingDir, launcher, runs } = invocation;
  const hidden = isWhole ? {} : { hidden: HIDDEN };
  return {
    ...formatInvocation(invocation),
    runs: [...runs.values()].map((run) => ({ ...formatRun(run), output: run.output.toString("utf8") })),
    command: { type: command.type, content: command.content.toString("utf8"), description: command.description },
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, isWhole ? value : HIDDEN])),
    ...{ username, workingDir, launcher },
    commandLine: formatCommandLine(invocation, { regionId: store.regionId, endpoint, ...hidden }),
  };
}

const formatInvocation = (invocation: Invocation, hasRuns = true): InvocationView => ({
  invokeId: invocation.invokeId,
  commandId: invocation.command.commandId,
  commandName: invocation.command.name,
  repeatMode: invocation.repeatMode,
  frequency: invocation.frequency,
  timeoutSeconds: invocation.timeoutSeconds,
  parameterNames: Object.keys(invocation.parameters),
  tags: Object.fromEntries(invocation.tags),
  creationTime: formatInstant(invocation.creationTime),
  status: judgeInvocation(invocation),
  runs: hasRuns ? [...invocation.runs.values()].map(formatRun) : [],
});

const formatRun = (run: Run): RunView => ({
  instanceId: run.instanceId,
  status: run.status,
  repeats: run.repeats,
  exitCode: run.exitCode,
  startTime: formatInstant(run.startTime),
  finishTime: formatInstant(run.finishTime),
  errorCode: run.errorCode,
  errorInfo: run.errorInfo,
  outputBytes: run.output.length,
  dropped: run.dropped,
});
