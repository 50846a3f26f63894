// The scene of a story in which something is cut off: machines that count their own runs, answers that are held back, processes
// that are killed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Emulator, type InstanceSeed, leapingClock, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { listInvocations } from "../../provider/cloud/search";
import { isLive } from "../../provider/rules/status";
import { isAlive, listDescendants } from "../../tools/processes";
import { type Engine, openEngine } from "./engine";
import { front } from "./front";

/** An invocation that is live at the service. */
export interface Live {
  invokeId: string;
  frequency: string;
  tags: Readonly<Record<string, string>>;
  instanceIds: string[];
}

export interface Stage {
  emulator: Emulator;
  engine: Engine;
  /** Another engine at the same service, with a state of its own: another laptop. */
  beside(): Promise<Engine>;
  /** The words that ran on each machine, in order, with the second at which each began. */
  runs(): { instanceId: string; word: string; at: number }[];
  /** How often a word ran, by machine. */
  count(word: string): Record<string, number>;
  /** What is live at the service now. */
  live(): Promise<Live[]>;
  /** Invocations that the service has ever begun. */
  countInvocations(): Promise<number>;
  /** Does something at the n-th call of an action from now on, before it is answered. */
  react(action: string, happens: () => void, nth?: number): void;
  /** Holds the next answers of an action, whose effects are there at once, and kills the processes at the last of them. */
  killDuring(action: string, patterns: readonly RegExp[], times?: number): void;
  /** Kills the processes now; answers their ids. */
  kill(...patterns: readonly RegExp[]): number[];
  /** The process that runs the handlers now. */
  provider(): number;
  /** Somebody calls the service without Pulumi. */
  byHand(action: string, parameters: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Runs `{{word}}`: writes down when, fails the first time where it is "flaky", takes its time where it is "long". */
const CONTENT = [
  'echo "{{word}} $(date +%s)" >> "$HOME/runs"',
  'case "{{word}} {{ACS::InstanceId}}" in "flaky i-b") if ! [ -e "$HOME/repaired" ]; then touch "$HOME/repaired"; exit 3; fi;; esac',
  'case "{{word}}" in long*) sleep 30;; esac',
].join("\n");

export async function openStage(
  instances: readonly InstanceSeed[] = [{ instanceId: "i-a" }, { instanceId: "i-b" }],
): Promise<Stage> {
  const directory = mkdtempSync(path.join(tmpdir(), "stage-"));
  let reactions: { action: string; left: number; happens: () => void }[] = [];
  const emulator = await startEmulator({
    instances,
    commands: [{ commandId: "c-count", name: "count", content: CONTENT }],
    clock: leapingClock(),
    directory,
    log: (line) => {
      const reaction = reactions.find(({ action }) => line.includes(` ${action} `));
      if (reaction === undefined || --reaction.left > 0) return;
      reactions = reactions.filter((other) => other !== reaction);
      reaction.happens();
    },
  });
  const engines = [await openEngine({ environment: emulator.environment })];
  const [engine] = engines;
  if (engine === undefined) throw new RangeError("There is no engine");
  const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
  const hosts = new Set<number>();
  const list = async () => {
    const listed = await Promise.all([listInvocations(client, { timed: true }), listInvocations(client, {})]);
    return [...new Map(listed.flat().map((record) => [record.invokeId, record])).values()];
  };

  const stage: Stage = {
    emulator,
    engine,
    beside: async () => {
      const other = await openEngine({ environment: emulator.environment });
      engines.push(other);
      return other;
    },
    runs: () =>
      emulator.instanceIds.flatMap((instanceId) => {
        const file = path.join(directory, instanceId, "root", "runs");
        const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
        return lines.map((line) => {
          const [word = "", at = ""] = line.split(" ");
          return { instanceId, word, at: Number(at) };
        });
      }),
    count: (word) => {
      const counts: Record<string, number> = {};
      for (const run of stage.runs().filter((each) => each.word === word))
        counts[run.instanceId] = (counts[run.instanceId] ?? 0) + 1;
      return counts;
    },
    countInvocations: async () => (await list()).length,
    live: async () =>
      (await list()).flatMap(({ invokeId, texts, tags, instances }) => {
        const live = instances.filter(({ invocationStatus }) => isLive(invocationStatus));
        if (live.length === 0) return [];
        return [
          {
            invokeId,
            frequency: texts.Frequency ?? "",
            tags,
            instanceIds: live.map(({ instanceId }) => instanceId).sort(),
          },
        ];
      }),
    react: (action, happens, nth = 1) => void reactions.push({ action, left: nth, happens }),
    killDuring: (action, patterns, times = 1) => {
      emulator.inject({ action, kind: "slow", ms: 600_000, times });
      stage.react(action, () => void stage.kill(...patterns), times);
    },
    kill: (...patterns) => {
      // All are looked for before the first is killed, which takes its children from us.
      const all = listDescendants();
      for (const { pid, args } of all) if (front.process.test(args)) hosts.add(pid);
      const victims = patterns.flatMap((pattern) => {
        const found = all.filter(({ args }) => pattern.test(args)).map(({ pid }) => pid);
        if (found.length === 0) throw new Error(`There is no process that runs ${pattern}`);
        return found;
      });
      for (const pid of victims) process.kill(pid, "SIGKILL");
      return victims;
    },
    provider: () => {
      const found = listDescendants().find(({ pid, args }) => front.process.test(args) && !hosts.has(pid));
      if (found === undefined) throw new Error("There is no provider");
      hosts.add(found.pid);
      return found.pid;
    },
    byHand: async (action, parameters) => void (await client.call(action, parameters)),
    stop: async () => {
      // A provider whose engine was killed lives on for a while.
      for (const pid of [...hosts].filter(isAlive)) process.kill(pid, "SIGKILL");
      for (const each of engines) each.remove();
      await emulator.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return stage;
}
