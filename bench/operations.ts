/** The operations of a stack, each beside the same one of a stack of bare resources: time, calls, memory, state. */
import type { Installation } from "./installation";
import { watchMemory } from "./memory";
import type { Options } from "./options";
import { startService } from "./service";
import { OPERATIONS, type Operation, openStack } from "./stack";

export interface OperationFigures {
  operation: Operation;
  floorMs: number;
  ms: number;
  /** By action. */
  calls: Record<string, number>;
  /** Of the process that runs the handlers; 0 where it cannot be told. */
  peakMemoryBytes: number;
}

export interface StackFigures {
  operations: OperationFigures[];
  floorStateBytes: number;
  /** For each resource. */
  stateBytes: number;
  /** Machines on which the command ran another number of times than twice: created and replaced. */
  notTwice: number;
}

/** What changes nothing can be measured more often. */
const ROUNDS: Record<Operation, number> = { preview: 3, up: 1, "up again": 1, replace: 1, refresh: 1, destroy: 1 };

export async function measureOperations(installation: Installation, options: Options): Promise<StackFigures> {
  const { count: instances, latencyMs, commandSeconds } = options;
  const service = await startService(installation, { instances, latencyMs, commandSeconds });
  try {
    const bare = await openStack(installation, "bare", service);
    const stack = await openStack(installation, "pulumi-cloud-assistant", service);
    // The first resource of a process pays for the compiler that turns providers into text.
    await bare.time("preview");
    const operations: OperationFigures[] = [];
    let floorStateBytes = 0;
    let stateBytes = 0;
    for (const operation of OPERATIONS) {
      const rounds: OperationFigures[] = [];
      for (let round = 0; round < ROUNDS[operation]; round++) {
        const floorMs = await bare.time(operation);
        await service.takeCalls();
        const { answer: ms, peakMemoryBytes } = await watchMemory(installation.directory, () => stack.time(operation));
        rounds.push({ operation, floorMs, ms, calls: await service.takeCalls(), peakMemoryBytes });
        // A thousand take a quarter of an hour.
        console.error(`${operation}: ${(ms / 1000).toFixed(1)} s beside ${(floorMs / 1000).toFixed(1)} s`);
      }
      operations.push(summarize(rounds));
      if (operation !== "up") continue;
      floorStateBytes = bare.stateBytesPerResource();
      stateBytes = stack.stateBytesPerResource();
    }
    const notTwice = service.countRuns().filter((runs) => runs !== 2).length;
    return { operations, floorStateBytes, stateBytes, notTwice };
  } finally {
    await service.stop();
  }
}

/** The least times, since whatever else a machine does only adds to them; the most memory. */
export function summarize<F extends Omit<OperationFigures, "operation">>(rounds: readonly F[]): F {
  const [first] = rounds;
  if (first === undefined) throw new RangeError("Cannot summarize an operation: there must be one round or more");
  return {
    ...first,
    floorMs: Math.min(...rounds.map(({ floorMs }) => floorMs)),
    ms: Math.min(...rounds.map(({ ms }) => ms)),
    peakMemoryBytes: Math.max(...rounds.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  };
}
