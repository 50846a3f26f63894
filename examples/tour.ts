// `npm run demo`: drives examples/quickstart through its whole life on the real Pulumi engine, against an emulator that
// really executes the scripts. Each step says what it is about to show, shows the engine's own output and checks it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError, type ConfigMap, type Stack, type UpdateSummary } from "@pulumi/pulumi/automation";
import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createStack } from "../tools/pulumi/stack";

import quickstart = require("./quickstart");

interface Tour {
  stack: Stack;
  emulator: Emulator;
  /** The id of each invocation, as the program's outputs named it. */
  invokeIds: Record<string, string>;
}

interface Step {
  heading: string;
  /** Does it, and answers with what was seen to be true; throws when the heading would have been a lie. */
  show: (tour: Tour) => Promise<string>;
}

const FREQUENCY = "0 30 3 * * ? Asia/Shanghai";

const STEPS: Step[] = [
  {
    heading: "pulumi preview: asks the service whether it would work, and runs nothing",
    async show({ stack, emulator }) {
      await stack.preview(display);
      must(count(emulator, "Describe") > 0, "the preview asked the service about command and machines");
      must(count(emulator, "InvokeCommand") === 0, "the preview ran nothing");
      return `${count(emulator, "Describe")} questions asked, nothing run`;
    },
  },
  {
    heading: "pulumi up: runs the script on three machines, and schedules it for every night",
    async show(tour) {
      const { outputs } = await tour.stack.up(display);
      tour.invokeIds = outputs.invokeIds?.value;
      const printed: string[] = outputs.printed?.value ?? [];
      for (const id of tour.emulator.instanceIds)
        must(
          printed.some((text) => text.startsWith(`${id} runs `)),
          `the script's output on "${id}" is in the state`,
        );
      must(outputs.nightlyStatus?.value === "Scheduled", "the nightly run is scheduled");
      return ["each machine printed:", ...printed.map((text) => `    ${text}`)].join("\n");
    },
  },
  {
    heading: "pulumi up, again: nothing has changed, so nothing runs",
    async show({ stack, emulator }) {
      const { summary } = await stack.up(display);
      must(isUnchanged(summary), "nothing changed");
      must(emulator.journal().length === 0, "the service was not called at all");
      return "nothing run, and the service was not even asked";
    },
  },
  {
    heading: "pulumi preview, refused: another command, and a machine that is stopped could not run it",
    async show({ stack, emulator }) {
      emulator.updateInstance("i-db1", { status: "Stopped" });
      await configure(stack, { commandId: "c-uptime" });
      const message = await refused(() => stack.preview(display));
      must(message.includes('"i-db1" is Stopped'), "the message names the stopped machine");
      must(
        count(emulator, "StopInvocation") + count(emulator, "InvokeCommand") === 0,
        "nothing was stopped, nothing run",
      );
      emulator.updateInstance("i-db1", { status: "Running" });
      return "refused before anything was touched; now the machine is started again";
    },
  },
  {
    heading: "pulumi preview: another hour for the schedule, and when it would run next",
    async show({ stack }) {
      await stack.removeConfig("commandId");
      await configure(stack, { frequency: FREQUENCY });
      const { changeSummary } = await stack.preview(display);
      must(changeSummary.update === 1 && changeSummary.replace === undefined, "one resource would change in place");
      return "the schedule would change in place: no gap, and never two side by side";
    },
  },
  {
    heading: "pulumi up: changes the live schedule in place",
    async show({ stack, emulator, invokeIds }) {
      const { outputs } = await stack.up(display);
      must(outputs.invokeIds?.value.nightly === invokeIds.nightly, "it is still the same invocation");
      must(count(emulator, "ModifyInvocationAttribute") === 1, "one call changed it");
      must(count(emulator, "InvokeCommand") === 0, "nothing ran");
      return `invocation "${invokeIds.nightly}" now follows "${FREQUENCY}"`;
    },
  },
  {
    heading: "pulumi refresh: compares the state with the service",
    async show({ stack }) {
      const { summary } = await stack.refresh(display);
      must(isUnchanged(summary), "the service holds what the state says");
      return "the service holds what the state says";
    },
  },
  {
    heading: "pulumi destroy: stops the schedule, and leaves finished runs in peace",
    async show({ stack, emulator, invokeIds }) {
      await stack.destroy(display);
      const stops = emulator.journal().filter(({ action }) => action === "StopInvocation");
      must(stops.length === 1 && stops[0]?.parameters.InvokeId === invokeIds.nightly, "the schedule alone was stopped");
      must((await stack.exportStack()).deployment.resources === undefined, "nothing is left in the state");
      return `invocation "${invokeIds.nightly}" is stopped, "${invokeIds.now}" had long finished`;
    },
  },
];

const display = {
  onOutput: (text: string) => void process.stdout.write(text),
  onError: (text: string) => void process.stderr.write(text),
  color: process.stdout.isTTY || process.env.FORCE_COLOR ? "always" : "never",
} as const;

class StepFailed extends Error {
  constructor(expectation: string) {
    super(`This step did not do what its heading says: expected that ${expectation}`);
    this.name = "StepFailed";
  }
}

/** Whether the engine found all three resources, the stack among them, as they were. */
const isUnchanged = ({ resourceChanges }: UpdateSummary) => JSON.stringify(resourceChanges) === '{"same":3}';

/** Calls of an action, or of all whose names begin so, within this step. */
function count(emulator: Emulator, action: string): number {
  return emulator.journal().filter((entry) => entry.action.startsWith(action)).length;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new StepFailed(what);
}

/** What the engine printed when it refused. */
async function refused(operation: () => Promise<unknown>): Promise<string> {
  try {
    await operation();
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
  throw new StepFailed("it is refused");
}

/** The engine has shown why it failed; its error would only repeat it. */
function explain(error: unknown): never {
  throw error instanceof CommandError ? new StepFailed("Pulumi succeeds; it says above why it did not") : error;
}

function configure(stack: Stack, config: Record<string, string>): Promise<void> {
  const values = Object.entries(config).map(([key, value]) => [key, { value }] as const);
  return stack.setAllConfig(Object.fromEntries(values) satisfies ConfigMap);
}

async function main(): Promise<void> {
  const seeds: EmulatorOptions = JSON.parse(readFileSync(path.join(__dirname, "quickstart/emulator.json"), "utf8"));
  const directory = mkdtempSync(path.join(tmpdir(), "tour-"));
  const emulator = await startEmulator({ ...seeds, control: true });
  try {
    console.log(`An emulator of the service listens on ${emulator.url}, with three machines and one command:\n`);
    console.log(`    ${emulator.instanceIds.join(", ")}`);
    for (const { commandId, content } of seeds.commands ?? []) console.log(`    ${commandId}: ${content.trim()}`);
    console.log(`\nWatch it in a browser, as long as this runs: ${emulator.pageUrl}`);
    const { environment } = emulator;
    const stack = await createStack({ projectName: "quickstart", program: quickstart, directory, environment });
    const tour: Tour = { stack, emulator, invokeIds: {} };
    for (const [index, { heading, show }] of STEPS.entries()) {
      console.log(`\n━━━ ${index + 1} of ${STEPS.length} ━━━ ${heading}\n`);
      emulator.clearJournal();
      console.log(`✔ ${await show(tour).catch(explain)}`);
    }
    console.log(`\nThe InvokeIds of this tour: ${Object.values(tour.invokeIds).join(", ")}`);
  } finally {
    await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(`\n✘ ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
