/** The places in which an agent runs tasks, and the line before them. */

/** Tasks that one agent runs at the same time, and that wait their turn (agent's task pool, whose line is longer than that all the same: whoever hands over the next one waits). */
export const MAX_RUNNING_TASKS = 10;
export const MAX_QUEUED_TASKS = 50;

export interface Pool<Entry> {
  /** Starts an entry if there is a place, else lets it wait if the line is not too long. */
  enter(entry: Entry): "started" | "waiting" | "refused";
  /** One that was started is over; whoever waits longest takes the place. */
  leave(): void;
  isWaiting(entry: Entry): boolean;
  /** Takes an entry out of the line; nothing when it does not wait. */
  remove(entry: Entry): void;
  /** Takes all out of the line, in order. */
  removeAll(): Entry[];
  /** Entries that run or wait. */
  readonly size: number;
}

/** @param maxWaiting how many may wait; whoever comes then is refused */
export function createPool<Entry>(start: (entry: Entry) => void, maxWaiting: number): Pool<Entry> {
  const line: Entry[] = [];
  let runningCount = 0;

  const occupy = (entry: Entry): void => {
    runningCount++;
    start(entry);
  };

  return {
    enter(entry) {
      if (runningCount < MAX_RUNNING_TASKS) {
        occupy(entry);
        return "started";
      }
      if (line.length >= maxWaiting) return "refused";
      line.push(entry);
      return "waiting";
    },
    leave() {
      runningCount--;
      const next = line.shift();
      if (next !== undefined) occupy(next);
    },
    isWaiting: (entry) => line.includes(entry),
    remove(entry) {
      const place = line.indexOf(entry);
      if (place >= 0) line.splice(place, 1);
    },
    removeAll: () => line.splice(0),
    get size() {
      return runningCount + line.length;
    },
  };
}
