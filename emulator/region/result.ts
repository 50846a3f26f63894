/** What one execution on a machine came to, as a record of its own. */
import type { Result, Run } from "./records";

/** The last execution as a record of its own: a periodic run is Scheduled, its last execution is not. */
export function createResult(run: Run): Result {
  const { repeats, exitCode, output, dropped, startTime, finishTime, errorCode, errorInfo } = run;
  const status = run.status === "Scheduled" ? (run.runStatus ?? run.status) : run.status;
  return { status, repeats, exitCode, output, dropped, startTime, finishTime, errorCode, errorInfo };
}
