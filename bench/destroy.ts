/** What it costs to destroy many resources at once, of which what is over needs its marks taken off, and what is live a stop. */
import type { Installation } from "./installation";
import type { Options } from "./options";
import { startService } from "./service";
import { openStack } from "./stack";

/** Tags come off in batches of so many. */
export const DESTROYED = 50;

export interface DestroyFigures {
  what: "finished runs" | "schedules";
  floorMs: number;
  ms: number;
  /** By action. */
  calls: Record<string, number>;
}

const FREQUENCIES: Record<DestroyFigures["what"], { frequency?: string }> = {
  "finished runs": {},
  schedules: { frequency: "0 0 2 * * ? Asia/Shanghai" },
};

const ROUNDS = 3;

export async function measureDestroys(installation: Installation, { latencyMs }: Options): Promise<DestroyFigures[]> {
  const figures: DestroyFigures[] = [];
  for (const what of ["finished runs", "schedules"] as const)
    figures.push(await measureDestroy(installation, what, latencyMs));
  return figures;
}

async function measureDestroy(
  installation: Installation,
  what: DestroyFigures["what"],
  latencyMs: number,
): Promise<DestroyFigures> {
  const service = await startService(installation, { instances: DESTROYED, latencyMs, commandSeconds: 0 });
  try {
    const bare = await openStack(installation, "bare", service);
    const stack = await openStack(installation, "pulumi-cloud-assistant", service, FREQUENCIES[what]);
    const rounds: Omit<DestroyFigures, "what">[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await bare.time("up");
      const floorMs = await bare.time("destroy");
      await stack.time("up");
      await service.takeCalls();
      const ms = await stack.time("destroy");
      rounds.push({ floorMs, ms, calls: await service.takeCalls() });
    }
    const [first] = rounds;
    if (first === undefined) throw new RangeError("Cannot measure a destroy: there must be one round or more");
    // The least times, since whatever else a machine does only adds to them.
    const least = (of: (round: Omit<DestroyFigures, "what">) => number) => Math.min(...rounds.map(of));
    return { what, ...first, floorMs: least(({ floorMs }) => floorMs), ms: least(({ ms }) => ms) };
  } finally {
    await service.stop();
  }
}
