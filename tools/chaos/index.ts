/**
 * `npm run chaos -- --kills 300 --seed 7`: lives of a stack on the real engine and the emulator, in which provider, engine, both
 * or the saving of the state are struck down at moments that the seed chooses; and every run and schedule is counted.
 * With `--of rollout` the same of a rollout over 250 machines in four waves. Fails on any run too many or too few, and on any schedule that is in no state.
 */
import { fork } from "node:child_process";
import path from "node:path";
import { obtainPulumi } from "../pulumi/obtain";
import type { Told } from "./life";
import { type Options, parseOptions, USAGE } from "./options";
import { VICTIMS } from "./plan";

async function main({ kills, seed, jobs, life, of }: Options): Promise<void> {
  // Once, and not once in each life.
  await obtainPulumi();
  const all: Told[] = [];
  const count = () => all.reduce((sum, { cuts }) => sum + cuts.length, 0);
  let next = life ?? 1;
  let led = 0;
  // What the lives that are being led will add, by those that are over.
  const foreseen = () => count() + (all.length === 0 ? 0 : (led * count()) / all.length);
  const lead = async () => {
    while (foreseen() < kills && (life === undefined || next === life)) {
      const number = next++;
      led++;
      const told = await leadLife(of, seed, number);
      led--;
      all.push(told);
      console.log(`\nlife ${number} of seed ${seed} (${count()} kills so far)`);
      for (const line of told.lines) console.log(`  ${line}`);
      for (const complaint of told.complaints) console.log(`  WRONG: ${complaint}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lead));
  console.log(`\n${summarize(all)}`);
  if (all.some(({ complaints }) => complaints.length > 0)) process.exitCode = 1;
}

/** In a process of its own, so that one finds its engines and providers among its descendants. */
function leadLife(of: Options["of"], seed: number, number: number): Promise<Told> {
  return new Promise((resolve) => {
    const child = fork(path.join(__dirname, of === "stack" ? "life.ts" : "fleet.ts"), [String(seed), String(number)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    let told: Told | undefined;
    child.once("message", (message) => {
      told = message as Told;
    });
    child.once("exit", (code, signal) =>
      resolve(
        told ?? { ...NOTHING, complaints: [`the life ended before it was told, with ${signal ?? `code ${code}`}`] },
      ),
    );
  });
}

const NOTHING: Told = { lines: [], complaints: [], cuts: [], runs: 0, schedules: 0, operations: 0 };

function summarize(all: readonly Told[]): string {
  const cuts = all.flatMap((told) => told.cuts);
  const sum = (what: "runs" | "schedules" | "operations") => all.reduce((total, told) => total + told[what], 0);
  const victims = VICTIMS.map((victim) => `${victim} ${cuts.filter((cut) => cut.victim === victim).length}`);
  const complaints = all.reduce((total, told) => total + told.complaints.length, 0);
  return [
    `${cuts.length} kills (${victims.join(", ")}) in ${all.length} lives of ${sum("operations")} operations`,
    `${sum("runs")} runs and ${sum("schedules")} schedules counted; ${complaints === 0 ? "none too many, none too few, none in no state" : `${complaints} WRONG`}`,
  ].join("\n");
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
