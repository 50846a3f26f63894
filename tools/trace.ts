/** What the provider calls in its life, as the service sees it: the emulator's journal of one, kind of operation by kind. */
import { startEmulator } from "../emulator";
import { systemClock } from "../provider/cloud/clock";
import { createHandlers, type Handlers } from "../provider/fronts/dynamic/handlers";

type Properties = Record<string, unknown>;

/** Actions of each kind of operation, sorted. */
export interface Trace {
  /** What a preview asks. */
  preview: string[];
  /** What a preview with `dryRun` asks beyond it. */
  dryRun: string[];
  /** What updates, refreshes and destroys call beyond both. */
  update: string[];
}

const MACHINES = ["i-a", "i-b", "i-c"];
const NIGHTLY = {
  commandId: "c-echo",
  instanceIds: ["i-a", "i-b"],
  frequency: "0 0 2 * * ? UTC",
  parameters: { word: "a" },
};
const CHANGED = { ...NIGHTLY, instanceIds: ["i-b", "i-c"], frequency: "0 0 3 * * ? UTC", parameters: { word: "b" } };

/** Leads resources through everything that the provider does, against an emulator, and tells what was called. */
export async function traceLife(): Promise<Trace> {
  const emulator = await startEmulator({
    instances: MACHINES.map((instanceId) => ({ instanceId })),
    commands: [{ commandId: "c-echo", name: "echo", content: "echo {{word}}" }],
  });
  const { environment } = emulator;
  let urns = 0;

  /** Each operation of the engine has a process of its own, which remembers nothing. */
  const operate = async <T>(operation: (handlers: Handlers) => Promise<T>): Promise<T> => {
    const handlers = createHandlers({
      environment,
      clock: systemClock,
      tell: async () => {},
      engine: async () => true,
      backend: "",
    });
    const result = await operation(handlers);
    await handlers.close();
    return result;
  };
  const check = async (handlers: Handlers, olds: Properties, news: Properties): Promise<Properties> => {
    const { inputs, failures = [] } = await handlers.check(olds, news);
    const [failure] = failures;
    if (failure) throw new Error(`Cannot trace a life: ${failure.reason}`);
    return inputs as Properties;
  };
  const preview = (news: Properties, olds: Properties = {}) => operate((handlers) => check(handlers, olds, news));
  const create = (news: Properties) =>
    operate(async (handlers) => {
      const inputs = await check(handlers, {}, { ...news, __urn: `urn:pulumi:trace::trace::type::${++urns}` });
      const { id, outs } = await handlers.create(inputs);
      return { id, inputs, outputs: outs as Properties };
    });
  type Resource = Awaited<ReturnType<typeof create>>;
  const update = ({ id, inputs: olds, outputs }: Resource, news: Properties) =>
    operate(async (handlers) => {
      const inputs = await check(handlers, olds, { ...news, __urn: olds.__urn });
      await handlers.diff(id, outputs, inputs);
      return { id, inputs, outputs: (await handlers.update(id, outputs, inputs)).outs as Properties };
    });

  let taken: string[] = [];
  /** What was called since this was last asked, and never before. */
  const take = (): string[] => {
    const called = [...new Set(emulator.journal().map(({ action }) => action))].filter(
      (action) => !taken.includes(action),
    );
    emulator.clearJournal();
    taken = [...taken, ...called];
    return called.sort();
  };

  try {
    // Somebody else's, to adopt and to get.
    const foreign = await create(NIGHTLY);
    emulator.clearJournal();

    await preview({ commandId: "c-echo", instanceIds: ["i-a"] });
    await preview({ ...NIGHTLY, adopt: foreign.id });
    await preview(CHANGED, foreign.inputs);
    const asked = take();
    await preview({ ...NIGHTLY, dryRun: true });
    const tried = take();

    const script = await create({ commandContent: "echo", instanceIds: ["i-a"] });
    const once = await create({ commandId: "c-echo", instanceIds: ["i-a"] });
    const schedule = await update(await create(NIGHTLY), CHANGED);
    const tagged = await update(await update(schedule, { ...CHANGED, tags: { team: "web" } }), CHANGED);
    const adopted = await create({ ...CHANGED, adopt: foreign.id });
    await operate(async (handlers) => {
      await handlers.read(foreign.id, {});
      for (const { id, outputs } of [script, once, tagged, adopted]) await handlers.read(id, outputs);
    });
    await operate(async (handlers) => {
      for (const { id, outputs } of [script, once, tagged, adopted]) await handlers.delete(id, outputs);
    });
    return { preview: asked, dryRun: tried, update: take() };
  } finally {
    await emulator.stop();
  }
}
