/** What is measured, and how large: the command line of `npm run bench`. */
import { parseArgs } from "node:util";

/** Loading the modules; the operations of a stack; runs under throttling; destroying many at once; the class beside the plugin; one rollout. */
export const PARTS = ["start", "stack", "storm", "destroy", "fronts", "rollout"] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  parts: readonly Part[];
  /** Invocations in the stack, each on a machine of its own. */
  count: number;
  /** Milliseconds that the emulator adds to every answer. */
  latencyMs: number;
  /** Seconds that each command takes on its machine. */
  commandSeconds: number;
}

export const USAGE = `Usage: npm run bench -- [${PARTS.join("] [")}] [--count N] [--latency MS] [--seconds S]`;

/**
 * Without a part: start and stack.
 * @throws {TypeError} for what it does not know.
 */
export function parseOptions(args: readonly string[]): Options {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      count: { type: "string", default: "40" },
      latency: { type: "string", default: "50" },
      seconds: { type: "string", default: "1" },
    },
  });
  const parts = positionals.map(parsePart);
  return {
    parts: parts.length === 0 ? ["start", "stack"] : parts,
    count: parseWhole("count", values.count, 1),
    latencyMs: parseWhole("latency", values.latency, 0),
    commandSeconds: parseWhole("seconds", values.seconds, 0),
  };
}

function parsePart(text: string): Part {
  const part = PARTS.find((candidate) => candidate === text);
  if (part === undefined) throw new TypeError(`Cannot measure "${text}": a part must be one of ${PARTS.join(", ")}`);
  return part;
}

function parseWhole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`Cannot read --${name}: must be a whole number from ${least}: it is "${text}"`);
}
