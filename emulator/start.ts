/** Puts the emulator together and hands it out. */
import { randomBytes, randomUUID } from "node:crypto";
import { advance, advanceToNextRun } from "./advance";
import type { OutcomeRule } from "./agent/rule";
import { type Choices, DEFAULT_CHOICES } from "./choices";
import { type Clock, systemClock } from "./clock";
import { createControl, isControl } from "./control/control";
import type { Emulator } from "./emulator";
import { createEvents } from "./events";
import { createFaults } from "./faults";
import { openFolder } from "./folder";
import { createProtocol, type Rate } from "./gateway/protocol";
import { type Listener, listen, type Respond } from "./gateway/server";
import { createVerifier } from "./gateway/signature";
import { createJournal, formatLogLine } from "./journal";
import { DEFAULT_COMMAND_QUOTA, DEFAULT_DAILY_INVOCATION_QUOTA, MAX_DELAY_MS } from "./limits";
import { addCommand, type CommandSeed } from "./region/command";
import { addMachine, type InstanceSeed, patchMachine, rebootMachine } from "./region/machine";
import { createStore, type Quotas } from "./region/store";

/** What the emulator begins with, and how it behaves. */
export interface EmulatorOptions {
  /** 0: any free port. @default 0 */
  readonly port?: number;
  /** Whoever reaches it and holds the key runs commands here. @default "127.0.0.1" */
  readonly host?: string;
  /** @default "cn-hangzhou" */
  readonly region?: string;
  /** What DescribeRegions lists; only `region` holds anything. @default the region alone */
  readonly regions?: readonly string[];
  /** @default random */
  readonly accessKeyId?: string;
  /** @default random */
  readonly accessKeySecret?: string;
  /** Machines to begin with. A number N makes running Linux machines `i-emulated0001` … in a VPC with a current agent. @default 0 */
  readonly instances?: number | readonly InstanceSeed[];
  /** Commands to begin with. @default none */
  readonly commands?: readonly CommandSeed[];
  /**
   * What machines answer instead of running scripts, by rule: the first that holds. A machine's own outcomes count more.
   * @example `[{ tags: { role: "web" }, command: "install", percent: 3, exitCode: 1, output: "no space left" }]`
   * @default none
   */
  readonly outcomes?: readonly OutcomeRule[];
  /** Everything that waits uses it. @default the system's */
  readonly clock?: Clock;
  /** Real milliseconds added to every answer, at most an hour. @default 0 */
  readonly latencyMs?: number;
  /** Calls of one action within a minute of the clock; beyond it `Throttling.User` until the next minute. @default no limit */
  readonly callsPerMinute?: number;
  /** Serves the control API under `/_emulator/`, to whoever has `controlToken`, and its page at `/`. @default false */
  readonly control?: boolean;
  /** Letters, digits and signs, without blanks. @default random */
  readonly controlToken?: string;
  /** Gets one line for each request: when, which action, what was answered, ids, names of commands and numbers; of every other parameter its own name alone. @default silent */
  readonly log?: (line: string) => void;
  /** Root of the machines' sandboxes, and of `oss/`, which holds what is delivered to OSS; kept on stop. @default a temporary folder, removed on stop, or by the next emulator when this one is killed */
  readonly directory?: string;
  /** Where the documents disagree. @default see Choices */
  readonly choices?: Partial<Choices>;
  /** @default 500 commands, 5000 invocations a day */
  readonly quotas?: Partial<Quotas>;
}

/**
 * Starts an emulator of the ECS Cloud Assistant service that really executes scripts.
 *
 * @example A test of one's own
 * ```ts
 * const emulator = await startEmulator({ instances: 2 });
 * // … point a client at emulator.url with emulator.accessKeyId and emulator.accessKeySecret …
 * await emulator.stop();
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const regionId = options.region ?? "cn-hangzhou";
  // They become lines to paste into a shell.
  for (const id of [regionId, ...(options.regions ?? [])]) {
    if (!/^[a-z0-9][a-z0-9-]*$/i.test(id)) {
      throw new RangeError(
        `Cannot start: a region must be letters, digits and hyphens: current value is ${JSON.stringify(id)}`,
      );
    }
  }
  const accessKeyId = options.accessKeyId ?? `LTAI${randomBytes(10).toString("hex")}`;
  const accessKeySecret = options.accessKeySecret ?? randomBytes(15).toString("hex");
  const controlToken = options.controlToken ?? randomBytes(24).toString("base64url");
  for (const [name, value] of Object.entries({ accessKeyId, accessKeySecret, controlToken })) {
    if (!/^[!-~]+$/.test(value)) {
      throw new RangeError(`Cannot start: ${name} must be letters, digits and signs, without blanks`);
    }
  }
  const latencyMs = options.latencyMs ?? 0;
  if (!(latencyMs >= 0 && latencyMs <= MAX_DELAY_MS)) {
    throw new RangeError(`Cannot start: latencyMs must be 0 to ${MAX_DELAY_MS}: current value is ${latencyMs}`);
  }
  const host = options.host ?? "127.0.0.1";
  const clock = options.clock ?? systemClock;
  const folder = openFolder(options.directory);
  const events = createEvents(clock);
  const faults = createFaults((fault, isOn) => events.add({ kind: "fault", isOn, fault }));
  const journal = createJournal();
  const rate: Rate = { callsPerMinute: options.callsPerMinute };
  const emulatorId = randomUUID();
  let repeated = 0;
  const store = createStore({
    regionId,
    regionIds: [...new Set([regionId, ...(options.regions ?? [])])],
    accountId: "1000000000000001",
    clock,
    choices: { ...DEFAULT_CHOICES, ...options.choices },
    quotas: {
      commands: DEFAULT_COMMAND_QUOTA,
      invocationsPerDay: DEFAULT_DAILY_INVOCATION_QUOTA,
      ...options.quotas,
    },
    faults,
    outcomes: options.outcomes ?? [],
    events: {
      add(change) {
        if (change.kind === "run" && change.phase === "started" && change.repeats > 1) repeated++;
        events.add(change);
      },
    },
    directory: folder.path,
  });
  const dispose = async (): Promise<void> => {
    store.close();
    events.close();
    await Promise.all([...store.machines.values()].map(({ agent }) => agent.close()));
    await folder.close();
  };

  const answer = createProtocol({
    store,
    faults,
    journal: {
      ...journal,
      add(entry) {
        journal.add(entry);
        const { action, status, code, requestId, invokeId } = entry;
        events.add({
          ...{ kind: "answer", action, status, code, requestId },
          ...(invokeId === undefined ? {} : { invokeId }),
        });
        options.log?.(formatLogLine(entry));
      },
    },
    verifier: createVerifier(accessKeyId, accessKeySecret, Date.now),
    latencyMs,
    rate,
  });
  const control = options.control
    ? createControl({ emulator: () => emulator, store, token: controlToken, host, rate, emulatorId })
    : undefined;
  const respond: Respond = (request) =>
    control !== undefined && isControl(request) ? control(request) : answer(request);

  let listener: Listener;
  try {
    for (const seed of listSeeds(options.instances ?? 0)) addMachine(store, seed);
    for (const seed of options.commands ?? []) {
      if (seed.commandId !== undefined && store.commands.has(seed.commandId)) {
        throw new RangeError(`Cannot add command "${seed.commandId}": the id must be new and there is one already`);
      }
      addCommand(store, seed);
    }
    listener = await listen(host, options.port ?? 0, respond);
  } catch (error) {
    await dispose();
    throw error;
  }

  let stopping: Promise<void> | undefined;
  const emulator: Emulator = {
    url: listener.url,
    regionId,
    accessKeyId,
    accessKeySecret,
    controlToken,
    pageUrl: options.control ? `${listener.url}/#token=${encodeURIComponent(controlToken)}` : undefined,
    environment: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      ALIBABA_CLOUD_REGION: regionId,
      ALIBABA_CLOUD_ENDPOINT_ECS: listener.url,
      ...(options.control ? { CLOUD_ASSISTANT_EMULATOR_TOKEN: controlToken } : {}),
    },
    get instanceIds() {
      return [...store.machines.keys()];
    },
    addInstance: (seed = {}) => addMachine(store, seed).instanceId,
    updateInstance(instanceId, patch) {
      const machine = store.machines.get(instanceId);
      if (machine === undefined) {
        throw new RangeError(`Cannot update instance "${instanceId}": there is no such instance`);
      }
      patchMachine(store, machine, patch);
    },
    rebootInstance(instanceId) {
      const machine = store.machines.get(instanceId);
      if (machine?.status === "Running") rebootMachine(store, machine);
      else {
        throw new RangeError(
          `Cannot reboot instance "${instanceId}": it must be Running and ${machine === undefined ? "there is no such instance" : `it is ${machine.status}`}`,
        );
      }
    },
    addCommand: (seed) => addCommand(store, seed).commandId,
    inject: (fault) => faults.inject(fault),
    clearFaults: () => faults.clear(),
    journal: () => journal.entries(),
    clearJournal: () => journal.clear(),
    events: (given) => events.read(given),
    get sequence() {
      return events.last;
    },
    advance: (ms, given = {}) => advance(store, () => repeated, ms, given),
    advanceToNextRun: () => advanceToNextRun(store),
    expire(invokeId) {
      if (!store.invocations.delete(invokeId)) {
        throw new RangeError(`Cannot expire invocation "${invokeId}": there is no such invocation`);
      }
      // A token is forgotten long before a record is.
      for (const [token, { answer }] of store.tokens) if (answer.InvokeId === invokeId) store.tokens.delete(token);
    },
    stop() {
      stopping ??= listener.close().then(dispose);
      return stopping;
    },
  };
  return emulator;
}

function listSeeds(instances: number | readonly InstanceSeed[]): readonly InstanceSeed[] {
  return typeof instances === "number" ? Array.from({ length: instances }, () => ({})) : instances;
}
