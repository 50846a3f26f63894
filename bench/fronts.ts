/** The class beside the plugin: what a one-shot adds to the state, and what memory the process of the provider needs. */
import type { Installation, Subject } from "./installation";
import { watchMemory } from "./memory";
import type { Options } from "./options";
import { startService } from "./service";
import { OPERATIONS, openStack } from "./stack";

export interface FrontFigures {
  front: "dynamic" | "plugin";
  /** From the first preview to the end of destroy. */
  ms: number;
  /** For each resource, without where in the program it is declared. */
  stateBytes: number;
  /** Of the process that runs the handlers; 0 where it cannot be told. */
  peakMemoryBytes: number;
}

/** Where in the program a resource is declared: the engine's own, as long as the paths of whoever runs it. */
const PLACES = ["sourcePosition", "stackTrace"];

const SUBJECTS: Record<FrontFigures["front"], Subject> = { dynamic: "pulumi-cloud-assistant", plugin: "plugin" };

export async function measureFronts(installation: Installation, options: Options): Promise<FrontFigures[]> {
  const figures: FrontFigures[] = [];
  for (const front of ["dynamic", "plugin"] as const) figures.push(await measureFront(installation, front, options));
  return figures;
}

async function measureFront(
  installation: Installation,
  front: FrontFigures["front"],
  { count: instances, latencyMs, commandSeconds }: Options,
): Promise<FrontFigures> {
  const service = await startService(installation, { instances, latencyMs, commandSeconds });
  try {
    const stack = await openStack(installation, SUBJECTS[front], service);
    const figures: FrontFigures = { front, ms: 0, stateBytes: 0, peakMemoryBytes: 0 };
    for (const operation of OPERATIONS) {
      const { answer: ms, peakMemoryBytes } = await watchMemory(installation.directory, () => stack.time(operation));
      figures.ms += ms;
      figures.peakMemoryBytes = Math.max(figures.peakMemoryBytes, peakMemoryBytes);
      if (operation === "up") figures.stateBytes = stack.stateBytesPerResource(PLACES);
    }
    return figures;
  } finally {
    await service.stop();
  }
}
