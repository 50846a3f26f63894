/** Runs while the service throttles: every third call refused, and a hard limit of calls a minute for each action. */
import type { Installation } from "./installation";
import type { Options } from "./options";
import { type ServiceOptions, startService } from "./service";
import { openStack } from "./stack";

export interface StormFigures {
  storm: string;
  ms: number;
  succeeded: number;
  /** Machines on which the command ran another number of times than once. */
  notOnce: number;
  /** By action, refused ones included. */
  calls: Record<string, number>;
}

const CALLS_PER_MINUTE = 100;

export async function measureStorms(installation: Installation, options: Options): Promise<StormFigures[]> {
  const { count: instances, latencyMs, commandSeconds } = options;
  const service = { instances, latencyMs, commandSeconds };
  return [
    await measureStorm(installation, "every third call throttled", service, 3),
    await measureStorm(installation, `${CALLS_PER_MINUTE} calls a minute`, {
      ...service,
      callsPerMinute: CALLS_PER_MINUTE,
    }),
  ];
}

async function measureStorm(
  installation: Installation,
  storm: string,
  options: ServiceOptions,
  throttledEvery?: number,
): Promise<StormFigures> {
  const service = await startService(installation, options);
  try {
    if (throttledEvery !== undefined) await service.inject({ kind: "throttle", every: throttledEvery });
    const stack = await openStack(installation, "pulumi-cloud-assistant", service);
    const ms = await stack.time("up");
    const succeeded = stack.statuses().filter((status) => status === "Success").length;
    const notOnce = service.countRuns().filter((runs) => runs !== 1).length;
    return { storm, ms, succeeded, notOnce, calls: await service.takeCalls() };
  } finally {
    await service.stop();
  }
}
