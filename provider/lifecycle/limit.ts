/** How long an operation on a resource may take, where the program bounds it by `customTimeouts`; the class passes them on. */
import { clock } from "./configure";

type Properties = Record<string, unknown>;

/** The bound of one operation, from its start. */
export interface Limit {
  seconds: number;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** What the program sets it with. */
  setting: string;
}

type Operation = "create" | "update" | "delete";

const secondsOf = (properties: Properties, operation: Operation): number | undefined =>
  (properties.__customTimeouts as Partial<Record<Operation, number>> | undefined)?.[operation];

export function startLimit(properties: Properties, operation: Operation): Limit | undefined {
  const seconds = secondsOf(properties, operation);
  if (seconds === undefined) return undefined;
  return { seconds, deadline: clock.now() + seconds * 1000, setting: `customTimeouts.${operation}` };
}

/** The sooner of a wait's own end and that of the whole operation. */
export function boundWait(seconds: number, setting: string, limit: Limit | undefined): Limit {
  const own = { seconds, deadline: clock.now() + seconds * 1000, setting };
  return limit !== undefined && limit.deadline < own.deadline ? limit : own;
}

/** Whether a live resource is bounded otherwise when it is deleted, where only its outputs are known. */
export const isDeleteLimitChanged = (olds: Properties, news: Properties): boolean =>
  secondsOf(olds, "delete") !== secondsOf(news, "delete");
