/**
 * `npm run bench`: what the package costs beside a bare dynamic resource, on the real engine and the emulator.
 * Prints tables, writes all figures as JSON to `bench/results`, and fails when a bound is missed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  type Bound,
  boundDestroy,
  boundFronts,
  boundRollout,
  boundStack,
  boundStart,
  boundStorm,
  countCalls,
} from "./bounds";
import { DESTROYED, type DestroyFigures, measureDestroys } from "./destroy";
import { type FrontFigures, measureFronts } from "./fronts";
import { type Installation, install } from "./installation";
import { measureOperations, type StackFigures } from "./operations";
import { type Options, type Part, parseOptions, USAGE } from "./options";
import { measureRollout, type RolloutFigures } from "./rollout";
import { measureStart, type Start } from "./start";
import { measureStorms, type StormFigures } from "./storm";
import { formatTable } from "./table";

interface Outcome {
  figures: object;
  text: string;
  bounds: Bound[];
}

async function main(options: Options): Promise<void> {
  const installation = install();
  const figures: Record<string, object> = {};
  const bounds: Bound[] = [];
  try {
    for (const part of options.parts) {
      const outcome = await measure(part, installation, options);
      console.log(`${outcome.text}\n`);
      figures[part] = outcome.figures;
      bounds.push(...outcome.bounds);
    }
  } finally {
    installation.remove();
  }
  const rows = bounds.map(({ what, value, limit, verdict }) => [what, value, limit, verdict]);
  console.log(formatTable(["must hold", "value", "at most", ""], rows));
  console.log(`\nAll figures: ${save({ options, figures, bounds })}`);
  if (bounds.some(({ verdict }) => verdict === "MISSED")) process.exitCode = 1;
}

async function measure(part: Part, installation: Installation, options: Options): Promise<Outcome> {
  switch (part) {
    case "start": {
      const start = measureStart(installation);
      return { figures: start, text: formatStart(start), bounds: boundStart(start) };
    }
    case "stack": {
      const stack = await measureOperations(installation, options);
      return { figures: stack, text: formatStack(stack, options), bounds: boundStack(stack, options) };
    }
    case "storm": {
      const storms = await measureStorms(installation, options);
      const bounds = storms.flatMap((storm) => boundStorm(storm, options));
      return { figures: storms, text: formatStorms(storms, options), bounds };
    }
    case "destroy": {
      const destroys = await measureDestroys(installation, options);
      return { figures: destroys, text: formatDestroys(destroys), bounds: boundDestroy(destroys) };
    }
    case "fronts": {
      const fronts = await measureFronts(installation, options);
      return { figures: fronts, text: formatFronts(fronts, options), bounds: boundFronts(fronts, options) };
    }
    case "rollout": {
      const rollout = await measureRollout(installation, options);
      return { figures: rollout, text: formatRollout(rollout, options), bounds: boundRollout(rollout, options) };
    }
    default:
      return part satisfies never;
  }
}

const formatStart = ({ handlersMs, packageMs }: Start): string =>
  formatTable(
    ["load, median of fresh processes", "ms"],
    [
      ["the handlers' module", handlersMs],
      ["the package, beside Pulumi", packageMs],
    ],
  );

function formatStack({ operations, floorStateBytes, stateBytes }: StackFigures, options: Options): string {
  const { count, latencyMs, commandSeconds } = options;
  const rows = operations.map(({ operation, floorMs, ms, calls, peakMemoryBytes }) => [
    operation,
    floorMs / 1000,
    ms / 1000,
    ms / floorMs,
    countCalls(calls) / count,
    peakMemoryBytes / 1e6,
    formatCalls(calls),
  ]);
  return [
    `${count} invocations of a command of ${commandSeconds} s on one machine each, every answer ${latencyMs} ms late`,
    formatTable(["", "floor s", "s", "ratio", "calls each", "memory MB", "calls"], rows),
    `state: ${Math.round(stateBytes)} bytes for each resource; floor ${Math.round(floorStateBytes)}`,
  ].join("\n");
}

function formatStorms(storms: readonly StormFigures[], { count }: Options): string {
  const rows = storms.map(({ storm, ms, succeeded, notOnce, calls }) => [
    storm,
    ms / 1000,
    `${succeeded} of ${count}`,
    notOnce,
    formatCalls(calls),
  ]);
  return formatTable(["up while throttled", "s", "succeeded", "not run once", "calls"], rows);
}

function formatDestroys(destroys: readonly DestroyFigures[]): string {
  const rows = destroys.map(({ what, floorMs, ms, calls }) => [
    `${DESTROYED} ${what}`,
    floorMs / 1000,
    ms / 1000,
    ms / floorMs,
    countCalls(calls) / DESTROYED,
    formatCalls(calls),
  ]);
  return formatTable(["destroy", "floor s", "s", "ratio", "calls each", "calls"], rows);
}

function formatFronts(fronts: readonly FrontFigures[], { count }: Options): string {
  const rows = fronts.map(({ front, ms, stateBytes, peakMemoryBytes }) => [
    front,
    ms / 1000,
    Math.round(stateBytes),
    peakMemoryBytes / 1e6,
  ]);
  return formatTable([`a life of ${count} one-shots`, "s", "bytes of state each", "memory MB"], rows);
}

function formatRollout({ operations, stateBytesPerMachine, succeeded }: RolloutFigures, options: Options): string {
  const rows = operations.map(({ operation, floorMs, ms, calls, peakMemoryBytes }) => [
    operation,
    floorMs / 1000,
    ms / 1000,
    ms / floorMs,
    countCalls(calls),
    peakMemoryBytes / 1e6,
    formatCalls(calls),
  ]);
  return [
    `one rollout over ${options.count} machines, a command of ${options.commandSeconds} s, every answer ${options.latencyMs} ms late`,
    formatTable(["", "floor s", "s", "ratio", "calls", "memory MB", "calls by action"], rows),
    `state: ${stateBytesPerMachine.toFixed(1)} bytes for each of ${succeeded} machines that succeeded`,
  ].join("\n");
}

const formatCalls = (calls: Record<string, number>): string =>
  Object.entries(calls)
    .map(([action, count]) => `${action} ${count}`)
    .join(", ") || "none";

function save(report: object): string {
  const directory = path.join(__dirname, "results");
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return path.relative(process.cwd(), file);
}

function parseCommandLine(): Options | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

const options = parseCommandLine();
if (options !== undefined) void main(options);
