/** The five operations of a stack, each beside the same one of a stack of bare resources: time, calls, memory, state. */
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
}

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
      const floorMs = await bare.time(operation);
      await service.takeCalls();
      const { answer: ms, peakMemoryBytes } = await watchMemory(installation.directory, () => stack.time(operation));
      operations.push({ operation, floorMs, ms, calls: await service.takeCalls(), peakMemoryBytes });
      if (operation !== "up") continue;
      floorStateBytes = bare.stateBytesPerResource();
      stateBytes = stack.stateBytesPerResource();
    }
    return { operations, floorStateBytes, stateBytes };
  } finally {
    await service.stop();
  }
}
