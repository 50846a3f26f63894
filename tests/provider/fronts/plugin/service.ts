// One provider of the plugin in this process, beside an emulator.
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../../emulator";
import { systemClock } from "../../../../provider/cloud/clock";
import { createProvider, type Provider } from "../../../../provider/fronts/plugin/provider";

export interface Service {
  emulator: Emulator;
  provider: Provider;
  /** What stays of what was said, each with its severity and the name of its resource: `info run: run: 1 still running`. */
  said: string[];
  /** Lets something happen right after the next call of an action. */
  after(action: string, happens: () => void): void;
}

export async function openService(options: EmulatorOptions): Promise<Service> {
  const said: string[] = [];
  const reactions = new Map<string, () => void>();
  const emulator = await startEmulator({
    ...options,
    log: (line) => {
      for (const [action, happens] of reactions) {
        if (!line.includes(` ${action} `)) continue;
        reactions.delete(action);
        happens();
      }
    },
  });
  const provider = createProvider({
    environment: emulator.environment,
    clock: systemClock,
    tell: async (severity, text, urn, ephemeral) => {
      if (!ephemeral) said.push(`${severity} ${urn === "" ? "stack" : urn.split("::").at(-1)}: ${text}`);
    },
    engine: async () => true,
    backend: "file:///states",
  });
  return { emulator, provider, said, after: (action, happens) => void reactions.set(action, happens) };
}
