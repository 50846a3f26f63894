/** What must hold, as ratios within one run; a bound that is stated for a size is not judged below it. */
import { availableParallelism } from "node:os";
import { DESTROYED, type DestroyFigures } from "./destroy";
import type { FrontFigures } from "./fronts";
import type { StackFigures } from "./operations";
import type { Options } from "./options";
import type { RolloutFigures } from "./rollout";
import type { Start } from "./start";
import type { StormFigures } from "./storm";

export interface Bound {
  what: string;
  value: number;
  limit: number;
  verdict: "holds" | "MISSED" | "not judged";
}

/** The engine's own default. */
const PARALLEL = 4 * availableParallelism();

const MANY = 1000;
const SEVERAL = 200;
const MEASURED_MEMORY = 300;

export const boundStart = ({ handlersMs, packageMs }: Start): Bound[] => [
  bound("load the handlers' module, ms", handlersMs, 250),
  bound("import the package beside Pulumi, ms", packageMs, 60),
];

export function boundStack({ operations, stateBytes, notTwice }: StackFigures, options: Options): Bound[] {
  const { count, commandSeconds } = options;
  return [
    ...operations.flatMap(({ operation, floorMs, ms, calls }) => {
      switch (operation) {
        case "preview":
          return [
            bound("preview / floor", ms / floorMs, 1.25, count >= MANY),
            bound("preview, Describe calls", countCalls(calls, "Describe"), 60),
          ];
        case "up":
        case "replace": {
          const imposed = `${count} / ${PARALLEL} x ${commandSeconds} s + floor`;
          const imposedMs = (count / PARALLEL) * commandSeconds * 1000 + floorMs;
          return [
            bound(`${operation} / (${imposed})`, ms / imposedMs, 1.3, count >= SEVERAL),
            bound(`${operation}, calls for each resource`, countCalls(calls) / count, 4, count >= SEVERAL),
          ];
        }
        case "up again":
          return [bound("up again, calls", countCalls(calls), 0)];
        case "refresh":
        case "destroy":
          return [];
        default:
          return operation satisfies never;
      }
    }),
    bound("not run once for each of up and replace", notTwice, 0),
    bound("state, bytes for each resource", stateBytes, 2400),
    bound("memory of the provider, MB", Math.max(...operations.map(findPeakMegabytes)), 200),
  ];
}

export const boundStorm = ({ storm, succeeded, notOnce }: StormFigures, { count }: Options): Bound[] => [
  bound(`${storm}: not succeeded`, count - succeeded, 0),
  bound(`${storm}: not run exactly once`, notOnce, 0),
];

export const boundDestroy = (figures: readonly DestroyFigures[]): Bound[] =>
  figures.flatMap(({ what, floorMs, ms, calls }) => {
    const each = countCalls(calls) / DESTROYED;
    switch (what) {
      case "finished runs":
        return [
          bound(`destroy of ${DESTROYED} finished runs / floor`, ms / floorMs, 1.3),
          bound(`destroy of ${DESTROYED} finished runs, calls for each`, each, 0.1),
        ];
      case "schedules":
        return [bound(`destroy of ${DESTROYED} schedules, calls for each`, each, 2.1)];
      default:
        return what satisfies never;
    }
  });

export function boundFronts(figures: readonly FrontFigures[], { count }: Options): Bound[] {
  const find = (wanted: FrontFigures["front"]) => figures.filter(({ front }) => front === wanted);
  return find("plugin").flatMap((plugin) => [
    bound("plugin: state, bytes for each one-shot", plugin.stateBytes, 1350),
    ...find("dynamic").map((dynamic) =>
      bound(
        "plugin: memory / that of the dynamic host",
        plugin.peakMemoryBytes / dynamic.peakMemoryBytes,
        0.8,
        count >= MEASURED_MEMORY && dynamic.peakMemoryBytes > 0,
      ),
    ),
  ]);
}

/** A preview has to ask about every machine, a hundred in a call; what that takes is no overhead. */
export const boundRollout = (
  { operations, stateBytesPerMachine, succeeded }: RolloutFigures,
  { count, latencyMs }: Options,
): Bound[] => [
  ...operations.flatMap(({ operation, floorMs, ms, calls }) => {
    switch (operation) {
      case "preview": {
        const asking = countCalls(calls, "Describe") * (latencyMs + CALL_MS);
        return [bound("preview / (floor + its Describe calls)", ms / (floorMs + asking), 1.25, count >= MANY)];
      }
      case "up":
        return [
          bound("up, InvokeCommand", calls.InvokeCommand ?? 0, 14, count === MANY),
          bound("up, calls", countCalls(calls), 100, count === MANY),
        ];
      case "up again":
        return [bound("up again, calls", countCalls(calls), 0)];
      case "destroy":
        return [];
      default:
        return operation satisfies never;
    }
  }),
  bound("not succeeded", count - succeeded, 0),
  bound("state, bytes for each machine", stateBytesPerMachine, 70, count >= MANY),
  bound("memory of the provider, MB", Math.max(...operations.map(findPeakMegabytes)), 300),
];

/** What a call takes at the emulator beside the latency that is set: signing, sending, reading an answer of a hundred machines. */
const CALL_MS = 25;

const bound = (what: string, value: number, limit: number, isJudged = true): Bound => ({
  what,
  value,
  limit,
  verdict: isJudged ? (value <= limit ? "holds" : "MISSED") : "not judged",
});

const findPeakMegabytes = ({ peakMemoryBytes }: { peakMemoryBytes: number }): number => peakMemoryBytes / 1e6;

export function countCalls(calls: Record<string, number>, prefix = ""): number {
  const counts = Object.entries(calls).flatMap(([action, count]) => (action.startsWith(prefix) ? count : []));
  return counts.reduce((sum, count) => sum + count, 0);
}
