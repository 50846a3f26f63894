/** One rollout over a whole fleet, beside a bare resource with as many ids: calls, time, state, memory. */
import { mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createStack } from "../tools/pulumi/stack";
import type { Installation } from "./installation";
import { watchMemory } from "./memory";
import { summarize } from "./operations";
import type { Options } from "./options";
import { type Service, startService } from "./service";

const OPERATIONS = ["preview", "up", "up again", "destroy"] as const;
type Operation = (typeof OPERATIONS)[number];

export interface RolloutOperation {
  operation: Operation;
  floorMs: number;
  ms: number;
  /** By action. */
  calls: Record<string, number>;
  peakMemoryBytes: number;
}

export interface RolloutFigures {
  operations: RolloutOperation[];
  /** Of the fleet's state beside that of a fleet of one, for each machine. */
  stateBytesPerMachine: number;
  /** Machines on which it succeeded, as the state says. */
  succeeded: number;
}

/** What changes nothing can be measured more often. */
const ROUNDS: Record<Operation, number> = { preview: 3, up: 1, "up again": 1, destroy: 1 };

const PROJECT = "bench";

export async function measureRollout(installation: Installation, options: Options): Promise<RolloutFigures> {
  const { count, latencyMs, commandSeconds } = options;
  const service = await startService(installation, {
    instances: count,
    latencyMs,
    commandSeconds,
    outcomes: [{ durationMs: commandSeconds * 1_000 }],
  });
  try {
    const load = createRequire(path.join(installation.directory, "index.js"));
    const bare = await open(installation, service, load("bare").Invocation);
    const rollout = await open(installation, service, load("pulumi-cloud-assistant").Rollout);
    await bare.time("preview");
    const operations: RolloutOperation[] = [];
    let stateBytesPerMachine = 0;
    let succeeded = 0;
    for (const operation of OPERATIONS) {
      const rounds: RolloutOperation[] = [];
      for (let round = 0; round < ROUNDS[operation]; round++) {
        const floorMs = await bare.time(operation);
        await service.takeCalls();
        const measured = await watchMemory(installation.directory, () => rollout.time(operation));
        const { answer: ms, peakMemoryBytes } = measured;
        rounds.push({ operation, floorMs, ms, calls: await service.takeCalls(), peakMemoryBytes });
      }
      operations.push(summarize(rounds));
      if (operation !== "up") continue;
      const { inputs, outputs } = rollout.fleet();
      const { instanceIds } = inputs;
      const { machines } = outputs.__record as { machines: string };
      const bytes = Buffer.byteLength(JSON.stringify({ inputs, outputs }));
      const rest = bytes - Buffer.byteLength(JSON.stringify(instanceIds)) - Buffer.byteLength(machines);
      // Ids of the service have 22 characters, those of the emulator fewer: what is kept of each is told for the longer ones.
      stateBytesPerMachine = (rest + count * (REAL_ID_BYTES + 3 + REAL_ID_BYTES + 1)) / count;
      succeeded = Number(outputs.succeeded);
    }
    return { operations, stateBytesPerMachine, succeeded };
  } finally {
    await service.stop();
  }
}

/** Bytes of an id such as `i-bp1fz4x0x7tq3cfm8w9d`. */
const REAL_ID_BYTES = 22;

interface Fleet {
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

async function open(
  { directory: programDirectory }: Installation,
  { commandId, instanceIds, environment }: Service,
  Resource: new (name: string, args: object) => unknown,
): Promise<{ time(operation: Operation): Promise<number>; fleet(): Fleet }> {
  const directory = mkdtempSync(path.join(programDirectory, "stack-"));
  const program = async () => void new Resource("fleet", { commandId, instanceIds: [...instanceIds] });
  const stack = await createStack({ projectName: PROJECT, program, directory, programDirectory, environment });
  const run = (operation: Operation): Promise<unknown> => {
    switch (operation) {
      case "preview":
        return stack.preview();
      case "up":
      case "up again":
        return stack.up();
      case "destroy":
        return stack.destroy();
      default:
        return operation satisfies never;
    }
  };
  return {
    time: async (operation) => {
      const startMs = performance.now();
      await run(operation);
      return performance.now() - startMs;
    },
    fleet: () => {
      const file = path.join(directory, "state", ".pulumi", "stacks", PROJECT, "dev.json");
      const { resources } = JSON.parse(readFileSync(file, "utf8")).checkpoint.latest;
      return resources.find(({ type }: { type: string }) => type.endsWith(":RolloutFleet"));
    },
  };
}
