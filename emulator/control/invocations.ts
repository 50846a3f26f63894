/** Invocations with their runs, as the control API shows them: no value of a parameter, and output of one invocation alone. */
import type { Invocation, Run } from "../region/invocation";
import { judgeInvocation } from "../region/status";
import { formatInstant, type Store } from "../region/store";

/** The newest first. */
export function listInvocations(store: Store, limit: number): object {
  const newest = [...store.invocations.values()].slice(-limit).reverse();
  return { total: store.invocations.size, invocations: newest.map((each) => formatInvocation(each, formatRun)) };
}

/** Undefined when there is no such invocation. */
export function findInvocation(store: Store, invokeId: string): object | undefined {
  const invocation = store.invocations.get(invokeId);
  const formatWithOutput = (run: Run) => ({ ...formatRun(run), output: run.output.toString("utf8") });
  return invocation && formatInvocation(invocation, formatWithOutput);
}

const formatInvocation = (invocation: Invocation, format: (run: Run) => object): object => ({
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
  runs: [...invocation.runs.values()].map(format),
});

const formatRun = (run: Run) => ({
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
