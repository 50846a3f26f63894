// How many kills, and which: the command line of `npm run chaos`.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export interface Options {
  /** At least so many; a life that has begun is led to its end. */
  kills: number;
  seed: number;
  /** Lives that are led side by side. */
  jobs: number;
  /** What lives: a stack of invocations, or a rollout over 250 machines. */
  of: "stack" | "rollout";
  /** Only the life with this number, as an earlier run told it. */
  life?: number;
}

export const USAGE = "Usage: npm run chaos -- [--kills N] [--seed N] [--jobs N] [--life N] [--of stack|rollout]";

/** @throws {TypeError} for what it does not know. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
      jobs: { type: "string", default: String(availableParallelism()) },
      life: { type: "string" },
      of: { type: "string", default: "stack" },
    },
  });
  return {
    kills: parseWhole("kills", values.kills, 1),
    seed: parseWhole("seed", values.seed, 0),
    jobs: parseWhole("jobs", values.jobs, 1),
    of: parseSubject(values.of),
    ...(values.life === undefined ? {} : { life: parseWhole("life", values.life, 1) }),
  };
}

function parseWhole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`Cannot read --${name}: must be a whole number from ${least}: it is "${text}"`);
}

function parseSubject(text: string): Options["of"] {
  if (text === "stack" || text === "rollout") return text;
  throw new TypeError(`Cannot read --of: must be stack or rollout: it is "${text}"`);
}
