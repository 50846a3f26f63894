// The service for stories of the handlers: an emulator over real HTTP whose clock the handlers share. When a handler waits,
// the clock moves on, and with it schedules, machines and scripts: minutes pass at once.
import {
  type CommandSeed,
  drivenClock,
  type Emulator,
  type EmulatorOptions,
  type JournalEntry,
  startEmulator,
} from "../../../emulator";
import { createClient } from "../../../provider/cloud/client";
import { type Clock, systemClock } from "../../../provider/cloud/clock";
import { resolveSettings } from "../../../provider/cloud/credentials";
import { createHandlers, type Handlers } from "../../../provider/fronts/dynamic/handlers";
import type { Tell } from "../../../provider/fronts/engine";
import { OWNER_TAG_KEY, UNSAVED_TAG_KEY } from "../../../provider/rules/tags";
import { lendEar } from "./engine";
import { type Alter, startProxy } from "./proxy";

/** How a create looks for what it may have started already: what is unsaved, and once in a session what is live. */
export const LOOK_FOR_UNSAVED = ["DescribeInvocations tagged unsaved", "DescribeInvocations timed tagged unsaved"];
export const LOOK_FOR_OWN = [...LOOK_FOR_UNSAVED, "DescribeInvocations timed", "DescribeInvocations Running"];

export interface Service {
  /** The engine is killed, and the provider lives on. */
  killEngine(): void;
  /** The handlers of the dynamic front, which this service serves. */
  handlers: Handlers;
  emulator: Emulator;
  /** Adds a command with this content; returns its id. */
  addCommand(content: string, seed?: Partial<CommandSeed>): string;
  /** The calls that came since this was last asked, in order: `StopInvocation #1 on a`, with the code of a refusal. */
  calls(): string[];
  /** Everything that was ever sent to the engine to be shown, as it was sent. */
  transcript(): string;
  /** What was said under the resource since this was last asked. */
  said(): string[];
  /** The texts that stood on the resource's row since this was last asked. */
  statuses(): string[];
  /** Any text or value with the ids of invocations as `#1`, `#2`, … in order of appearance, and those of commands as `c`. */
  plain<T>(value: T): T;
  /** Lets something happen while a handler waits. */
  later(afterMs: number, happens: () => void): void;
  /** Lets something happen right after the next call of an action. */
  after(action: string, happens: () => void): void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Invocations that the service has ever begun. */
  countInvocations(): Promise<number>;
  /** Somebody starts an invocation by hand; returns its id. */
  invokeByHand(parameters: Readonly<Record<string, string>>): Promise<string>;
  /** Somebody stops an invocation by hand, on the named machines or on all. */
  stopFromOutside(label: string, ...instanceIds: string[]): Promise<void>;
  /** Somebody changes a live invocation by hand. */
  modifyFromOutside(label: string, change: Readonly<Record<string, string>>): Promise<void>;
  /** Begins a run of the engine: the process of the provider is a new one and remembers nothing. */
  begin(): Promise<void>;
  /** Ends it: all is saved, and the provider is told to close. */
  end(): Promise<void>;
  /** Another engine at the same service, with a session of its own. */
  beside(options?: { backend?: string }): Service;
  stop(): Promise<void>;
}

let commands = 0;

/**
 * @param options.system whether time is this machine's own, for scripts whose duration matters. Default: driven
 * @param options.alter what the service says otherwise than the emulator
 */
export async function openService(
  options: EmulatorOptions & { system?: boolean; backend?: string; alter?: Alter } = {},
): Promise<Service> {
  const { system = false, backend = "file:///states", alter, ...rest } = options;
  let engineAnswers = true;
  const ear = await lendEar();
  const driven = system ? undefined : drivenClock(Date.now());
  let reactions: { action: string; happens: () => void }[] = [];
  const emulator = await startEmulator({
    instances: 2,
    ...rest,
    ...(driven ? { clock: driven } : {}),
    log: (line) => {
      const reaction = reactions.find(({ action }) => line.includes(` ${action} `));
      reactions = reactions.filter((other) => other !== reaction);
      reaction?.happens();
    },
  });
  const proxy = alter && (await startProxy(emulator.url, alter));
  const url = proxy?.url ?? emulator.url;
  const clock = driven ? shareClock(driven) : systemClock;
  const sent: string[] = [];
  const tell: Tell = (severity, text, ...where) => {
    sent.push(text);
    return ear.tell(severity, text, ...where);
  };
  const handlers = createHandlers({ environment: {}, clock, tell, engine: async () => engineAnswers, backend });
  const settings: Readonly<Record<string, string>> = {
    "alicloud:region": emulator.regionId,
    "alicloud:accessKey": emulator.accessKeyId,
    "alicloud:secretKey": emulator.accessKeySecret,
    "alicloud:endpoints": JSON.stringify([{ ecs: url }]),
  };
  const configuration = (key: string) => settings[key];
  const hand = createClient(resolveSettings(emulator.regionId, configuration, {}));
  /** Requests of somebody else, which are no business of the provider's. */
  const others = new Set<string>();
  const byHand = async (action: string, parameters: Record<string, string>) => {
    const answer = await hand.call(action, parameters);
    others.add(String(answer.RequestId));
    return answer;
  };
  const invokeIds: string[] = [];
  const number = (invokeId: string): string => {
    if (!invokeIds.includes(invokeId)) invokeIds.push(invokeId);
    return `#${invokeIds.indexOf(invokeId) + 1}`;
  };
  const findId = (label: string): string => invokeIds[Number(label.slice(1)) - 1] ?? label;
  const plainText = (text: string) =>
    text
      .replace(/\bt-[0-9a-z]+\b/g, number)
      .replace(/\bc-[0-9a-z]+\b/g, "c")
      .replaceAll(url.replace("http://", ""), "the emulator")
      .replace(/request id [0-9A-F-]{36}/g, "request id R");
  const plain = <T>(value: T): T => JSON.parse(plainText(JSON.stringify(value)));
  const service: Service = {
    handlers,
    killEngine: () => {
      engineAnswers = false;
    },
    emulator,
    addCommand: (content, seed = {}) => emulator.addCommand({ name: `command-${++commands}`, content, ...seed }),
    calls: () => {
      const own = emulator.journal().filter(({ requestId }) => !others.has(requestId));
      const calls = own.map((entry) => plainText(formatCall(entry)));
      emulator.clearJournal();
      return calls;
    },
    transcript: () => sent.join("\n"),
    said: () => plain(ear.notes()).flatMap(splitNote),
    statuses: () => plain(ear.statuses()),
    plain,
    later: (afterMs, happens) => void driven?.setTimeout(happens, afterMs),
    after: (action, happens) => void reactions.push({ action, happens }),
    now: () => (driven ?? systemClock).now(),
    countInvocations: async () => {
      const { Invocations } = await byHand("DescribeInvocations", { MaxResults: "50" });
      return (Invocations as { Invocation: unknown[] }).Invocation.length;
    },
    invokeByHand: async (parameters) => String((await byHand("InvokeCommand", parameters)).InvokeId),
    stopFromOutside: async (label, ...instanceIds) => {
      const named = instanceIds.map((instanceId, index) => [`InstanceId.${index + 1}`, instanceId]);
      await byHand("StopInvocation", { InvokeId: findId(label), ...Object.fromEntries(named) });
    },
    modifyFromOutside: async (label, change) => {
      await byHand("ModifyInvocationAttribute", { InvokeId: findId(label), ...change });
    },
    begin: () => {
      engineAnswers = true;
      return handlers.configure({ config: { get: configuration } });
    },
    end: async () => {
      await handlers.close();
      await ear.catchUp();
    },
    beside: (other = {}) => {
      const theirs = createHandlers({
        environment: {},
        clock,
        tell,
        engine: async () => true,
        backend: other.backend ?? backend,
      });
      return {
        ...service,
        handlers: theirs,
        begin: () => theirs.configure({ config: { get: configuration } }),
        end: async () => {
          await theirs.close();
          await ear.catchUp();
        },
      };
    },
    stop: async () => {
      await proxy?.stop();
      await emulator.stop();
    },
  };
  await service.begin();
  await ear.catchUp();
  ear.notes();
  ear.statuses();
  return service;
}

/** Whoever sleeps moves the clock, to the time at which he wants to wake; several who sleep together wake together. */
function shareClock(driven: ReturnType<typeof drivenClock>): Clock {
  return {
    now: driven.now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      const wakesAt = driven.now() + ms;
      await driven.advance(0);
      await driven.advance(Math.max(0, wakesAt - driven.now()));
      signal?.throwIfAborted();
    },
  };
}

/** What a call asked for, without what is the same in all of them. */
function formatCall({ action, parameters, code, status }: JournalEntry): string {
  const list = (name: string) =>
    Object.entries(parameters).flatMap(([key, value]) => (key.startsWith(`${name}.`) ? [value] : []));
  const keys = (name: string) =>
    Object.entries(parameters).flatMap(([key, value]) =>
      key.startsWith(`${name}.`) && key.endsWith(".Key") ? [value] : [],
    );
  const machines = list("InstanceId");
  const names = [...keys("Tag"), ...list("TagKey")];
  // On a run both are set together.
  const tags = names
    .filter((key) => key !== UNSAVED_TAG_KEY || !names.includes(OWNER_TAG_KEY))
    .map((key) => ({ [OWNER_TAG_KEY]: "run", [UNSAVED_TAG_KEY]: "unsaved" })[key] ?? key);
  const parts = [
    action,
    parameters.InvokeId ?? parameters["ResourceId.1"],
    parameters.RepeatMode === "Once" ? undefined : parameters.RepeatMode,
    parameters.Timed && "timed",
    parameters.InvokeStatus,
    parameters.Frequency && `at "${parameters.Frequency}"`,
    parameters.Parameters && "with parameters",
    action === "DescribeCloudAssistantStatus" || machines.length === 0
      ? undefined
      : `on ${machines.map(shorten).join()}`,
    tags.length > 0 ? `tagged ${tags.join()}` : undefined,
    code || (status === 200 ? undefined : `(${status === 0 ? "cut" : status})`),
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" ");
}

/** Each line of its own, without the name of the story's resource; what a machine printed stays with what is said of it. */
function splitNote(note: string): string[] {
  const [, warning = "", text = ""] = /^(warning: )?(?:story-\d+: )?(.*)$/s.exec(note) ?? [];
  return text.split(/\n(?! )/).map((line) => warning + line);
}

/** The machines of a story are `i-a`, `i-b`, … */
const shorten = (instanceId: string): string => instanceId.replace("i-", "");
