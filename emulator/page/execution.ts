import type { ResultView } from "../control/results";

/** One run on one machine. */
export interface Execution {
  readonly invokeId: string;
  readonly instanceId: string;
  readonly repeats: number;
  status: ResultView["status"];
  exitCode?: number | undefined;
  startTime?: number | undefined;
  finishTime?: number | undefined;
  errorCode?: string | undefined;
  /** As far as events told it. */
  output?: string;
}

/** When it began; of one that never did, when it ended. */
export const findStart = ({ startTime, finishTime }: Execution): number => startTime ?? finishTime ?? 0;
